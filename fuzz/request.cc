// A message of Analyze, Remediate or AnalyzeStack, as it stands on the wire, through a whole session.
#include "fuzz/support.h"

using namespace guardrails;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Session& session = fuzzing::FreshSession();
  const RequestBytes request = fuzzing::Bytes(fuzzing::Text(data, size));
  fuzzing::ExpectAnswer(session.METHOD(request).status());
  // What the session remembers of it is used by the next call.
  fuzzing::ExpectAnswer(session.AnalyzeStack(request).status());
  return 0;
}
