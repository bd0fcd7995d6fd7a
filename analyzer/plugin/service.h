// pulumirpc.Analyzer: every method handed to a Session, every Status handed back.
//
// Analyze, AnalyzeStack and Remediate take their messages as bytes, so that no tree of google.protobuf.Struct is made
// of them; gRPC does not call these itself, a Server does (server.h). Nothing is thrown across: an exception becomes
// INTERNAL, lack of memory RESOURCE_EXHAUSTED. Thread-safe.
#pragma once

#include <grpcpp/grpcpp.h>

#include "analyzer/plugin/session.h"
#include "pulumi/analyzer.grpc.pb.h"

namespace guardrails {

class AnalyzerService final : public pulumirpc::Analyzer::WithRawMethod_Analyze<
                                  pulumirpc::Analyzer::WithRawMethod_AnalyzeStack<
                                      pulumirpc::Analyzer::WithRawMethod_Remediate<pulumirpc::Analyzer::Service>>> {
 public:
  explicit AnalyzerService(Session& session) : session_(session) {}

  // What the methods of bytes make of a request.
  grpc::Status AnswerRemediate(const grpc::ByteBuffer& request, grpc::ByteBuffer& response);
  grpc::Status AnswerAnalyze(const grpc::ByteBuffer& request, grpc::ByteBuffer& response);
  grpc::Status AnswerAnalyzeStack(const grpc::ByteBuffer& request, grpc::ByteBuffer& response, InFlight& call);
  InFlight Begin() const { return session_.Begin(); }

 private:
  using Context = grpc::ServerContext;
  using Empty = google::protobuf::Empty;

  grpc::Status Handshake(Context*, const pulumirpc::AnalyzerHandshakeRequest*,
                         pulumirpc::AnalyzerHandshakeResponse*) override;
  grpc::Status ConfigureStack(Context*, const pulumirpc::AnalyzerStackConfigureRequest*,
                              pulumirpc::AnalyzerStackConfigureResponse*) override;
  grpc::Status GetPluginInfo(Context*, const Empty*, pulumirpc::PluginInfo*) override;
  grpc::Status GetAnalyzerInfo(Context*, const Empty*, pulumirpc::AnalyzerInfo*) override;
  grpc::Status Configure(Context*, const pulumirpc::ConfigureAnalyzerRequest*, Empty*) override;
  grpc::Status Cancel(Context*, const Empty*, Empty*) override;

  Session& session_;
};

}  // namespace guardrails
