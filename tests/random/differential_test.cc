// The same stack through the engine's protocol and through `check`: the same verdicts in the same words.
//
// Not compared, because the protocol has no such thing: partial previews, resources that are only read, secrets whose
// value is withheld, and an export without settings (see normal.h). The order of what is said is the engine's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "tests/policies/case_file.h"
#include "tests/random/engine.h"
#include "tests/random/normal.h"
#include "tests/random/programs.h"
#include "tests/random/stacks.h"

namespace fastcart::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

// Compares all of them; with the resources as the engine's remediations leave them.
void ExpectTheSame(const std::vector<RandomStack>& stacks, const json& config) {
  std::vector<Said> heard;
  std::vector<json> lists;
  for (const RandomStack& stack : stacks) {
    Engine engine(Boot(), stack.list, config);
    heard.push_back(engine.Judge());
    EXPECT_EQ(engine.error(), "") << stack.what;
    lists.push_back(engine.list());
  }
  const Checked checked = Check(lists, config);
  EXPECT_EQ(checked.errors, "");
  const auto says_something = [](const Said& said) { return !said.verdicts.empty(); };
  EXPECT_TRUE(std::any_of(heard.begin(), heard.end(), says_something)) << "nothing to compare";
  for (std::size_t i = 0; i < stacks.size(); ++i)
    EXPECT_EQ(Difference(heard[i], checked.said[i]), "") << stacks[i].what;
}

class RandomStacks : public ::testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Seeds, RandomStacks, ::testing::Range(0U, 12U));

constexpr unsigned kStacksOfATest = 20;

std::vector<RandomStack> StacksOf(unsigned test) {
  std::vector<RandomStack> out;
  for (unsigned i = 0; i < kStacksOfATest; ++i) out.push_back(MakeRandomStack(test * kStacksOfATest + i));
  return out;
}

TEST_P(RandomStacks, AreJudgedTheSameByTheEngineAndByCheck) { ExpectTheSame(StacksOf(GetParam()), json::object()); }

TEST_P(RandomStacks, AreJudgedTheSameAfterRemediation) {
  std::vector<RandomStack> few = StacksOf(GetParam());
  few.resize(kStacksOfATest / 4);
  ExpectTheSame(few, {{"all", "remediate"}});
}

// Every case of a table as it stands, with its settings, but for those that say why the engine may judge otherwise.
class Cases : public ::testing::TestWithParam<CaseFile> {};
INSTANTIATE_TEST_SUITE_P(Of, Cases, ::testing::ValuesIn(CaseFiles()), [](const auto& test) {
  std::string name = test.param.rule;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST_P(Cases, AreJudgedTheSameByTheEngineAndByCheck) {
  std::map<json, std::vector<RandomStack>> by_config;
  for (const Case& c : GetParam().cases) {
    if (!CanBeAsked(c)) continue;
    const json config = c.spec.value("config", json::object());
    by_config[config.empty() ? config : json{{GetParam().rule, config}}].push_back({c.name, Normal(c.list)});
  }
  for (const auto& [config, stacks] : by_config) ExpectTheSame(stacks, config);
}

// A rule that cannot do its work fails the engine's call, and `check`, in the same words.
TEST_P(Cases, FailTheSameWhereARuleCannotJudge) {
  for (const Case& c : GetParam().cases) {
    if (!IsBroken(c) || !c.list.contains("stack")) continue;  // the engine's stack always has a name
    const json list = Normal(c.list), config = {{GetParam().rule, c.spec.value("config", json::object())}};
    Engine engine(Boot(), list, config);
    engine.Judge();
    const std::string why = c.spec["expect"][0]["message"];
    EXPECT_THAT(engine.error(), HasSubstr(why.substr(why.find(": ") + 2))) << c.name;
    EXPECT_THAT(Check({list}, config).errors, HasSubstr(why.substr(why.find(": ") + 2))) << c.name;
  }
}

// A wrong configuration is refused by Configure and by --policy-config, in the same words.
TEST_P(Cases, AreRefusedTheSameWhereTheirConfigurationIsWrong) {
  for (const Case& c : GetParam().cases) {
    if (!c.spec.contains("configError")) continue;
    const json list = Normal(c.list), config = {{GetParam().rule, c.spec["config"]}};
    const std::string wrong = c.spec["configError"];
    EXPECT_EQ(Engine(Boot(), list, config).error(), wrong) << c.name;
    const std::vector<std::string> lines = absl::StrSplit(wrong, '\n');
    for (const std::string& line : lines) EXPECT_THAT(Check({list}, config).errors, HasSubstr(line)) << c.name;
  }
}

}  // namespace
}  // namespace fastcart::testing
