#include "analyzer/plugin/server.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <utility>

#include "analyzer/base/on_all_cores.h"

namespace guardrails {
namespace {

using Clock = std::chrono::steady_clock;

// The engine's own limit (sdk/go/common/util/rpcutil/serve.go).
constexpr int kLargestMessage = 400 * 1024 * 1024;

enum class Method { kRemediate, kAnalyze, kAnalyzeStack };

// Whether the receiving thread stays awake for the next call. To wake a thread takes longer than to judge most resources,
// and Analyze comes right after Remediate; but who stays awake in vain may keep the engine from the core. So, apart for
// what comes after each method: in vain once, the thread sleeps for some calls, again in vain, for many more; each
// success makes them fewer.
class Vigil {
 public:
  static constexpr std::chrono::microseconds kLongest{100};

  bool awake() const { return awake_; }
  void Answered(Method method) {
    after_ = &waits_[static_cast<std::size_t>(method)];
    if (after_->calls_to_sleep > 0) --after_->calls_to_sleep;
    awake_ = may_ && after_->calls_to_sleep == 0;
  }
  void Came() { End(after_->penalty / 2); }
  void NothingCame() { End(std::min(after_->penalty * 8 + 1, 4096)); }

 private:
  struct Wait {
    int calls_to_sleep = 0, penalty = 0;
  };

  void End(int penalty) {
    if (awake_) *after_ = {penalty, penalty};
    awake_ = false;
  }

  const bool may_ = Cores() > 1;  // a single one is the engine's, too
  bool awake_ = false;
  std::array<Wait, 3> waits_ = {};
  Wait* after_ = waits_.data();  // the method of the last call
};

// What the queue says next. False: it says nothing for so long.
bool NextWithin(std::chrono::microseconds time, grpc::ServerCompletionQueue& queue, void*& tag, bool& ok) {
  using Status = grpc::CompletionQueue::NextStatus;
  const auto until = Clock::now() + time;
  do {
    const Status status = queue.AsyncNext(&tag, &ok, gpr_time_0(GPR_CLOCK_MONOTONIC));
    if (status != Status::TIMEOUT) return status == Status::GOT_EVENT;
  } while (Clock::now() < until);
  return false;
}

}  // namespace

// A call of a method that takes bytes, from before it is made until it has been answered. Owns itself: it is the tag of
// the queue's events, and is deleted by the last of them.
class Server::Call {
 public:
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
  void Proceed(bool ok, Vigil& vigil) {
    if (!ok || made_) return End();
    made_ = true;
    vigil.Came();
    Await(server_, method_);
    InFlight call = server_.service_.Begin();
    if (MayTakeLong()) {
      server_.worker_.Do([this, call = std::move(call)] { Answer(call); });
    } else {
      Answer(std::move(call));
    }
    vigil.Answered(method_);
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

  grpc::Status Judge(InFlight& call) {
    switch (method_) {
      case Method::kRemediate: return server_.service_.AnswerRemediate(request_, response_);
      case Method::kAnalyze: return server_.service_.AnswerAnalyze(request_, response_);
      case Method::kAnalyzeStack: return server_.service_.AnswerAnalyzeStack(request_, response_, call);
    }
    return {};
  }

  void Answer(InFlight call) {
    const grpc::Status status = Judge(call);
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
  for (const auto method : {Method::kRemediate, Method::kAnalyze, Method::kAnalyzeStack})
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
  Vigil vigil;
  void* tag = nullptr;
  bool ok = false;
  while (calls_ > 0) {
    if (!vigil.awake()) {
      if (!queue_->Next(&tag, &ok)) return;
    } else if (!NextWithin(Vigil::kLongest, *queue_, tag, ok)) {
      vigil.NothingCame();
      continue;
    }
    static_cast<Call*>(tag)->Proceed(ok, vigil);
  }
}

}  // namespace guardrails
