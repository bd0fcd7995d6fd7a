// What the programs touch of the machine: the files that were named, and the loopback interface.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "tests/cli/program.h"
#include "tests/plugin/process.h"

namespace guardrails {
namespace {

using namespace testing;
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What the loader and the C library read on their own; /proc/stat where /sys, which tells how many cores there are, is not
// mounted.
bool IsTheSystems(const std::string& path) {
  static const RE2 kSystem(R"(/etc/ld\.so\.\S*|/(usr/)?lib(64)?/\S+\.so\S*|/usr/(lib|share)/locale/\S*)"
                                  R"(|/usr/lib/\S+/gconv/\S*|/dev/null|/sys/\S*|/proc/(self|\d+)/\S*|/proc/sys/\S*|/proc/stat)");
  return RE2::FullMatch(path, kSystem);
}

std::set<std::string> Matches(const std::string& trace, const char* pattern) {
  std::set<std::string> out;
  re2::StringPiece rest(trace);
  for (std::string found; RE2::FindAndConsume(&rest, pattern, &found);) out.insert(found);
  return out;
}

// The paths that were opened, whether they exist or not, without the system's.
std::set<std::string> Opened(const std::string& trace) {
  auto out = Matches(trace, R"re((?:open|openat|openat2|creat)\([^"]*"([^"]*)")re");
  std::erase_if(out, IsTheSystems);
  return out;
}

std::vector<std::string> Strace(const std::string& into) {
  return {"/usr/bin/strace", "-f", "-qq", "-s", "4096", "-e", "trace=%file,%network,%process", "-o", into};
}

class AccessTest : public ::testing::Test {
 protected:
  Folder folder_;
  const std::string trace_ = folder_.Path("trace");
  const std::string stack_ = folder_.Write("stack.json", R"({"resources": [{"type": "aws:kinesis/stream:Stream", "name": "x"}]})");
  const std::string policy_ = folder_.Write("policy.json", R"({"required-tags": "advisory"})");
  const std::string config_ = folder_.Write("Pulumi.dev.yaml", "config: {aws:region: eu-central-1}\n");
};

TEST_F(AccessTest, CheckOpensTheNamedFilesAndNoSocket) {
  const std::string report = folder_.Path("report.json");
  const Finished run = RunProgram(Command{
      .args = {"check", "--only", "kinesis-shard-count", stack_, "--policy-config", policy_, "--stack-config", config_, "--output", report}, .through = Strace(trace_)});
  ASSERT_EQ(run.exit_code, 1) << run.err;
  const std::string trace = ContentOf(trace_);
  auto opened = Opened(trace);
  ASSERT_EQ(std::erase_if(opened, [&](const std::string& path) { return path.starts_with(report + "."); }), 1u)
      << "the report's temporary file beside it";
  EXPECT_THAT(opened, ElementsAre(config_, policy_, stack_));
  EXPECT_THAT(Matches(trace, R"(\b(socket|connect|bind|listen|sendto|socketpair)\()"), IsEmpty());
  EXPECT_THAT(Matches(trace, R"(\b(fork|vfork)\()"), IsEmpty());
  EXPECT_EQ(Matches(trace, R"re(execve\("([^"]*)")re").size(), 1u) << "it starts no other program";
}

TEST_F(AccessTest, WhatAFileNamesIsNotOpened) {
  const std::string file = folder_.Write("names.json", R"({"resources": [{"type": "aws:lambda/function:Function", "name": "x-dev", "properties": {
    "code": {"4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", "path": "/etc/passwd"},
    "image": "file:///etc/shadow", "url": "http://127.0.0.1:9/"}}]})");
  ASSERT_NE(RunProgram(Command{.args = {"check", "--only", "kinesis-shard-count", file}, .through = Strace(trace_)}).exit_code, 2);
  EXPECT_THAT(Opened(ContentOf(trace_)), ElementsAre(file));
}

// The sockets of a process by what the kernel's tables say of them: "tcp6 …0100007F:1234 listening".
std::set<std::string> SocketsOf(pid_t pid) {
  std::set<std::string> inodes, out;
  for (const auto& fd : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
    const std::string link = std::filesystem::read_symlink(fd.path()).string();
    if (link.starts_with("socket:[")) inodes.insert(link.substr(8, link.size() - 9));
  }
  for (const char* table : {"tcp", "tcp6", "udp", "udp6", "raw", "raw6"}) {
    std::ifstream lines(std::string("/proc/net/") + table);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string number, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
      words >> number >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >> inode;
      if (inodes.contains(inode)) out.insert(std::string(table) + " " + local + " " + (state == "0A" ? "listening" : state));
    }
  }
  return out;
}

TEST_F(AccessTest, ThePluginListensOnLoopbackAlone) {
  Process plugin({BINARY_DIR "/fastcart-guardrails", "127.0.0.1:1"});
  const int port = std::stoi(plugin.ReadLine());
  std::array<char, 16> wanted{};
  std::snprintf(wanted.data(), wanted.size(), "%04X", static_cast<unsigned>(port));
  // 127.0.0.1, where the kernel has IPv6 as ::ffff:127.0.0.1.
  EXPECT_THAT(SocketsOf(plugin.pid()),
              ElementsAre(AnyOf(std::string("tcp 0100007F:") + wanted.data() + " listening",
                                std::string("tcp6 0000000000000000FFFF00000100007F:") + wanted.data() + " listening")));
  plugin.Signal(SIGTERM);
  EXPECT_EQ(plugin.Wait(), 0);
}

TEST_F(AccessTest, ThePluginOpensNoFileAndConnectsToNobody) {
  std::vector<std::string> command = Strace(trace_);
  command.insert(command.end(), {BINARY_DIR "/fastcart-guardrails", "127.0.0.1:1"});
  Process plugin(command);
  EXPECT_NE(plugin.ReadLine(), "");
  plugin.CloseStdin();
  EXPECT_EQ(plugin.Wait(), 0);
  const std::string trace = ContentOf(trace_);
  EXPECT_THAT(Opened(trace), IsEmpty());
  EXPECT_THAT(Matches(trace, R"(\b(connect|sendto)\()"), IsEmpty());
  EXPECT_THAT(Matches(trace, R"(\bbind\((.*)\))"), Each(AnyOf(HasSubstr("127.0.0.1\""), HasSubstr("\"::1\""))));
}

}  // namespace
}  // namespace guardrails
