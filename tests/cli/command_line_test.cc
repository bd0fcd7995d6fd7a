#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/cli/program.h"

namespace guardrails {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(CommandLine, ShowsHelpAndVersionAnywhere) {
  for (const std::vector<std::string>& args : std::vector<std::vector<std::string>>{
           {"--help"}, {"-h"}, {"check", "--help"}, {"check", "some.json", "-h"}, {"list", "--help"}, {"explain", "--help"}}) {
    const Finished run = RunProgram(args);
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_THAT(run.out, HasSubstr("Usage: fastcart-guardrails"));
    EXPECT_THAT(run.err, IsEmpty());
  }
  for (const std::vector<std::string>& args : std::vector<std::vector<std::string>>{
           {"--version"}, {"check", "--version"}, {"check", "some.json", "--version"}, {"explain", "--version"}}) {
    const Finished run = RunProgram(args);
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_THAT(run.out, ::testing::MatchesRegex("fastcart-guardrails [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  }
}

// Also where the rest would be an error, or would boot the plugin.
TEST(CommandLine, HelpWinsOverEverythingElse) {
  struct Case {
    std::vector<std::string> args, same;
  };
  const Case cases[] = {{{"127.0.0.1:1", "--help"}, {"--help"}},
                        {{"--logtostderr", "127.0.0.1:1", ".", "-h"}, {"--help"}},
                        {{"bogus", "-h"}, {"--help"}},
                        {{"127.0.0.1:1", "--version"}, {"--version"}},
                        {{"check", "--format", "zz", "--help"}, {"check", "--help"}},
                        {{"check", "--stack", "-h"}, {"check", "--help"}},
                        {{"--only", "x", "check", "--help"}, {"check", "--help"}},
                        {{"explain", "nope", "--help"}, {"explain", "--help"}},
                        {{"explain", "nope", "--version"}, {"--version"}}};
  for (const Case& c : cases) {
    const Finished run = RunProgram(c.args);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.out, RunProgram(c.same).out);
  }
  const Finished file = RunProgram({"check", "--", "--help"});
  EXPECT_EQ(file.exit_code, 2);
  EXPECT_THAT(file.err, HasSubstr("--help: ")) << "behind a -- it is a file";
}

TEST(CommandLine, SaysWhatCanBeDoneWhenNothingIsAsked) {
  const Finished run = RunProgram(std::vector<std::string>{});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(run.err, AllOf(HasSubstr("check"), HasSubstr("list"), HasSubstr("explain")));
}

TEST(CommandLine, NamesWhatIsWrongInOneLine) {
  struct Case {
    std::vector<std::string> args;
    const char *what, *help;
  };
  const Case cases[] = {
      {{"--formt"}, "--formt is no option", "'fastcart-guardrails --help'"},
      {{"chekc", "x.json"}, "\"chekc\" is no command (check, list, explain, waive, completion, man); did you mean \"check\"?", "'fastcart-guardrails --help'"},
      {{"check", "--formt", "json"}, "--formt is no option; did you mean \"--format\"?", "'fastcart-guardrails check --help'"},
      {{"check", "--formt=json"}, "--formt is no option; did you mean \"--format\"?", "check --help"},
      {{"check", "--format", "jsn"}, "--format: \"jsn\" is not one of human, json", "check --help"},
      {{"check", "--format"}, "--format has no value;", "check --help"},
      {{"check", "--format", "json,humn"}, "\"humn\" is not one of", "check --help"},
      {{"check", "--format", "json="}, "\"json=\" names no file", "check --help"},
      {{"check", "--format", "json,human"}, "--format has two reports for stdout; give all but one a file: human=FILE", "check --help"},
      {{"check", "--format", "json=a,human=a"}, "two reports would go to a", "check --help"},
      {{"check", "--format", "json=a,human", "--output", "a"}, "two reports would go to a", "check --help"},
      {{"check", "--format", "json=a", "--output", "b"}, "--output is for a report that has no file of its own", "check --help"},
      {{"check", "--fail-on", "mandatry"}, "did you mean \"mandatory\"?", "check --help"},
      {{"check", "--input", "plan"}, "not one of auto, preview, export, events, resources", "check --help"},
      {{"check", "--only", "kinesis-shard-cuont"}, "did you mean \"kinesis-shard-count\"?", "check --help"},
      {{"check", "--skip", "kinesis-shard-count,nope"}, "--skip: \"nope\" is no guardrail", "check --help"},
      {{"check", "-x"}, "-x is no option", "check --help"},
      {{"list", "--format", "xml"}, "not one of human, json, markdown", "list --help"},
      {{"list", "more"}, "\"more\" is one word too many", "list --help"},
      {{"explain"}, "NAME", "explain --help"},
      {{"explain", "shared-cmk", "--format", "markdwon"}, "did you mean \"markdown\"?", "explain --help"},
      {{"completion"}, "SHELL", "completion --help"},
      {{"completion", "fishh"}, "\"fishh\" is not one of bash, zsh, fish; did you mean \"fish\"?", "completion --help"},
      {{"check", "--quite"}, "did you mean \"--quiet\"?", "check --help"},
      {{"check", "--quiet", "--verbose"}, "--quiet and --verbose exclude each other", "check --help"},
      {{"explain", "kinesis-shard-cuont"}, "did you mean \"kinesis-shard-count\"?", "explain --help"},
      {{"explain", "KINESIS-SHARD-COUNT"}, "did you mean \"kinesis-shard-count\"?", "explain --help"},
      {{"check", "--fail-on", "MANDATORY"}, "did you mean \"mandatory\"?", "check --help"},
      {{"--only", "shared-cmk", "check", "x.json"}, "--only belongs behind check", "'fastcart-guardrails --help'"},
      {{"--format=json", "list"}, "--format belongs behind list", "'fastcart-guardrails --help'"},
      {{"-q", "check", "x.json"}, "-q belongs behind check", "'fastcart-guardrails --help'"},
      {{"--fail-on"}, "--fail-on belongs behind check", "'fastcart-guardrails --help'"},
      {{"bogus", "check", "x.json"}, "\"bogus\" is no command", "'fastcart-guardrails --help'"},
      {{""}, "\"\" is no command", "'fastcart-guardrails --help'"},
      {{"127.0.0.1:99999", "."}, "\"127.0.0.1:99999\" is no address of an engine: HOST:PORT has a port", "--help"},
      {{"-v=9", "localhost:0"}, "\"localhost:0\" is no address of an engine", "'fastcart-guardrails --help'"},
      {{"list", "check", "x.json"}, "\"check\" is one word too many", "list --help"},
      {{"explain", "shared-cmk", "list"}, "\"list\" is one word too many", "explain --help"},
      {{"list", "--", "-x"}, "\"-x\" is one word too many", "list --help"},
      {{"check", "--stack=", "x.json"}, "--stack has no value behind the =", "check --help"},
      {{"check", "--output=", "x.json", "y.json"}, "--output has no value behind the =", "check --help"},
      {{"check", "--output", "--format", "json"}, "--output has no value; --format follows it", "check --help"},
      {{"check", "--output", "--", "x.json"}, "--output has no value; -- follows it", "check --help"},
      {{"check", "--stack", "a", "--stack", "b"}, "--stack is given twice; keep one of the two", "check --help"},
      {{"--", "check", "x.json"}, "-- belongs behind a command", "--help"},
      {{"--", "127.0.0.1:1"}, "-- belongs behind a command", "--help"},
      {{"check", "--stack", "acme/fastcart/", "x.json"}, "--stack acme/fastcart/ names no stack behind the /", "check --help"},
      {{"check", "x.json", "--policy-config", "-", "--stack-config", "-"}, "- (standard input) can be read once only", "check --help"},
      {{"check", "-", "--baseline", "-"}, "- (standard input) can be read once only", "check --help"},
      {{"check", "--stack", "a", "--stack=b"}, "--stack is given twice; keep one of the two", "check --help"},
  };
  for (const Case& c : cases) {
    const Finished run = RunProgram(c.args);
    EXPECT_EQ(run.exit_code, 2) << run.out;
    EXPECT_THAT(run.out, IsEmpty());
    EXPECT_THAT(run.err, AllOf(StartsWith("fastcart-guardrails: "), HasSubstr(c.what), HasSubstr(c.help)));
    EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
  }
}

// As a pipeline gives it for a variable that is not set: the default would be something else than was meant.
TEST(CommandLine, RefusesAnEmptyValue) {
  for (const char* option : {"--output", "--policy-config", "--stack-config", "--stack", "--project", "--waivers",
                             "--baseline", "--source-root", "--format", "--only", "--skip", "--fail-on", "--input", "--today"}) {
    const Finished run = RunProgram({"check", option, "", "x.json"});
    EXPECT_EQ(run.exit_code, 2) << option;
    EXPECT_THAT(run.err, StartsWith(std::string("fastcart-guardrails: ") + option + ": ")) << option;
    EXPECT_THAT(run.err, AnyOf(HasSubstr("the value is empty, as of a variable that"), HasSubstr("\"\" is no")));
  }
  EXPECT_THAT(RunProgram({"check", ""}).err, HasSubstr("FILE: the value is empty"));
  EXPECT_THAT(RunProgram({"waive", "shared-cmk", ""}).err, HasSubstr("RESOURCE: the value is empty"));
}

TEST(CommandLine, ListsEveryGuardrailInEveryFormat) {
  const auto list = nlohmann::json::parse(RunProgram({"list", "--format", "json"}).out);
  const std::string human = RunProgram({"list"}).out, markdown = RunProgram({"list", "--format", "markdown"}).out;
  ASSERT_FALSE(list["guardrails"].empty());
  for (const auto& guardrail : list["guardrails"]) {
    const std::string name = guardrail["name"];
    EXPECT_THAT(human, HasSubstr(name));
    EXPECT_THAT(markdown, HasSubstr("| [" + name + "](" + name + ".md) |"));
  }
}

TEST(CommandLine, ExplainsAGuardrail) {
  const Finished run = RunProgram({"explain", "kinesis-shard-count"});
  EXPECT_EQ(run.exit_code, 0);
  for (const char* part : {"What it decides", "Why", "How to comply", "Fails", "Passes", "`minimum`", "undecided"})
    EXPECT_THAT(run.out, HasSubstr(part));
  EXPECT_THAT(RunProgram({"explain", "kinesis-shard-count", "--format", "markdown"}).out, StartsWith("# kinesis-shard-count\n"));
}

TEST(Documentation, IsWhatTheGuardrailsSay) {
  const std::filesystem::path pages = PROJECT_ROOT "/docs/guardrails";
  std::set<std::string> expected = {"README.md"};
  EXPECT_EQ(ContentOf(pages / "README.md"), RunProgram({"list", "--format", "markdown"}).out) << "run make docs";
  const auto list = nlohmann::json::parse(RunProgram({"list", "--format", "json"}).out);
  for (const auto& guardrail : list["guardrails"]) {
    const std::string name = guardrail["name"];
    expected.insert(name + ".md");
    EXPECT_EQ(ContentOf(pages / (name + ".md")), RunProgram({"explain", name, "--format", "markdown"}).out) << "run make docs";
  }
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(pages)) found.insert(entry.path().filename());
  EXPECT_EQ(found, expected) << "run make docs";
}

}  // namespace
}  // namespace guardrails
