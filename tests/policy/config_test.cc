#include "analyzer/policy/config.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace guardrails {
namespace {

using nlohmann::json;

Guardrail Counting() {
  Guardrail g;
  g.name = "shard-count";
  g.config = {{.name = "minimum", .type = ConfigKey::Type::kInteger, .default_json = "2", .description = "", .minimum = 1},
              {.name = "exempt", .type = ConfigKey::Type::kStrings, .default_json = "[]", .description = "", .patterns = true,
               .may_be_empty = true},
              {.name = "strict", .type = ConfigKey::Type::kBoolean, .default_json = "false", .description = ""},
              {.name = "suffix", .type = ConfigKey::Type::kString, .description = ""}};
  return g;
}

TEST(ValidateConfigTest, DefaultsFillWhatIsNotSet) {
  const Guardrail g = Counting();
  const auto config = ValidateConfig(g, json::parse(R"({"strict": true})"));
  ASSERT_TRUE(config.ok());
  EXPECT_EQ((*config)->Integer("minimum"), 2);
  EXPECT_TRUE((*config)->Boolean("strict"));
  EXPECT_EQ((*config)->String("suffix"), std::nullopt);
  EXPECT_TRUE((*config)->Strings("exempt").empty());
}

TEST(ValidateConfigTest, EveryFaultNamesRuleKeyValueAndWhatIsAllowed) {
  struct Case {
    const char *properties, *message;
  };
  const Guardrail g = Counting();
  for (const Case& c : {
           Case{R"({"minimum": "2"})", "shard-count: minimum is \"2\"; allowed: a whole number from 1 to 1000000000"},
           Case{R"({"minimum": 0})", "shard-count: minimum is 0; allowed: a whole number from 1 to 1000000000"},
           Case{R"({"minimum": 2.5})", "shard-count: minimum is 2.5; allowed: a whole number from 1 to 1000000000"},
           Case{R"({"minimum": 2000000000})", "shard-count: minimum is 2000000000; allowed: a whole number from 1 to 1000000000"},
           Case{R"({"minimum": 1e300})", "shard-count: minimum is 1e+300; allowed: a whole number from 1 to 1000000000"},
           Case{R"({"strict": "yes"})", "shard-count: strict is \"yes\"; allowed: true or false"},
           Case{R"({"suffix": ""})", "shard-count: suffix is \"\"; allowed: a text that is not empty"},
           Case{R"({"exempt": ["ok", "("]})", "shard-count: exempt[1] is \"(\"; allowed: a name or a valid RE2 pattern"},
           Case{R"({"exempt": "x"})", "shard-count: exempt is \"x\"; allowed: a list of names or RE2 patterns"},
           Case{R"({"minimun": 3})",
                "shard-count: unknown key \"minimun\"; allowed: minimum, exempt, strict, suffix, waivable; did you mean \"minimum\"?"},
       })
    EXPECT_EQ(ValidateConfig(g, json::parse(c.properties)).status().message(), c.message) << c.properties;
}

TEST(ValidateConfigTest, AKeyThatMustReachAnotherIsComparedWithIt) {
  Guardrail g = Counting();
  g.config.push_back({.name = "maximum", .type = ConfigKey::Type::kInteger, .default_json = "9", .description = "",
                      .not_below = "minimum"});
  EXPECT_TRUE(ValidateConfig(g, json::parse(R"({"minimum": 9})")).ok());
  EXPECT_EQ(ValidateConfig(g, json::parse(R"({"minimum": 10})")).status().message(),
            "shard-count: maximum is 9; allowed: a whole number of at least 10, the minimum");
  EXPECT_EQ(ValidateConfig(g, json::parse(R"({"minimum": 0, "maximum": -1})")).status().message(),
            "shard-count: minimum is 0; allowed: a whole number from 1 to 1000000000");
}

TEST(ValidateConfigTest, ALongValueIsCutBetweenCharacters) {
  const std::string letters(78, 'a');
  const auto refused = ValidateConfig(Counting(), {{"minimum", letters + "é"}});
  EXPECT_EQ(refused.status().message(), "shard-count: minimum is \"" + letters + "…; allowed: a whole number from 1 to 1000000000");
}

TEST(ValidateConfigTest, AFloatThatIsWholeIsAnInteger) {
  const Guardrail g = Counting();
  EXPECT_EQ((*ValidateConfig(g, json::parse(R"({"minimum": 3.0})")))->Integer("minimum"), 3);
}

class ParsePolicyConfigTest : public ::testing::Test {
 protected:
  ParsePolicyConfigTest() {
    counting_ = Counting();
    other_.name = "name-suffix";
    pack_.name = "shop";
    pack_.guardrails = guardrails_;
  }
  auto Parse(std::string_view text) { return ParsePolicyConfig(pack_, text); }
  std::string Error(std::string_view text) { return std::string(Parse(text).status().message()); }
  Guardrail counting_, other_;
  const Guardrail* guardrails_[2] = {&other_, &counting_};
  Pack pack_;
};

TEST_F(ParsePolicyConfigTest, BlankTextIsNoConfiguration) { EXPECT_TRUE(Parse(" \n")->empty()); }

TEST_F(ParsePolicyConfigTest, AllGivesEveryLevelAndAnOwnEntryWins) {
  const auto settings = Parse(R"({"shard-count": {"enforcementLevel": "disabled", "minimum": 3}, "all": "advisory",
                                  "environments": ["x"]})");
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->at("name-suffix").level, Level::kAdvisory);
  EXPECT_EQ(settings->at("shard-count").level, Level::kDisabled);
  EXPECT_EQ(settings->at("shard-count").properties, json::parse(R"({"minimum": 3})"));
}

