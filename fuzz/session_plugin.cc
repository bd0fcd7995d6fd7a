#include "fuzz/session_plugin.h"

#include "analyzer/plugin/info.h"
#include "fuzz/support.h"

namespace guardrails::fuzzing {
namespace {

template <class Message>
Message Parsed(const std::string& bytes) {
  Message out;
  if (!out.ParseFromString(bytes)) Fault("the engine of the tests sends no such message");
  return out;
}

}  // namespace

absl::StatusOr<std::string> SessionPlugin::Call(std::string_view method, const std::string& request) {
  if (method == "Remediate") return session_.Remediate(Bytes(request));
  if (method == "Analyze") return session_.Analyze(Bytes(request));
  if (method == "AnalyzeStack") return session_.AnalyzeStack(Bytes(request));
  if (method == "GetAnalyzerInfo") return DescribePack(session_.pack()).SerializeAsString();
  if (method == "ConfigureStack") session_.ConfigureStack(Parsed<pulumirpc::AnalyzerStackConfigureRequest>(request));
  if (method == "Configure")
    if (const auto status = session_.Configure(Parsed<pulumirpc::ConfigureAnalyzerRequest>(request)); !status.ok())
      return status;
  return std::string();  // an empty message, which is all that the other methods answer
}

}  // namespace guardrails::fuzzing
