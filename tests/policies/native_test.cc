// What guardrails do with resources of the provider aws-native: judge them like those of aws, or say that they do not.
//
// native.json has, for each type of aws that a guardrail judges, the type of aws-native that manages the same ("": it
// has none), and for each guardrail and type of aws-native inputs that are `bad` (a violation), `good` (none), and
// `not judged` (said to be so).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "analyzer/input/input.h"
#include "policies/aws/resource_types.h"
#include "policies/pack.h"
#include "tests/policies/judge.h"

namespace fastcart::testing {
namespace {

using namespace guardrails;
using nlohmann::json;

const json& Table() {
  static const json kTable = [] {
    std::ifstream file(PROJECT_ROOT "/tests/policies/native.json");
    return json::parse(file);
  }();
  return kTable;
}

bool IsNative(std::string_view type) { return type.starts_with("aws-native:"); }
bool IsOfAny(const Guardrail& g) { return g.types.front() == "*"; }
bool Judges(const Guardrail& g, std::string_view type) {
  return IsOfAny(g) || std::find(g.types.begin(), g.types.end(), type) != g.types.end();
}

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

class NativeResources : public ::testing::TestWithParam<const Guardrail*> {
 protected:
  const Guardrail& g() const { return *GetParam(); }
  const json& Rows() const { return Table().at("judged").at(std::string(g().name)); }

  // The verdicts on the resource, as `check` gives them.
  std::set<std::string> VerdictsOn(const std::string& type, const json& inputs) const {
    const std::string urn = "urn:pulumi:dev::shop::" + type + "::orders-dev";
    const json list = {{"project", "shop"},
                       {"stack", "dev"},
                       {"config", {{"aws-native:region", "eu-central-1"}}},
                       {"resources", {{{"urn", urn}, {"type", type}, {"name", "orders-dev"}, {"inputs", inputs}}}}};
    InputOptions options;
    options.kind = InputKind::kResources;
    const auto read = ReadStack(list.dump(), "native", options);
    const auto pack = Only(g(), json::object());
    EXPECT_TRUE(read.ok() && pack.ok()) << read.status() << pack.status();
    std::set<std::string> out;
    if (read.ok() && pack.ok())
      for (const json& f : Judge(**pack, *read->stack))
        if (f.value("resource", "orders-dev") == "orders-dev") out.insert(f.value("verdict", ""));
    return out;
  }
};

TEST_P(NativeResources, AreJudgedWhereThoseOfAwsAre) {
  for (const std::string_view type : g().types) {
    if (IsOfAny(g()) || IsNative(type) || type == "pulumi:pulumi:Stack") continue;
    ASSERT_TRUE(Table()["twins"].contains(type)) << "which type of aws-native manages the same as " << type << "?";
    const std::string twin = Table()["twins"][std::string(type)];
    if (!twin.empty()) {
      EXPECT_TRUE(Judges(g(), twin)) << g().name << " judges " << type << ", but not " << twin;
    }
  }
}

TEST_P(NativeResources, CannotPassInSilence) {
  for (const std::string_view type : g().types)
    if (IsNative(type)) {
      EXPECT_TRUE(Rows().contains(type)) << g().name << ": what is wrong with a " << type << "?";
    }
  for (const auto& [type, row] : Rows().items()) {
    SCOPED_TRACE(std::string(g().name) + " " + type);
    if (row.contains("bad")) {
      EXPECT_TRUE(VerdictsOn(type, row["bad"]).contains("violation"));
    }
    if (row.contains("good")) {
      EXPECT_FALSE(VerdictsOn(type, row["good"]).contains("violation"));
    }
    if (row.contains("not judged")) {
      const auto said = VerdictsOn(type, row["not judged"]);
      EXPECT_TRUE(said.contains("not applicable") || said.contains("undecided"));
      EXPECT_FALSE(said.contains("violation"));
    }
  }
}

std::vector<const Guardrail*> All() {
  const auto list = FastCartPack().guardrails;
  return {list.begin(), list.end()};
}

INSTANTIATE_TEST_SUITE_P(Contract, NativeResources, ::testing::ValuesIn(All()), [](const auto& test) {
  std::string name(test.param->name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// The table of twins is right about what there is, and about what there is not.
TEST(NativeTwins, AreTypesOfTheProvider) {
  std::set<std::string> native;
  for (const ResourceType& type : ResourceTypes())
    if (IsNative(type.type)) native.insert(Lower(type.type));
  for (const auto& [type, twin] : Table()["twins"].items()) {
    EXPECT_NE(FindResourceType(type), nullptr) << type;
    const std::string twin_type = twin, module = type.substr(4, type.find('/') - 4), name = type.substr(type.rfind(':') + 1);
    if (!twin_type.empty()) {
      EXPECT_NE(FindResourceType(twin_type), nullptr) << twin_type;
    } else if (type != "aws:ssm/parameter:Parameter") {  // CloudFormation makes no secure ones
      EXPECT_FALSE(native.contains(Lower("aws-native:" + module + ":" + name))) << type;
    }
  }
}

}  // namespace
}  // namespace fastcart::testing
