// What every guardrail owes: complete metadata, a valid configuration, the catalogue's level and severity, a file of
// its own, and a case table that shows each kind of input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/policy/config.h"
#include "policies/pack.h"
#include "tests/policies/case_file.h"

namespace fastcart::testing {
namespace {

using namespace guardrails;
using ::testing::IsSupersetOf;

struct Catalogued {
  std::string_view name;
  Level level;
  Severity severity;
};

// The catalogue of docs/guardrails.
constexpr Catalogued kCatalogue[] = {
    {"allowed-region", Level::kMandatory, Severity::kHigh},
    {"database-credentials", Level::kMandatory, Severity::kCritical},
    {"ecr-repository", Level::kMandatory, Severity::kMedium},
    {"ecs-private-subnets", Level::kMandatory, Severity::kCritical},
    {"ecs-task-count", Level::kMandatory, Severity::kMedium},
    {"iam-least-privilege", Level::kMandatory, Severity::kHigh},
    {"kinesis-encryption", Level::kMandatory, Severity::kHigh},
    {"kinesis-shard-count", Level::kMandatory, Severity::kMedium},
    {"kms-key-rotation", Level::kMandatory, Severity::kMedium},
    {"log-group-encryption", Level::kMandatory, Severity::kMedium},
    {"name-suffix", Level::kMandatory, Severity::kMedium},
    {"rds-encryption", Level::kMandatory, Severity::kHigh},
    {"rds-operations", Level::kMandatory, Severity::kMedium},
    {"redis-encryption", Level::kMandatory, Severity::kHigh},
    {"required-alarms", Level::kMandatory, Severity::kMedium},
    {"required-outputs", Level::kAdvisory, Severity::kLow},
    {"required-tags", Level::kMandatory, Severity::kLow},
    {"security-group-least-privilege", Level::kMandatory, Severity::kHigh},
    {"shared-cmk", Level::kMandatory, Severity::kCritical},
    {"vpc-topology", Level::kMandatory, Severity::kHigh},
};

const std::set<std::string, std::less<>> kRemediating = {
    "ecr-repository",       "ecs-private-subnets", "ecs-task-count", "kinesis-encryption", "kinesis-shard-count",
    "kms-key-rotation",     "log-group-encryption", "rds-encryption", "rds-operations",     "redis-encryption",
    "required-tags",
};

std::string FileName(const Guardrail& guardrail) {
  std::string name(guardrail.name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class EveryGuardrail : public ::testing::TestWithParam<const Guardrail*> {
 protected:
  const Guardrail& g() const { return *GetParam(); }
};

TEST_P(EveryGuardrail, SaysWhatItIs) {
  for (const auto text : {g().display_name, g().subject, g().description, g().why, g().how_to_fix, g().undecided})
    EXPECT_FALSE(text.empty());
  EXPECT_FALSE(g().types.empty());
  EXPECT_TRUE(g().description.ends_with('.')) << g().description;
  EXPECT_TRUE(g().how_to_fix.ends_with('.')) << g().how_to_fix;
  EXPECT_TRUE(g().url.starts_with("https://")) << g().url;
  EXPECT_NE(g().make, nullptr);
}

TEST_P(EveryGuardrail, ShowsAFailingAndAPassingProgram) {
  for (const auto example : {g().failing, g().passing}) {
    EXPECT_TRUE(example.starts_with('\n') && example.ends_with('\n')) << example;
    EXPECT_NE(example.find("aws."), std::string_view::npos) << example;
  }
}

TEST_P(EveryGuardrail, IsAsTheCatalogueSays) {
  const auto* at = std::find_if(std::begin(kCatalogue), std::end(kCatalogue), [&](auto& c) { return c.name == g().name; });
  ASSERT_NE(at, std::end(kCatalogue)) << "not in the catalogue";
  EXPECT_EQ(g().level, at->level);
  EXPECT_EQ(g().severity, at->severity);
  EXPECT_EQ(g().remediates, kRemediating.contains(g().name));
}

TEST_P(EveryGuardrail, HasAConfigurationThatItsDefaultsSatisfy) {
  EXPECT_TRUE(ValidateConfig(g(), nlohmann::json::object()).ok());
  for (const ConfigKey& key : g().config) {
    EXPECT_TRUE(key.description.ends_with('.')) << key.name;
    EXPECT_NE(key.name, "enforcementLevel");
  }
  EXPECT_EQ(ConfigSchema(g())["type"], "object");
  EXPECT_FALSE(ValidateConfig(g(), {{"noSuchKey", 1}}).ok());
}

// How each standard writes its ids.
const std::map<std::string_view, const char*> kIds = {
    {"AWS FSBP", "[A-Z][A-Za-z0-9]+[.][0-9]+"},
    {"AWS Security Hub", "[A-Z][A-Za-z0-9]+[.][0-9]+"},
    {"CIS AWS Foundations 3.0.0", "[0-9]+([.][0-9]+)+"},
    {"CIS AWS Foundations 5.0.0", "[0-9]+([.][0-9]+)+"},
    {"PCI DSS 4.0.1", "[0-9]+[.][0-9]+([.][0-9]+)*"},
    {"Checkov", "CKV_AWS_[0-9]+"},
};

TEST_P(EveryGuardrail, NamesControlsAsTheirStandardsDo) {
  std::set<std::pair<std::string_view, std::string_view>> named;
  for (const Control& control : g().controls) {
    const auto ids = kIds.find(control.framework);
    ASSERT_NE(ids, kIds.end()) << control.framework;
    EXPECT_TRUE(RE2::FullMatch(std::string(control.id), ids->second)) << control.framework << " " << control.id;
    EXPECT_TRUE(named.insert({control.framework, control.id}).second) << "twice: " << control.id;
  }
}

TEST_P(EveryGuardrail, HasAFileOfItsName) {
  EXPECT_TRUE(std::filesystem::exists(PROJECT_ROOT "/policies/" + FileName(g()) + ".cc"));
}

TEST_P(EveryGuardrail, HasACaseTableThatShowsEachKindOfInput) {
  std::set<std::string> shown, names;
  for (const CaseFile& file : CaseFiles()) {
    if (file.rule != g().name) continue;
    for (const Case& c : file.cases) {
      shown.insert(c.spec.value("kind", ""));
      EXPECT_TRUE(names.insert(c.name).second) << "two cases named " << c.name;
    }
  }
  std::set<std::string> wanted = {"pass", "violation", "unknown", "secret", "absent", "bad type", "not applicable", "trap"};
  if (!g().config.empty()) wanted.insert("bad config");
  EXPECT_THAT(shown, IsSupersetOf(wanted));
}

std::vector<const Guardrail*> All() {
  const auto list = FastCartPack().guardrails;
  return {list.begin(), list.end()};
}

INSTANTIATE_TEST_SUITE_P(Contract, EveryGuardrail, ::testing::ValuesIn(All()),
                         [](const auto& test) { return FileName(*test.param); });

TEST(Pack, ListsItsGuardrailsSortedAndOnce) {
  const auto list = FastCartPack().guardrails;
  EXPECT_TRUE(std::is_sorted(list.begin(), list.end(), [](auto* a, auto* b) { return a->name <= b->name; }) ||
              list.size() < 2);
  EXPECT_FALSE(FastCartPack().version.empty());
}

TEST(Pack, HoldsTheWholeCatalogue) {
  std::set<std::string_view> have, want;
  for (const Guardrail* g : FastCartPack().guardrails) have.insert(g->name);
  for (const Catalogued& c : kCatalogue) want.insert(c.name);
  EXPECT_EQ(have, want);
}

// Controls of Security Hub that are in no list of the Foundational Security Best Practices.
TEST(Pack, TakesNoControlForABestPracticeThatIsNone) {
  const std::set<std::string_view> others = {"CloudWatch.15", "CloudWatch.16", "CloudWatch.17", "ECR.5", "KMS.4"};
  for (const Guardrail* g : FastCartPack().guardrails)
    for (const Control& control : g->controls)
      EXPECT_FALSE(control.framework == "AWS FSBP" && others.contains(control.id)) << g->name << ": " << control.id;
}

TEST(Pack, ServesTheControlsThatItIsMeantFor) {
  std::set<std::string_view> served;
  for (const Guardrail* g : FastCartPack().guardrails)
    for (const Control& control : g->controls) served.insert(control.id);
  const std::set<std::string_view> wanted = {
      "Kinesis.1",     "RDS.2",         "RDS.3",      "RDS.9",      "RDS.11",      "ElastiCache.4", "ElastiCache.5",
      "ElastiCache.6", "ECS.2",         "ECS.16",     "ECR.1",      "ECR.2",       "ECR.5",         "CloudWatch.16",
      "EC2.15",        "EC2.18",        "EC2.19",     "KMS.4",      "2.3.1",       "3.6",           "CKV_AWS_43",
      "CKV_AWS_185",   "CKV_AWS_16",    "CKV_AWS_17", "CKV_AWS_29", "CKV_AWS_129", "CKV_AWS_133",   "CKV_AWS_30",
      "CKV_AWS_31",    "CKV_AWS_191",   "CKV_AWS_7",  "CKV_AWS_51", "CKV_AWS_333", "CKV_AWS_158",   "CKV_AWS_66",
      "CKV_AWS_163",   "CKV_AWS_136",   "CKV_AWS_149", "CKV_AWS_277"};
  EXPECT_THAT(served, IsSupersetOf(wanted));
}

// A rule file that is forgotten in the list, or a list entry without a file.
TEST(Pack, ListsEveryFileOfTheFolder) {
  std::set<std::string> files, listed;
  for (const auto& entry : std::filesystem::directory_iterator(PROJECT_ROOT "/policies"))
    if (entry.path().extension() == ".cc") files.insert(entry.path().stem());
  files.erase("main");
  files.erase("pack");
  for (const Guardrail* g : FastCartPack().guardrails) listed.insert(FileName(*g));
  EXPECT_EQ(files, listed);
}

TEST(CaseTables, BelongToARuleEach) {
  std::set<std::string_view> names;
  for (const Guardrail* g : FastCartPack().guardrails) names.insert(g->name);
  for (const CaseFile& file : CaseFiles()) EXPECT_TRUE(names.contains(file.rule)) << file.rule;
}

// A case's kind is what its expectation shows.
TEST(CaseTables, ShowWhatTheySay) {
  for (const CaseFile& file : CaseFiles())
    for (const Case& c : file.cases) {
      const std::string kind = c.spec.value("kind", ""), where = file.rule + ": " + c.name;
      EXPECT_EQ(kind == "bad config", c.spec.contains("configError")) << where;
      const std::string expect = c.spec.value("expect", nlohmann::json::array()).dump();
      if (kind == "pass" || kind == "trap") {
        EXPECT_EQ(expect.find("\"violation\""), std::string::npos) << where;
        EXPECT_EQ(expect.find("\"undecided\""), std::string::npos) << where;
      }
      if (kind == "violation") {
        EXPECT_NE(expect.find("\"violation\""), std::string::npos) << where;
      }
      if (kind == "not applicable") {
        EXPECT_NE(expect.find("\"not applicable\""), std::string::npos) << where;
      }
    }
}

}  // namespace
}  // namespace fastcart::testing
