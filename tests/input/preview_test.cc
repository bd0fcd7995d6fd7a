// What the steps of a preview leave in the stack.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/input/describe.h"

namespace guardrails {
namespace {

using testing::Describe;
using testing::ReadOk;

constexpr std::string_view kUrn = "urn:pulumi:dev::shop::aws:kinesis/stream:Stream::orders-dev";
constexpr std::string_view kUnknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

std::string State(std::string_view more, std::string_view urn = kUrn) {
  return fmt::format(R"({{"urn": "{}", "custom": true{}{}}})", urn, more.empty() ? "" : ", ", more);
}

std::string Step(std::string_view op, std::string_view old_state, std::string_view new_state, std::string_view urn = kUrn) {
  std::string out = fmt::format(R"({{"op": "{}", "urn": "{}")", op, urn);
  if (!old_state.empty()) out += fmt::format(R"(, "oldState": {})", State(old_state, urn));
  if (!new_state.empty()) out += fmt::format(R"(, "newState": {})", State(new_state, urn));
  return out + "}";
}

std::string Preview(std::string_view steps, std::string_view more = "") {
  return fmt::format(R"({{"steps": [{}]{}{}}})", steps, more.empty() ? "" : ", ", more);
}

// The only resource of a preview with these steps.
std::string Left(std::string_view steps) {
  const auto stack = ReadOk(Preview(steps));
  if (!stack || stack->resources().size() != 1) return "not one resource";
  const Resource& r = stack->resources()[0];
  return fmt::format("id {} in {} out {}", Describe(r.id), Describe(r.inputs), Describe(r.outputs));
}

constexpr std::string_view kOld = R"("id": "s-1", "inputs": {"a": 1}, "outputs": {"a": 1, "arn": "arn:x"})";

TEST(Preview, ACreatedResourceHasNoIdYet) {
  EXPECT_EQ(Left(Step("create", "", R"("inputs": {"a": 1})")), "id unknown in {a: 1} out absent");
}

TEST(Preview, AReplacedResourceIsNotTheOldOne) {
  for (const char* op : {"replace", "create-replacement"})
    EXPECT_EQ(Left(Step(op, kOld, R"("inputs": {"a": 2})")), "id unknown in {a: 2} out absent") << op;
}

TEST(Preview, TheStepsOfAReplacementAreOneResource) {
  EXPECT_EQ(Left(Step("create-replacement", kOld, R"("inputs": {"a": 2})") + "," + Step("replace", kOld, R"("inputs": {"a": 2})") +
                 "," + Step("delete-replaced", kOld, "")),
            "id unknown in {a: 2} out absent");
}

TEST(Preview, AnUnchangedResourceKeepsItsIdAndOutputs) {
  EXPECT_EQ(Left(Step("same", kOld, R"("inputs": {"a": 1})")), "id 's-1' in {a: 1} out {a: 1, arn: 'arn:x'}");
}

TEST(Preview, AnUpdateKeepsWhatItDoesNotChange) {
  EXPECT_EQ(Left(Step("update", kOld, R"("inputs": {"a": 2})")), "id 's-1' in {a: 2} out {arn: 'arn:x'}");
  EXPECT_EQ(Left(Step("update", kOld, "\"inputs\": {\"a\": \"" + std::string(kUnknown) + "\"}")),
            "id 's-1' in {a: unknown} out {arn: 'arn:x'}");
  EXPECT_EQ(Left(Step("update", kOld, R"("inputs": {"b": 2}, "outputs": {"b": 2})")),
            "id 's-1' in {b: 2} out {b: 2, arn: 'arn:x'}")
      << "an input that is dropped is no output either";
}

TEST(Preview, AnUpdateDoesNotKeepWhatIsMadeOfInputs) {
  const std::string_view old = R"("id": "s-1", "inputs": {"a": 1, "l": [1]},
      "outputs": {"a": 1, "l": [1], "all": {"a": 1}, "made": [1], "arn": "arn:x"})";
  EXPECT_EQ(Left(Step("update", old, R"("inputs": {"a": 2, "l": [1]})")),
            "id 's-1' in {a: 2, l: [1]} out {l: [1], arn: 'arn:x'}");
  EXPECT_EQ(Left(Step("update", old, R"("inputs": {"a": 1, "l": [1]})")),
            "id 's-1' in {a: 1, l: [1]} out {a: 1, l: [1], arn: 'arn:x'}")
      << "another setting of the provider may be why";
  EXPECT_EQ(Left(Step("update", old, R"("inputs": {"a": 2, "l": [1]}, "outputs": {"all": {"a": 2}})")),
            "id 's-1' in {a: 2, l: [1]} out {all: {a: 2}, l: [1], arn: 'arn:x'}");
  EXPECT_EQ(Left(Step("same", old, R"("inputs": {"a": 1, "l": [1]})")),
            "id 's-1' in {a: 1, l: [1]} out {a: 1, l: [1], all: {a: 1}, made: [1], arn: 'arn:x'}");
}

TEST(Preview, AnImportedOrReadResourceIsThere) {
  EXPECT_EQ(Left(Step("import", "", R"("id": "s-2", "inputs": {"a": 1})")), "id 's-2' in {a: 1} out absent");
  const auto stack = ReadOk(Preview(Step("read", "", R"("id": "s-2", "external": true, "outputs": {"a": 1})")));
  EXPECT_TRUE(stack->resources()[0].external);
}

TEST(Preview, DeletedAndDiscardedResourcesAreGone) {
  for (const char* op : {"delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"})
    EXPECT_TRUE(ReadOk(Preview(Step(op, kOld, "")))->resources().empty()) << op;
}

TEST(Preview, ARefreshComesBeforeTheStepThatCounts) {
  const std::string drifted = R"("id": "s-1", "inputs": {"a": 1}, "outputs": {"a": 9, "arn": "arn:x"})";
  EXPECT_EQ(Left(Step("refresh", kOld, drifted)), "id 's-1' in {a: 1} out {a: 9, arn: 'arn:x'}");
  EXPECT_EQ(Left(Step("update", kOld, drifted) + "," + Step("update", drifted, R"("inputs": {"a": 2})")),
            "id 's-1' in {a: 2} out {arn: 'arn:x'}");
  EXPECT_EQ(Left(Step("delete", kOld, "") + "," + Step("create", "", R"("inputs": {"a": 1})")),
            "id unknown in {a: 1} out absent");
}

TEST(Preview, OldExportsAreNoEvidenceOfNewOnes) {
  const std::string_view root = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
  const auto stack = ReadOk(Preview(Step("same", R"("outputs": {"url": "x"})", R"("inputs": {})", root)));
  EXPECT_TRUE(stack->facts().outputs.absent());
}

TEST(Preview, BareSecretsAreHidden) {
  EXPECT_EQ(Left(Step("create", "", R"("inputs": {"p": "[secret]", "q": ["[secret]", "x"]})")),
            "id unknown in {p: secret(hidden), q: [secret(hidden), 'x']} out absent");
}

TEST(Preview, ADefaultProviderIsKnownFromItsReference) {
  const auto stack = ReadOk(Preview(Step("create", "",
                                         R"("provider": "urn:pulumi:dev::shop::pulumi:providers:aws::default_7_1_0::04da6b54-80e4-46f7-96ec-b56ff0331ba9")")));
  const Provider& provider = stack->resources()[0].provider;
  EXPECT_EQ(provider.urn, "urn:pulumi:dev::shop::pulumi:providers:aws::default_7_1_0");
  EXPECT_EQ(provider.type, "pulumi:providers:aws");
  EXPECT_TRUE(provider.is_default());
  EXPECT_EQ(provider.resource, nullptr);
}

TEST(Preview, ThePolicyThatFailedIsNoFailedPreview) {
  const std::string diagnostics =
      R"("diagnostics": [{"message": "error: preview failed\n", "severity": "error"}, {"message": "x", "severity": "warning"}])";
  EXPECT_NE(ReadOk(Preview(Step("create", "", R"("inputs": {})"), diagnostics)), nullptr);
}

// What would be left out could be what is wrong.
TEST(Preview, AStepThatDoesNotSayWhatItLeavesIsRefused) {
  for (const char* op : {"create", "same"})
    EXPECT_THAT(testing::ErrorOf(Preview(Step(op, kOld, ""))), ::testing::HasSubstr("steps[0]: newState is missing")) << op;
  for (const char* op : {"delete", "remove-pending-replace"}) EXPECT_NE(ReadOk(Preview(Step(op, kOld, ""))), nullptr) << op;
}

TEST(Preview, AnErrorThatOnlyEndsInTheClosingWordsIsAFailure) {
  for (const char* message : {"error: creating orders-dev: preview failed", "preview failed: no credentials", "the preview failed"})
    EXPECT_THAT(testing::ErrorOf(Preview("", fmt::format(R"("diagnostics": [{{"message": "{}", "severity": "error"}}])", message))),
                ::testing::HasSubstr("diagnostics[0]: the preview failed"))
        << message;
}

struct PartialCase {
  const char* name;
  std::string preview;
  std::string counts;
  bool partial;
};
std::ostream& operator<<(std::ostream& out, const PartialCase& c) { return out << c.name; }
class PartialPreviews : public ::testing::TestWithParam<PartialCase> {};

TEST_P(PartialPreviews, AreKnownByTheirCounts) {
  const auto stack = ReadOk(Preview(GetParam().preview, fmt::format(R"("changeSummary": {{{}}})", GetParam().counts)));
  ASSERT_NE(stack, nullptr);
  EXPECT_EQ(stack->facts().partial, GetParam().partial);
}

const std::string kSame = Step("same", kOld, R"("inputs": {})");
const std::string kRefresh = Step("refresh", kOld, R"("inputs": {})");
const std::string kCreate = Step("create", "", R"("inputs": {})");
const std::string kReplace = Step("replace", kOld, R"("inputs": {})");
const std::string kReplacing = Step("create-replacement", kOld, R"("inputs": {})") + "," + Step("delete-replaced", kOld, "");
INSTANTIATE_TEST_SUITE_P(
    Preview, PartialPreviews,
    ::testing::Values(PartialCase{"AllShown", kSame, R"("same": 1)", false}, PartialCase{"OneMissing", kSame, R"("same": 2)", true},
                      PartialCase{"NothingShown", "", R"("same": 3)", true}, PartialCase{"NothingThere", "", R"("same": 0)", false},
                      PartialCase{"ARefreshThatChangesNothingCountsToo", kRefresh + "," + kSame, R"("same": 2)", false},
                      PartialCase{"ARefreshShowsAResourceWhoseStepIsNot", kRefresh, R"("same": 2)", false},
                      PartialCase{"ARefreshOfAnother", kRefresh, R"("same": 3)", true},
                      PartialCase{"ARefreshThatFindsAChange", kRefresh, R"("update": 1)", false},
                      PartialCase{"ARefreshMakesNothing", kRefresh, R"("create": 1)", true},
                      PartialCase{"AllCreated", kCreate, R"("create": 1)", false},
                      PartialCase{"OneOfTheCreatedMissing", kCreate, R"("create": 2)", true},
                      PartialCase{"OneOfAnotherOperationMissing", kCreate, R"("create": 1, "update": 1)", true},
                      PartialCase{"AReplacementIsCountedOnce", kReplace, R"("replace": 1)", false},
                      PartialCase{"TheStepsOfAReplacementAreNotCounted", kReplacing + "," + kReplace, R"("replace": 1)", false},
                      PartialCase{"AReadIsShownAndNotCounted", kCreate + "," + Step("read", "", R"("inputs": {})"),
                                  R"("create": 1)", false}),
    [](const auto& of) { return std::string(of.param.name); });

TEST(Preview, OfANewerEngineMayHaveMoreMembers) {
  EXPECT_NE(ReadOk(Preview(kCreate, R"("permalink": "x")")), nullptr);
}

TEST(Preview, ThatCountsStepsAndListsNoneIsPartial) {
  EXPECT_TRUE(ReadOk(R"({"duration": 3, "changeSummary": {"same": 70}})")->facts().partial);
  EXPECT_TRUE(ReadOk(R"({"steps": null, "changeSummary": {"create": 1}})")->facts().partial);
  EXPECT_FALSE(ReadOk(R"({"config": {}, "duration": 3})")->facts().partial);
  EXPECT_FALSE(ReadOk(R"({"duration": 3, "changeSummary": {}})")->facts().partial);
}

}  // namespace
}  // namespace guardrails
