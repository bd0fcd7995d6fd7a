#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/cli/program.h"

namespace guardrails {
namespace {

using namespace testing;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kShards = "kinesis-shard-count";

std::string StackOf(std::string_view resources) {
  return R"({"project": "shop", "stack": "dev", "resources": [)" + std::string(resources) + "]}";
}
std::string Stream(std::string_view properties) {
  return StackOf(R"({"type": "aws:kinesis/stream:Stream", "name": "orders-dev", "properties": {)" + std::string(properties) + "}}");
}
const std::string kGood = Stream(R"("shardCount": 2)"), kBad = Stream(R"("shardCount": 1)");
const std::string kUnknown = Stream(R"("shardCount": "04da6b54-80e4-46f7-96ec-b56ff0331ba9")");

// `check` by one rule, so that the stacks above need not please the others.
class CheckTest : public ::testing::Test {
 protected:
  Finished Check(std::vector<std::string> args, std::string input = "") {
    args.insert(args.begin(), {"check", "--only", std::string(kShards)});
    return RunProgram(Command{.args = std::move(args), .input = std::move(input)});
  }
  std::string File(std::string_view name, std::string_view content) { return folder_.Write(name, content); }

  Folder folder_;
  const std::string good_ = File("good.json", kGood), bad_ = File("bad.json", kBad);
  const std::string unknown_ = File("unknown.json", kUnknown);
};

TEST_F(CheckTest, ExitsByWhatItFoundAndFailOn) {
  struct Case {
    const std::string& file;
    const char* fail_on;
    int exit_code;
  };
  const Case cases[] = {{good_, "mandatory", 0},    {bad_, "mandatory", 1},    {unknown_, "mandatory", 0},
                        {bad_, "advisory", 1},      {unknown_, "advisory", 0}, {good_, "undecided", 0},
                        {unknown_, "undecided", 1}, {bad_, "undecided", 1},    {bad_, "never", 0}};
  for (const Case& c : cases) {
    const Finished run = Check({c.file, "--fail-on", c.fail_on});
    EXPECT_EQ(run.exit_code, c.exit_code) << c.file << " " << c.fail_on << "\n" << run.err;
    EXPECT_THAT(run.out, HasSubstr(c.exit_code == 0 ? "\nPASS  " : "\nFAIL  "));
    EXPECT_THAT(run.err, IsEmpty());
  }
  EXPECT_EQ(Check({bad_}).exit_code, 1) << "the default is mandatory";
}

TEST_F(CheckTest, ReadsStandardInput) {
  EXPECT_EQ(Check({}, kBad).exit_code, 1);
  EXPECT_EQ(Check({"-"}, kGood).exit_code, 0);
  EXPECT_THAT(Check({"-", bad_}, kGood).out, AllOf(HasSubstr("standard input: "), HasSubstr("bad.json: ")));
  const Finished twice = Check({"-", "-"}, kGood);
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.err, HasSubstr("once only"));
}

// Not those alone that stand before a word which means something elsewhere.
TEST_F(CheckTest, JudgesEveryWordThatIsNoOption) {
  for (const char* name : {"list", "explain", "check", "++", "--", "--odd"}) File(name, kGood);
  struct Case {
    std::vector<std::string> words, judged;
  };
  const Case cases[] = {{{"good.json", "list", "bad.json"}, {"good.json", "list", "bad.json"}},
                        {{"explain", "bad.json"}, {"explain", "bad.json"}},
                        {{"check", "bad.json"}, {"check", "bad.json"}},
                        {{"good.json", "++", "bad.json"}, {"good.json", "++", "bad.json"}},
                        {{"--", "--odd", "bad.json"}, {"--odd", "bad.json"}},
                        {{"good.json", "--", "list", "bad.json"}, {"good.json", "list", "bad.json"}},
                        {{"--", "--", "bad.json"}, {"--", "bad.json"}}};
  for (const Case& c : cases) {
    std::vector<std::string> args = {"check", "--only", std::string(kShards), "--format", "json"}, judged;
    args.insert(args.end(), c.words.begin(), c.words.end());
    const Finished run = RunProgram(Command{.args = args, .folder = folder_.Path("")});
    EXPECT_EQ(run.exit_code, 1) << run.err;
    const json report = json::parse(run.out);
    for (const json& input : report["inputs"]) judged.push_back(input["file"]);
    EXPECT_EQ(judged, c.judged);
  }
}

TEST_F(CheckTest, JudgesFilesInTheGivenOrder) {
  const Finished run = Check({"--format", "json", unknown_, bad_, good_});
  const json report = json::parse(run.out);
  ASSERT_EQ(report["inputs"].size(), 3u);
  EXPECT_EQ(report["inputs"][0]["file"], unknown_);
  EXPECT_EQ(report["inputs"][1]["file"], bad_);
  EXPECT_EQ(report["inputs"][2]["kind"], "resources");
  EXPECT_EQ(report["violations"][0]["file"], bad_);
  EXPECT_EQ(report["undecided"][0]["file"], unknown_);
  EXPECT_EQ(run.exit_code, 1);
}

// They are judged at the same time: the large ones are done last.
TEST_F(CheckTest, TellsOfManyFilesInTheGivenOrder) {
  std::string many;
  for (int i = 0; i < 5000; ++i)
    many += std::string(many.empty() ? "" : ",") + R"({"type": "a:b:C", "name": "n)" + std::to_string(i) + "\"}";
  std::vector<std::string> files, args = {"--format", "json"}, wrong;
  for (int i = 0; i < 24; ++i) {
    const std::string content = i % 3 == 0 ? StackOf(many) : i % 3 == 1 ? kBad : "{";
    files.push_back(File(std::to_string(i) + ".json", content));
    if (i % 3 == 2) wrong.push_back(files.back());
  }
  args.insert(args.end(), files.begin(), files.end());
  const Finished run = Check(args);
  const json report = json::parse(run.out);
  std::vector<std::string> judged, found, failed;
  for (const json& input : report["inputs"]) judged.push_back(input["file"]);
  for (const json& violation : report["violations"]) found.push_back(violation["file"]);
  for (const json& error : report["errors"]) failed.push_back(error["file"]);
  EXPECT_EQ(failed, wrong);
  std::erase_if(files, [&](const std::string& file) { return std::count(wrong.begin(), wrong.end(), file) > 0; });
  EXPECT_EQ(judged, files);
  EXPECT_EQ(found.size(), 8u);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end(), [&](const std::string& a, const std::string& b) {
    return std::find(files.begin(), files.end(), a) < std::find(files.begin(), files.end(), b);
  }));
  std::size_t at = 0;
  for (const std::string& file : wrong) at = run.err.find(file, at);
  EXPECT_NE(at, std::string::npos) << run.err;
}

