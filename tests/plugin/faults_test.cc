// What an engine should not do, and what may happen to one: calls out of turn, in a crowd, of the largest size, cut off;
// and the engine's own death.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "pulumi/analyzer.grpc.pb.h"
#include "tests/plugin/fake_pack.h"
#include "tests/plugin/process.h"
#include "tests/plugin/requests.h"

namespace guardrails {
namespace {

using google::protobuf::Empty;
using pulumirpc::AnalyzeResponse;
using testing::FakePlugin;
using testing::Inputs;
using testing::kBox;
using testing::Outputs;
using testing::Process;
using testing::Stdout;
using Stub = pulumirpc::Analyzer::Stub;

constexpr int kLargestMessage = 400 << 20;
const std::vector<std::string> kEngine = {"127.0.0.1:12345"};

// A plugin as a process, and a client of it.
class FaultsTest : public ::testing::Test {
 protected:
  FaultsTest() {
    grpc::ChannelArguments large;
    large.SetMaxSendMessageSize(-1);
    stub_ = pulumirpc::Analyzer::NewStub(
        grpc::CreateCustomChannel("127.0.0.1:" + port_, grpc::InsecureChannelCredentials(), large));
  }
  ~FaultsTest() override {
    plugin_.Signal(SIGTERM);
    EXPECT_EQ(plugin_.Wait(), 0) << "it must survive everything but its end";
    const std::string errors = plugin_.ReadErrors();
    EXPECT_TRUE(errors.empty() || grpc_may_log_) << errors;
  }

