// Pulumi.<stack>.yaml.
#include "analyzer/input/stack_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace guardrails {
namespace {

std::string Text(const StackConfig& config, std::string_view key) {
  const auto at = config.find(key);
  if (at == config.end()) return "absent";
  return at->second.secret ? "secret" + at->second.text : at->second.text;
}

TEST(StackConfigFile, HoldsValuesAsTheEngineHandsThemOver) {
  const auto config = ReadStackConfig(R"(
secretsprovider: passphrase
encryptionsalt: v1:AAAA
config:
  aws:region: eu-central-1
  shop:suffix: dev
  shop:flag: true
  shop:count: 2
  shop:quoted: "007"
  shop:empty:
  shop:password:
    secure: v1:BBBB
  shop:list: [a, 1, true, "1", 1.5, null]
  shop:object: {a: {b: [1]}}
  shop:mixed:
    user: me
    password: {secure: v1:CCCC}
  short: x
)",
                                      "Pulumi.dev.yaml");
  ASSERT_TRUE(config.ok()) << config.status().ToString();
  EXPECT_EQ(config->size(), 11U);
  EXPECT_EQ(Text(*config, "aws:region"), "eu-central-1");
  EXPECT_EQ(Text(*config, "shop:suffix"), "dev");
  EXPECT_EQ(Text(*config, "shop:flag"), "true");
  EXPECT_EQ(Text(*config, "shop:count"), "2");
  EXPECT_EQ(Text(*config, "shop:quoted"), "007");
  EXPECT_EQ(Text(*config, "shop:empty"), "");
  EXPECT_EQ(Text(*config, "shop:password"), "secret");
  EXPECT_EQ(Text(*config, "shop:list"), R"(["a",1,true,"1",1.5,null])");
  EXPECT_EQ(Text(*config, "shop:object"), R"({"a":{"b":[1]}})");
  EXPECT_EQ(Text(*config, "shop:mixed"), "secret");
  EXPECT_EQ(Text(*config, "short"), "x");
}

TEST(StackConfigFile, MayHaveKeysOfTheOldForm) {
  const auto config = ReadStackConfig("config:\n  aws:config:region: eu-central-1\n  a:b:c: 1\n  config:config: 2\n", "FILE");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(Text(*config, "aws:region"), "eu-central-1");
  EXPECT_EQ(Text(*config, "a:b:c"), "1");
  EXPECT_EQ(Text(*config, "config:config"), "2");
  EXPECT_EQ(ReadStackConfig("config:\n  aws:region: a\n  aws:config:region: b\n", "FILE").status().message(),
            "FILE: line 3, column 3: this key stands twice; keep one of the two");
}

TEST(StackConfigFile, MayHaveNoConfig) {
  for (const char* text : {"", "# nothing\n", "encryptionsalt: x\n", "config:\n", "config: {}\n"}) {
    const auto config = ReadStackConfig(text, "FILE");
    ASSERT_TRUE(config.ok()) << text;
    EXPECT_TRUE(config->empty());
  }
}

TEST(StackConfigFile, ErrorsNameThePlace) {
  const auto error = [](const char* text) { return std::string(ReadStackConfig(text, "FILE").status().message()); };
  EXPECT_EQ(error("config:\n  a: [1\n"), "FILE: line 3, column 1: this is not valid YAML");
  EXPECT_EQ(error(","), "FILE: line 1, column 1: this is not valid YAML");  // which yaml-cpp reads as nothing
  EXPECT_EQ(error("config: {}\n---\nconfig: {a: 1}\n"), "FILE: line 2, column 1: a second document begins; keep the configuration in one");
  EXPECT_EQ(error("---\nconfig: {}\n"), "");
  EXPECT_EQ(error("- a\n"), "FILE: line 1, column 1: this is no stack configuration; it is an object with the key config");
  EXPECT_EQ(error("config: hunter2\n"), "FILE: line 1, column 9: config must be an object of keys such as aws:region");
  EXPECT_EQ(error("config:\n  [1]: x\n"), "FILE: line 2, column 3: a configuration key must be text");
  EXPECT_EQ(error("config:\n  a:b: 1\n  a:b: 2\n"), "FILE: line 3, column 3: this key stands twice; keep one of the two");
  EXPECT_EQ(error("config: {}\nconfig: {a: 1}\n"), "FILE: line 2, column 1: this key stands twice; keep one of the two");
  EXPECT_EQ(error("config:\n  a: {b: 1, b: 2}\n"), "FILE: line 2, column 13: this key stands twice; keep one of the two");
  EXPECT_EQ(error("config:\n  a: {[b]: 1}\n"), "FILE: line 2, column 7: a key must be text");
}

TEST(StackConfigFile, AliasesHaveABound) {
  const auto error = [](const std::string& text) { return std::string(ReadStackConfig(text, "FILE").status().message()); };
  EXPECT_EQ(error("config:\n  a: &a [*a]\n"), "FILE: line 2, column 6: this is nested deeper than 100 levels");
  std::string doubled = "config:\n  a0: &a0 [x]\n";
  for (int i = 1; i <= 60; ++i) {
    const std::string one = "a" + std::to_string(i), before = "*a" + std::to_string(i - 1);
    doubled += "  " + one + ": &" + one + " [" + before + ", " + before + "]\n";
  }
  EXPECT_THAT(error(doubled), ::testing::HasSubstr("the values of this key are too many"));
  EXPECT_THAT(error("config: {a: " + std::string(100'000, '[') + "}"), ::testing::StartsWith("FILE: "));
}

TEST(StackConfigFile, TextThatIsNoUtf8IsReplaced) {
  const auto config = ReadStackConfig("config:\n  a: [\"\xff\", \"\xed\xa0\x80\"]\n", "FILE");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_TRUE(nlohmann::json::accept(config->at("a").text));
}

}  // namespace
}  // namespace guardrails
