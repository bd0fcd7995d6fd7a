// A message of Configure, and what the session answers with that configuration.
#include "fuzz/support.h"

using namespace guardrails;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pulumirpc::ConfigureAnalyzerRequest request;
  if (!request.ParseFromArray(data, static_cast<int>(size))) return 0;
  Session& session = fuzzing::FreshSession();
  fuzzing::ExpectBlame(session.Configure(request));
  fuzzing::ExpectAnswer(session.Remediate(fuzzing::SmallResource()).status());
  fuzzing::ExpectAnswer(session.Analyze(fuzzing::SmallResource()).status());
  fuzzing::ExpectAnswer(session.AnalyzeStack(fuzzing::SmallStack()).status());
  return 0;
}
