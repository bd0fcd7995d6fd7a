// pulumirpc.Analyzer over gRPC: every method handed to a Session, every Status handed back.
//
// Analyze, AnalyzeStack and Remediate take their messages as bytes, so that no tree of google.protobuf.Struct is made
// of them. Nothing is thrown across: an exception becomes INTERNAL.
#pragma once

#include <grpcpp/grpcpp.h>

#include "analyzer/plugin/session.h"
#include "pulumi/analyzer.grpc.pb.h"

namespace guardrails {

namespace service {
using Rpc = pulumirpc::Analyzer;
// The methods that take bytes, on top of those that take messages.
using Base = Rpc::WithRawCallbackMethod_Analyze<Rpc::WithRawCallbackMethod_AnalyzeStack<
    Rpc::WithRawCallbackMethod_Remediate<Rpc::WithCallbackMethod_GetAnalyzerInfo<Rpc::WithCallbackMethod_GetPluginInfo<
        Rpc::WithCallbackMethod_Configure<Rpc::WithCallbackMethod_Handshake<
            Rpc::WithCallbackMethod_ConfigureStack<Rpc::WithCallbackMethod_Cancel<Rpc::Service>>>>>>>>>;
}  // namespace service

class AnalyzerService final : public service::Base {
 public:
  explicit AnalyzerService(Session& session) : session_(session) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;
  using Empty = google::protobuf::Empty;

  Reactor* Handshake(Context*, const pulumirpc::AnalyzerHandshakeRequest*,
                     pulumirpc::AnalyzerHandshakeResponse*) override;
  Reactor* ConfigureStack(Context*, const pulumirpc::AnalyzerStackConfigureRequest*,
                          pulumirpc::AnalyzerStackConfigureResponse*) override;
  Reactor* GetPluginInfo(Context*, const Empty*, pulumirpc::PluginInfo*) override;
  Reactor* GetAnalyzerInfo(Context*, const Empty*, pulumirpc::AnalyzerInfo*) override;
  Reactor* Configure(Context*, const pulumirpc::ConfigureAnalyzerRequest*, Empty*) override;
  Reactor* Remediate(Context*, const grpc::ByteBuffer*, grpc::ByteBuffer*) override;
  Reactor* Analyze(Context*, const grpc::ByteBuffer*, grpc::ByteBuffer*) override;
  Reactor* AnalyzeStack(Context*, const grpc::ByteBuffer*, grpc::ByteBuffer*) override;
  Reactor* Cancel(Context*, const Empty*, Empty*) override;

  Session& session_;
};

}  // namespace guardrails
