#include "analyzer/plugin/service.h"

#include <exception>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "analyzer/plugin/info.h"

namespace guardrails {
namespace {

grpc::Status ToGrpc(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

// What `work` answers, or INTERNAL for what it throws. What an exception says is not shown: it may quote a property.
template <class Work>
grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, Work work) {
  grpc::Status status;
  try {
    status = ToGrpc(work());
  } catch (const std::bad_alloc&) {
    status = {grpc::StatusCode::RESOURCE_EXHAUSTED, "out of memory"};
  } catch (const std::exception&) {
    status = {grpc::StatusCode::INTERNAL, "the analyzer failed; this is a fault of the policy pack"};
  }
  auto* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
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
grpc::ServerUnaryReactor* AnswerRaw(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request, Take take,
                                    grpc::ByteBuffer* response, Method method) {
  return Answer(context, [&] {
    const auto bytes = take(*request);
    if (!bytes.ok()) return bytes.status();
    const absl::StatusOr<std::string> reply = method(*bytes);
    if (!reply.ok()) return reply.status();
    const grpc::Slice slice(*reply);
    *response = grpc::ByteBuffer(&slice, 1);
    return absl::OkStatus();
  });
}

}  // namespace

using Reactor = grpc::ServerUnaryReactor;

Reactor* AnalyzerService::Handshake(Context* context, const pulumirpc::AnalyzerHandshakeRequest*,
                                    pulumirpc::AnalyzerHandshakeResponse*) {
  return Answer(context, [] { return absl::OkStatus(); });
}

Reactor* AnalyzerService::ConfigureStack(Context* context, const pulumirpc::AnalyzerStackConfigureRequest* request,
                                         pulumirpc::AnalyzerStackConfigureResponse*) {
  return Answer(context, [&] {
    session_.ConfigureStack(*request);
    return absl::OkStatus();
  });
}

Reactor* AnalyzerService::GetPluginInfo(Context* context, const Empty*, pulumirpc::PluginInfo* response) {
  return Answer(context, [&] {
    response->set_version(std::string(session_.pack().version));
    return absl::OkStatus();
  });
}

Reactor* AnalyzerService::GetAnalyzerInfo(Context* context, const Empty*, pulumirpc::AnalyzerInfo* response) {
  return Answer(context, [&] {
    *response = DescribePack(session_.pack());
    return absl::OkStatus();
  });
}

Reactor* AnalyzerService::Configure(Context* context, const pulumirpc::ConfigureAnalyzerRequest* request, Empty*) {
  return Answer(context, [&] { return session_.Configure(*request); });
}

Reactor* AnalyzerService::Remediate(Context* context, const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
  return AnswerRaw(context, request, Join, response, [this](const auto& bytes) { return session_.Remediate(bytes); });
}

Reactor* AnalyzerService::Analyze(Context* context, const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
  return AnswerRaw(context, request, Join, response, [this](const auto& bytes) { return session_.Analyze(bytes); });
}

Reactor* AnalyzerService::AnalyzeStack(Context* context, const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
  std::shared_ptr<const void> spent;  // is freed after the answer
  return AnswerRaw(context, request, Split, response,
                   [&](const auto& pieces) { return session_.AnalyzeStack(pieces, &spent); });
}

Reactor* AnalyzerService::Cancel(Context* context, const Empty*, Empty*) {
  return Answer(context, [&] {
    session_.Cancel();
    return absl::OkStatus();
  });
}

}  // namespace guardrails
