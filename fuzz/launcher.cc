// The command line that the engine makes of a PulumiPolicy.yaml: one argument a line.
//
// The launcher reads no YAML. The engine does, and hands on runtime.options as -key=value.
#include "analyzer/launcher/launch.h"

#include <string>
#include <vector>

#include "analyzer/plugin/plugin.h"
#include "fuzz/support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(guardrails::fuzzing::Text(data, size));
  std::vector<char*> args = {text.data()};
  for (char& c : text)
    if (c == '\n' || c == '\0') {
      c = '\0';
      args.push_back(&c + 1);
    }
  guardrails::ParsePackArguments(args);
  if (const auto launch = guardrails::ParseLaunch(args)) guardrails::WhyNot(*launch);
  return 0;
}
