// Where memory runs out.
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/program.h"

namespace guardrails {
namespace {

using namespace testing;

TEST(MemoryTest, TooLittleIsAnErrorAndNoCrash) {
  const Folder folder;
  std::string large = R"({"resources": [)";
  for (int i = 0; i < 20'000; ++i)
    large += R"({"type": "a:b/c:D", "name": "n)" + std::to_string(i) + R"(", "properties": {"text": ")" + std::string(1000, 'x') + "\"}},";
  const std::string file = folder.Write("large.json", large + R"({"type": "a:b/c:D", "name": "last"}]})");
  for (const int kilobytes : {24'000, 40'000, 60'000}) {
    const Finished run = RunProgram(Command{.args = {"check", file}, .through = {"/bin/sh", "-c", "ulimit -v " + std::to_string(kilobytes) + "; exec \"$0\" \"$@\""}});
    EXPECT_EQ(run.exit_code, 2) << kilobytes << "\n" << run.out;
  }
}

}  // namespace
}  // namespace guardrails
