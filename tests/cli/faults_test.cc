// A machine that has no room: for the report, for temporary files, for a home.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/program.h"

namespace guardrails {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr const char* kStack = R"({"resources": [{"type": "aws:kinesis/stream:Stream", "name": "x", "properties": {"shardCount": 1}}]})";

// The program with what a shell can take away from it first.
std::vector<std::string> Behind(const std::string& script) { return {"/bin/sh", "-c", script + "; exec \"$0\" \"$@\""}; }

class CliFaultsTest : public ::testing::Test {
 protected:
  Folder folder_;
  const std::string stack_ = folder_.Write("stack.json", kStack);
  const std::string report_ = folder_.Path("report.json");
};

struct FullDisk {
  const char* what;
  const char* script;
  const char* said;  // on a stderr that is such a file, too
};
class FullDiskTest : public CliFaultsTest, public ::testing::WithParamInterface<FullDisk> {};
// TMPDIR is TSan's: before the program begins, it writes a file there if it can.
INSTANTIATE_TEST_SUITE_P(All, FullDiskTest,
                         ::testing::Values(FullDisk{"no byte", "ulimit -f 0; export TMPDIR=/proc", ""},
                                           FullDisk{"half a kilobyte", "ulimit -f 1", "File too large\n"}));

TEST_P(FullDiskTest, LeavesNoHalfReport) {
  const Command command{.args = {"check", "--only", "kinesis-shard-count", stack_, "--format", "json", "--output", report_}, .through = Behind(GetParam().script)};
  const std::size_t files = folder_.Files();
  const Finished run = RunProgram(command);
  EXPECT_EQ(run.exit_code, 2) << GetParam().what;
  EXPECT_THAT(run.err, EndsWith(GetParam().said));
  EXPECT_EQ(folder_.Files(), files) << "neither a report nor a part of one";
}

TEST_P(FullDiskTest, LeavesTheReportThatWasThere) {
  folder_.Write("report.json", "before");
  const std::size_t files = folder_.Files();
  const Finished run = RunProgram(
      Command{.args = {"check", "--only", "kinesis-shard-count", stack_, "--format", "json", "--output", report_}, .through = Behind(GetParam().script)});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(ContentOf(report_), "before");
  EXPECT_EQ(folder_.Files(), files);
}

TEST_F(CliFaultsTest, AFullDiskBehindStdoutIsAnError) {
  const Finished run = RunProgram(Command{.args = {"check", "--only", "kinesis-shard-count", stack_}, .stdout_file = "/dev/full"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("stdout"), EndsWith("No space left on device\n")));
  EXPECT_EQ(RunProgram(Command{.args = {"check", "--only", "kinesis-shard-count", stack_, "--output", "/dev/full"}}).exit_code, 2);
  EXPECT_EQ(RunProgram(Command{.args = {"--help"}, .stdout_file = "/dev/full"}).exit_code, 2);
}

// As Node.js makes its pipes, and whoever shares one with it.
TEST_F(CliFaultsTest, APipeThatDoesNotBlockGetsTheWholeReport) {
  std::string streams;
  for (int i = 0; i < 3000; ++i) {
    const std::string name = "n" + std::to_string(i);
    streams += std::string(i == 0 ? "" : ",") + R"({"type": "aws:kinesis/stream:Stream", "name": ")" + name + "\"}";
  }
  const std::string large = folder_.Write("large.json", R"({"resources": [)" + streams + "]}");
  const std::vector<std::string> args = {"check", "--only", "kinesis-shard-count", "--format", "json", large};
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  ASSERT_EQ(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
  const int room = fcntl(ends[1], F_GETPIPE_SZ);
  std::atomic<bool> ended = false;
  std::string got;
  std::jthread reader([&] {
    // It is full first, so that the program has to wait.
    for (int held = 0; held < room && !ended; std::this_thread::sleep_for(std::chrono::milliseconds(1)))
      ioctl(ends[0], FIONREAD, &held);
    std::array<char, 4096> part;
    for (ssize_t n = 0; (n = read(ends[0], part.data(), part.size())) > 0;)
      got.append(part.data(), static_cast<std::size_t>(n));
  });
  const Finished run = RunProgram(Command{.args = args, .stdout_fd = ends[1]});
  ended = true;
  close(ends[1]);
  reader.join();
  close(ends[0]);
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_EQ(got, RunProgram(args).out);
}

TEST_F(CliFaultsTest, AClosedStdoutIsAnError) {
  EXPECT_EQ(RunProgram(Command{.args = {"check", "--only", "kinesis-shard-count", stack_}, .through = Behind("exec >&-")}).exit_code, 2);
  const Finished run = RunProgram(Command{.args = {"check", "--only", "kinesis-shard-count", stack_, "--output", report_}, .through = Behind("exec >&- 2>&-")});
  EXPECT_EQ(run.exit_code, 1) << "the report went to its file";
  EXPECT_THAT(ContentOf(report_), HasSubstr("kinesis-shard-count"));
}

// gRPC would have an eventfd there, whose error says nothing of a stream that is closed.
TEST_F(CliFaultsTest, AClosedStdinIsAnError) {
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"check"}, {"check", "-"}, {"check", stack_, "--policy-config", "-"}}) {
    const Finished run = RunProgram(Command{.args = args, .through = Behind("exec <&-")});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_EQ(run.err, "fastcart-guardrails: standard input: this is closed for reading; name a file, or pipe one to it\n");
  }
}

TEST_F(CliFaultsTest, WithoutStandardStreamsNoFileBecomesOne) {
  const std::vector<std::string> args = {"check", "--only", "kinesis-shard-count", stack_};
  const Finished usual = RunProgram(args);
  const Finished run = RunProgram(Command{.args = args, .through = Behind("exec <&-")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.out, usual.out);
  std::vector<std::string> both = args;
  both.insert(both.end(), {"-", "--format", "json=" + report_ + ",human"});
  EXPECT_EQ(RunProgram(Command{.args = both, .through = Behind("exec <&- >&- 2>&-")}).exit_code, 2);
  EXPECT_THAT(ContentOf(report_), AllOf(StartsWith("{"), HasSubstr("kinesis-shard-count"), EndsWith("}\n")));
}

TEST_F(CliFaultsTest, WhereNothingCanBeWrittenTheReasonIsSaid) {
  for (const char* path : {"/proc/report.json", "/nonexistent/report.json", "/proc/version"}) {
    const Finished run = RunProgram({"check", "--only", "kinesis-shard-count", stack_, "--output", path});
    EXPECT_EQ(run.exit_code, 2) << path;
    EXPECT_THAT(run.err, StartsWith(std::string("fastcart-guardrails: ") + path + ": ")) << path;
  }
}

TEST_F(CliFaultsTest, NeitherHomeNorTemporaryFolderIsNeeded) {
  const Finished usual = RunProgram({"check", "--only", "kinesis-shard-count", stack_});
  for (const char* folder : {"/nonexistent", "/proc"}) {  // not there, and not to be written
    const Finished bare = RunProgram(Command{.args = {"check", "--only", "kinesis-shard-count", stack_},
                                             .environment = {{"HOME", folder}, {"TMPDIR", folder}, {"XDG_CACHE_HOME", folder}}});
    EXPECT_EQ(bare.exit_code, 1);
    EXPECT_EQ(bare.out, usual.out);
    EXPECT_THAT(bare.err, IsEmpty());
  }
  EXPECT_EQ(RunProgram(Command{.args = {"check", "--only", "kinesis-shard-count", stack_}, .through = Behind("unset HOME TMPDIR PATH; cd /proc")}).out, usual.out);
}

}  // namespace
}  // namespace guardrails
