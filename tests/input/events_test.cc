// What an event log leaves in the stack.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/input/describe.h"

namespace guardrails {
namespace {

using testing::Describe;
using testing::ReadOk;

constexpr std::string_view kUrn = "urn:pulumi:dev::shop::aws:kinesis/stream:Stream::orders-dev";

std::string State(std::string_view id, std::string_view inputs, std::string_view outputs) {
  return fmt::format(R"({{"urn": "{}", "type": "aws:kinesis/stream:Stream", "custom": true, "id": "{}", "inputs": {}, "outputs": {}}})",
                     kUrn, id, inputs, outputs);
}

std::string Event(std::string_view kind, std::string_view op, std::string_view old_state, std::string_view new_state) {
  return fmt::format(R"({{"sequence": 1, "timestamp": 2, "{}": {{"metadata": {{"op": "{}", "urn": "{}", "old": {}, "new": {}}}}}}})" "\n",
                     kind, op, kUrn, old_state, new_state);
}

std::string Summary(bool preview) {
  return fmt::format(R"({{"sequence": 2, "timestamp": 3, "summaryEvent": {{"isPreview": {}}}}})" "\n", preview);
}

std::string Left(const std::string& events) {
  const auto stack = ReadOk(events);
  if (!stack || stack->resources().size() != 1) return "not one resource";
  const Resource& r = stack->resources()[0];
  return fmt::format("id {} in {} out {}", Describe(r.id), Describe(r.inputs), Describe(r.outputs));
}

const std::string kNone = "null";
const std::string kOld = State("s-1", R"({"a": 1})", R"({"a": 1, "arn": "x"})");
const std::string kUnborn = State("", R"({"a": 2})", "{}");

TEST(EventLog, OfAPreviewKnowsNoNewIds) {
  EXPECT_EQ(Left(Event("resourcePreEvent", "create", kNone, kUnborn) +
                 Event("resOutputsEvent", "create", kNone,
                       State("", R"({"a": 2})", R"({"a": 2, "arn": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"})")) +
                 Summary(true)),
            "id unknown in {a: 2} out {a: 2, arn: unknown}");
}

TEST(EventLog, OfAnUpdateKnowsThem) {
  EXPECT_EQ(Left(Event("resourcePreEvent", "create", kNone, kUnborn) +
                 Event("resOutputsEvent", "create", kNone, State("s-2", R"({"a": 2})", R"({"arn": "y"})")) + Summary(false)),
            "id 's-2' in {a: 2} out {arn: 'y'}");
}

TEST(EventLog, KeepsWhatAnUpdateDoesNotAnswer) {
  EXPECT_EQ(Left(Event("resourcePreEvent", "update", kOld, kUnborn) + Summary(true)), "id 's-1' in {a: 2} out {arn: 'x'}");
  EXPECT_EQ(Left(Event("resourcePreEvent", "same", kOld, State("", R"({"a": 1})", "{}")) + Summary(true)),
            "id 's-1' in {a: 1} out {a: 1, arn: 'x'}");
}

TEST(EventLog, TheOldResourceOfAReplacementGoesWithoutTheNewOne) {
  EXPECT_EQ(Left(Event("resourcePreEvent", "create-replacement", kOld, kUnborn) +
                 Event("resOutputsEvent", "create-replacement", kOld, State("s-2", R"({"a": 2})", "{}")) +
                 Event("resourcePreEvent", "delete-replaced", kOld, kNone) +
                 Event("resOutputsEvent", "delete-replaced", kOld, kNone) + Summary(false)),
            "id 's-2' in {a: 2} out absent");
}

TEST(EventLog, DeletedResourcesAreGoneUnlessMadeAgain) {
  const std::string gone = Event("resourcePreEvent", "refresh", kOld, kOld) + Event("resOutputsEvent", "delete", kOld, kNone);
  EXPECT_TRUE(ReadOk(gone + Summary(false))->resources().empty());
  EXPECT_EQ(Left(gone + Event("resourcePreEvent", "create", kNone, kUnborn) + Summary(true)), "id unknown in {a: 2} out absent");
}

TEST(EventLog, TheLastOfSeveralOperationsCounts) {
  const std::string prelude = R"({"sequence": 0, "timestamp": 1, "preludeEvent": {"config": {"shop:n": "NEW"}}})" "\n";
  const std::string earlier = R"({"sequence": 0, "timestamp": 1, "preludeEvent": {"config": {"shop:o": "OLD"}}})" "\n";
  const auto stack = ReadOk(earlier + Event("resourcePreEvent", "create", kNone, kUnborn) + Summary(true) + prelude + Summary(false));
  EXPECT_TRUE(stack->resources().empty());
  EXPECT_FALSE(stack->facts().preview);
  EXPECT_TRUE(stack->Config("shop:o").absent());
  EXPECT_EQ(Describe(stack->Config("shop:n")), "'NEW'");
}

std::string Error(std::string_view message) {
  return fmt::format(R"({{"sequence": 1, "timestamp": 2, "diagnosticEvent": {{"prefix": "error: ", "message": "{}", "severity": "error"}}}})" "\n",
                     message);
}

TEST(EventLog, WithAFailedPolicyIsWhole) {
  for (const char* message : {R"(preview failed\n)", R"(<{%reset%}>preview failed<{%reset%}>\n)"})
    EXPECT_NE(ReadOk(Error(message) + Summary(true)), nullptr) << message;
}

TEST(EventLog, WithAnErrorThatOnlyEndsInTheClosingWordsIsNot) {
  for (const char* message : {R"(orders-dev: preview failed\n)", R"(<{%preview failed\n)"})
    EXPECT_THAT(testing::ErrorOf(Error(message) + Summary(true)), ::testing::HasSubstr("the logged operation failed")) << message;
}

std::string Counting(std::string_view counts) {
  return fmt::format(R"({{"sequence": 2, "timestamp": 3, "summaryEvent": {{"isPreview": false, "resourceChanges": {}}}}})" "\n", counts);
}

TEST(EventLog, ThatShowsFewerStepsThanItCountsIsPartial) {
  const std::string made = Event("resourcePreEvent", "create", kNone, kUnborn);
  const std::string refreshed = Event("resourcePreEvent", "refresh", kOld, kOld);
  EXPECT_FALSE(ReadOk(made + Counting(R"({"create": 1})"))->facts().partial);
  EXPECT_FALSE(ReadOk(refreshed + Counting(R"({"update": 1})"))->facts().partial);
  EXPECT_FALSE(ReadOk(made + Counting("null"))->facts().partial);
  EXPECT_TRUE(ReadOk(made + Counting(R"({"create": 2})"))->facts().partial);
  EXPECT_TRUE(ReadOk(Counting(R"({"create": 1})"))->facts().partial);
  EXPECT_TRUE(ReadOk(made + Counting(R"({"create": 1, "same": 1})"))->facts().partial);
}

TEST(EventLog, WhatIsNotCustomIsLeftOut) {
  const std::string component = R"({"urn": "urn:pulumi:dev::shop::shop:app:Store::store-dev", "type": "shop:app:Store", "id": "", "inputs": {}, "outputs": {}})";
  EXPECT_FALSE(ReadOk(Event("resourcePreEvent", "create", kNone, component) + Summary(true))->resources()[0].custom);
}

}  // namespace
}  // namespace guardrails
