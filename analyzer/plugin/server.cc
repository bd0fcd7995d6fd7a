#include "analyzer/plugin/server.h"

#include <chrono>
#include <cstddef>
#include <mutex>

namespace guardrails {
namespace {

// The engine's own limit (sdk/go/common/util/rpcutil/serve.go).
constexpr int kLargestMessage = 400 * 1024 * 1024;

}  // namespace

// A call of a method that takes bytes, from before it is made until it has been answered. Owns itself: it is the tag of
// the queue's events, and is deleted by the last of them.
class Server::Call {
 public:
  enum class Method { kRemediate, kAnalyze, kAnalyzeStack };

  // Waits for the next call of the method.
  static void Await(Server& server, Method method) {
    auto* call = new Call(server, method);
    ++server.calls_;
    AnalyzerService& service = server.service_;
    grpc::ServerCompletionQueue* queue = server.queue_.get();
    switch (method) {
      case Method::kRemediate:
        return service.RequestRemediate(&call->context_, &call->request_, &call->writer_, queue, queue, call);
      case Method::kAnalyze:
        return service.RequestAnalyze(&call->context_, &call->request_, &call->writer_, queue, queue, call);
      case Method::kAnalyzeStack:
        return service.RequestAnalyzeStack(&call->context_, &call->request_, &call->writer_, queue, queue, call);
    }
  }

  // What the queue says of it: that the call is made (`ok`), that it is answered, or that the server ends.
  void Proceed(bool ok) {
    if (!ok || made_) return End();
    made_ = true;
    Await(server_, method_);
    if (MayTakeLong()) {
      server_.worker_.Do([this] { Answer(); });
    } else {
      Answer();
    }
  }

 private:
  Call(Server& server, Method method) : server_(server), method_(method) {}

  // The event may be here before the worker has come back from sending.
  void End() {
    --server_.calls_;
    { const std::lock_guard until_sent(server_.sending_); }
    delete this;
  }

  bool MayTakeLong() const {
    constexpr std::size_t kLargeResource = std::size_t{256} * 1024;  // takes a millisecond
    return method_ == Method::kAnalyzeStack || request_.Length() > kLargeResource;
  }

  grpc::Status Judge(AnalyzerService::Spent& spent) {
    switch (method_) {
      case Method::kRemediate: return server_.service_.AnswerRemediate(request_, response_, spent);
      case Method::kAnalyze: return server_.service_.AnswerAnalyze(request_, response_, spent);
      case Method::kAnalyzeStack: return server_.service_.AnswerAnalyzeStack(request_, response_, spent);
    }
    return {};
  }

  void Answer() {
    AnalyzerService::Spent spent;  // is freed after the answer
    const grpc::Status status = Judge(spent);
    const std::lock_guard lock(server_.sending_);
    if (status.ok()) {
      writer_.Finish(response_, status, this);
    } else {
      writer_.FinishWithError(status, this);
    }
  }

  Server& server_;
  const Method method_;
  bool made_ = false;
  grpc::ServerContext context_;
  grpc::ByteBuffer request_, response_;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> writer_{&context_};
};

Server::Server(Session& session) : service_(session) {
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kLargestMessage);
  builder.SetMaxSendMessageSize(kLargestMessage);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(&service_);
  queue_ = builder.AddCompletionQueue();
  grpc_ = builder.BuildAndStart();
  if (!grpc_) {
    port_ = 0;
    return;
  }
  for (const auto method : {Call::Method::kRemediate, Call::Method::kAnalyze, Call::Method::kAnalyzeStack})
    Call::Await(*this, method);
  receiver_ = std::thread(&Server::Receive, this);
}

Server::~Server() {
  if (!grpc_) return;
  grpc_->Shutdown(std::chrono::system_clock::now());
  receiver_.join();
  queue_->Shutdown();  // not before nobody can want to put anything into it: gRPC forbids that
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) {
  }
}

void Server::Receive() {
  void* tag = nullptr;
  bool ok = false;
  while (calls_ > 0 && queue_->Next(&tag, &ok)) static_cast<Call*>(tag)->Proceed(ok);
}

}  // namespace guardrails
