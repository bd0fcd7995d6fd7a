// An earlier report as the baseline of a stack.
#include "analyzer/waive/baseline.h"

#include "fuzz/support.h"

using namespace guardrails;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr fuzzing::Holder kStream[] = {{"aws:kinesis/stream:Stream", "shardCount"}};
  auto baseline = Baseline::Parse(fuzzing::Text(data, size), "old.json");
  fuzzing::ExpectBlame(baseline.status());
  if (!baseline.ok()) return 0;
  Report report = fuzzing::Judge(fuzzing::Holding(kStream, "1"));
  FileReport& file = report.files.front();
  const std::size_t before = file.results.findings.size();
  report.known = baseline->RemoveKnown(*report.pack, *file.stack, file.results);
  if (report.known + file.results.findings.size() != before) fuzzing::Fault("findings got lost");
  fuzzing::Written(report, fuzzing::Text(data, size));
  return 0;
}
