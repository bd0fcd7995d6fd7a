#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "analyzer/report/format.h"
#include "tests/report/fake_pack.h"

namespace guardrails {
namespace {

using namespace testing;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kOrders = "urn:pulumi:dev::shop::aws:kinesis/stream:Stream::orders-dev";

json Parsed(const Report& report) { return json::parse(WriteJson(report, {})); }

json Violation(const json& report, std::string_view policy, std::string_view property) {
  for (const json& v : report["violations"])
    if (v["policy"] == policy && v["property"] == property) return v;
  return nullptr;
}

// Without what only another report is compared with.
json WithoutDigests(json report) {
  for (const char* list : {"violations", "undecided"})
    for (json& entry : report[list])
      for (const char* key : {"fingerprint", "valueDigest"}) entry.erase(key);
  return report;
}

TEST(JsonReport, TellsEveryKindOfFinding) {
  TestStack stack;
  AddStream(stack);
  const json report = WithoutDigests(Parsed(ReportOf(stack)));
  const json expected = json::parse(R"({
    "schemaVersion": 1,
    "tool": {"name": "fake", "version": "1.2.3"},
    "inputs": [{"file": "plan.json", "kind": "preview", "project": "shop", "stack": "dev", "resources": 1}],
    "summary": {"violations": 4, "mandatory": 2, "advisory": 2, "undecided": 1, "passed": 0, "notApplicable": 2, "waived": 0},
    "violations": [
      {"file": "plan.json", "policy": "count", "urn": "urn:pulumi:dev::shop::aws:kinesis/stream:Stream::orders-dev",
       "type": "aws:kinesis/stream:Stream", "name": "orders-dev", "property": "shardCount", "severity": "medium",
       "enforcement": "mandatory", "found": 1, "expected": "a whole number of at least 2", "remediation": "set shard_count=2 on the stream.",
       "message": "orders-dev: shardCount is 1; wanted: a whole number of at least 2. Fix: set shard_count=2 on the stream."},
      {"file": "plan.json", "policy": "encrypt", "urn": "urn:pulumi:dev::shop::aws:kinesis/stream:Stream::orders-dev",
       "type": "aws:kinesis/stream:Stream", "name": "orders-dev", "property": "encryptionType", "severity": "high",
       "enforcement": "mandatory", "found": null, "expected": "KMS", "remediation": "set encryption_type=\"KMS\".",
       "message": "orders-dev: encryptionType is not set (AWS uses NONE); wanted: KMS. Fix: set encryption_type=\"KMS\"."},
      {"file": "plan.json", "policy": "encrypt", "urn": "urn:pulumi:dev::shop::aws:kinesis/stream:Stream::orders-dev",
       "type": "aws:kinesis/stream:Stream", "name": "orders-dev", "property": "retentionPeriod", "severity": "high",
       "enforcement": "advisory", "found": null, "expected": "", "remediation": "",
       "message": "orders-dev: retentionPeriod: a day is short"},
      {"file": "plan.json", "policy": "needs-alarm", "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
       "type": "pulumi:pulumi:Stack", "name": "shop-dev", "property": "", "severity": "low",
       "enforcement": "advisory", "found": "has no alarm", "expected": "an alarm", "remediation": "add an alarm.",
       "message": "the stack has no alarm; wanted: an alarm. Fix: add an alarm."}],
    "undecided": [
      {"file": "plan.json", "policy": "encrypt", "urn": "urn:pulumi:dev::shop::aws:kinesis/stream:Stream::orders-dev",
       "property": "kmsKeyId",
       "message": "orders-dev: kmsKeyId: not decided: the update makes it; wanted: a customer key."}],
    "notApplicable": [
      {"file": "plan.json", "policy": "empty", "reason": "the stack has no cache"},
      {"file": "plan.json", "policy": "throws", "reason": "the stack has no bucket"}],
    "errors": []})");
  EXPECT_EQ(json::diff(expected, report), json::array()) << report.dump(2);
}

TEST(JsonReport, GivesEachFindingAFingerprintAndADigestOfWhatWasFound) {
  const auto report_of = [](Value shards) {
    TestStack stack;
    stack.Add(kStream, "orders-dev").Input("shardCount", shards).Input("kmsKeyId", Value::Unknown());
    return Parsed(ReportOf(stack));
  };
  const json one = report_of(Value::Number(1)), worse = report_of(Value::Number(0));
  const json before = Violation(one, "count", "shardCount"), after = Violation(worse, "count", "shardCount");
  EXPECT_EQ(before["fingerprint"], after["fingerprint"]);
  EXPECT_NE(before["valueDigest"], after["valueDigest"]);
  EXPECT_EQ(Violation(one, "encrypt", "encryptionType"), Violation(worse, "encrypt", "encryptionType"));
  EXPECT_EQ(one["undecided"][0]["fingerprint"].get<std::string>().size(), 64u);
  EXPECT_FALSE(one["undecided"][0].contains("valueDigest")) << "nothing was found";
}

TEST(JsonReport, CountsPassesAndLeavesTheStackWithoutResourcesToNotApplicable) {
  TestStack stack;
  AddStream(stack).Input("encryptionType", stack.Text("KMS"));
  const json report = Parsed(ReportOf(stack));
  EXPECT_EQ(report["summary"]["mandatory"], 1);
  EXPECT_EQ(report["summary"]["undecided"], 1) << "a resource that is undecided has not passed";
  TestStack empty;
  const json nothing = Parsed(ReportOf(empty));
  EXPECT_EQ(nothing["inputs"][0]["resources"], 0);
  EXPECT_EQ(nothing["summary"]["notApplicable"], 4);
}

TEST(JsonReport, SaysWhatWasFoundInItsOwnType) {
  TestStack stack;
  const Value list = stack.List({Value::Bool(true), Value::Unknown(), Value::Number(1.5), Value()});
  stack.Add(kCache, "c").Input("list", list).Input("number", Value::Number(3)).Input("text", stack.Text("a\"b\xff"));
  const json report = Parsed(ReportOf(stack));
  EXPECT_EQ(Violation(report, "empty", "list")["found"], json::parse(R"([true, "[unknown]", 1.5, null])"));
  EXPECT_TRUE(Violation(report, "empty", "number")["found"].is_number_integer());
  EXPECT_EQ(Violation(report, "empty", "text")["found"], "a\"b\uFFFD");
}

TEST(JsonReport, LeavesOutSecretsAtAnyDepth) {
  TestStack stack;
  const Value secret = stack.Text(kPlanted).AsSecret();
  stack.Add(kCache, "c").Input("authToken", secret).Input("list", stack.List({secret})).Input("plain", stack.Text("x"));
  const Report made = ReportOf(stack);
  const json report = Parsed(made);
  EXPECT_FALSE(Violation(report, "empty", "authToken").contains("found"));
  for (const char* holding : {"authToken", "list"})
    EXPECT_FALSE(Violation(report, "empty", holding).contains("valueDigest")) << "a short secret could be found by trying";
  EXPECT_EQ(Violation(report, "empty", "list")["found"], json::array({"[secret]"}));
  EXPECT_EQ(Violation(report, "empty", "plain")["found"], "x");
  for (const Format& format : Formats()) EXPECT_THAT(format.write(made, {}), Not(HasSubstr("hunter2"))) << format.name;
}

TEST(JsonReport, OrdersByFileRuleUrnAndProperty) {
  TestStack stack;
  for (const char* name : {"z-dev", "a-dev", "m-dev"}) stack.Add(kStream, name);
  Report report = ReportOf(stack);
  TestStack other;
  other.Add(kStream, "b-dev");
  report.files.push_back(FileOf(*report.pack, other));
  report.files.back().file = "a.json";
  std::vector<std::array<std::string, 4>> keys;
  const json parsed = Parsed(report);
  for (const json& v : parsed["violations"])
    keys.push_back({v["file"] == "plan.json" ? "1" : "2", v["policy"], v["urn"], v["property"]});
  EXPECT_EQ(keys.size(), 3u * 3 + 1 + 3 + 1);
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end())) << "files stay in the order of the command line";
}

