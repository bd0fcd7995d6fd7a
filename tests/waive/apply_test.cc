#include "analyzer/waive/apply.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "analyzer/policy/config.h"
#include "analyzer/waive/digest.h"
#include "tests/support/builder.h"
#include "tests/waive/shop.h"

namespace guardrails {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kUrn = "urn:pulumi:dev::shop::aws:kinesis/stream:Stream::orders";

// A stack judged by the shop's rules.
struct Judged {
  std::shared_ptr<const ConfiguredPack> pack;
  std::unique_ptr<const Stack> stack;
  Results results;

  Finding* Of(std::string_view rule, std::string_view property = "") {
    for (Finding& f : results.findings)
      if (f.guardrail->name == rule && f.path.ToString() == property) return &f;
    return nullptr;
  }
  std::string DigestOf(std::string_view rule, std::string_view property = "") {
    const Finding& f = *Of(rule, property);
    return ValueDigest(f, PlaceOf(*stack, f)).value();
  }
};

Judged Judge(TestStack& stack, const PackSettings& settings = {}) {
  Judged out{*ConfiguredPack::Make(kShop, settings), stack.Build(), {}};
  out.results = EvaluateStack(*out.pack, *out.stack, {});
  return out;
}

Judged OneShard(Value shards = Value::Number(1), const PackSettings& settings = {}) {
  TestStack stack;
  stack.Add(kStream, "orders").Input("shardCount", shards);
  return Judge(stack, settings);
}

struct Wish {
  std::string rule = "shards", resource = "resource: orders", value, expires = "2026-06-30", more = {};
};

std::shared_ptr<const WaiverBook> Book(const std::vector<Wish>& wishes) {
  std::string text = "waivers:\n";
  for (const Wish& w : wishes)
    text += fmt::format("- {{rule: {}, {}, value: {}, expires: {}, owner: data team, reason: quiet until launch{}}}\n", w.rule,
                        w.resource, w.value, w.expires, w.more);
  auto book = ParseWaivers(text, "infra/waivers.yaml", kShop, kToday);
  EXPECT_TRUE(book.ok()) << book.status();
  return *book;
}

WaiverStates Apply(const WaiverBook& book, Judged& judged, const std::set<std::string, std::less<>>& chosen = {}) {
  return ApplyWaivers(book, *judged.pack, *judged.stack, chosen, judged.results);
}

std::string OtherValue() { return fmt::format("sha256:{:064}", 1); }

TEST(ApplyTest, CoversAViolationThatItWasGrantedFor) {
  Judged judged = OneShard();
  const auto book = Book({{.value = judged.DigestOf("shards", "shardCount")}});
  EXPECT_THAT(Apply(*book, judged), ElementsAre(WaiverState::kActive));
  const Finding& f = *judged.Of("shards", "shardCount");
  ASSERT_NE(f.waiver, nullptr);
  EXPECT_EQ(f.verdict, Verdict::kViolation) << "it stays what it is";
  EXPECT_EQ(EffectiveLevel(judged.pack->RuleOf(f), f), Level::kAdvisory);
  EXPECT_EQ(Message(f).str(),
            "orders: shardCount is 1; wanted: a whole number of at least 2. Fix: set shard_count=2. "
            "Waived until 2026-06-30 by data team (quiet until launch).");
  EXPECT_EQ(judged.Of("alarm")->waiver, nullptr);
}

TEST(ApplyTest, MatchesByUrnNamePatternPropertyAndStack) {
  const std::string urn(kUrn);
  struct Case {
    std::string resource, more;
    WaiverState state;
  };
  const Case cases[] = {
      {"resource: orders", "", WaiverState::kActive},
      {"resource: '" + urn + "'", "", WaiverState::kActive},
      {"resourcePattern: 'ord.*'", "", WaiverState::kActive},
      {"resourcePattern: 'urn:pulumi:dev::.*::orders'", "", WaiverState::kActive},
      {"resourcePattern: 'rder'", "", WaiverState::kUnmatched},
      {"resource: order.", "", WaiverState::kUnmatched},
      {"resource: carts", "", WaiverState::kUnmatched},
      {"resource: orders", ", property: shardCount", WaiverState::kActive},
      {"resource: orders", ", property: shardcount", WaiverState::kUnmatched},
      {"resource: orders", ", property: ''", WaiverState::kUnmatched},
      {"resource: orders", ", stack: dev", WaiverState::kActive},
      {"resource: orders", ", stack: prod", WaiverState::kNotJudged},
      {"resource: 'urn:pulumi:prod::shop::aws:kinesis/stream:Stream::orders'", "", WaiverState::kNotJudged},
      {"resource: 'urn:pulumi:dev::store::aws:kinesis/stream:Stream::orders'", "", WaiverState::kNotJudged},
  };
  for (const Case& c : cases) {
    Judged judged = OneShard();
    const auto book = Book({{.resource = c.resource, .value = judged.DigestOf("shards", "shardCount"), .more = c.more}});
    EXPECT_THAT(Apply(*book, judged), ElementsAre(c.state)) << c.resource << c.more;
    EXPECT_EQ(judged.Of("shards", "shardCount")->waiver != nullptr, c.state == WaiverState::kActive) << c.resource << c.more;
  }
}

TEST(ApplyTest, LapsesAndSaysWhy) {
  const std::string value = OneShard().DigestOf("shards", "shardCount");
  const PackSettings closed = {{"shards", {std::nullopt, {{"waivable", false}}}}};
  struct Case {
    Wish wish;
    PackSettings settings;
    WaiverState state;
    const char* words;
  };
  const Case cases[] = {
      {{.value = value, .expires = "2026-06-01"}, {}, WaiverState::kActive, ""},
      {{.value = value, .expires = "2026-05-31"}, {}, WaiverState::kExpired,
       "The waiver of data team (waivers.yaml:2) expired on 2026-05-31."},
      {{.value = OtherValue()}, {}, WaiverState::kChanged,
       "The waiver of data team (waivers.yaml:2) was granted for another value."},
      {{.value = "[" + OtherValue() + ", " + value + "]"}, {}, WaiverState::kActive, ""},
      {{.value = value}, closed, WaiverState::kNotWaivable,
       "The waiver of data team (waivers.yaml:2) does not count: the policy configuration allows none from shards."},
  };
  for (const Case& c : cases) {
    Judged judged = OneShard(Value::Number(1), c.settings);
    const auto book = Book({c.wish});
    EXPECT_THAT(Apply(*book, judged), ElementsAre(c.state));
    const Finding& f = *judged.Of("shards", "shardCount");
    EXPECT_EQ(f.lapsed.str(), c.words);
    EXPECT_EQ(f.waiver != nullptr, *c.words == '\0');
    EXPECT_EQ(EffectiveLevel(judged.pack->RuleOf(f), f), *c.words ? Level::kMandatory : Level::kAdvisory);
    EXPECT_TRUE(Message(f).str().ends_with(*c.words ? c.words : "(quiet until launch).")) << Message(f).str();
  }
}

TEST(ApplyTest, AChangedValueIsNotCovered) {
  const std::string value = OneShard().DigestOf("shards", "shardCount");
  Judged worse = OneShard(Value::Number(0));
  EXPECT_THAT(Apply(*Book({{.value = value}}), worse), ElementsAre(WaiverState::kChanged));
  Judged unset = OneShard(Value());
  EXPECT_THAT(Apply(*Book({{.value = value}}), unset), ElementsAre(WaiverState::kChanged));
}

TEST(ApplyTest, TheFirstThatHoldsCoversWhateverTheOthersSay) {
  Judged judged = OneShard();
  const std::string value = judged.DigestOf("shards", "shardCount");
  const auto book = Book({{.value = OtherValue()}, {.value = value}, {.value = value}, {.value = value, .expires = "2026-01-01"}});
  EXPECT_THAT(Apply(*book, judged), ElementsAre(WaiverState::kChanged, WaiverState::kActive, WaiverState::kActive,
                                                WaiverState::kExpired));
  EXPECT_EQ(judged.Of("shards", "shardCount")->waiver, &book->entries()[1].waiver);
  EXPECT_TRUE(judged.Of("shards", "shardCount")->lapsed.empty());
}

// Of many findings, each by the first of the file that names it, by a pattern or exactly, whether RE2 takes all patterns
// at once or (in the last case, where they are too large together) one by one.
TEST(ApplyTest, ManyFindingsKeepTheOrderOfTheFile) {
  struct Case {
    const char* what;
    std::vector<std::string> resources;
    std::size_t first;  // the entry that covers s7
  };
  const std::vector<std::string> too_large(4, R"(resourcePattern: 's7|\pL{100}')");
  const Case cases[] = {
      {"a pattern before a name", {"resource: s1", "resourcePattern: 's(7|8)'", "resource: s7"}, 1},
      {"a name before patterns", {"resource: s7", "resourcePattern: 's7'", "resourcePattern: 's.*'"}, 0},
      {"of the URN", {"resourcePattern: 's'", "resourcePattern: '.*::s7'", "resourcePattern: 's7'"}, 1},
      {"another's", {"resourcePattern: 's8|s9'", "resourcePattern: '(?i)S7'"}, 1},
      {"too large together", too_large, 0},
  };
  for (const Case& c : cases) {
    TestStack stack;
    for (int i = 0; i < 300; ++i) stack.Add(kStream, fmt::format("s{}", i)).Input("shardCount", Value::Number(1));
    Judged judged = Judge(stack);
    std::vector<Wish> wishes;
    for (const std::string& resource : c.resources)
      wishes.push_back({.resource = resource, .value = judged.DigestOf("shards", "shardCount")});
    const auto book = Book(wishes);
    Apply(*book, judged);
    const auto seventh = std::find_if(judged.results.findings.begin(), judged.results.findings.end(),
                                      [](const Finding& f) { return f.resource && f.resource->name == "s7"; });
    ASSERT_NE(seventh, judged.results.findings.end());
    EXPECT_EQ(seventh->waiver, &book->entries()[c.first].waiver) << c.what;
  }
}

TEST(ApplyTest, CoversNotesAndWhatConcernsTheStack) {
  TestStack stack;
  stack.Add(kStream, "orders").Input("shardCount", Value::Number(2)).Input("retentionPeriod", Value::Number(24));
  Judged judged = Judge(stack);
  const auto book = Book({{.value = judged.DigestOf("shards", "retentionPeriod")},
                          {.rule = "alarm", .resource = "resource: shop-dev", .value = judged.DigestOf("alarm")}});
  EXPECT_THAT(Apply(*book, judged), ElementsAre(WaiverState::kActive, WaiverState::kActive));
  EXPECT_NE(judged.Of("shards", "retentionPeriod")->waiver, nullptr);
  EXPECT_NE(judged.Of("alarm")->waiver, nullptr);
}

TEST(ApplyTest, WhatIsUndecidedCannotBeWaived) {
  Judged judged = OneShard(Value::Unknown());
  const auto book = Book({{.value = OtherValue()}});
  EXPECT_THAT(Apply(*book, judged), ElementsAre(WaiverState::kUndecided));
  const Finding& f = *judged.Of("shards", "shardCount");
  EXPECT_EQ(f.waiver, nullptr);
  EXPECT_TRUE(f.lapsed.empty());
}

TEST(ApplyTest, ASecretIsComparedWhereItIsKnown) {
  const auto with = [](Value password) {
    TestStack stack;
    stack.Add(kStream, "orders").Input("shardCount", Value::Number(2)).Input("password", password);
    return Judge(stack);
  };
  TestStack texts;
  Judged judged = with(texts.Text("hunter2").AsSecret());
  const auto book = Book({{.rule = "names", .value = judged.DigestOf("names", "password")}});
  EXPECT_THAT(Apply(*book, judged), ElementsAre(WaiverState::kActive));
  Judged other = with(texts.Text("hunter3").AsSecret());
  EXPECT_THAT(Apply(*book, other), ElementsAre(WaiverState::kChanged));
  Judged plain = with(texts.Text("hunter2"));
  EXPECT_THAT(Apply(*book, plain), ElementsAre(WaiverState::kChanged));
  Judged hidden = with(Value::Hidden());
  EXPECT_THAT(Apply(*book, hidden), ElementsAre(WaiverState::kWithheld));
  EXPECT_EQ(hidden.Of("names", "password")->waiver, nullptr);
}

TEST(ApplyTest, WhatWasNotJudgedIsNotCalledUnmatched) {
  const Wish wish{.resource = "resource: nobody", .value = OtherValue()};
  Judged judged = OneShard();
  EXPECT_THAT(Apply(*Book({wish}), judged), ElementsAre(WaiverState::kUnmatched));
  EXPECT_THAT(Apply(*Book({wish}), judged, {"alarm"}), ElementsAre(WaiverState::kNotJudged));
  Judged disabled = OneShard(Value::Number(1), {{"shards", {Level::kDisabled, nlohmann::json::object()}}});
  EXPECT_THAT(Apply(*Book({wish}), disabled), ElementsAre(WaiverState::kNotJudged));
  TestStack part;
  part.facts().partial = true;
  part.Add(kStream, "orders").Input("shardCount", Value::Number(1));
  Judged partial = Judge(part);
  EXPECT_THAT(Apply(*Book({wish, {.value = partial.DigestOf("shards", "shardCount")}}), partial),
              ElementsAre(WaiverState::kNotJudged, WaiverState::kActive));
}

TEST(MergeStatesTest, KeepsTheHigherOfEach) {
  WaiverStates states;
  MergeStates(states, {WaiverState::kUnmatched, WaiverState::kNotJudged});
  MergeStates(states, {WaiverState::kNotJudged, WaiverState::kActive});
  MergeStates(states, {WaiverState::kChanged, WaiverState::kExpired});
  EXPECT_THAT(states, ElementsAre(WaiverState::kChanged, WaiverState::kActive));
  MergeStates(states, {});
  EXPECT_EQ(states.size(), 2u);
}

}  // namespace
}  // namespace guardrails
