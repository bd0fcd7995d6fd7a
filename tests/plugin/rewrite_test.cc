#include "analyzer/plugin/rewrite.h"

#include <gtest/gtest.h>

#include "tests/plugin/requests.h"

namespace guardrails {
namespace {

using nlohmann::json;
using testing::kUnknown;
using testing::Secret;
using testing::ToStruct;

struct Case {
  const char* what;
  json before;
  Path path;
  NewValue value;
  json after;
};

class RewriteTest : public ::testing::TestWithParam<Case> {};

TEST_P(RewriteTest, ChangesWhatItNamesAndNothingElse) {
  const Case& c = GetParam();
  google::protobuf::Struct properties = ToStruct(c.before);
  const bool changed = ApplyChange({c.path, c.value, "why"}, properties);
  EXPECT_EQ(ToJson(properties), c.after) << c.what;
  EXPECT_EQ(changed, c.before != c.after) << c.what;
}

const std::vector<std::string> kTwo = {"a", "b"};
const json kRest = {{"__defaults", {"x"}}, {"u", kUnknown}, {"s", Secret("p")}, {"n", nullptr}};
json With(json extra) {
  json out = kRest;
  out.update(extra);
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    All, RewriteTest,
    ::testing::Values(
        Case{"a new member", kRest, Path("b"), true, With({{"b", true}})},
        Case{"another value", With({{"b", false}}), Path("b"), true, With({{"b", true}})},
        Case{"another type", With({{"b", "no"}}), Path("b"), 3.0, With({{"b", 3}})},
        Case{"the same value", With({{"b", "yes"}}), Path("b"), std::string("yes"), With({{"b", "yes"}})},
        Case{"a list", With({{"b", {"a"}}}), Path("b"), kTwo, With({{"b", {"a", "b"}}})},
        Case{"the same list", With({{"b", {"a", "b"}}}), Path("b"), kTwo, With({{"b", {"a", "b"}}})},
        Case{"null at the end", kRest, Path("n"), 1.0, With({{"n", 1}})},
        Case{"inside an object", With({{"o", {{"k", 1}}}}), Path("o") / "m", 2.0, With({{"o", {{"k", 1}, {"m", 2}}}})},
        Case{"objects on the way", kRest, Path("n") / "a" / "b", true, With({{"n", {{"a", {{"b", true}}}}}})},
        Case{"inside a list", With({{"l", {{{"k", 1}}, 2}}}), Path("l") / 0u / "k", 9.0,
             With({{"l", {{{"k", 9}}, 2}}})},
        Case{"a secret stays one", kRest, Path("s"), std::string("q"), With({{"s", Secret("q")}})},
        Case{"a secret with that value", kRest, Path("s"), std::string("p"), kRest},
        Case{"inside a secret", With({{"s", Secret({{"k", 1}})}}), Path("s") / "k", 2.0,
             With({{"s", Secret({{"k", 2}})}})},
        Case{"a secret inside an object", With({{"o", {{"k", Secret(1)}}}}), Path("o") / "k", 2.0,
             With({{"o", {{"k", Secret(2)}}}})},
        Case{"an unknown in the way", kRest, Path("u") / "k", true, kRest},
        Case{"text in the way", With({{"t", "x"}}), Path("t") / "k", true, With({{"t", "x"}})},
        Case{"the element behind the last", With({{"l", {1}}}), Path("l") / 1u, 2.0, With({{"l", {1, 2}}})},
        Case{"no such element", With({{"l", {1}}}), Path("l") / 2u, true, With({{"l", {1}}})},
        Case{"lists on the way", kRest, Path("n") / 0u / "k", true,
             With({{"n", json::array({json{{"k", true}}})}})},
        Case{"an unknown in the way of a list", kRest, Path("u") / 0u / "k", true, kRest},
        Case{"text in the way of a list", With({{"t", "x"}}), Path("t") / 0u, true, With({{"t", "x"}})},
        Case{"no path", kRest, Path(), true, kRest}));

TEST(RewriteUnknownTest, AnUnknownAtTheEndIsReplaced) {
  google::protobuf::Struct properties = ToStruct({{"u", kUnknown}});
  EXPECT_TRUE(ApplyChange({Path("u"), 2.0, "why"}, properties));
  EXPECT_EQ(ToJson(properties), json({{"u", 2}}));
}

}  // namespace
}  // namespace guardrails
