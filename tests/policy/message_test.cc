#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "analyzer/policy/finding.h"
#include "analyzer/policy/require.h"

namespace guardrails {
namespace {

// Runs one judgement on `value` at "property" of the resource "orders" and returns what it said.
template <class Judge>
std::string Said(const Value& value, Judge judge) {
  Resource resource;
  resource.name = "orders";
  std::vector<Finding> findings;
  Sink out(nullptr, &resource, findings);
  judge(out, Property(Path("property"), value));
  return findings.empty() ? "" : Message(findings.front()).str();
}

TEST(RequireTest, EachCaseOfABooleanHasItsAnswer) {
  const auto judge = [](Sink& out, const Property& p) { RequireTrue(out, p, AwsUses::kFalse, "set property=True"); };
  EXPECT_EQ(Said(Value::Bool(true), judge), "");
  EXPECT_EQ(Said(Value::Bool(false), judge), "orders: property is false; wanted: true. Fix: set property=True");
  EXPECT_EQ(Said(Value(), judge), "orders: property is not set (AWS uses false); wanted: true. Fix: set property=True");
  EXPECT_EQ(Said(Value::Bool(false).AsDefaulted(), judge), Said(Value(), judge));
  EXPECT_EQ(Said(Value::String("true"), judge), "orders: property is \"true\"; wanted: true. Fix: set property=True");
  EXPECT_EQ(Said(Value::Unknown(), judge),
            "orders: property: not decided: its value is not known before the update, which decides it; wanted: true.");
  EXPECT_EQ(Said(Value::Hidden(), judge),
            "orders: property: not decided: its value is a secret that the file withholds; wanted: true.");
  EXPECT_EQ(Said(Value::Bool(false).AsSecret(), judge),
            "orders: property is [secret]; wanted: true. Fix: set property=True");
}

TEST(MessageTest, HoldsNoControlCharacterOfANameOrAPath) {
  Resource resource;
  resource.name = "a\x1b[2J\nb\xc2\x9bm";
  Finding f;
  f.resource = &resource;
  f.path = Path("k\x1b]0;x\x07y");
  f.expected = "1";
  const std::string said = Message(f).str();
  EXPECT_EQ(said.find("a [2J b m: "), 0u) << said;
  EXPECT_EQ(said.find_first_of("\x1b\n\x07\x9b"), std::string::npos) << said;
  resource.name = "größe→日";
  EXPECT_EQ(Text::Name(resource).str(), "größe→日") << "characters of other alphabets stay";
}

TEST(MessageTest, AViolationInWordsDoesNotShowItsValue) {
  const auto judge = [](Sink& out, const Property& p) { out.ViolationInWords(p, "is plain text", "a secret", "fix"); };
  EXPECT_EQ(Said(Value::String("hunter2"), judge), "orders: property is plain text; wanted: a secret. Fix: fix");
}

TEST(RequireTest, AbsentIsComplianceOnlyWhereAwsComplies) {
  EXPECT_EQ(Said(Value(), [](Sink& out, const Property& p) { RequireFalse(out, p, AwsUses::kFalse, "fix"); }), "");
}

TEST(RequireTest, ANumberMustBeWholeAndLargeEnough) {
  const auto judge = [](Sink& out, const Property& p) { RequireAtLeast(out, p, 2, 1, "fix"); };
  EXPECT_EQ(Said(Value::Number(2), judge), "");
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const Value& bad : {Value::Number(1), Value::Number(2.5), Value::Number(kInfinity), Value::Number(-kInfinity),
                           Value::Number(std::nan("")), Value::String("2"), Value()}) {
    EXPECT_NE(Said(bad, judge), "");
    EXPECT_FALSE(IsAtLeast(Property(Path("property"), bad), 2, 1));
  }
}

TEST(RequireTest, ATextMustBeOneOfTheWanted) {
  const auto judge = [](Sink& out, const Property& p) { RequireText(out, p, "KMS", "NONE", "fix"); };
  EXPECT_EQ(Said(Value::String("KMS"), judge), "");
  EXPECT_EQ(Said(Value::String("kms"), judge), "orders: property is \"kms\"; wanted: KMS. Fix: fix");
  EXPECT_EQ(Said(Value(), judge), "orders: property is not set (AWS uses NONE); wanted: KMS. Fix: fix");
}

TEST(MessageTest, ShowsAnObjectAlikeInWhateverOrderItCame) {
  const std::array one = {Member{"a", Value::Number(1)}, Member{"b", Value::Number(2)}};
  const std::array other = {Member{"b", Value::Number(2)}, Member{"a", Value::Number(1)}};
  EXPECT_EQ(Text::Of(Value::Object(one)).str(), "{a: 1, b: 2}");
  EXPECT_EQ(Text::Of(Value::Object(other)).str(), "{a: 1, b: 2}");
}

TEST(MessageTest, NamesWhatIsInTheWayOfAProperty) {
  const auto said = [](const Value& root, const Path& path) {
    const Member input{"network", root};
    Resource resource;
    resource.name = "orders";
    resource.inputs = Value::Object(std::span(&input, 1));
    std::vector<Finding> findings;
    Sink(nullptr, &resource, findings).Violation({path, Value::Invalid()}, "true", "");
    return Message(findings.front()).str();
  };
  const Path path = Path("network") / "ips" / 0 / "public";
  EXPECT_EQ(said(Value::String("x"), path),
            "orders: network.ips[0].public cannot be read: network is a string; wanted: true.");
  const Member ips{"ips", Value::Bool(true)};
  EXPECT_EQ(said(Value::Object(std::span(&ips, 1)), path),
            "orders: network.ips[0].public cannot be read: network.ips is a boolean; wanted: true.");
  const Value number = Value::Number(1);
  const Member list{"ips", Value::List(std::span(&number, 1))};
  EXPECT_EQ(said(Value::Object(std::span(&list, 1)).AsSecret(), path),
            "orders: network.ips[0].public cannot be read: network.ips[0] is a number; wanted: true.");
  EXPECT_EQ(said(Value(), path), "orders: network.ips[0].public is invalid; wanted: true.") << "of another place";
}

TEST(TextTest, NoSecretIsShownAtAnyDepth) {
  const std::array inner = {Member{"password", Value::String("hunter2").AsSecret()}, Member{"user", Value::String("a")}};
  const std::array list = {Value::Object(inner)};
  EXPECT_EQ(Text::Of(Value::List(list)).str(), "[{password: [secret], user: \"a\"}]");
  EXPECT_EQ(Text::Of(Value::Object(inner).AsSecret()).str(), "[secret]");
  EXPECT_EQ(Text::Part(Value::String("hunter2").AsSecret(), "hunter").str(), "[secret]");
}

TEST(TextTest, LongTextIsCutBetweenCharactersAndControlCharactersAreNotShown) {
  const std::string long_text(300, 'x'), umlauts = std::string(159, 'x') + "äää";
  EXPECT_LT(Text::Of(Value::String(long_text)).str().size(), 180u);
  EXPECT_EQ(Text::Part(Value::String(umlauts), umlauts).str(), std::string(159, 'x') + "…");
  EXPECT_EQ(Text::Of(Value::String("a\x1b[31m\nb")).str(), "\"a [31m b\"");
}

TEST(TextTest, NumbersAreWrittenAsPeopleDo) {
  EXPECT_EQ(Text::Number(2).str(), "2");
  EXPECT_EQ(Text::Number(2.5).str(), "2.5");
}

}  // namespace
}  // namespace guardrails