// A file of more than a few hundred kilobytes is decoded in parts, by all cores: also what `.ci/run tsan` sees of that.
TEST_F(CheckTest, ReadsALargeFileWholeAndInItsOrder) {
  constexpr int kCount = 30'000;
  std::string many;
  for (int i = 0; i < kCount; ++i)
    many += std::string(many.empty() ? "" : ",") + R"({"type": "a:b:C", "name": "n)" + std::to_string(i) + "\"}";
  const std::string good = File("large.json", StackOf(many)), bad = File("wrong.json", StackOf(many + R"(,{"type": 1})"));
  ASSERT_GT(many.size(), std::size_t{3} << 18);
  const Finished read = Check({"--format", "json", good});
  EXPECT_EQ(read.err, "");
  EXPECT_EQ(json::parse(read.out)["inputs"][0]["resources"], kCount);
  const Finished refused = Check({bad});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("resources[" + std::to_string(kCount) + "]"));
}

TEST_F(CheckTest, JudgesTheOtherFilesWhenOneIsBad) {
  const std::string broken = File("broken.json", R"({"resources": [)");
  const Finished run = Check({"--format", "json", broken, bad_, folder_.Path("none.json")});
  EXPECT_EQ(run.exit_code, 2) << "an input that is not judged weighs more than a violation";
  EXPECT_THAT(run.err, AllOf(HasSubstr("broken.json"), HasSubstr("none.json")));
  const json report = json::parse(run.out);
  EXPECT_EQ(report["errors"].size(), 2u);
  EXPECT_EQ(report["errors"][0]["file"], broken);
  EXPECT_EQ(report["violations"].size(), 1u);
  EXPECT_EQ(report["inputs"].size(), 1u);
}

