#include "analyzer/evaluate/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "analyzer/policy/config.h"
#include "analyzer/policy/require.h"
#include "tests/support/builder.h"

namespace guardrails {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TestStack;

constexpr std::string_view kStream = "aws:kinesis/stream:Stream", kBucket = "aws:s3/bucket:Bucket";

class CountShards final : public Rule {
 public:
  explicit CountShards(const Config& config) : minimum_(config.Integer("minimum")) {}
  void CheckResource(const Subject& stream, Sink& out) const override {
    RequireAtLeast(out, stream["shardCount"], minimum_, 1, "set shard_count");
  }

 private:
  int minimum_;
};

class Throws final : public Rule {
 public:
  void CheckResource(const Subject&, Sink&) const override { throw std::runtime_error("hunter2"); }
  void Remediate(const Subject&, Remedy&) const override { throw std::runtime_error("hunter2"); }
};

class NeedsBucket final : public Rule {
 public:
  void CheckStack(const Stack& stack, Sink& out) const override {
    for (const Resource* stream : stack.OfType(kStream)) {
      out.On(stream).Judged();
      if (stack.OfType(kBucket).empty()) out.On(stream).Violation({}, "has no bucket", "a bucket", "add one");
    }
  }
};

// Misses something for every stream, of every tenth in other words.
class Misses final : public Rule {
 public:
  void CheckResource(const Subject& stream, Sink& out) const override {
    if (stream.resource.name.ends_with("0")) return out.Missing("an alarm on every tenth");
    out.Missing("an alarm");
  }
};

// Blames the bucket when it is asked about a stream.
class BlamesBuckets final : public Rule {
 public:
  void CheckResource(const Subject& stream, Sink& out) const override {
    for (const Resource* bucket : stream.stack.OfType(kBucket)) out.On(bucket).Violation({}, "is open", "a closed one", "close it");
  }
};

class EvaluateTest : public ::testing::Test {
 protected:
  EvaluateTest() {
    count_.name = "count";
    count_.types = {kStream};
    count_.subject = "Kinesis stream";
    count_.config = {{.name = "minimum", .type = ConfigKey::Type::kInteger, .default_json = "2", .description = ""}};
    count_.make = Make<CountShards>;
    needs_.name = "needs";
    needs_.scope = Scope::kStack;
    needs_.subject = "stream";
    needs_.make = Make<NeedsBucket>;
    misses_.name = "misses";
    misses_.types = {kStream};
    misses_.make = Make<Misses>;
    blames_.name = "blames";
    blames_.types = {kStream};
    blames_.make = Make<BlamesBuckets>;
    broken_.name = "throws";
    broken_.types = {"*"};
    broken_.remediates = true;
    broken_.make = Make<Throws>;
    pack_.guardrails = guardrails_;
  }
  std::shared_ptr<const ConfiguredPack> Configure(const PackSettings& settings = {}) {
    return *ConfiguredPack::Make(pack_, settings);
  }
  // "rule verdict resource" of every finding.
  static std::vector<std::string> Said(const Results& results) {
    std::vector<std::string> out;
    for (const Finding& f : results.findings)
      out.push_back(std::string(f.guardrail->name) + (f.verdict == Verdict::kViolation ? " violation " : " other ") +
                    std::string(f.resource ? f.resource->name : "stack"));
    return out;
  }
  static std::vector<Verdict> Verdicts(const Results& results) {
    std::vector<Verdict> out;
    for (const Outcome& o : results.outcomes) out.push_back(o.verdict);
    return out;
  }
  Guardrail count_, needs_, broken_, misses_, blames_;
  const Guardrail* guardrails_[2] = {&count_, &needs_};
  const Guardrail* with_broken_[1] = {&broken_};
  const Guardrail* with_misses_[2] = {&count_, &misses_};
  const Guardrail* with_blames_[1] = {&blames_};
  Pack pack_;
};

TEST_F(EvaluateTest, JudgesEachResourceOfItsTypesAndCountsPasses) {
  TestStack s;
  s.Add(kStream, "good").Input("shardCount", Value::Number(2));
  s.Add(kStream, "bad").Input("shardCount", Value::Number(1)).Add(kBucket, "b");
  const auto stack = s.Build();
  const Results results = EvaluateStack(*Configure(), *stack, {});
  EXPECT_THAT(Said(results), ElementsAre("count violation bad"));
  EXPECT_THAT(Verdicts(results), ElementsAre(Verdict::kPass, Verdict::kViolation, Verdict::kPass, Verdict::kPass));
}

TEST_F(EvaluateTest, AStackWithNothingToJudgeIsNotApplicable) {
  const auto stack = TestStack().Build();
  const Results results = EvaluateStack(*Configure(), *stack, {});
  EXPECT_THAT(results.not_applicable, ElementsAre(0, 1));
  EXPECT_EQ(NotApplicableReason(count_).str(), "the stack has no Kinesis stream");
}

TEST_F(EvaluateTest, APartialPreviewLeavesStackRulesUndecidedNotInapplicable) {
  TestStack s;
  s.facts().partial = true;
  const auto stack = s.Build();
  const Results results = EvaluateStack(*Configure(), *stack, {});
  ASSERT_EQ(results.findings.size(), 1u);
  EXPECT_EQ(results.findings[0].verdict, Verdict::kUndecided);
  EXPECT_EQ(results.findings[0].guardrail, &needs_);
}

TEST_F(EvaluateTest, DisabledAndUnchosenRulesSayNothing) {
  TestStack s;
  s.Add(kStream, "bad").Input("shardCount", Value::Number(1));
  const auto stack = s.Build();
  EXPECT_THAT(Said(EvaluateStack(*Configure({{"count", {Level::kDisabled, nlohmann::json::object()}}}), *stack, {})),
              ElementsAre("needs violation bad"));
  EXPECT_THAT(Said(EvaluateStack(*Configure(), *stack, {"count"})), ElementsAre("count violation bad"));
}

TEST_F(EvaluateTest, ReadResourcesComponentsAndProvidersAreNotJudged) {
  TestStack s;
  s.Add(kStream, "read").External();
  s.Add(kStream, "component").Component();
  s.Add("pulumi:providers:aws", "default");
  const auto stack = s.Build();
  pack_.guardrails = with_broken_;
  EXPECT_THAT(Said(EvaluateStack(*Configure(), *stack, {})), IsEmpty());
}

TEST_F(EvaluateTest, ARuleThatThrowsIsBrokenNeverAPassAndItsTextStaysInside) {
  TestStack s;
  s.Add(kBucket, "b");
  const auto stack = s.Build();
  pack_.guardrails = with_broken_;
  const Results results = EvaluateStack(*Configure(), *stack, {});
  ASSERT_EQ(results.findings.size(), 1u);
  EXPECT_EQ(results.findings[0].verdict, Verdict::kBroken);
  EXPECT_EQ(Message(results.findings[0]).str().find("hunter2"), std::string::npos);
  EXPECT_FALSE(Remedies(*Configure(), *stack, stack->resources()[0], true).ok());
}

TEST_F(EvaluateTest, AnalyzeAndStackPassTogetherSayWhatCheckSaysAndNothingTwice) {
  TestStack one;
  one.facts().alone = true;
  one.Add(kStream, "orders").Input("shardCount", Value::Unknown());
  const auto alone = one.Build();
  const auto pack = Configure();
  const Results early = EvaluateResource(*pack, *alone, alone->resources()[0]);
  ASSERT_EQ(early.findings.size(), 1u);
  EXPECT_EQ(early.findings[0].verdict, Verdict::kUndecided);

  TestStack all;
  all.Add(kStream, "orders").Input("shardCount", Value::Number(1)).Add(kBucket, "b");
  const auto stack = all.Build();
  const std::string urn(stack->OfType(kStream).front()->urn);
  const Deferred again{urn, 0, {}}, spoke{urn, 0, {"orders: shardCount: something else"}};
  for (const Deferred& d : {again, spoke})
    EXPECT_THAT(Said(EvaluateStackPass(*pack, *stack, std::span(&d, 1))), ElementsAre("count violation orders"));
  const Deferred said{urn, 0, {Message(EvaluateStack(*pack, *stack, {"count"}).findings[0]).str()}};
  EXPECT_THAT(Said(EvaluateStackPass(*pack, *stack, std::span(&said, 1))), IsEmpty());
}

TEST_F(EvaluateTest, LargeStacksAreJudgedInPartsWithTheSameResultInOrder) {
  TestStack s;
  for (int i = 0; i < 5000; ++i)
    s.Add(kStream, "s" + std::to_string(i)).Input("shardCount", Value::Number(i % 100 == 0 ? 1 : 2));
  s.Add(kBucket, "b");
  const auto stack = s.Build();
  const Results results = EvaluateStack(*Configure(), *stack, {});
  EXPECT_EQ(results.findings.size(), 50u);
  EXPECT_TRUE(std::is_sorted(results.findings.begin(), results.findings.end(),
                             [](const Finding& a, const Finding& b) { return a.resource->urn < b.resource->urn; }));
}

TEST_F(EvaluateTest, WhatIsMissingIsSaidOnceOfSmallAndLargeStacks) {
  pack_.guardrails = with_misses_;
  for (const int streams : {20, 5000}) {
    TestStack s;
    for (int i = 1; i <= streams; ++i) s.Add(kStream, "s" + std::to_string(i)).Input("shardCount", Value::Number(2));
    const auto stack = s.Build();
    const Results results = EvaluateStack(*Configure(), *stack, {});
    ASSERT_EQ(results.findings.size(), 1u) << streams;
    EXPECT_THAT(Message(results.findings[0]).str(), ::testing::EndsWith("wanted: an alarm.")) << streams;
    EXPECT_EQ(results.outcomes.size(), 2u * static_cast<unsigned>(streams) + 1) << "of each stream two, of the stack one";
  }
}

// Finds one stream good, and misses something for the other.
class MissesForTheStack final : public Rule {
 public:
  void CheckStack(const Stack& stack, Sink& out) const override {
    for (const Resource* stream : stack.OfType(kStream)) {
      out.On(stream).Judged();
      if (stream->name == "waits") out.On(stream).Missing("an alarm");
    }
  }
};

TEST_F(EvaluateTest, WhatWaitsForSomethingMissingHasNotPassed) {
  misses_.scope = Scope::kStack;
  misses_.make = Make<MissesForTheStack>;
  const Guardrail* alone[] = {&misses_};
  pack_.guardrails = alone;
  TestStack s;
  s.Add(kStream, "good").Add(kStream, "waits");
  s.facts().partial = true;
  const auto stack = s.Build();
  const auto pack = Configure();
  const Results results = EvaluateStack(*pack, *stack, {});
  ASSERT_EQ(results.findings.size(), 1u);
  EXPECT_EQ(results.findings[0].resource, nullptr);
  std::map<std::string_view, Verdict> outcomes;
  for (const Outcome& o : results.outcomes)
    if (o.resource) outcomes[o.resource->name] = o.verdict;
  EXPECT_EQ(outcomes["good"], Verdict::kPass);
  EXPECT_EQ(outcomes["waits"], Verdict::kUndecided);
}

// Finds all streams good, and then breaks.
class BreaksForTheStack final : public Rule {
 public:
  void CheckStack(const Stack& stack, Sink& out) const override {
    for (const Resource* stream : stack.OfType(kStream)) out.On(stream).Judged();
    throw std::runtime_error("hunter2");
  }
};

TEST_F(EvaluateTest, NothingHasPassedARuleThatBrokeForTheStack) {
  needs_.make = Make<BreaksForTheStack>;
  TestStack s;
  s.Add(kStream, "orders").Input("shardCount", Value::Number(2));
  const auto stack = s.Build();
  const auto pack = Configure();
  std::vector<std::string_view> passed;
  for (const Outcome& o : EvaluateStack(*pack, *stack, {}).outcomes)
    if (o.verdict == Verdict::kPass) passed.push_back(pack->rules()[o.rule].guardrail->name);
  EXPECT_THAT(passed, ElementsAre("count"));
}

TEST_F(EvaluateTest, AVerdictOnAnotherResourceIsNotOneOnTheResourceAsked) {
  TestStack s;
  s.Add(kStream, "orders").Add(kBucket, "b");
  const auto stack = s.Build();
  pack_.guardrails = with_blames_;
  const Results results = EvaluateStack(*Configure(), *stack, {});
  EXPECT_THAT(Said(results), ElementsAre("blames violation b"));
  ASSERT_EQ(results.outcomes.size(), 2u);
  for (const Outcome& o : results.outcomes)
    EXPECT_EQ(o.verdict, o.resource->type == kStream ? Verdict::kPass : Verdict::kViolation) << o.resource->name;
}

TEST_F(EvaluateTest, ARuleThatIsDisabledMeanwhileIsNotAskedAgain) {
  TestStack all;
  all.Add(kStream, "orders").Input("shardCount", Value::Number(1)).Add(kBucket, "b");
  const auto stack = all.Build();
  const Deferred early{std::string(stack->OfType(kStream).front()->urn), 0, {}};
  const auto disabled = Configure({{"count", {Level::kDisabled, nlohmann::json::object()}}});
  EXPECT_THAT(Said(EvaluateStackPass(*Configure(), *stack, std::span(&early, 1))), ElementsAre("count violation orders"));
  EXPECT_THAT(Said(EvaluateStackPass(*disabled, *stack, std::span(&early, 1))), IsEmpty());
}

TEST_F(EvaluateTest, FaultySettingsAreRefusedTogether) {
  const auto made = ConfiguredPack::Make(pack_, {{"count", {std::nullopt, {{"minimum", "x"}, {"other", 1}}}}});
  EXPECT_EQ(made.status().message(),
            "count: minimum is \"x\"; allowed: a whole number from -1000000000 to 1000000000\n"
            "count: unknown key \"other\"; allowed: minimum, waivable");
}

}  // namespace
}  // namespace guardrails
