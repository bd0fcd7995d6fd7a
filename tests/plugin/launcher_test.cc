// pulumi-analyzer-policy-cpp, started as the engine starts it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/plugin/process.h"

namespace guardrails {
namespace {

namespace fs = std::filesystem;
using testing::Process;
using ::testing::AllOf;
using ::testing::HasSubstr;

// A pack's folder, in which "build/pack" is a script that prints its folder and arguments.
class LauncherTest : public ::testing::Test {
 protected:
  LauncherTest() : folder_(fs::path(::testing::TempDir()) / ("launcher-" + std::to_string(getpid()))) {
    fs::create_directories(folder_ / "build");
    std::ofstream(folder_ / "build/pack") << "#!/bin/sh\npwd -P\nprintf '%s\\n' \"$@\"\n";
    fs::permissions(folder_ / "build/pack", fs::perms::owner_all);
  }
  ~LauncherTest() override { fs::remove_all(folder_); }

  std::vector<std::string> Command(std::vector<std::string> args) const {
    args.insert(args.begin(), BINARY_DIR "/pulumi-analyzer-policy-cpp");
    return args;
  }
  struct Ended {
    int exit;
    std::string out, err;
  };
  Ended Run(const std::vector<std::string>& args) const {
    Process process(Command(args), {.folder = folder_.string()});
    std::string out = process.ReadRest(), err = process.ReadErrors();
    return {process.Wait().value_or(-1), std::move(out), std::move(err)};
  }
  std::string Here() const { return fs::canonical(folder_).string(); }

  const fs::path folder_;
};

TEST_F(LauncherTest, StartsTheBinaryInThePacksFolderWithTheEnginesArguments) {
  const Ended ended = Run({"127.0.0.1:1", ".", "-binary=build/pack", "-other=x y"});
  EXPECT_EQ(ended.exit, 0);
  EXPECT_EQ(ended.out, Here() + "\n127.0.0.1:1\n.\n-binary=build/pack\n-other=x y\n");
  EXPECT_EQ(ended.err, "");
}

TEST_F(LauncherTest, TakesFlagsBeforeTheAddress) {
  const Ended ended =
      Run({"--logtostderr", "-v=9", "--tracing", "127.0.0.1:9", "127.0.0.1:1", ".", "-binary=build/pack"});
  EXPECT_EQ(ended.exit, 0);
  EXPECT_THAT(ended.out, HasSubstr("--logtostderr\n-v=9\n--tracing\n127.0.0.1:9\n127.0.0.1:1\n"));
}

TEST_F(LauncherTest, AnAbsolutePathIsTakenAsItIs) {
  EXPECT_EQ(Run({"127.0.0.1:1", ".", "-binary=" + (folder_ / "build/pack").string()}).exit, 0);
}

struct Fault {
  const char* what;
  std::string binary;
  std::vector<std::string> said;
};
class LauncherFaultTest : public LauncherTest, public ::testing::WithParamInterface<Fault> {};

TEST_P(LauncherFaultTest, SaysWhatIsWrongInTwoLinesAndPrintsNothing) {
  std::ofstream(folder_ / "build/plain") << "not a program";
  const Ended ended = Run({"127.0.0.1:1", ".", "-binary=" + GetParam().binary});
  EXPECT_EQ(ended.exit, 2) << GetParam().what;
  EXPECT_EQ(ended.out, "");
  EXPECT_LE(std::count(ended.err.begin(), ended.err.end(), '\n'), 2);
  for (const std::string& said : GetParam().said) EXPECT_THAT(ended.err, HasSubstr(said)) << GetParam().what;
}
INSTANTIATE_TEST_SUITE_P(
    All, LauncherFaultTest,
    ::testing::Values(Fault{"not built", "build/other", {"/build/other", "PulumiPolicy.yaml"}},
                      Fault{"a folder", "build", {"/build", "folder"}},
                      Fault{"no program", "build/plain", {"/build/plain", "not executable"}},
                      Fault{"itself", BINARY_DIR "/pulumi-analyzer-policy-cpp", {"the launcher itself"}},
                      Fault{"no name", "", {"runtime.options.binary", "PulumiPolicy.yaml"}}));

TEST_F(LauncherTest, NoOptionAndNoAddress) {
  EXPECT_THAT(Run({"127.0.0.1:1", "."}).err, HasSubstr("runtime.options.binary"));
  const Ended ended = Run({});
  EXPECT_EQ(ended.exit, 2);
  EXPECT_THAT(ended.err, HasSubstr("--help"));
}

TEST_F(LauncherTest, ABinaryThatIsNoProgramIsAnError) {
  std::ofstream(folder_ / "build/broken") << "not a program";
  fs::permissions(folder_ / "build/broken", fs::perms::owner_all);
  const Ended ended = Run({"127.0.0.1:1", ".", "-binary=build/broken"});
  EXPECT_EQ(ended.exit, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("cannot start"), HasSubstr("build/broken")));
}

TEST_F(LauncherTest, HelpAndVersion) {
  EXPECT_THAT(Run({"--help"}).out, AllOf(HasSubstr("usage"), HasSubstr("binary")));
  EXPECT_THAT(Run({"--version"}).out, HasSubstr("pulumi-analyzer-policy-cpp "));
  EXPECT_EQ(Run({"--version"}).exit, 0);
}

}  // namespace
}  // namespace guardrails