TEST_F(CheckTest, RefusesWhatIsNoStack) {
  for (const std::string_view content : {"", " \n", "{", "null", "17", "\"text\"", "\x7f" "ELF\0\1", "[[[[", "{\"a\": 1}"}) {
    const Finished run = Check({File("input.json", content)});
    EXPECT_EQ(run.exit_code, 2) << content;
    EXPECT_THAT(run.err, AllOf(StartsWith("fastcart-guardrails: "), HasSubstr("input.json"))) << content;
    EXPECT_LE(std::count(run.err.begin(), run.err.end(), '\n'), 2) << run.err;
  }
  EXPECT_EQ(Check({folder_.Path("")}).exit_code, 2) << "a folder";
}

TEST_F(CheckTest, JudgesAStackWithoutResources) {
  const Finished run = Check({File("empty.json", StackOf(""))});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("0 violations"));
  EXPECT_THAT(run.out, HasSubstr("1 not applicable"));
}

TEST_F(CheckTest, JudgesAStackWithoutResourcesByEveryRule) {
  for (const char* empty : {R"({"version": 3, "deployment": {"manifest": {}}})", R"({"version": 3, "checkpoint": {"latest": null}})",
                            R"({"config": {}, "duration": 3})", "[]"}) {
    const Finished run = RunProgram(Command{.args = {"check", "--fail-on", "undecided"}, .input = empty});
    EXPECT_EQ(run.exit_code, 0) << empty << "\n" << run.out << run.err;
    EXPECT_THAT(run.out, HasSubstr("0 violations"));
  }
}

TEST_F(CheckTest, FailsOnAPreviewThatShowsLessThanItCounts) {
  const Finished run = RunProgram(Command{.args = {"check", "--fail-on", "undecided"},
                                          .input = R"({"duration": 3, "changeSummary": {"same": 70}})"});
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("leaves out resources that it counts"));
}

TEST_F(CheckTest, ReadsTheFileAsWhatTheUserSays) {
  EXPECT_EQ(Check({bad_, "--input", "resources"}).exit_code, 1);
  EXPECT_EQ(Check({bad_, "--input", "export"}).exit_code, 2);
}

TEST_F(CheckTest, TakesTheStackAndProjectFromTheUser) {
  const json report = json::parse(Check({bad_, "--format", "json", "--stack", "prod", "--project", "store"}).out);
  EXPECT_EQ(report["inputs"][0]["stack"], "prod");
  EXPECT_EQ(report["inputs"][0]["project"], "store");
  const json qualified = json::parse(Check({bad_, "--format", "json", "--stack", "acme/store/prod"}).out);
  EXPECT_EQ(qualified["inputs"][0]["stack"], "prod");
}

TEST_F(CheckTest, ObeysThePolicyConfiguration) {
  const auto config = [&](std::string_view text) { return File("config.json", text); };
  EXPECT_EQ(Check({bad_, "--policy-config", config(R"({"kinesis-shard-count": "advisory"})")}).exit_code, 0);
  EXPECT_EQ(Check({bad_, "--policy-config", config(R"({"kinesis-shard-count": {"minimum": 1}})")}).exit_code, 0);
  EXPECT_EQ(Check({good_, "--policy-config", config(R"({"kinesis-shard-count": {"minimum": 3}})")}).exit_code, 1);
  EXPECT_EQ(Check({bad_, "--policy-config", config(R"({"all": "disabled"})")}).exit_code, 0);
}

