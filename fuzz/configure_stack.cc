// A message of ConfigureStack, and a stack that is judged with those facts.
#include "fuzz/support.h"

using namespace guardrails;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pulumirpc::AnalyzerStackConfigureRequest request;
  if (!request.ParseFromArray(data, static_cast<int>(size))) return 0;
  Session& session = fuzzing::FreshSession();
  session.ConfigureStack(request);
  fuzzing::ExpectAnswer(session.Analyze(fuzzing::SmallResource()).status());
  fuzzing::ExpectAnswer(session.AnalyzeStack(fuzzing::SmallStack()).status());
  return 0;
}
