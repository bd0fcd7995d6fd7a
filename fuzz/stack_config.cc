// A Pulumi.<stack>.yaml.
#include "analyzer/input/stack_config.h"

#include <string>

#include "fuzz/support.h"

using namespace guardrails;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzzing::ExpectBlame(ReadStackConfig(std::string(fuzzing::Text(data, size)), "FILE").status());
  return 0;
}