TEST(JsonReport, KeepsTheErrorsOfFilesBesideTheFindingsOfOthers) {
  TestStack stack;
  AddStream(stack);
  Report report = ReportOf(stack);
  report.files.emplace_back();
  report.files.back().file = "bad.json";
  report.files.back().errors = {"bad.json:1:1: not valid JSON"};
  const json out = Parsed(report);
  EXPECT_EQ(out["inputs"].size(), 1u);
  EXPECT_EQ(out["errors"], json::parse(R"([{"file": "bad.json", "message": "bad.json:1:1: not valid JSON"}])"));
  EXPECT_EQ(EndingOf(report), Ending::kError);
}

TEST(JsonReport, ListsChangesOnlyWhenTheyWereAskedFor) {
  TestStack stack;
  AddStream(stack);
  Report report = ReportOf(stack);
  EXPECT_FALSE(Parsed(report).contains("fixPlan"));
  report.fix_plan = true;
  const Resource* stream = report.files[0].stack->Find(kOrders);
  report.files[0].fixes.push_back({stream, *Remedies(*report.pack, *report.files[0].stack, *stream, true)});
  const json expected = json::parse(R"([{"file": "plan.json", "type": "aws:kinesis/stream:Stream", "name": "orders-dev",
    "urn": "urn:pulumi:dev::shop::aws:kinesis/stream:Stream::orders-dev", "policy": "count", "property": "shardCount",
    "value": 2, "reason": "raised to the minimum"}])");
  EXPECT_EQ(Parsed(report)["fixPlan"], expected);
}

TEST(Ending, FollowsFailOn) {
  struct Case {
    FailOn fail_on;
    bool mandatory, advisory, undecided;  // whether such a finding fails
  };
  constexpr Case kCases[] = {{FailOn::kMandatory, true, false, false},
                             {FailOn::kAdvisory, true, true, false},
                             {FailOn::kUndecided, true, false, true},
                             {FailOn::kNever, false, false, false}};
  const auto ending = [](FailOn fail_on, const char* policy, bool undecided) {
    TestStack stack;
    if (undecided) stack.Add(kStream, "s").Input("shardCount", Value::Unknown());
    else stack.Add(kStream, "s").Input("shardCount", Value::Number(1));
    Report report = ReportOf(stack);
    report.fail_on = fail_on;
    std::erase_if(report.files[0].results.findings, [&](const Finding& f) { return f.guardrail->name != policy; });
    return EndingOf(report) == Ending::kFailed;
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(ending(c.fail_on, "count", false), c.mandatory);
    EXPECT_EQ(ending(c.fail_on, "needs-alarm", false), c.advisory);
    EXPECT_EQ(ending(c.fail_on, "count", true), c.undecided);
  }
}

TEST(Ending, CountsRemediateAsMandatory) {
  TestStack stack;
  AddStream(stack);
  Report report;
  report.pack = *ConfiguredPack::Make(kPack, {{"count", {.level = Level::kRemediate}}, {"encrypt", {.level = Level::kDisabled}}});
  report.files.push_back(FileOf(*report.pack, stack));
  EXPECT_EQ(EndingOf(report), Ending::kFailed);
  EXPECT_EQ(Violation(Parsed(report), "count", "shardCount")["enforcement"], "mandatory");
}

}  // namespace
}  // namespace guardrails
