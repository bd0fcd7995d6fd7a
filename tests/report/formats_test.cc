// What every format has to tell, and how each says it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "analyzer/policy/waiver.h"
#include "analyzer/report/format.h"
#include "analyzer/waive/digest.h"
#include "tests/report/fake_pack.h"

namespace guardrails {
namespace {

using namespace testing;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

const Waiver kWaiver{.rule = "count",
                     .owner = "@orders",
                     .reason = "the <big> sale is over soon",
                     .resource = "orders-dev",
                     .property = std::nullopt,
                     .stack = "",
                     .expires = "2026-12-31",
                     .values = {},
                     .place = "waivers.yaml:3"};

Report Streams() {
  TestStack stack;
  AddStream(stack).MadeAt({"project:///shop/streams.py#26", "project:///__main__.py#3"});
  return ReportOf(stack);
}

// The same with the violation of "count" waived.
Report Waived() {
  Report report = Streams();
  for (Finding& f : report.files.front().results.findings)
    if (f.guardrail == &kCount) f.waiver = &kWaiver;
  return report;
}

std::string Written(const Report& report, std::string_view format) {
  for (const Format& f : Formats())
    if (f.name == format) return f.write(report, {});
  ADD_FAILURE() << format;
  return {};
}

TEST(Formats, NeverTellASecret) {
  TestStack stack;
  stack.Add(kCache, "cache-dev").Input("authToken", stack.Text(kPlanted).AsSecret());
  AddStream(stack);
  const Report report = ReportOf(stack);
  for (const Format& format : Formats()) EXPECT_THAT(format.write(report, {}), Not(HasSubstr(kPlanted))) << format.name;
}

TEST(Formats, ShowWhatIsWaivedWithOwnerAndReason) {
  const Report report = Waived();
  for (const Format& format : Formats()) {
    if (format.name == "human" || format.name == "json") continue;
    const std::string text = format.write(report, {});
    EXPECT_THAT(text, HasSubstr("orders")) << format.name;
    EXPECT_THAT(text, HasSubstr("sale is over soon")) << format.name;
  }
}

TEST(Formats, TellEveryBadFile) {
  Report report = Streams();
  report.files.emplace_back().file = "broken.json";
  report.files.back().errors.push_back("broken.json: line 1: no JSON");
  for (const Format& format : Formats()) {
    if (format.name == "human") continue;  // there stderr tells
    EXPECT_THAT(format.write(report, {}), HasSubstr("no JSON")) << format.name;
  }
}

// Names that turn the text around them are for people a way to be misled; the JSON report keeps data as it is.
TEST(Formats, DoNotTurnText) {
  TestStack stack;
  stack.Add(kStream, "orders\u202Egnp").Input("shardCount", Value::Number(1)).Input("kmsKeyId", Value::Unknown());
  const Report report = ReportOf(stack);
  for (const Format& format : Formats()) {
    json sarif;
    std::string text = format.write(report, {});
    if (format.name == "sarif") {  // but for the URN, by which programs know the resource
      sarif = json::parse(text);
      text.clear();
      for (const json& result : sarif["runs"][0]["results"])
        text += result["message"].dump() + result["locations"][0]["logicalLocations"][0]["name"].dump();
    }
    EXPECT_EQ((text.find("\u202E") != std::string::npos), format.name == "json") << format.name;
  }
}

const json* ResultOf(const json& sarif, std::string_view rule) {
  for (const json& result : sarif["runs"][0]["results"])
    if (result["ruleId"] == rule) return &result;
  return nullptr;
}

TEST(Sarif, LocatesAndFingerprintsEachResult) {
  const Report report = Streams();
  const json sarif = json::parse(Written(report, "sarif"));
  const json* result = ResultOf(sarif, "count");
  ASSERT_NE(result, nullptr);
  EXPECT_EQ((*result)["level"], "error");
  EXPECT_EQ((*result)["locations"][0]["physicalLocation"],
            json::parse(R"({"artifactLocation": {"uri": "shop/streams.py"}, "region": {"startLine": 26}})"));
  EXPECT_EQ((*result)["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 3);
  const Finding& finding = report.files.front().results.findings.front();
  EXPECT_EQ((*result)["partialFingerprints"]["guardrails/v1"],
            Fingerprint(finding, PlaceOf(*report.files.front().stack, finding)));
  const json& rule = sarif["runs"][0]["tool"]["driver"]["rules"][(*result)["ruleIndex"].get<std::size_t>()];
  EXPECT_EQ(rule["id"], "count");
  EXPECT_EQ(rule["properties"]["security-severity"], "5.5");
  EXPECT_THAT(rule["help"]["markdown"].get<std::string>(), HasSubstr("Checkov CKV_1, CKV_2"));
  EXPECT_EQ(rule["helpUri"], "https://example.com/count");
}

TEST(Sarif, PointsToTheFileWhereNoLineIsKnown) {
  TestStack stack;
  AddStream(stack);
  const json sarif = json::parse(Written(ReportOf(stack), "sarif"));
  EXPECT_EQ((*ResultOf(sarif, "count"))["locations"][0]["physicalLocation"],
            json::parse(R"({"artifactLocation": {"uri": "plan.json"}})"));
}

TEST(Sarif, SuppressesWhatIsWaived) {
  const json sarif = json::parse(Written(Waived(), "sarif"));
  const json& suppression = (*ResultOf(sarif, "count"))["suppressions"][0];
  EXPECT_EQ(suppression["kind"], "external");
  EXPECT_EQ(suppression["justification"], kWaiver.reason);
  EXPECT_EQ(suppression["properties"]["owner"], "@orders");
  EXPECT_FALSE(ResultOf(sarif, "encrypt")->contains("suppressions"));
}

TEST(Sarif, SaysThatTheRunFailedOnBadInput) {
  Report report = Streams();
  report.files.back().errors.push_back("plan.json: a rule broke");
  const json run = json::parse(Written(report, "sarif"))["runs"][0];
  EXPECT_EQ(run["invocations"][0]["executionSuccessful"], false);
  EXPECT_EQ(json::parse(Written(Streams(), "sarif"))["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

TEST(Junit, FailsMandatorySkipsUndecidedPassesWaived) {
  const std::string xml = Written(Streams(), "junit");
  EXPECT_THAT(xml, HasSubstr(R"(<testsuite name="count" tests="1" failures="1" errors="0" skipped="0">)"));
  EXPECT_THAT(xml, HasSubstr(R"x(name="orders-dev (aws:kinesis/stream:Stream)" file="shop/streams.py" line="26">)x"));
  EXPECT_THAT(xml, HasSubstr(R"(<failure type="mandatory" message="shardCount is 1; wanted: a whole number of at least 2.)"));
  EXPECT_THAT(xml, HasSubstr(R"(<skipped message="not applicable: the stack has no cache"/>)"));
  const std::string waived = Written(Waived(), "junit");
  EXPECT_THAT(waived, HasSubstr(R"(<testsuite name="count" tests="1" failures="0" errors="0" skipped="0">)"));
  EXPECT_THAT(waived, HasSubstr("<system-out>Waived until 2026-12-31 by @orders: the &lt;big&gt; sale"));
}

TEST(Junit, SkipsWhatIsUndecided) {
  TestStack stack;
  stack.Add(kStream, "orders-dev").Input("shardCount", Value::Unknown());
  EXPECT_THAT(Written(ReportOf(stack), "junit"), HasSubstr("<skipped message=\"shardCount: not decided: "));
}

// A resource of which nothing is said, as the file leaves out what the rule counts, has the reason that is said once.
TEST(Junit, SkipsWhatIsUndecidedWithTheReasonThatIsSaidOnce) {
  TestStack stack;
  AddStream(stack);
  Report report = ReportOf(stack);
  Results& results = report.files.front().results;
  std::erase_if(results.findings, [](const Finding& f) { return f.guardrail == &kCount; });
  for (Outcome& o : results.outcomes)
    if (o.rule == 0) o.verdict = Verdict::kUndecided;
  Sink(&kCount, nullptr, results.findings).Missing("enough");
  EXPECT_THAT(Written(report, "junit"),
              HasSubstr("(aws:kinesis/stream:Stream)\">\n      <skipped message=\"not decided: the file leaves out"));
}

TEST(Junit, SaysWhatTheBaselineKnows) {
  struct {
    Value shards;
    std::string_view said;
  } const cases[] = {{Value::Number(1), "<system-out>known from base&amp;.json</system-out>"},
                     {Value::Unknown(), "<skipped message=\"not decided: known from base&amp;.json\"/>"},
                     {Value::Number(2), ""}};
  for (const auto& c : cases) {
    TestStack stack;
    stack.Add(kStream, "orders-dev").Input("shardCount", c.shards);
    Report report = ReportOf(stack);
    report.baseline = "base&.json";
    std::erase_if(report.files.front().results.findings, [](const Finding& f) { return f.guardrail == &kCount; });
    const std::string xml = Written(report, "junit");
    EXPECT_EQ(xml.find("known from") != std::string::npos, !c.said.empty());
    EXPECT_THAT(xml, HasSubstr(c.said));
    EXPECT_THAT(xml, HasSubstr(c.said.starts_with("<skipped")
                                   ? R"(<testsuite name="count" tests="1" failures="0" errors="0" skipped="1">)"
                                   : R"(<testsuite name="count" tests="1" failures="0" errors="0" skipped="0">)"));
  }
}

TEST(Junit, CountsABrokenRuleOnceWithTheReason) {
  TestStack stack;
  stack.Add("aws:s3/bucket:Bucket", "files-dev");
  Report report = ReportOf(stack);
  FileReport& file = report.files.front();
  for (const Finding& f : file.results.findings)
    if (f.verdict == Verdict::kBroken) file.errors.push_back(BrokenInWords(file, f));
  ASSERT_EQ(Count(report).errors, 1u);
  const std::string xml = Written(report, "junit");
  EXPECT_THAT(xml, HasSubstr(R"(<testsuite name="throws" tests="1" failures="0" errors="1" skipped="0">)"));
  EXPECT_THAT(xml, HasSubstr("<error message=\"the rule failed (this is a fault of the rule, not of the stack)\"/>"));
  EXPECT_THAT(xml, Not(HasSubstr(R"(<testsuite name="errors")")));
  file.errors.emplace_back("no JSON");
  EXPECT_THAT(Written(report, "junit"), HasSubstr(R"(<testsuite name="errors" tests="1")"));
}

TEST(Junit, FailsAdvisoryOnesOnlyWhereTheUserSaysSo) {
  Report report = Streams();
  EXPECT_THAT(Written(report, "junit"), HasSubstr(R"(<testsuite name="needs-alarm" tests="1" failures="0")"));
  report.fail_on = FailOn::kAdvisory;
  EXPECT_THAT(Written(report, "junit"), HasSubstr(R"(<testsuite name="needs-alarm" tests="1" failures="1")"));
}

TEST(Github, AnnotatesTheLine) {
  const std::string text = Written(Streams(), "github");
  EXPECT_THAT(text, HasSubstr("::error file=shop/streams.py,line=26,title=count (medium)::orders-dev: shardCount is 1; wanted:"));
  EXPECT_THAT(text, HasSubstr("::warning title=needs-alarm (low)::"));
  EXPECT_THAT(Written(Waived(), "github"), HasSubstr("::notice file=shop/streams.py,line=26,title=count (medium)::"));
}

TEST(Github, EndsWithALineThatIsNoCommand) {
  Report report = Streams();
  report.baseline = "x\n::error::boo";
  EXPECT_THAT(Written(report, "github"), ::testing::EndsWith("0 known from x ::error::boo\n"));
}

TEST(Gitlab, GivesEachIssueAFingerprintOfItsOwn) {
  const json issues = json::parse(Written(Streams(), "gitlab"));
  std::set<std::string> fingerprints;
  for (const json& issue : issues) fingerprints.insert(issue["fingerprint"]);
  EXPECT_EQ(fingerprints.size(), issues.size());
  EXPECT_EQ(issues[0]["location"], json::parse(R"({"path": "shop/streams.py", "lines": {"begin": 26}})"));
  EXPECT_EQ(issues[0]["severity"], "major");
  EXPECT_EQ(json::parse(Written(Waived(), "gitlab"))[0]["severity"], "info");
}

// An empty list would show as a clean stack.
TEST(Gitlab, ShowsWhatCouldNotBeJudgedAsABlocker) {
  Report report;
  report.pack = Streams().pack;
  for (const char* name : {"broken.json", "-"}) {
    report.files.emplace_back().file = name;
    report.files.back().errors.emplace_back("line 1: no JSON");
  }
  const json issues = json::parse(Written(report, "gitlab"));
  ASSERT_EQ(issues.size(), 2u);
  EXPECT_EQ(issues[0]["description"], "line 1: no JSON");
  EXPECT_EQ(issues[0]["severity"], "blocker");
  EXPECT_EQ(issues[0]["location"], json::parse(R"({"path": "broken.json", "lines": {"begin": 1}})"));
  EXPECT_EQ(issues[1]["location"]["path"], "standard input");
  EXPECT_NE(issues[0]["fingerprint"], issues[1]["fingerprint"]);
}

Report Many(std::size_t streams) {
  TestStack stack;
  for (std::size_t i = 0; i < streams; ++i)
    stack.Add(kStream, "a-stream-with-quite-a-long-name-" + std::to_string(i)).Input("shardCount", Value::Number(1));
  return ReportOf(stack);
}

TEST(Markdown, StaysBelowTheLimitAndCountsWhatItLeftOut) {
  for (const std::size_t streams : {1U, 50U, 5000U}) {
    const std::string text = Written(Many(streams), "markdown");
    EXPECT_LT(text.size(), 65'536U) << streams;
    EXPECT_THAT(text, HasSubstr("<details><summary><b>a-stream-with-quite-a-long-name-0</b>"));
    const auto says_so = HasSubstr("violations left out of this comment");
    EXPECT_EQ(::testing::Matches(says_so)(text), streams > 1000) << streams;
  }
}

TEST(Markdown, KeepsOneHugeResourceAndManyUndecidedInBounds) {
  TestStack stack;
  stack.Add(kCache, "cache-dev");
  for (int i = 0; i < 3000; ++i) stack.Input("property" + std::to_string(i), Value::Number(i));
  for (int i = 0; i < 3000; ++i)
    stack.Add(kStream, "stream-" + std::to_string(i)).Input("shardCount", Value::Unknown());
  const std::string text = Written(ReportOf(stack), "markdown");
  EXPECT_LT(text.size(), 65'536U);
  EXPECT_THAT(text, HasSubstr("violations left out of this comment"));
  EXPECT_THAT(text, HasSubstr("undecided findings left out of this comment"));
}

}  // namespace
}  // namespace guardrails