TEST_F(CheckTest, RefusesABadPolicyConfiguration) {
  for (const char* text : {R"({"kinesis-shard-count": {"minimum": 0}})", R"({"kinesis-shard-count": {"minimun": 3}})",
                           R"({"kinesis-shard-count": "fatal"})", R"({"kinesis-shards": "advisory"})", "[]", "{"}) {
    const Finished run = Check({good_, "--policy-config", File("config.json", text)});
    EXPECT_EQ(run.exit_code, 2) << text;
    EXPECT_THAT(run.err, HasSubstr("config.json: ")) << text;
    EXPECT_THAT(run.out, IsEmpty()) << "nothing was judged";
  }
  EXPECT_EQ(Check({good_, "--policy-config", folder_.Path("none.json")}).exit_code, 2);
}

TEST_F(CheckTest, ReadsTheStackConfiguration) {
  const std::string suffixed = File("s.json", R"({"project": "shop", "stack": "dev", "resources": [
    {"type": "aws:sns/topic:Topic", "name": "orders-blue", "properties": {}}]})");
  const auto check = [&](const std::string& config) {
    return RunProgram({"check", "--only", "name-suffix", suffixed, "--stack-config", config}).exit_code;
  };
  EXPECT_EQ(check(File("Pulumi.dev.yaml", "config:\n  shop:environmentSuffix: blue\n")), 0);
  EXPECT_EQ(check(File("Pulumi.red.yaml", "config:\n  shop:environmentSuffix: red\n")), 1);
  EXPECT_EQ(check(File("broken.yaml", "config: [\n")), 2);
  EXPECT_EQ(check(folder_.Path("none.yaml")), 2);
}