TEST_F(ParsePolicyConfigTest, AllTakesALevelAndNothingElse) {
  EXPECT_EQ(Parse(R"({"all": {"enforcementLevel": "advisory"}})")->at("shard-count").level, Level::kAdvisory);
  EXPECT_TRUE(Parse(R"({"all": {}})")->empty());
  struct Case {
    const char *text, *message;
  };
  for (const Case& c : {
           Case{R"({"all": {"waivable": false}})",
                "all: takes no \"waivable\"; allowed: enforcementLevel; give other settings to each guardrail by its name"},
           Case{R"({"all": {"enforcementLevel": "advisory", "minimum": 9, "strict": true}})",
                "all: takes no \"minimum\", \"strict\"; allowed: enforcementLevel; give other settings to each guardrail by its "
                "name"},
           Case{R"({"all": "loud", "suffix": {}})",
                "all: enforcement level is \"loud\"; allowed: advisory, mandatory, remediate or disabled\n"
                "\"suffix\" is no guardrail of shop"},
       })
    EXPECT_EQ(Error(c.text), c.message) << c.text;
}

TEST_F(ParsePolicyConfigTest, AnObjectWithoutLevelKeepsTheLevelOfAll) {
  EXPECT_EQ(Parse(R"({"all": "advisory", "shard-count": {"minimum": 3}})")->at("shard-count").level, Level::kAdvisory);
}

