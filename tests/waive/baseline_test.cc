#include "analyzer/waive/baseline.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "analyzer/policy/config.h"
#include "analyzer/policy/waiver.h"
#include "analyzer/waive/digest.h"
#include "tests/support/builder.h"
#include "tests/waive/shop.h"

namespace guardrails {
namespace {

using namespace testing;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Judged {
  std::shared_ptr<const ConfiguredPack> pack;
  std::unique_ptr<const Stack> stack;
  Results results;
};

Judged Judge(std::vector<std::pair<const char*, Value>> streams, const PackSettings& settings = {}) {
  TestStack stack;
  for (const auto& [name, shards] : streams) stack.Add(kStream, name).Input("shardCount", shards);
  Judged out{*ConfiguredPack::Make(kShop, settings), stack.Build(), {}};
  out.results = EvaluateStack(*out.pack, *out.stack, {"shards"});
  return out;
}

// What the JSON report keeps of these findings.
json ReportOf(const Judged& judged) {
  json out = {{"schemaVersion", 1}, {"violations", json::array()}, {"undecided", json::array()}};
  for (const Finding& f : judged.results.findings) {
    json entry = {{"fingerprint", Fingerprint(f, PlaceOf(*judged.stack, f))}};
    if (f.verdict == Verdict::kUndecided) {
      out["undecided"].push_back(entry);
      continue;
    }
    entry["enforcement"] = LevelName(EffectiveLevel(judged.pack->RuleOf(f), f));
    if (const auto digest = PlainDigest(f)) entry["valueDigest"] = *digest;
    if (f.waiver) entry["waiver"] = json::object();
    out["violations"].push_back(entry);
  }
  return out;
}

std::size_t Known(const json& earlier, Judged& now) {
  auto baseline = Baseline::Parse(earlier.dump(), "old.json");
  EXPECT_TRUE(baseline.ok()) << baseline.status();
  return baseline->RemoveKnown(*now.pack, *now.stack, now.results);
}

const PackSettings kMild = {{"shards", {Level::kAdvisory, json::object()}}};

TEST(BaselineTest, TakesOutWhatWasKnownAndLeavesWhatIsNewOrWorse) {
  struct Case {
    const char* what;
    Value before, now;
    PackSettings before_settings, now_settings;
    std::size_t known, left;
  };
  const Value one = Value::Number(1), zero = Value::Number(0), good = Value::Number(2);
  const Case cases[] = {
      {"the same", one, one, {}, {}, 1, 0},
      {"another value", one, zero, {}, {}, 0, 1},
      {"new", good, one, {}, {}, 0, 1},
      {"mended", one, good, {}, {}, 0, 0},
      {"advisory then, mandatory now", one, one, kMild, {}, 0, 1},
      {"mandatory then, advisory now", one, one, {}, kMild, 1, 0},
      {"undecided then and now", Value::Unknown(), Value::Unknown(), {}, {}, 1, 0},
      {"undecided then, wrong now", Value::Unknown(), one, {}, {}, 0, 1},
      {"wrong then, undecided now", one, Value::Unknown(), {}, {}, 0, 1},
  };
  for (const Case& c : cases) {
    const Judged before = Judge({{"orders", c.before}}, c.before_settings);
    Judged now = Judge({{"orders", c.now}}, c.now_settings);
    EXPECT_EQ(Known(ReportOf(before), now), c.known) << c.what;
    EXPECT_EQ(now.results.findings.size(), c.left) << c.what;
  }
}

TEST(BaselineTest, TellsResourcesApart) {
  const Judged before = Judge({{"orders", Value::Number(1)}});
  Judged now = Judge({{"orders", Value::Number(1)}, {"carts", Value::Number(1)}});
  EXPECT_EQ(Known(ReportOf(before), now), 1u);
  ASSERT_EQ(now.results.findings.size(), 1u);
  EXPECT_EQ(now.results.findings[0].resource->name, "carts");
}

TEST(BaselineTest, OneOfThenExcusesOneOfNow) {
  const Judged before = Judge({{"orders", Value::Number(1)}});
  const json report = ReportOf(before);
  auto baseline = *Baseline::Parse(report.dump(), "old.json");
  Judged first = Judge({{"orders", Value::Number(1)}}), second = Judge({{"orders", Value::Number(1)}});
  EXPECT_EQ(baseline.RemoveKnown(*first.pack, *first.stack, first.results), 1u);
  EXPECT_EQ(baseline.RemoveKnown(*second.pack, *second.stack, second.results), 0u);
}

TEST(BaselineTest, WhatWasWaivedThenIsNewWithoutItsWaiverAndWhatIsWaivedNowStaysVisible) {
  const Waiver waiver{};
  Judged waived = Judge({{"orders", Value::Number(1)}});
  waived.results.findings[0].waiver = &waiver;
  Judged bare = Judge({{"orders", Value::Number(1)}});
  const json bare_report = ReportOf(bare);
  EXPECT_EQ(Known(ReportOf(waived), bare), 0u);
  EXPECT_EQ(Known(bare_report, waived), 0u);
  EXPECT_EQ(waived.results.findings.size(), 1u);
}

TEST(BaselineTest, RefusesWhatIsNoReportOfOurs) {
  struct Case {
    const char *text, *why;
  };
  const Case cases[] = {
      {"", "it is not valid JSON"},
      {"{", "it is not valid JSON"},
      {"[]", "it is no JSON report"},
      {"17", "it is no JSON report"},
      {R"({"violations": []})", "it is no JSON report"},
      {R"({"schemaVersion": 2, "violations": [], "undecided": []})", "it is a report of another version"},
      {R"({"schemaVersion": 1})", "it is no report of 'check --format json', which lists findings"},
      {R"({"schemaVersion": 1, "violations": []})", "it is no report of 'check --format json', which lists findings"},
      {R"({"schemaVersion": 1, "violations": {}, "undecided": []})",
       "it is no report of 'check --format json', which lists findings"},
      {R"({"schemaVersion": 1, "violations": [{}], "undecided": []})", "its findings have no fingerprints"},
      {R"({"schemaVersion": 1, "violations": [1], "undecided": []})", "its findings have no fingerprints"},
      {R"({"schemaVersion": 1, "violations": [], "undecided": [{"fingerprint": 1}]})", "its findings have no fingerprints"},
  };
  for (const Case& c : cases) {
    const auto status = Baseline::Parse(c.text, "old.json").status();
    EXPECT_EQ(status.message(), fmt::format("old.json: {}; make it with 'check --format json --output old.json'", c.why))
        << c.text;
  }
  EXPECT_FALSE(Baseline::Parse(std::string(100'000, '['), "old.json").ok());
}

}  // namespace
}  // namespace guardrails
