// The tests, and with --serve the fake pack as a plugin, which they start and talk to, or with --engine
// what starts that.
#include <gmock/gmock.h>

#include <span>
#include <string_view>

#include "analyzer/plugin/plugin.h"
#include "tests/plugin/fake_pack.h"
#include "tests/plugin/process.h"

int main(int argc, char** argv) {
  const std::span<char* const> args(argv, static_cast<std::size_t>(argc));
  if (args.size() > 1 && args[1] == std::string_view("--serve")) {
    const auto booted = guardrails::ParsePackArguments(args.subspan(2));
    return guardrails::RunPlugin(guardrails::testing::FakePack(), booted.value());
  }
  if (args.size() > 1 && args[1] == std::string_view("--engine")) guardrails::testing::ServeAsFakeEngine();
  ::testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
