// A waiver file, applied to a stack.
#include "analyzer/waive/waiver_file.h"

#include "fuzz/support.h"
#include "policies/pack.h"

using namespace guardrails;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr Date kToday = std::chrono::year(2026) / std::chrono::June / 1;
  constexpr fuzzing::Holder kStream[] = {{"aws:kinesis/stream:Stream", "shardCount"}};
  const auto book = ParseWaivers(fuzzing::Text(data, size), "waivers.yaml", fastcart::FastCartPack(), kToday);
  fuzzing::ExpectBlame(book.status());
  if (!book.ok()) return 0;
  Report report = fuzzing::Judge(fuzzing::Holding(kStream, "1"));
  FileReport& file = report.files.front();
  report.waivers = *book;
  report.waiver_states = ApplyWaivers(**book, *report.pack, *file.stack, {}, file.results);
  fuzzing::Written(report, fuzzing::Text(data, size));
  return 0;
}
