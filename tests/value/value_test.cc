#include "analyzer/value/value.h"

#include <gtest/gtest.h>

#include <array>

#include "analyzer/value/property.h"

namespace guardrails {
namespace {

template <class T>
std::string Answer(const Reading<T>& reading) {
  return std::visit(Overloaded{
                        [](Absent) { return "absent"; },
                        [](Unknown) { return "unknown"; },
                        [](Mistyped) { return "mistyped"; },
                        [](const Known<T>&) { return "known"; },
                    },
                    reading);
}

TEST(ValueTest, ReadingSaysWhichOfTheFourCasesItIs) {
  EXPECT_EQ(Answer(Value().ReadBool()), "absent");
  EXPECT_EQ(Answer(Value::Unknown().ReadBool()), "unknown");
  EXPECT_EQ(Answer(Value::Hidden().ReadBool()), "unknown");
  EXPECT_EQ(Answer(Value::String("true").ReadBool()), "mistyped");
  EXPECT_EQ(Answer(Value::Bool(false).ReadBool()), "known");
  EXPECT_EQ(Answer(Value::Invalid().ReadString()), "mistyped");
}

TEST(ValueTest, MemberOfUnknownIsUnknownAndOfAbsentIsAbsent) {
  EXPECT_TRUE(Value::Unknown()["assignPublicIp"].unknown());
  EXPECT_TRUE(Value()["assignPublicIp"].absent());
  EXPECT_EQ(Value::String("text")["assignPublicIp"].kind(), Kind::kInvalid);
}

TEST(ValueTest, MembersOfASecretAreSecret) {
  const std::array members = {Member{"password", Value::String("hunter2")}};
  const Value secret = Value::Object(members).AsSecret();
  EXPECT_TRUE(secret["password"].secret());
  EXPECT_TRUE(secret["missing"].absent());
  EXPECT_TRUE(Value::Hidden()["anything"].secret());
}

TEST(PropertyTest, ElementsInheritSecrecyAndSayWhereTheyStand) {
  const std::array elements = {Value::String("a"), Value::Unknown()};
  const Property list(Path("subnets"), Value::List(elements).AsSecret());
  const auto reading = list.ReadList();
  const auto* items = IfKnown(reading);
  ASSERT_NE(items, nullptr);
  EXPECT_EQ((*items)[1].path().ToString(), "subnets[1]");
  EXPECT_TRUE((*items)[0].secret());
}

TEST(PropertyTest, KeysInsideASecretAreNotShown) {
  const std::array members = {Member{"hunter2", Value::Bool(true)}};
  const auto reading = Property(Path("tags"), Value::Object(members).AsSecret()).ReadObject();
  EXPECT_EQ(IfKnown(reading)->front().second.path().ToString(), "tags[\"[secret]\"]");
}

TEST(PathTest, IsWrittenAsPulumiWritesIt) {
  EXPECT_EQ((Path("tags") / "app.kubernetes.io/name").ToString(), "tags[\"app.kubernetes.io/name\"]");
  EXPECT_EQ((Path("ingress") / std::size_t{2} / "fromPort").ToString(), "ingress[2].fromPort");
  EXPECT_EQ(Path().ToString(), "");
}

TEST(PathTest, GrowsAndShrinksBeyondItsInlineRoom) {
  Path path("a");
  for (const char* key : {"b", "c", "d", "e", "f"}) path.Append(key);
  EXPECT_EQ(path.ToString(), "a.b.c.d.e.f");
  for (int i = 0; i < 4; ++i) path.RemoveLast();
  EXPECT_EQ(path.ToString(), "a.b");
  EXPECT_EQ((path / std::size_t{3}).ToString(), "a.b[3]");
  path.RemoveLast();
  path.RemoveLast();
  EXPECT_TRUE(path.empty());
  path.Append("x");
  EXPECT_EQ(path.ToString(), "x");
}

TEST(ValueTest, SameKnownComparesContentAndNothingUnknown) {
  const std::array a = {Member{"x", Value::Number(1)}, Member{"y", Value::Bool(true)}};
  const std::array b = {Member{"y", Value::Bool(true)}, Member{"x", Value::Number(1)}};
  EXPECT_TRUE(SameKnown(Value::Object(a), Value::Object(b)));
  EXPECT_FALSE(SameKnown(Value::Unknown(), Value::Unknown()));
  EXPECT_FALSE(SameKnown(Value::Number(1), Value::String("1")));
}

}  // namespace
}  // namespace guardrails
