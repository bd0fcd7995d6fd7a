// The plugin as a process: how it starts, what it prints, and when it ends.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include "analyzer/plugin/plugin.h"
#include "pulumi/analyzer.grpc.pb.h"
#include "tests/plugin/fake_pack.h"
#include "tests/plugin/process.h"
#include "tests/plugin/requests.h"

namespace guardrails {
namespace {

using testing::FakePlugin;
using testing::How;
using testing::Process;
using testing::Stdin;
using testing::Stdout;
using ::testing::HasSubstr;

const std::vector<std::string> kEngine = {"127.0.0.1:12345"};

std::unique_ptr<pulumirpc::Analyzer::Stub> Connect(const std::string& port) {
  return pulumirpc::Analyzer::NewStub(grpc::CreateChannel("127.0.0.1:" + port, grpc::InsecureChannelCredentials()));
}

bool Answers(const std::string& port) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  pulumirpc::PluginInfo info;
  return Connect(port)->GetPluginInfo(&context, {}, &info).ok() && info.version() == "1.2.3";
}

class BootTest : public ::testing::TestWithParam<std::vector<std::string>> {};

TEST_P(BootTest, PrintsThePortAloneAndAnswersOnIt) {
  Process plugin(FakePlugin(GetParam()));
  const std::string port = plugin.ReadLine();
  EXPECT_EQ(port, std::to_string(std::atoi(port.c_str())));
  EXPECT_TRUE(Answers(port));
  plugin.Signal(SIGINT);
  EXPECT_EQ(plugin.Wait(), 0);
  EXPECT_EQ(plugin.ReadRest(), "");
  EXPECT_EQ(plugin.ReadErrors(), "");
}
INSTANTIATE_TEST_SUITE_P(
    All, BootTest,
    ::testing::Values(kEngine, std::vector<std::string>{"127.0.0.1:1", "."},
                      std::vector<std::string>{"127.0.0.1:1", ".", "-binary=build/pack", "-other=x"},
                      std::vector<std::string>{"--logtostderr", "-v=9", "--tracing", "127.0.0.1:9", "127.0.0.1:1", "."},
                      std::vector<std::string>{"--flag-of-the-future", "localhost:1"}));

struct Ending {
  const char* what;
  void (*end)(Process&);
};
class EndingTest : public ::testing::TestWithParam<Ending> {};
INSTANTIATE_TEST_SUITE_P(All, EndingTest,
                         ::testing::Values(Ending{"SIGINT", [](Process& p) { p.Signal(SIGINT); }},
                                           Ending{"SIGTERM", [](Process& p) { p.Signal(SIGTERM); }},
                                           Ending{"the end of stdin", [](Process& p) { p.CloseStdin(); }}));

TEST_P(EndingTest, EndsAnIdlePlugin) {
  Process plugin(FakePlugin(kEngine));
  EXPECT_NE(plugin.ReadLine(), "");
  GetParam().end(plugin);
  EXPECT_EQ(plugin.Wait(), 0) << GetParam().what;
}

// The call sleeps for a minute: an answer within the test's patience is that of the end.
TEST_P(EndingTest, DropsCallsInFlight) {
  Process plugin(FakePlugin(kEngine));
  const auto stub = Connect(plugin.ReadLine());
  const auto analyze = [&stub](const char* name) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    pulumirpc::AnalyzeResponse response;
    return stub->Analyze(&context, testing::Inputs(testing::kBox, name, {}), &response);
  };
  ASSERT_TRUE(analyze("quick").ok());
  auto slow = std::async(std::launch::async, analyze, "slow");
  EXPECT_EQ(slow.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  GetParam().end(plugin);
  EXPECT_EQ(plugin.Wait(), 0) << GetParam().what;
  EXPECT_EQ(slow.get().error_code(), grpc::StatusCode::UNAVAILABLE);
}

class NoStdinTest : public ::testing::TestWithParam<Stdin> {};
INSTANTIATE_TEST_SUITE_P(All, NoStdinTest, ::testing::Values(Stdin::kNull, Stdin::kClosed));

TEST_P(NoStdinTest, AStdinThatIsNoPipeDoesNotEndIt) {
  Process plugin(FakePlugin(kEngine), {.in = GetParam()});
  const std::string port = plugin.ReadLine();
  EXPECT_TRUE(Answers(port));
  EXPECT_EQ(std::filesystem::read_symlink("/proc/" + std::to_string(plugin.pid()) + "/fd/0"), "/dev/null");
  EXPECT_EQ(plugin.Wait(std::chrono::milliseconds(50)), std::nullopt);
  plugin.Signal(SIGTERM);
  EXPECT_EQ(plugin.Wait(), 0);
}

TEST(BootFaultTest, NobodyToTellThePortTo) {
  Process plugin(FakePlugin(kEngine), {.out = Stdout::kClosed});
  EXPECT_EQ(plugin.Wait(), 2);
  EXPECT_THAT(plugin.ReadErrors(), HasSubstr("port"));
}

TEST(BootFaultTest, GarbageOnThePortHarmsNobody) {
  Process plugin(FakePlugin(kEngine));
  const std::string port = plugin.ReadLine();
  for (const std::string garbage :
       {"GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff"}) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    EXPECT_GT(write(fd, garbage.data(), garbage.size()), 0);
    close(fd);
  }
  EXPECT_TRUE(Answers(port));
  plugin.Signal(SIGINT);
  EXPECT_EQ(plugin.Wait(), 0);
  EXPECT_EQ(plugin.ReadErrors(), "");
}

