// A file of one form, or of the form that its content tells: read and judged.
#include "analyzer/input/input.h"
#include "fuzz/support.h"

using namespace guardrails;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  InputOptions options;
  options.kind = *ParseInputKind(FORM);
  auto read = ReadStack(fuzzing::Text(data, size), "FILE", options);
  fuzzing::ExpectBlame(read.status());
  if (read.ok()) fuzzing::Judge(std::move(read->stack));
  return 0;
}
