// Waivers and baselines as people have them: files, options, exit codes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace guardrails {
namespace {

using namespace testing;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::string Streams(const std::vector<std::pair<std::string, std::string>>& streams) {
  std::string list;
  for (const auto& [name, shards] : streams)
    list += fmt::format(R"({}{{"type": "aws:kinesis/stream:Stream", "name": "{}", "properties": {{"shardCount": {}}}}})",
                        list.empty() ? "" : ", ", name, shards);
  return R"({"project": "shop", "stack": "dev", "resources": [)" + list + "]}";
}

class WaiversTest : public ::testing::Test {
 protected:
  Finished Check(std::vector<std::string> args, const std::map<std::string, std::string>& environment = {}) {
    if (std::find(args.begin(), args.end(), "--today") == args.end()) args.insert(args.end(), {"--today", "2026-06-01"});
    args.insert(args.begin(), {"check", "--only", "kinesis-shard-count"});
    return RunProgram(Command{.args = std::move(args), .environment = environment});
  }
  Finished Waive(std::vector<std::string> args, const std::string& file) {
    args.insert(args.begin(), {"waive", "kinesis-shard-count", "orders", "--today", "2026-06-01"});
    args.push_back(file);
    return RunProgram(std::move(args));
  }
  // A waiver file for one shard on the stream "orders".
  std::string Granted() {
    const Finished run =
        Waive({"--owner", "data-team", "--reason", "quiet until the launch", "--expires", "2026-06-30"}, bad_);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return folder_.Write("waivers.yaml", run.out);
  }