  template <class Method, class Request, class Response>
  grpc::Status Call(Method method, const Request& request, Response& response) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    return (stub_.get()->*method)(&context, request, &response);
  }
  template <class Response, class Method, class Request>
  Response Ok(Method method, const Request& request) {
    Response response;
    const grpc::Status status = Call(method, request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::size_t Analyzed(const pulumirpc::AnalyzeRequest& request) {
    return static_cast<std::size_t>(Ok<AnalyzeResponse>(&Stub::Analyze, request).diagnostics_size());
  }

  Process plugin_{FakePlugin(kEngine)};
  const std::string port_ = plugin_.ReadLine();
  std::unique_ptr<Stub> stub_;
  bool grpc_may_log_ = false;  // it names the headers that are none
};

const pulumirpc::AnalyzeRequest kWrongBox = Inputs(kBox, "b", {{"encrypted", false}, {"owner", "x"}, {"limit", 9}});

pulumirpc::AnalyzeStackRequest StackOf(int boxes) {
  pulumirpc::AnalyzeStackRequest out;
  for (int i = 0; i < boxes; ++i) *out.add_resources() = Outputs(kBox, "b" + std::to_string(i), {});
  return out;
}

pulumirpc::ConfigureAnalyzerRequest Level(pulumirpc::EnforcementLevel level) {
  pulumirpc::ConfigureAnalyzerRequest out;
  (*out.mutable_policyconfig())["box-encrypted"].set_enforcementlevel(level);
  return out;
}

TEST_F(FaultsTest, BeforeConfigureTheDefaultsHold) {
  EXPECT_EQ(Ok<AnalyzeResponse>(&Stub::AnalyzeStack, StackOf(1)).diagnostics(0).policyname(), "has-key");
  const auto analyzed = Ok<AnalyzeResponse>(&Stub::Analyze, kWrongBox);
  ASSERT_GE(analyzed.diagnostics_size(), 1);
  EXPECT_EQ(analyzed.diagnostics(0).policyname(), "box-encrypted");
  EXPECT_EQ(analyzed.diagnostics(0).enforcementlevel(), pulumirpc::MANDATORY);
  EXPECT_EQ(Ok<pulumirpc::RemediateResponse>(&Stub::Remediate, kWrongBox).remediations_size(), 0);
}

TEST_F(FaultsTest, ConfiguredTwiceTheLastHolds) {
  const auto before = Analyzed(kWrongBox);
  Ok<Empty>(&Stub::Configure, Level(pulumirpc::ADVISORY));
  Ok<Empty>(&Stub::Configure, Level(pulumirpc::DISABLED));
  EXPECT_EQ(Analyzed(kWrongBox), before - 1);
  Ok<Empty>(&Stub::Configure, pulumirpc::ConfigureAnalyzerRequest());
  EXPECT_EQ(Analyzed(kWrongBox), before);
}

TEST_F(FaultsTest, AConfigurationThatIsRefusedLeavesTheOneBefore) {
  Ok<Empty>(&Stub::Configure, Level(pulumirpc::DISABLED));
  const auto before = Analyzed(kWrongBox);
  Empty nothing;
  const auto wrong = static_cast<pulumirpc::EnforcementLevel>(77);
  EXPECT_EQ(Call(&Stub::Configure, Level(wrong), nothing).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Analyzed(kWrongBox), before);
}

TEST_F(FaultsTest, OutOfOrderEveryCallIsAnswered) {
  Ok<Empty>(&Stub::Cancel, Empty());
  Ok<AnalyzeResponse>(&Stub::AnalyzeStack, StackOf(2));
  Ok<pulumirpc::RemediateResponse>(&Stub::Remediate, kWrongBox);
  Ok<pulumirpc::AnalyzerStackConfigureResponse>(&Stub::ConfigureStack, pulumirpc::AnalyzerStackConfigureRequest());
  const auto found = Analyzed(kWrongBox);
  EXPECT_EQ(Analyzed(kWrongBox), found) << "a resource that is analyzed twice is judged twice alike";
  Ok<pulumirpc::AnalyzerHandshakeResponse>(&Stub::Handshake, pulumirpc::AnalyzerHandshakeRequest());
  Ok<pulumirpc::AnalyzerInfo>(&Stub::GetAnalyzerInfo, Empty());
  Ok<AnalyzeResponse>(&Stub::AnalyzeStack, pulumirpc::AnalyzeStackRequest());
}

// Every method from 64 threads; configuration, cancellation and judgement at once.
TEST_F(FaultsTest, SixtyFourCallersAreAllAnswered) {
  const auto once = [this](int i) -> grpc::Status {
    AnalyzeResponse analyzed;
    pulumirpc::RemediateResponse remediated;
    pulumirpc::AnalyzerStackConfigureResponse configured;
    pulumirpc::AnalyzerInfo info;
    Empty nothing;
    switch (i % 8) {
      case 0: return Call(&Stub::Configure, Level(i % 16 == 0 ? pulumirpc::ADVISORY : pulumirpc::REMEDIATE), nothing);
      case 1: return Call(&Stub::ConfigureStack, pulumirpc::AnalyzerStackConfigureRequest(), configured);
      case 2: return Call(&Stub::Remediate, Inputs(kBox, std::to_string(i), {}), remediated);
      case 3: return Call(&Stub::AnalyzeStack, StackOf(50), analyzed);
      case 4: return Call(&Stub::GetAnalyzerInfo, Empty(), info);
      case 5: return Call(&Stub::Cancel, Empty(), nothing);
      default: return Call(&Stub::Analyze, Inputs(kBox, std::to_string(i % 100), {{"owner", "x"}}), analyzed);
    }
  };
  std::vector<std::jthread> callers;
  for (int t = 0; t < 64; ++t)
    callers.emplace_back([&once, t] {
      for (int i = 0; i < 32; ++i) {
        const grpc::Status status = once(t + i);
        EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::CANCELLED) << status.error_message();
      }
    });
}

TEST_F(FaultsTest, CallsThatTheClientGivesUpHarmNobody) {
  std::vector<std::jthread> callers;
  for (int t = 0; t < 8; ++t)
    callers.emplace_back([this] {
      for (int i = 0; i < 10; ++i) {
        grpc::ClientContext context;
        AnalyzeResponse response;
        std::jthread giving_up([&context] { context.TryCancel(); });
        stub_->AnalyzeStack(&context, StackOf(200), &response).ok();
      }
    });
  callers.clear();
  EXPECT_GE(Analyzed(kWrongBox), 1u);
}

// As many bytes as the engine itself may send; one more is refused, and the plugin lives on.
TEST_F(FaultsTest, AMessageOf400MiBIsJudgedAndALargerOneRefused) {
  pulumirpc::AnalyzeStackRequest request;
  const std::string part((1 << 20) - 1024, 'x');
  for (int i = 0; i < 400; ++i) *request.add_resources() = Outputs(kBox, "b" + std::to_string(i), {{"text", part}});
  *request.add_resources() = Outputs(kBox, "last", {{"text", std::string(1 << 17, 'x')}});
  std::string& text = *(*request.mutable_resources(400)->mutable_properties()->mutable_fields())["text"].mutable_string_value();
  text.append(kLargestMessage - request.ByteSizeLong(), 'x');
  text.resize(text.size() - (request.ByteSizeLong() - kLargestMessage));
  ASSERT_EQ(request.ByteSizeLong(), static_cast<std::size_t>(kLargestMessage));

  const auto judged = Ok<AnalyzeResponse>(&Stub::AnalyzeStack, request);
  EXPECT_EQ(judged.diagnostics(0).policyname(), "has-key");
  text.push_back('x');
  AnalyzeResponse refused;
  EXPECT_EQ(Call(&Stub::AnalyzeStack, request, refused).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_GE(Analyzed(kWrongBox), 1u);
}

int Connected(const std::string& port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  return fd;
}

// Every kind of HTTP/2 frame with a random payload behind a correct preface, connections that say nothing, and ones
// that end in the middle.
TEST_F(FaultsTest, GarbageAndSilentConnectionsHarmNobody) {
  grpc_may_log_ = true;
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const std::string settings("\0\0\0\4\0\0\0\0\0", 9);
  std::mt19937 random(6);
  std::vector<int> open;
  for (int kind = 0; kind < 256; ++kind) {
    std::string frame(3, '\0');
    const std::size_t size = random() % 64;
    frame[2] = static_cast<char>(size);
    frame += static_cast<char>(kind % 16);
    frame += static_cast<char>(random());
    frame += std::string("\0\0\0\1", 4);
    for (std::size_t i = 0; i < size; ++i) frame += static_cast<char>(random());
    const std::string bytes = preface + settings + frame;
    const int fd = Connected(port_);
    EXPECT_GT(send(fd, bytes.data(), kind % 3 == 0 ? bytes.size() - 3 : bytes.size(), MSG_NOSIGNAL), 0);
    kind % 2 == 0 ? open.push_back(fd) : static_cast<void>(close(fd));
  }
  EXPECT_GE(Analyzed(kWrongBox), 1u);
  for (const int fd : open) close(fd);
  EXPECT_GE(Analyzed(kWrongBox), 1u);
}

// Bytes that are no message of the method: an answer each, never a pass.
TEST_F(FaultsTest, BytesThatAreNoMessageAreInvalid) {
  const auto channel = grpc::CreateChannel("127.0.0.1:" + port_, grpc::InsecureChannelCredentials());
  std::mt19937 random(7);
  for (const char* method : {"Analyze", "Remediate", "AnalyzeStack", "Configure", "ConfigureStack"})
    for (int i = 0; i < 50; ++i) {
      std::string bytes = i == 0 ? "\x0a" : "";
      for (int n = i; n > 0; --n) bytes += static_cast<char>(random() | 0x80);
      const grpc::Slice slice(bytes);
      const grpc::ByteBuffer request(&slice, 1);
      grpc::ByteBuffer response;
      grpc::ClientContext context;
      grpc::CompletionQueue queue;
      grpc::Status status;
      grpc::GenericStub raw(channel);
      const auto call = raw.PrepareUnaryCall(&context, std::string("/pulumirpc.Analyzer/") + method, request, &queue);
      call->StartCall();
      call->Finish(&response, &status, nullptr);
      void* tag = nullptr;
      bool ok = false;
      ASSERT_TRUE(queue.Next(&tag, &ok));
      if (bytes.empty()) continue;
      EXPECT_FALSE(status.ok()) << method << " " << i;
    }
  EXPECT_GE(Analyzed(kWrongBox), 1u);
}

// --- The engine's end.

struct Death {
  const char* what;
  bool calls;  // one is in flight
};
class EngineDeathTest : public ::testing::TestWithParam<Death> {};

// An engine of ours starts the plugin and is killed. This process takes over its orphans, so it sees them end.
TEST_P(EngineDeathTest, BySigkillLeavesNoProcess) {
  ASSERT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  Process engine(testing::FakeEngine());
  const std::string port = engine.ReadLine();
  const pid_t plugin = std::stoi(engine.ReadLine());
  const auto stub = pulumirpc::Analyzer::NewStub(grpc::CreateChannel("127.0.0.1:" + port, grpc::InsecureChannelCredentials()));
  const auto analyze = [&stub](const char* name) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    AnalyzeResponse response;
    return stub->Analyze(&context, Inputs(kBox, name, {}), &response);
  };
  ASSERT_TRUE(analyze("quick").ok());
  std::future<grpc::Status> slow;
  if (GetParam().calls) slow = std::async(std::launch::async, analyze, "slow");
  engine.Signal(SIGKILL);
  EXPECT_EQ(engine.Wait(), 128 + SIGKILL);
  int status = -1;
  EXPECT_EQ(waitpid(plugin, &status, 0), plugin) << GetParam().what;
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << GetParam().what;
  if (slow.valid()) {
    EXPECT_FALSE(slow.get().ok());
  }
}
INSTANTIATE_TEST_SUITE_P(All, EngineDeathTest, ::testing::Values(Death{"idle", false}, Death{"in a call", true}));

struct NoReader {
  const char* what;
  testing::Stdout out;
};
class PortLineTest : public ::testing::TestWithParam<NoReader> {};

TEST_P(PortLineTest, ThatNobodyCanReadEndsThePlugin) {
  Process plugin(FakePlugin(kEngine), {.out = GetParam().out});
  EXPECT_EQ(plugin.Wait(), 2) << GetParam().what;
  EXPECT_THAT(plugin.ReadErrors(), ::testing::HasSubstr("cannot write the port to stdout")) << GetParam().what;
}
INSTANTIATE_TEST_SUITE_P(All, PortLineTest,
                         ::testing::Values(NoReader{"closed", Stdout::kClosed}, NoReader{"a full disk", Stdout::kFull},
                                           NoReader{"a pipe without a reader", Stdout::kBrokenPipe}));

}  // namespace
}  // namespace guardrails
