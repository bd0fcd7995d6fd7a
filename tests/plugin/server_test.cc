// All calls through a real channel, as the engine makes them.
#include "analyzer/plugin/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/plugin/fake_pack.h"
#include "tests/plugin/requests.h"

namespace guardrails {
namespace {

using testing::Inputs;
using testing::kBox;
using testing::Outputs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ServerTest : public ::testing::Test {
 protected:

  template <class Request, class Response, class Method>
  grpc::Status Call(Method method, const Request& request, Response& response) {
    grpc::ClientContext context;
    return (stub_.get()->*method)(&context, request, &response);
  }
  using Stub = pulumirpc::Analyzer::Stub;

  Session session_{testing::FakePack(), [](const char*) -> const char* { return nullptr; }};
  Server server_{session_};
  std::unique_ptr<Stub> stub_ = pulumirpc::Analyzer::NewStub(server_.InProcess());
};

TEST_F(ServerTest, AWholeOperation) {
  const google::protobuf::Empty empty;
  google::protobuf::Empty nothing;
  pulumirpc::AnalyzerHandshakeRequest hello;
  hello.set_engine_address("127.0.0.1:1");
  pulumirpc::AnalyzerHandshakeResponse hello_back;
  EXPECT_TRUE(Call(&Stub::Handshake, hello, hello_back).ok());
  pulumirpc::AnalyzerStackConfigureResponse stack_back;
  EXPECT_TRUE(Call(&Stub::ConfigureStack, pulumirpc::AnalyzerStackConfigureRequest(), stack_back).ok());
  pulumirpc::PluginInfo plugin;
  EXPECT_TRUE(Call(&Stub::GetPluginInfo, empty, plugin).ok());
  EXPECT_EQ(plugin.version(), "1.2.3");
  pulumirpc::ConfigureAnalyzerRequest configure;
  (*configure.mutable_policyconfig())["box-encrypted"].set_enforcementlevel(pulumirpc::REMEDIATE);
  EXPECT_TRUE(Call(&Stub::Configure, configure, nothing).ok());
  pulumirpc::RemediateResponse remedied;
  EXPECT_TRUE(Call(&Stub::Remediate, Inputs(kBox, "b", {}), remedied).ok());
  EXPECT_EQ(remedied.remediations_size(), 1);
  pulumirpc::AnalyzeResponse analyzed;
  EXPECT_TRUE(Call(&Stub::Analyze, Inputs(kBox, "b", {{"encrypted", false}}), analyzed).ok());
  EXPECT_EQ(analyzed.diagnostics(0).policyname(), "box-encrypted");
  pulumirpc::AnalyzeStackRequest stack;
  *stack.add_resources() = Outputs(kBox, "b", {});
  EXPECT_TRUE(Call(&Stub::AnalyzeStack, stack, analyzed).ok());
  EXPECT_EQ(analyzed.diagnostics(0).policyname(), "has-key");
  EXPECT_TRUE(Call(&Stub::Cancel, empty, nothing).ok());
}

TEST_F(ServerTest, ErrorsKeepTheirCodeAndText) {
  pulumirpc::AnalyzeResponse response;
  const grpc::Status invalid = Call(&Stub::Analyze, pulumirpc::AnalyzeRequest(), response);
  EXPECT_EQ(invalid.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(invalid.error_message(), HasSubstr("type"));
  const grpc::Status broken = Call(&Stub::Analyze, Inputs(kBox, "bomb", {}), response);
  EXPECT_EQ(broken.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(broken.error_message(), HasSubstr("breaks"));
}

TEST_F(ServerTest, AMessageLargerThanGrpcsDefaultIsRead) {
  pulumirpc::AnalyzeStackRequest stack;
  const std::string megabyte(1 << 20, 'x');
  for (int i = 0; i < 8; ++i) *stack.add_resources() = Outputs(kBox, "b" + std::to_string(i), {{"text", megabyte}});
  pulumirpc::AnalyzeResponse response;
  EXPECT_TRUE(Call(&Stub::AnalyzeStack, stack, response).ok());
}

TEST_F(ServerTest, ManyCallsAtOnceAreAllAnswered) {
  std::vector<std::jthread> callers;
  for (int t = 0; t < 16; ++t)
    callers.emplace_back([this, t] {
      for (int i = 0; i < 20; ++i) {
        pulumirpc::AnalyzeResponse response;
        const std::string name = std::to_string(t) + "-" + std::to_string(i);
        EXPECT_TRUE(Call(&Stub::Analyze, Inputs(kBox, name, {{"encrypted", true}, {"owner", "x"}}), response).ok());
        EXPECT_EQ(response.diagnostics_size(), 1);  // no key
      }
    });
}

// The stack pass goes on until the resource has been judged.
TEST_F(ServerTest, AShortCallDoesNotWaitForTheStack) {
  std::promise<void> began, analyzed;
  testing::during_stack_pass = [&] {
    began.set_value();
    EXPECT_EQ(analyzed.get_future().wait_for(std::chrono::minutes(1)), std::future_status::ready);
  };
  std::jthread stack([this] {
    pulumirpc::AnalyzeResponse response;
    EXPECT_TRUE(Call(&Stub::AnalyzeStack, pulumirpc::AnalyzeStackRequest(), response).ok());
  });
  began.get_future().wait();
  pulumirpc::AnalyzeResponse response;
  EXPECT_TRUE(Call(&Stub::Analyze, Inputs(kBox, "b", {}), response).ok());
  analyzed.set_value();
  stack.join();
  testing::during_stack_pass = nullptr;
}

// Larger than what is judged where it is received.
TEST_F(ServerTest, LargeResourcesAreJudgedAsSmallOnes) {
  const std::string megabyte(1 << 20, 'x');
  for (const std::string& text : {std::string("x"), megabyte}) {
    pulumirpc::AnalyzeResponse response;
    ASSERT_TRUE(Call(&Stub::Analyze, Inputs(kBox, "b", {{"encrypted", false}, {"text", text}}), response).ok());
    EXPECT_EQ(response.diagnostics(0).policyname(), "box-encrypted");
  }
}

TEST_F(ServerTest, AnalyzerInfoCarriesAllMetadata) {
  pulumirpc::AnalyzerInfo info;
  ASSERT_TRUE(Call(&Stub::GetAnalyzerInfo, google::protobuf::Empty(), info).ok());
  EXPECT_EQ(info.name(), "fake-pack");
  EXPECT_EQ(info.displayname(), "Fake Pack");
  EXPECT_EQ(info.version(), "1.2.3");
  EXPECT_EQ(info.description(), "For tests");
  EXPECT_EQ(info.repository(), "https://example.com/fake");
  EXPECT_TRUE(info.supportsconfig());
  EXPECT_TRUE(info.initialconfig().empty());
  ASSERT_EQ(info.policies_size(), 6);
  const auto& box = info.policies(0);
  EXPECT_EQ(box.name(), "box-encrypted");
  EXPECT_EQ(box.displayname(), "Boxes are encrypted");
  EXPECT_EQ(box.description(), "Every box is encrypted.");
  EXPECT_EQ(box.message(), "Because.");
  EXPECT_EQ(box.enforcementlevel(), pulumirpc::MANDATORY);
  EXPECT_EQ(box.severity(), pulumirpc::POLICY_SEVERITY_HIGH);
  EXPECT_EQ(box.policy_type(), pulumirpc::POLICY_TYPE_RESOURCE);
  EXPECT_EQ(box.framework().name(), "Standard");
  EXPECT_EQ(box.framework().reference(), "Box.1");
  EXPECT_THAT(box.tags(), ElementsAre("Standard Box.1", "Other 2"));
  EXPECT_EQ(box.remediation_steps(), "Set encrypted.");
  EXPECT_EQ(box.url(), "https://example.com/box");
  EXPECT_EQ(info.policies(3).policy_type(), pulumirpc::POLICY_TYPE_UNKNOWN);  // breaks: both
  EXPECT_EQ(info.policies(4).policy_type(), pulumirpc::POLICY_TYPE_STACK);
}

TEST_F(ServerTest, AConfigSchemaIsMadeOfObjectsWithDefaults) {
  pulumirpc::AnalyzerInfo info;
  ASSERT_TRUE(Call(&Stub::GetAnalyzerInfo, google::protobuf::Empty(), info).ok());
  const nlohmann::json schema = ToJson(info.policies(2).configschema().properties());
  EXPECT_EQ(schema["minimum"]["type"], "integer");
  EXPECT_EQ(schema["minimum"]["default"], 3);
  EXPECT_EQ(schema["minimum"]["minimum"], 1);
  EXPECT_EQ(ToJson(info.policies(0).configschema().properties())["waivable"]["default"], true);
}

}  // namespace
}  // namespace guardrails