  Folder folder_;
  const std::string bad_ = folder_.Write("bad.json", Streams({{"orders", "1"}}));
  const std::string worse_ = folder_.Write("worse.json", Streams({{"orders", "0"}}));
  const std::string more_ = folder_.Write("more.json", Streams({{"orders", "1"}, {"carts", "1"}}));
  const std::string good_ = folder_.Write("good.json", Streams({{"orders", "2"}}));
  const std::string unknown_ =
      folder_.Write("unknown.json", Streams({{"orders", "\"04da6b54-80e4-46f7-96ec-b56ff0331ba9\""}}));
};

TEST_F(WaiversTest, WhatIsWaivedFailsNothingAndStaysVisible) {
  const std::string waivers = Granted();
  EXPECT_EQ(Check({bad_}).exit_code, 1);
  for (const char* fail_on : {"mandatory", "advisory", "undecided"})
    EXPECT_EQ(Check({bad_, "--waivers", waivers, "--fail-on", fail_on}).exit_code, 0) << fail_on;
  const Finished human = Check({bad_, "--waivers", waivers});
  EXPECT_THAT(human.out,
              AllOf(HasSubstr("~ kinesis-shard-count  waived, severity medium"),
                    HasSubstr("Waived until 2026-06-30 by data-team (waivers.yaml:2): quiet until the launch"),
                    HasSubstr("PASS  0 violations (0 mandatory, 0 advisory)"), HasSubstr(", 1 waived\n"), Not(HasSubstr("Waivers\n"))));
  const json report = json::parse(Check({bad_, "--waivers", waivers, "--format", "json"}).out);
  EXPECT_EQ(report["summary"]["waived"], 1);
  EXPECT_EQ(report["summary"]["violations"], 0);
  ASSERT_EQ(report["violations"].size(), 1u);
  EXPECT_EQ(report["violations"][0]["enforcement"], "advisory");
  EXPECT_EQ(report["violations"][0]["waiver"], json::parse(R"({"owner": "data-team", "reason": "quiet until the launch",
                                                              "expires": "2026-06-30", "place": "waivers.yaml:2"})"));
  EXPECT_EQ(report["waivers"][0]["state"], "active");
  EXPECT_EQ(report["waivers"][0]["line"], 2);
}

// The words on a value stay the same while it gets worse. The report shows neither the value nor a quick digest of what
// is a secret by its place.
TEST_F(WaiversTest, AValueThatIsToldInWordsHoldsTheWaiver) {
  struct Case {
    const char *rule, *type, *inputs, *accepted, *other;
    bool slow = false;
  };
  const Case cases[] = {
      {"kms-key-rotation", "aws:kms/key:Key", R"("enableKeyRotation": true, "policy": "{}")", "no JSON", "none either"},
      {"database-credentials", "aws:rds/instance:Instance", R"("password": "{}")", "hunter2-hunter2", "hunter3-hunter3", true},
  };
  for (const Case& c : cases) {
    const auto with = [&](const char* file, const char* value) {
      return folder_.Write(file, fmt::format(R"({{"project": "shop", "stack": "dev", "resources": [{{"type": "{}", "name": "it", )"
                                             R"("inputs": {{{}}}}}]}})",
                                             c.type, fmt::format(fmt::runtime(c.inputs), value)));
    };
    const std::string accepted = with("accepted.json", c.accepted), other = with("other.json", c.other);
    const Finished entry = RunProgram({"waive", c.rule, "it", "--owner", "data-team", "--reason", "quiet until the launch",
                                       "--expires", "2026-06-30", "--today", "2026-06-01", accepted});
    EXPECT_EQ(entry.exit_code, 0) << entry.err;
    EXPECT_EQ(entry.out.find("pbkdf2:") != std::string::npos, c.slow) << entry.out;
    const std::string waivers = folder_.Write("told.yaml", entry.out);
    const auto check = [&](const std::string& file) {
      return RunProgram({"check", "--only", c.rule, "--today", "2026-06-01", "--waivers", waivers, "--format", "json", file});
    };
    EXPECT_EQ(check(accepted).exit_code, 0) << c.rule;
    const Finished worse = check(other);
    EXPECT_EQ(worse.exit_code, 1) << c.rule;
    EXPECT_THAT(worse.out, AllOf(HasSubstr("valueChanged"), Not(HasSubstr("hunter3")))) << c.rule;
  }
}

TEST_F(WaiversTest, WhatLapsedFailsAgainAndSaysWhy) {
  const std::string waivers = Granted();
  struct Case {
    std::vector<std::string> args;
    const char *state, *words;
    int exit_code = 1;
  };
  const Case cases[] = {
      {{bad_, "--waivers", waivers, "--today", "2026-07-01"}, "expired", "expired on 2026-06-30."},
      {{worse_, "--waivers", waivers}, "valueChanged", "was granted for another value."},
      {{bad_, "--waivers", waivers, "--policy-config", folder_.Write("c.json", R"({"kinesis-shard-count": {"waivable": false}})")},
       "notWaivable",
       "does not count: the policy configuration allows none from kinesis-shard-count."},
      {{good_, "--waivers", waivers}, "unmatched", "matches nothing; remove it.", 0},
      {{unknown_, "--waivers", waivers, "--fail-on", "undecided"}, "undecided", "does not count: what is undecided cannot be waived."},
  };
  for (const Case& c : cases) {
    std::vector<std::string> args = c.args;
    const Finished human = Check(args);
    EXPECT_EQ(human.exit_code, c.exit_code) << human.out << human.err;
    EXPECT_THAT(human.out, AllOf(HasSubstr("Waivers\n  ! kinesis-shard-count on orders\n"),
                                 HasSubstr(std::string("The waiver of data-team (waivers.yaml:2) ") + c.words)));
    args.insert(args.end(), {"--format", "json"});
    const json report = json::parse(Check(args).out);
    EXPECT_EQ(report["waivers"][0]["state"], c.state);
    EXPECT_EQ(report["summary"]["waived"], 0);
    for (const json& violation : report["violations"]) {
      EXPECT_THAT(violation["lapsedWaiver"].get<std::string>(), HasSubstr(c.words));
      EXPECT_THAT(violation["message"].get<std::string>(), HasSubstr(c.words));
    }
  }
}

TEST_F(WaiversTest, FindsTheFileThatTheEnvironmentNamesAndCanDoWithout) {
  const std::string waivers = Granted();
  EXPECT_EQ(Check({bad_}, {{"GUARDRAILS_WAIVERS", waivers}}).exit_code, 0);
  EXPECT_EQ(Check({bad_, "--no-waivers"}, {{"GUARDRAILS_WAIVERS", waivers}}).exit_code, 1);
  EXPECT_EQ(Check({bad_, "--waivers", folder_.Write("none.yaml", "waivers: []")}, {{"GUARDRAILS_WAIVERS", waivers}}).exit_code, 1);
  EXPECT_EQ(Check({bad_}, {{"GUARDRAILS_WAIVERS", folder_.Path("no-such-file")}}).exit_code, 2);
  const Finished both = Check({bad_, "--waivers", waivers, "--no-waivers"});
  EXPECT_EQ(both.exit_code, 2);
}

TEST_F(WaiversTest, ABadFileIsAnErrorThatNamesTheLine) {
  const std::string wrong = folder_.Write("wrong.yaml", "waivers:\n  - rule: kinesis-shard-cuont\n");
  const Finished run = Check({good_, "--waivers", wrong});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.out, IsEmpty()) << "nothing was judged";
  EXPECT_THAT(run.err, HasSubstr("wrong.yaml:2: \"kinesis-shard-cuont\" is no guardrail; did you mean \"kinesis-shard-count\"?"));
  EXPECT_THAT(run.err, HasSubstr("wrong.yaml:2: owner is missing; name who answers for it"));
  const Finished none = Check({good_, "--waivers", folder_.Path("none.yaml")});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("none.yaml"));
  const Finished day = RunProgram({"check", "--today", "today", good_});
  EXPECT_EQ(day.exit_code, 2);
  EXPECT_THAT(day.err, HasSubstr("\"today\" is no day"));
}

TEST_F(WaiversTest, TheFixPlanLeavesWhatIsWaived) {
  const std::string waivers = Granted();
  EXPECT_EQ(json::parse(Check({bad_, "--fix-plan", "--format", "json"}).out)["fixPlan"].size(), 1u);
  EXPECT_EQ(json::parse(Check({bad_, "--fix-plan", "--format", "json", "--waivers", waivers}).out)["fixPlan"].size(), 0u);
}

