// A Session behind a port of the loopback interface.
//
// Remediate and Analyze, of which an engine makes two a resource, are received, answered and sent by one thread: to
// hand a call to another would take longer than to judge it. What may take long (the stack, large resources) is done
// by a second thread meanwhile; the calls that take messages have gRPC's own.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>

#include "analyzer/plugin/service.h"
#include "analyzer/plugin/worker.h"

namespace guardrails {

class Server {
 public:
  // Listens at once on 127.0.0.1, at a port of the system's choice. `session` must outlive the server.
  explicit Server(Session& session);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  // drops the calls in flight

  int port() const { return port_; }  // 0: there was none to be had
  void Wait() { grpc_->Wait(); }      // until another thread ends the process, or the server

  // For tests: a client's channel without a port.
  std::shared_ptr<grpc::Channel> InProcess() { return grpc_->InProcessChannel({}); }

 private:
  class Call;
  void Receive();  // what the receiving thread does, until the last call is gone

  AnalyzerService service_;
  int port_ = 0;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<grpc::Server> grpc_;  // null: no port
  std::mutex sending_;  // an answer; a call that is sent is deleted by another thread than the worker
  Worker worker_;
  std::size_t calls_ = 0;  // that the queue will say something of; only the receiving thread counts
  std::thread receiver_;
};

}  // namespace guardrails
