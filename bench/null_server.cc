// A minimal gRPC server in C++, and the floor of the protocol: an analyzer that answers every call at once.
//
//   bench-null-server HOST:PORT
#include <grpcpp/grpcpp.h>

#include <iostream>
#include <memory>

#include "pulumi/analyzer.grpc.pb.h"

namespace {

using grpc::ServerContext;
using grpc::Status;
using google::protobuf::Empty;

// Requests are unmarshalled, as gRPC's generated code does, and not looked at.
class NullAnalyzer final : public pulumirpc::Analyzer::Service {
 public:
  Status Handshake(ServerContext*, const pulumirpc::AnalyzerHandshakeRequest*,
                   pulumirpc::AnalyzerHandshakeResponse*) override {
    return Status::OK;
  }
  Status ConfigureStack(ServerContext*, const pulumirpc::AnalyzerStackConfigureRequest*,
                        pulumirpc::AnalyzerStackConfigureResponse*) override {
    return Status::OK;
  }
  Status GetAnalyzerInfo(ServerContext*, const Empty*, pulumirpc::AnalyzerInfo* response) override {
    response->set_name("null");
    return Status::OK;
  }
  Status Analyze(ServerContext*, const pulumirpc::AnalyzeRequest*, pulumirpc::AnalyzeResponse*) override {
    return Status::OK;
  }
  Status Remediate(ServerContext*, const pulumirpc::AnalyzeRequest*, pulumirpc::RemediateResponse*) override {
    return Status::OK;
  }
  Status AnalyzeStack(ServerContext*, const pulumirpc::AnalyzeStackRequest*, pulumirpc::AnalyzeResponse*) override {
    return Status::OK;
  }
};

}  // namespace

int main() {
  NullAnalyzer analyzer;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(400 * 1024 * 1024);
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&analyzer);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server) return 1;
  std::cout << port << std::endl;
  server->Wait();
}