struct Booted {
  std::vector<std::string> args;
  bool is;
  const char *folder = "", *waivers = "";
};
class BootedTest : public ::testing::TestWithParam<Booted> {};

TEST_P(BootedTest, ByTheEnginesAddressWhichIsTheFirstThatIsNoFlag) {
  std::vector<std::string> texts = GetParam().args;
  std::vector<char*> args;
  for (std::string& text : texts) args.push_back(text.data());
  const auto booted = ParsePackArguments(args);
  ASSERT_EQ(booted.has_value(), GetParam().is);
  if (!booted) return;
  EXPECT_EQ(booted->folder, GetParam().folder);
  EXPECT_EQ(booted->waivers, GetParam().waivers);
}
INSTANTIATE_TEST_SUITE_P(
    All, BootedTest,
    ::testing::Values(Booted{{"127.0.0.1:1"}, true}, Booted{{"127.0.0.1:1", "pack"}, true, "pack"},
                      Booted{{"--logtostderr", "-v=9", "--tracing", "127.0.0.1:9", "127.0.0.1:1", "."}, true, "."},
                      Booted{{"-tracing", "127.0.0.1:9", "localhost:1"}, true},
                      Booted{{"127.0.0.1:1", ".", "-binary=b", "-waivers=w.yaml"}, true, ".", "w.yaml"},
                      Booted{{}, false}, Booted{{"--logtostderr", "-v=9", "--tracing", "127.0.0.1:9", "."}, false},
                      Booted{{"check", "127.0.0.1:1"}, false}, Booted{{"127.0.0.1:99999", "127.0.0.1:1"}, false},
                      Booted{{"--tracing"}, false}));

struct Address {
  std::string_view text;
  bool is;
};
class AddressTest : public ::testing::TestWithParam<Address> {};

TEST_P(AddressTest, IsHostAndPort) {
  EXPECT_EQ(LooksLikeEngineAddress(GetParam().text), GetParam().is) << GetParam().text;
}
INSTANTIATE_TEST_SUITE_P(All, AddressTest,
                         ::testing::Values(Address{"127.0.0.1:1", true}, Address{"localhost:65535", true},
                                           Address{"[::1]:80", true}, Address{"check", false}, Address{"--x:1", false},
                                           Address{":1", false}, Address{"a:", false}, Address{"a:0", false},
                                           Address{"a:65536", false}, Address{"a:1x", false}, Address{"", false},
                                           Address{"./file:1", false}));

}  // namespace
}  // namespace guardrails