TEST_F(CheckTest, ChoosesRulesByName) {
  const auto policies = [&](std::vector<std::string> args) {
    args.insert(args.begin(), {"check", "--format", "json", "--fail-on", "never", bad_});
    const json report = json::parse(RunProgram(args).out);
    std::set<std::string> names;
    for (const char* list : {"violations", "undecided", "notApplicable"})
      for (const json& entry : report[list]) names.insert(entry["policy"]);
    return names;
  };
  EXPECT_EQ(policies({"--only", "kinesis-shard-count"}), std::set<std::string>{"kinesis-shard-count"});
  EXPECT_EQ(policies({"--only", "kinesis-shard-count,kinesis-encryption", "--skip", "kinesis-encryption"}),
            std::set<std::string>{"kinesis-shard-count"});
  EXPECT_THAT(policies({"--skip", "kinesis-shard-count"}), Not(::testing::Contains("kinesis-shard-count")));
  const Finished none = RunProgram({"check", bad_, "--only", "kinesis-shard-count", "--skip", "kinesis-shard-count"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("leave no guardrail"));
}

TEST_F(CheckTest, PlansFixesWithoutChangingTheFile) {
  const Finished run = Check({bad_, "--fix-plan"});
  EXPECT_THAT(run.out, HasSubstr("Fix plan\n  orders-dev  aws:kinesis/stream:Stream\n    shardCount = 2\n"));
  const json report = json::parse(Check({bad_, "--fix-plan", "--format", "json"}).out);
  EXPECT_EQ(report["fixPlan"][0]["property"], "shardCount");
  EXPECT_EQ(report["fixPlan"][0]["value"], 2);
  EXPECT_EQ(ContentOf(bad_), kBad);
  EXPECT_EQ(json::parse(Check({good_, "--fix-plan", "--format", "json"}).out)["fixPlan"], json::array());
}

TEST_F(CheckTest, WritesTheReportWhole) {
  const std::string target = File("report.json", "old");
  ASSERT_EQ(chmod(target.c_str(), 0640), 0);
  const Finished run = Check({bad_, "--format", "json", "--output", target});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_EQ(json::parse(ContentOf(target))["violations"].size(), 1u);
  struct stat after{};
  ASSERT_EQ(stat(target.c_str(), &after), 0);
  EXPECT_EQ(after.st_mode & 0777, 0640u) << "the mode of the file that it replaces";
  EXPECT_EQ(folder_.Files(), 4u) << "no temporary file stays";
}

TEST_F(CheckTest, WritesSeveralFormatsAtOnce) {
  const std::string target = folder_.Path("report.json");
  const Finished run = Check({bad_, "--format", "json=" + target + ",human"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_THAT(run.out, HasSubstr("FAIL"));
  EXPECT_EQ(json::parse(ContentOf(target))["violations"].size(), 1u);

  const std::string other = folder_.Path("other.json"), words = folder_.Path("report.txt");
  const Finished quiet = Check({bad_, "--format", "json=" + other, "--format", "human", "--output", words});
  EXPECT_THAT(quiet.out, IsEmpty());
  EXPECT_EQ(ContentOf(other), ContentOf(target));
  EXPECT_THAT(ContentOf(words), HasSubstr("FAIL"));
}

TEST_F(CheckTest, WritesTheOtherFormatsWhenOneCannotBeWritten) {
  const Finished run = Check({bad_, "--format", "json=" + folder_.Path("no/report.json") + ",human"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("no/report.json: "));
  EXPECT_THAT(run.out, HasSubstr("FAIL"));
}

TEST_F(CheckTest, PutsTheProgramIntoTheRepository) {
  const std::string made = StackOf(
      R"({"type": "aws:kinesis/stream:Stream", "name": "orders-dev", "properties": {"shardCount": 1},
          "sourcePosition": "project:///streams.py#26"})");
  EXPECT_THAT(Check({"-"}, made).out, HasSubstr("  at streams.py:26\n"));
  EXPECT_THAT(Check({"-", "--source-root", "infra"}, made).out, HasSubstr("  at infra/streams.py:26\n"));
}

TEST_F(CheckTest, LeavesTheOldReportWhenTheNewOneCannotBeMade) {
  const std::string target = File("report.json", "old");
  EXPECT_EQ(Check({bad_, "--output", target, "--policy-config", File("c.json", "{")}).exit_code, 2);
  EXPECT_EQ(ContentOf(target), "old");
}

TEST_F(CheckTest, SaysWhereTheReportCouldNotBeWritten) {
  for (const std::string& target : {std::string("/dev/full"), folder_.Path("no/report.json"), folder_.Path("")}) {
    const Finished run = Check({bad_, "--output", target});
    EXPECT_EQ(run.exit_code, 2) << target;
    EXPECT_THAT(run.err, HasSubstr(target + ": "));
  }
  const Finished full = RunProgram(Command{.args = {"check", bad_}, .stdout_file = "/dev/full"});
  EXPECT_EQ(full.exit_code, 2);
  EXPECT_THAT(full.err, HasSubstr("stdout: "));
}

TEST_F(CheckTest, WritesThroughALinkAndToADevice) {
  const std::string target = File("real.json", "old"), link = folder_.Path("link.json");
  std::filesystem::create_symlink(target, link);
  EXPECT_EQ(Check({good_, "--output", link}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_THAT(ContentOf(target), HasSubstr("PASS"));
  EXPECT_EQ(Check({good_, "--output", "/dev/null"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(CheckTest, WritesThroughALinkToNothing) {
  const std::string link = folder_.Path("link.json");
  std::filesystem::create_symlink("real.json", link);
  EXPECT_EQ(Check({good_, "--output", link}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_THAT(ContentOf(folder_.Path("real.json")), HasSubstr("PASS"));
}

TEST_F(CheckTest, WritesToWhatIsOpenBehindWhatStandsThere) {
  const std::string log = folder_.Path("log"), link = folder_.Path("link");
  std::filesystem::create_symlink("/dev/stdout", link);
  struct Case {
    std::vector<std::string> args;
    const char* redirected;
  };
  const Case cases[] = {{{"--output", "/dev/stdout"}, ">>"},    {{"--output", "/dev/fd/1"}, ">>"},
                        {{"--output", "/dev//stderr"}, "2>>"},  {{"--output", "/proc/self/fd/3"}, "3>>"},
                        {{"--output", link}, ">>"},             {{"--output", "-"}, ">>"},
                        {{"--format", "human=-"}, ">>"},        {{"--format", "human=/dev/fd/3"}, "3>>"}};
  for (const Case& c : cases) {
    File("log", "before\n");
    std::vector<std::string> args = {"check", "--only", std::string(kShards), good_};
    args.insert(args.end(), c.args.begin(), c.args.end());
    const std::string script = std::string("exec ") + c.redirected + log + "; exec \"$0\" \"$@\"";
    const Finished run = RunProgram(Command{.args = args, .through = {"/bin/sh", "-c", script}});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(ContentOf(log), AllOf(StartsWith("before\n"), HasSubstr("PASS"))) << c.args.back();
  }
  EXPECT_EQ(Check({good_, "--output", "/dev/fd/77"}).exit_code, 2) << "which is not open";
  EXPECT_EQ(folder_.Files(), 5u) << "no file is called - or stdout";
}

TEST_F(CheckTest, RefusesReportsThatWouldDestroyWhatIsWrittenOrRead) {
  File("report", "before");
  File("config.json", "{}");
  File("Pulumi.dev.yaml", "config: {}\n");
  File("waivers.yaml", "waivers: []\n");
  File("PulumiPolicy.yaml", "");
  std::filesystem::create_symlink("report", folder_.Path("link"));
  std::filesystem::create_symlink("new", folder_.Path("dangling"));
  std::filesystem::create_directory_symlink(".", folder_.Path("here"));
  std::filesystem::create_hard_link(good_, folder_.Path("hard.json"));
  struct Case {
    std::vector<std::string> args;
    const char* why;
  };
  const Case cases[] = {
      {{"good.json", "--format", "json=new,human=./new"}, "two reports would go to ./new"},
      {{"good.json", "--format", "json=new,human=here/new"}, "two reports would go to here/new"},
      {{"good.json", "--format", "json=new,human=dangling"}, "two reports would go to dangling"},
      {{"good.json", "--format", "json=report,human", "--output", "link"}, "two reports would go to link"},
      {{"good.json", "--format", "human,json=/dev/stdout"}, "two reports would go to stdout"},
      {{"good.json", "--format", "json=-,human"}, "two reports would go to stdout"},
      {{"good.json", "--format", "json=/dev/stderr,human=/dev/fd/2"}, "two reports would go to /dev/fd/2"},
      {{"good.json", "--output", "good.json"}, "a report would overwrite good.json, which is to be read"},
      {{"bad.json", "good.json", "--format", "human,json=here/good.json"}, "a report would overwrite here/good.json"},
      {{"good.json", "--output", "hard.json"}, "a report would overwrite hard.json"},
      {{"none.json", "--output", "none.json"}, "a report would overwrite none.json"},
      {{"good.json", "--policy-config", "config.json", "--output", "./config.json"}, "overwrite ./config.json"},
      {{"good.json", "--stack-config", "Pulumi.dev.yaml", "--output", "Pulumi.dev.yaml"}, "overwrite Pulumi.dev.yaml"},
      {{"good.json", "--waivers", "report", "--output", "link"}, "overwrite link"},
      {{"good.json", "--output", "waivers.yaml"}, "overwrite waivers.yaml"},
      {{"good.json", "--baseline", "report", "--output", "report"}, "overwrite report"}};
  const std::size_t files = folder_.Files();
  for (const Case& c : cases) {
    std::vector<std::string> args = {"check"};
    args.insert(args.end(), c.args.begin(), c.args.end());
    const Finished run = RunProgram(Command{.args = args, .folder = folder_.Path("")});
    EXPECT_EQ(run.exit_code, 2) << run.err;
    EXPECT_THAT(run.err, AllOf(HasSubstr(c.why), HasSubstr("check --help")));
    EXPECT_THAT(run.out, IsEmpty());
    EXPECT_EQ(folder_.Files(), files) << "nothing is written";
  }
  EXPECT_EQ(ContentOf(good_), kGood);
  EXPECT_EQ(ContentOf(folder_.Path("report")), "before");
}

// A file that the shell has opened for stdout would be replaced by the other report.
TEST_F(CheckTest, RefusesAReportOverTheFileBehindStdout) {
  const std::string report = File("report", "");
  const auto check = [&](const std::string& format) {
    const std::vector<std::string> args = {"check", "--only", std::string(kShards), good_, "--format", format};
    return RunProgram(Command{.args = args, .stdout_file = report});
  };
  EXPECT_THAT(check("human,json=" + report).err, HasSubstr("two reports would go to " + report));
  EXPECT_THAT(check("json=" + report + ",human").err, HasSubstr("two reports would go to stdout"));
  EXPECT_EQ(check("human,json=" + folder_.Path("other")).exit_code, 0);
}

TEST_F(CheckTest, WritesAnyNumberOfReportsThatDoNotMeet) {
  const std::string other = folder_.Path("sub/report");
  std::filesystem::create_directory(folder_.Path("sub"));
  const Finished run = Check({good_, "/dev/null", "--format", "json=" + folder_.Path("report") + ",junit=" + other +
                                                                  ",github=/dev/null,markdown=/dev/stderr,human"});
  EXPECT_EQ(run.exit_code, 2) << "/dev/null is no stack, and is both read and written";
  EXPECT_THAT(run.err, HasSubstr("/dev/null: "));
  for (const std::string& written : {run.out, ContentOf(other), ContentOf(folder_.Path("report"))})
    EXPECT_THAT(written, Not(IsEmpty()));
}

TEST_F(CheckTest, ColoursOnlyWhereItIsWanted) {
  const auto out = [&](std::map<std::string, std::string> environment) {
    return RunProgram(Command{.args = {"check", bad_}, .environment = std::move(environment)}).out;
  };
  EXPECT_THAT(out({}), Not(HasSubstr("\x1b"))) << "stdout is no terminal";
  EXPECT_THAT(out({{"CLICOLOR_FORCE", "1"}}), HasSubstr("\x1b[31m"));
  EXPECT_THAT(out({{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}), Not(HasSubstr("\x1b")));
  for (const char c : out({{"LC_ALL", "C"}})) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
}

TEST_F(CheckTest, QuietLeavesTheExitCodeTheFilesAndTheErrors) {
  for (const auto& [file, exit_code] : {std::pair{good_, 0}, {bad_, 1}}) {
    const Finished run = Check({"--quiet", file});
    EXPECT_EQ(run.exit_code, exit_code);
    EXPECT_THAT(run.out + run.err, IsEmpty());
  }
  EXPECT_EQ(Check({"-q", bad_, "--output", folder_.Path("report")}).exit_code, 1);
  EXPECT_THAT(ContentOf(folder_.Path("report")), HasSubstr("FAIL"));
  const Finished none = Check({"--quiet", folder_.Path("none.json")});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("none.json"));
}

TEST_F(CheckTest, VerboseSaysHowEachFileWasReadAndJudged) {
  const std::string config = File("config.json", R"({"shared-cmk": "disabled"})");
  const Finished run = RunProgram({"check", "-v", "--policy-config", config, "--fail-on", "never", good_, bad_});
  EXPECT_EQ(run.exit_code, 0);
  for (const std::string& file : {good_, bad_}) {
    EXPECT_THAT(run.err, HasSubstr(file + ": resources of shop/dev, 1 resource, read in "));
    EXPECT_THAT(run.err, ContainsRegex(file + ": judged by [0-9]+ of [0-9]+ guardrails in "));
  }
  EXPECT_THAT(Check({"-v", good_}).err, HasSubstr("judged by 1 of "));
  EXPECT_EQ(run.out, RunProgram({"check", "--policy-config", config, "--fail-on", "never", good_, bad_}).out);
}

TEST_F(CheckTest, NeverTellsASecret) {
  const std::string file = File("secret.json", Stream(R"("shardCount": {"4dabf18193072939515e22adb298388d":
    "1b47061264138c4ac30d75fd1eb44270", "value": "hunter2-hunter2"}, "name": {"4dabf18193072939515e22adb298388d":
    "1b47061264138c4ac30d75fd1eb44270", "value": "hunter2-hunter2"})"));
  for (const char* format : {"human", "json"}) {
    const Finished run = RunProgram({"check", file, "--format", format, "--fix-plan"});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_THAT(run.out + run.err, Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace guardrails