TEST_F(ParsePolicyConfigTest, FaultsNameTheirPlace) {
  EXPECT_EQ(Error("{\n  \"a\": }"), "2:8: not valid JSON");
  EXPECT_EQ(Error(R"({"suffix": {}, "suffix": {}})"), "\"suffix\" stands twice in its object; keep one of the two");
  EXPECT_EQ(Error(R"({"shard-count": {"minimum": 1, "minimum": 3}})"),
            "shard-count: \"minimum\" stands twice in its object; keep one of the two");
  EXPECT_EQ(Error("{\"shard-count\": " + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "}"),
            "values are nested deeper than 100 levels; no setting is");
  EXPECT_EQ(Error(R"({"shard-count": 1e999})"), "shard-count: a number is too large");
  EXPECT_EQ(Error("[]"), "the policy configuration must be a JSON object: {\"<guardrail>\": {…}}");
  EXPECT_EQ(Error(R"({"shard-cont": "advisory"})"),
            "\"shard-cont\" is no guardrail of shop; did you mean \"shard-count\"?");
  EXPECT_EQ(Error(R"({"shard-cont": "advisory", "suffix": {}, "shard-count": 3})"),
            "\"shard-cont\" is no guardrail of shop; did you mean \"shard-count\"?\n"
            "shard-count: is 3; allowed: an enforcement level (advisory, mandatory, remediate or disabled) or an object\n"
            "\"suffix\" is no guardrail of shop");
  for (const char* environments : {"\"x\"", "{\"a\":1}", "[\"x\",1]", "null"})
    EXPECT_EQ(Error(fmt::format("{{\"environments\": {}}}", environments)),
              fmt::format("environments: is {}; allowed: a list of the names of ESC environments, which Pulumi resolves, not this tool",
                          environments));
  EXPECT_EQ(Error(R"({"SHARD-COUNT": "advisory"})"),
            "\"SHARD-COUNT\" is no guardrail of shop; did you mean \"shard-count\"?");
  EXPECT_EQ(Error(R"({"shard-count": "loud"})"),
            "shard-count: enforcement level is \"loud\"; allowed: advisory, mandatory, remediate or disabled");
  EXPECT_EQ(Error(R"({"shard-count": 3})"),
            "shard-count: is 3; allowed: an enforcement level (advisory, mandatory, remediate or disabled) or an object");
}

TEST(ValidateConfigTest, AListOfNumbersIsReadAndItsFaultsNameTheElement) {
  Guardrail ports;
  ports.name = "ports";
  ports.config = {{.name = "open",
                   .type = ConfigKey::Type::kIntegers,
                   .default_json = "[]",
                   .description = "",
                   .minimum = 0,
                   .maximum = 65535,
                   .may_be_empty = true}};
  EXPECT_EQ((*ValidateConfig(ports, {{"open", {80, 443.0}}}))->Integers("open"), (std::vector<int>{80, 443}));
  EXPECT_TRUE((*ValidateConfig(ports, json::object()))->Integers("open").empty());
  EXPECT_EQ(ValidateConfig(ports, {{"open", {80, 70000}}}).status().message(),
            "ports: open[1] is 70000; allowed: a whole number from 0 to 65535");
  EXPECT_EQ(ValidateConfig(ports, {{"open", "80"}}).status().message(),
            "ports: open is \"80\"; allowed: a list of whole numbers");
  EXPECT_EQ(KeySchema(ports.config[0])["items"], json::parse(R"({"type": "integer", "minimum": 0, "maximum": 65535})"));
}

TEST(ValidateConfigTest, EveryGuardrailCanBeClosedToWaivers) {
  const Guardrail g = Counting();
  EXPECT_TRUE((*ValidateConfig(g, json::object()))->Boolean("waivable"));
  EXPECT_FALSE((*ValidateConfig(g, json::parse(R"({"waivable": false})")))->Boolean("waivable"));
  EXPECT_EQ(ValidateConfig(g, json::parse(R"({"waivable": "no"})")).status().message(),
            "shard-count: waivable is \"no\"; allowed: true or false");
  EXPECT_EQ(ConfigSchema(g)["properties"]["waivable"]["default"], true);
}

TEST(ConfigSchemaTest, CarriesDefaultsDescriptionsAndLimits) {
  const json schema = ConfigSchema(Counting());
  EXPECT_EQ(schema["properties"]["minimum"]["default"], 2);
  EXPECT_EQ(schema["properties"]["minimum"]["minimum"], 1);
  EXPECT_EQ(schema["properties"]["minimum"]["maximum"], 1'000'000'000);
  EXPECT_FALSE(schema["properties"]["suffix"].contains("maximum"));
  EXPECT_EQ(schema["properties"]["exempt"]["type"], "array");
  EXPECT_FALSE(schema["properties"]["suffix"].contains("default"));
}

}  // namespace
}  // namespace guardrails