TEST_F(WaiversTest, WaiveWritesAnEntryForEachThingThatWasFound) {
  const std::vector<std::string> by = {"--owner", "me: \"I\"", "--reason", "quiet until the launch", "--expires", "2026-06-30"};
  const Finished whole = Waive(by, bad_);
  EXPECT_THAT(whole.out, StartsWith("waivers:\n  - rule: kinesis-shard-count\n    resource: \"orders\"\n"
                                    "    property: \"shardCount\"\n    owner: \"me: \\\"I\\\"\"\n"));
  std::vector<std::string> append = by;
  append.push_back("--append");
  EXPECT_EQ("waivers:\n" + Waive(append, bad_).out, whole.out);
  EXPECT_EQ(Check({bad_, "--waivers", folder_.Write("w.yaml", whole.out)}).exit_code, 0);
}

TEST_F(WaiversTest, WaiveTakesTheDayThatItIs) {
  const Finished run = Waive({"--owner", "me", "--reason", "quiet until tonight", "--expires", "2026-06-01"}, bad_);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(Check({bad_, "--waivers", folder_.Write("w.yaml", run.out)}).exit_code, 0);
}

TEST_F(WaiversTest, WaiveReadsAFileThatIsCalledLikeACommand) {
  const std::vector<std::string> args = {"waive",      "kinesis-shard-count", "orders",   "check",
                                         "--today",    "2026-06-01",          "--owner",  "me",
                                         "--expires",  "2026-06-30",          "--reason", "quiet until the launch"};
  folder_.Write("check", Streams({{"orders", "1"}}));
  const Finished run = RunProgram(Command{.args = args, .folder = folder_.Path("")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, StartsWith("waivers:\n"));
}

TEST_F(WaiversTest, WaiveRefusesWhatCouldNotHold) {
  struct Case {
    std::vector<std::string> args;
    const std::string& file;
    const char* why;
  };
  const std::string closed = folder_.Write("c.json", R"({"kinesis-shard-count": {"waivable": false}})");
  const Case cases[] = {
      {{"--owner", "me", "--reason", "until the launch", "--expires", "2026-06-30"}, good_, "nothing wrong was found"},
      {{"--owner", "me", "--reason", "until the launch", "--expires", "2026-06-30"}, unknown_, "undecided cannot be waived"},
      {{"--owner", "me", "--reason", "until the launch", "--expires", "2026-06-30", "--property", "name"}, bad_, "nothing wrong"},
      {{"--owner", "me", "--reason", "until the launch", "--expires", "2026-06-30", "--policy-config", closed}, bad_, "allows no"},
      {{"--owner", "me", "--reason", "until", "--expires", "2026-06-30"}, bad_, "reason is too short"},
      {{"--owner", "me", "--reason", "until the launch", "--expires", "2027-06-30"}, bad_, "more than 90 days ahead"},
      {{"--owner", "me", "--reason", "until the launch", "--expires", "soon"}, bad_, "expires must be a day"},
      {{"--owner", "me", "--reason", "until the launch", "--expires", "2026-05-31"}, bad_, "--expires 2026-05-31 is past"},
      {{"--owner", "me", "--reason", "until the launch"}, bad_, "--expires is required"},
  };
  for (const Case& c : cases) {
    const Finished run = Waive(c.args, c.file);
    EXPECT_EQ(run.exit_code, 2) << c.why;
    EXPECT_THAT(run.err, HasSubstr(c.why));
    EXPECT_THAT(run.out, IsEmpty());
  }
}

TEST_F(WaiversTest, ABaselineLeavesOutWhatWasKnown) {
  const std::string baseline = folder_.Path("baseline.json");
  EXPECT_EQ(Check({bad_, "--format", "json", "--output", baseline}).exit_code, 1);
  const Finished same = Check({bad_, "--baseline", baseline});
  EXPECT_EQ(same.exit_code, 0);
  EXPECT_THAT(same.out, AllOf(HasSubstr("PASS  0 violations"), HasSubstr(", 1 known from " + baseline)));
  EXPECT_EQ(Check({worse_, "--baseline", baseline}).exit_code, 1) << "a worsened finding is new";
  const Finished more = Check({more_, "--baseline", baseline, "--format", "json"});
  EXPECT_EQ(more.exit_code, 1);
  const json report = json::parse(more.out);
  ASSERT_EQ(report["violations"].size(), 1u);
  EXPECT_EQ(report["violations"][0]["name"], "carts");
  EXPECT_EQ(report["baseline"], (json{{"file", baseline}, {"known", 1}}));
}

TEST_F(WaiversTest, ABadBaselineIsAnError) {
  for (const char* text : {"", "{}", R"({"schemaVersion": 2})", R"({"schemaVersion": 1, "violations": [{}], "undecided": []})"}) {
    const Finished run = Check({bad_, "--baseline", folder_.Write("b.json", text)});
    EXPECT_EQ(run.exit_code, 2) << text;
    EXPECT_THAT(run.err, AllOf(HasSubstr("b.json: "), HasSubstr("make it with")));
    EXPECT_THAT(run.out, IsEmpty());
  }
}

}  // namespace
}  // namespace guardrails
