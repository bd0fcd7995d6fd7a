#include "analyzer/plugin/service.h"

#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/plugin/info.h"

namespace guardrails {
namespace {

grpc::Status ToGrpc(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

// What `work` answers, or INTERNAL for what it throws. What an exception says is not shown: it may quote a property.
template <class Work>
grpc::Status Guarded(Work work) {
  try {
    return ToGrpc(work());
  } catch (const std::bad_alloc&) {
    return {grpc::StatusCode::RESOURCE_EXHAUSTED, "out of memory"};
  } catch (...) {
    return {grpc::StatusCode::INTERNAL, "the analyzer failed; this is a fault of the policy pack"};
  }
}

absl::StatusOr<RequestBytes> Join(const grpc::ByteBuffer& buffer) {
  auto whole = std::make_shared<grpc::Slice>();
  if (const grpc::Status status = buffer.DumpToSingleSlice(whole.get()); !status.ok())
    return absl::InternalError(status.error_message());
  const std::string_view bytes(reinterpret_cast<const char*>(whole->begin()), whole->size());
  return RequestBytes{std::move(whole), bytes};
}

// A large message is read where it lies: to join it would cost a tenth of the time and of the memory a third.
absl::StatusOr<RequestPieces> Split(const grpc::ByteBuffer& buffer) {
  auto slices = std::make_shared<std::vector<grpc::Slice>>();
  if (const grpc::Status status = buffer.Dump(slices.get()); !status.ok())
    return absl::InternalError(status.error_message());
  std::vector<std::string_view> pieces;
  for (const grpc::Slice& slice : *slices)
    pieces.emplace_back(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return RequestPieces(std::move(slices), std::move(pieces));
}

// `take` makes of the request what `method` makes the bytes of the answer from.
template <class Take, class Method>
grpc::Status AnswerRaw(const grpc::ByteBuffer& request, Take take, grpc::ByteBuffer& response, Method method) {
  return Guarded([&] {
    const auto bytes = take(request);
    if (!bytes.ok()) return bytes.status();
    const absl::StatusOr<std::string> reply = method(*bytes);
    if (!reply.ok()) return reply.status();
    const grpc::Slice slice(*reply);
    response = grpc::ByteBuffer(&slice, 1);
    return absl::OkStatus();
  });
}

}  // namespace

grpc::Status AnalyzerService::Handshake(Context*, const pulumirpc::AnalyzerHandshakeRequest*,
                                        pulumirpc::AnalyzerHandshakeResponse*) {
  return grpc::Status::OK;
}

grpc::Status AnalyzerService::ConfigureStack(Context*, const pulumirpc::AnalyzerStackConfigureRequest* request,
                                             pulumirpc::AnalyzerStackConfigureResponse*) {
  return Guarded([&] {
    session_.ConfigureStack(*request);
    return absl::OkStatus();
  });
}

grpc::Status AnalyzerService::GetPluginInfo(Context*, const Empty*, pulumirpc::PluginInfo* response) {
  return Guarded([&] {
    response->set_version(std::string(session_.pack().version));
    return absl::OkStatus();
  });
}

grpc::Status AnalyzerService::GetAnalyzerInfo(Context*, const Empty*, pulumirpc::AnalyzerInfo* response) {
  return Guarded([&] {
    *response = DescribePack(session_.pack());
    return absl::OkStatus();
  });
}

grpc::Status AnalyzerService::Configure(Context*, const pulumirpc::ConfigureAnalyzerRequest* request, Empty*) {
  return Guarded([&] { return session_.Configure(*request); });
}

grpc::Status AnalyzerService::Cancel(Context*, const Empty*, Empty*) {
  session_.Cancel();
  return grpc::Status::OK;
}

grpc::Status AnalyzerService::AnswerRemediate(const grpc::ByteBuffer& request, grpc::ByteBuffer& response) {
  return AnswerRaw(request, Join, response, [this](const auto& bytes) { return session_.Remediate(bytes); });
}

grpc::Status AnalyzerService::AnswerAnalyze(const grpc::ByteBuffer& request, grpc::ByteBuffer& response) {
  return AnswerRaw(request, Join, response, [this](const auto& bytes) { return session_.Analyze(bytes); });
}

grpc::Status AnalyzerService::AnswerAnalyzeStack(const grpc::ByteBuffer& request, grpc::ByteBuffer& response,
                                                 InFlight& call) {
  return AnswerRaw(request, Split, response, [&](const auto& pieces) { return session_.AnalyzeStack(pieces, call); });
}

}  // namespace guardrails
