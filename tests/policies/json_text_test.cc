#include "policies/aws/json_text.h"

#include <gtest/gtest.h>

#include <string>

namespace fastcart {
namespace {

using guardrails::Arena;
using guardrails::Kind;
using guardrails::Value;

TEST(JsonTextTest, ATextIsWhatItHolds) {
  Arena arena;
  std::string text = R"([{"name": "app", "cpu": 256, "essential": true, "user": null, "links": []}])";
  const Value list = ParseJsonText(arena, text);
  text.assign(text.size(), ' ');  // the value does not live on the text
  ASSERT_EQ(list.elements().size(), 1u);
  const Value app = list.elements()[0];
  EXPECT_EQ(app["name"].raw_string(), "app");
  EXPECT_EQ(app["cpu"].raw_number(), 256);
  EXPECT_TRUE(app["essential"].raw_bool());
  EXPECT_TRUE(app["user"].absent());
  EXPECT_EQ(app["links"].kind(), Kind::kList);
}

TEST(JsonTextTest, ASentinelInsideIsUnknown) {
  Arena arena;
  const Value value =
      ParseJsonText(arena, R"({"group": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "region": "eu-west-1"})");
  EXPECT_TRUE(value["group"].unknown());
  EXPECT_TRUE(value["region"].known());
}

TEST(JsonTextTest, WhatIsNoJsonIsInvalid) {
  Arena arena;
  for (const char* text : {"", "[{", "{'a': 1}", "[1] [2]", "\xff", "1e999", R"([{"a": 1, "a": 1}])"})
    EXPECT_EQ(ParseJsonText(arena, text).kind(), Kind::kInvalid) << text;
}

TEST(JsonTextTest, DepthHasABound) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  const auto deepest = [](Value value) {
    while (value.kind() == Kind::kList && !value.elements().empty()) value = value.elements()[0];
    return value.kind();
  };
  Arena arena;
  EXPECT_EQ(deepest(ParseJsonText(arena, nested(100))), Kind::kList);
  EXPECT_EQ(deepest(ParseJsonText(arena, nested(10'000))), Kind::kInvalid);
}

}  // namespace
}  // namespace fastcart
