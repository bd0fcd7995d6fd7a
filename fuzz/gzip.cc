// A file that may be gzip.
#include "analyzer/input/files.h"
#include "fuzz/support.h"

using namespace guardrails;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kLimit = 1 << 20;
  const auto text = Unpack(FileText(fuzzing::Text(data, size)), kLimit);
  fuzzing::ExpectBlame(text.status());
  if (text.ok() && text->text().size() > kLimit) fuzzing::Fault("more than the limit");
  return 0;
}
