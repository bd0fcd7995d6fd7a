// A resource list, judged, and its report.
#include "analyzer/report/report.h"

#include "fuzz/resource_list.h"
#include "fuzz/support.h"

using namespace guardrails;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzzing::Text(data, size);
  auto read = fuzzing::ReadList(text);
  if (read.ok()) fuzzing::Written(fuzzing::Judge(std::move(read->stack)), text);
  return 0;
}
