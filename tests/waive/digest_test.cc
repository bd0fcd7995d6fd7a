#include "analyzer/waive/digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/support/builder.h"

namespace guardrails {
namespace {

using testing::TestStack;
using ::testing::MatchesRegex;

constexpr const char* kType = "aws:kinesis/stream:Stream";

Guardrail Named(std::string_view name) {
  Guardrail g;
  g.name = name;
  return g;
}
const Guardrail kRule = Named("shards"), kOther = Named("other");

Finding Found(Value value, const Guardrail& rule = kRule, std::string_view property = "shardCount") {
  Finding f;
  f.guardrail = &rule;
  f.path = Path(property);
  f.found = value;
  return f;
}
Finding Said(Text words) {
  Finding f = Found(Value());
  f.found_text = std::move(words);
  return f;
}
Finding SaidOf(Value behind, Text words = "is too open") {
  Finding f = Said(std::move(words));
  f.behind = behind;
  return f;
}
const Place kHere{"urn:pulumi:dev::shop::aws:kinesis/stream:Stream::orders", kType, "orders"};
const Place kThere{"urn:pulumi:dev::shop::aws:kinesis/stream:Stream::other", kType, "other"};

TEST(Sha256Test, IsTheStandardOne) {
  EXPECT_EQ(Sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(FingerprintTest, TellsRulesPlacesAndPropertiesApartButNotValues) {
  const std::string one = Fingerprint(Found(Value::Number(1)), kHere);
  EXPECT_THAT(one, MatchesRegex("[0-9a-f]{64}"));
  EXPECT_EQ(Fingerprint(Found(Value::Number(2)), kHere), one);
  EXPECT_NE(Fingerprint(Found(Value::Number(1), kOther), kHere), one);
  EXPECT_NE(Fingerprint(Found(Value::Number(1), kRule, "shards"), kHere), one);
  EXPECT_NE(Fingerprint(Found(Value::Number(1)), kThere), one);
}

TEST(PlainDigestTest, IsTheSameForTheSameValueHoweverItIsWritten) {
  TestStack s;
  const Value ab = s.Object({{"a", Value::Number(1)}, {"b", s.Text("x")}});
  const Value ba = s.Object({{"b", s.Text("x")}, {"a", Value::Number(1)}, {"c", Value()}});
  const Value filled = s.Object({{"a", Value::Number(1)}, {"b", s.Text("x")}, {"z", s.Text("by AWS").AsDefaulted()}});
  EXPECT_EQ(PlainDigest(Found(ab)), PlainDigest(Found(ba)));
  EXPECT_EQ(PlainDigest(Found(ab)), PlainDigest(Found(filled)));
  EXPECT_EQ(PlainDigest(Found(Value())), PlainDigest(Found(s.Text("by AWS").AsDefaulted())));
}

TEST(PlainDigestTest, TellsValuesApart) {
  TestStack s;
  const std::vector<Finding> all = {
      Found(Value()),
      Found(Value::Unknown()),
      Found(Value::Invalid()),
      Found(Value::Bool(true)),
      Found(Value::Bool(false)),
      Found(Value::Number(1)),
      Found(Value::Number(1.5)),
      Found(s.Text("1")),
      Found(s.Text("")),
      Found(s.Text("ab")),
      Found(s.List({})),
      Found(s.List({s.Text("ab")})),
      Found(s.List({s.Text("a"), s.Text("b")})),
      Found(s.List({s.Text("b"), s.Text("a")})),
      Found(s.List({s.List({s.Text("a")}), s.Text("b")})),
      Found(s.Object({})),
      Found(s.Object({{"a", s.Text("b")}})),
      Found(s.Object({{"a", Value::Unknown()}})),
      Said("has no alarm"),
      Said("has two alarms"),
      SaidOf(Value()),
      SaidOf(s.Text("kms:DescribeKey")),
      SaidOf(s.Text("kms:*")),
      SaidOf(s.Text("kms:*"), "lets anyone in"),
      SaidOf(Value::Unknown()),
      Found(Value::Number(1), kOther),
      Found(Value::Number(1), kRule, "shards"),
  };
  std::set<std::string> digests;
  for (const Finding& f : all) {
    const auto digest = PlainDigest(f);
    ASSERT_TRUE(digest);
    EXPECT_THAT(*digest, MatchesRegex("sha256:[0-9a-f]{64}"));
    digests.insert(*digest);
  }
  EXPECT_EQ(digests.size(), all.size());
}

TEST(ValueDigestTest, OfAPlainValueIsThePlainOneOnEveryResource) {
  const Finding f = Found(Value::Number(1));
  EXPECT_EQ(ValueDigest(f, kHere), PlainDigest(f));
  EXPECT_EQ(ValueDigest(f, kThere), PlainDigest(f));
}

TEST(ValueDigestTest, NothingOfASecretIsPlain) {
  TestStack s;
  const Value secret = s.Text("hunter2").AsSecret();
  for (const Value& value : {secret, s.List({Value::Number(1), secret}), s.Object({{"a", s.Object({{"b", secret}})}})}) {
    EXPECT_EQ(PlainDigest(Found(value)), std::nullopt);
    const auto digest = ValueDigest(Found(value), kHere);
    ASSERT_TRUE(digest);
    EXPECT_THAT(*digest, MatchesRegex("pbkdf2:[0-9a-f]{64}"));
  }
}

TEST(ValueDigestTest, AValueThatIsToldInWordsIsPartOfIt) {
  TestStack s;
  EXPECT_EQ(PlainDigest(SaidOf(s.Text("by AWS").AsDefaulted())), PlainDigest(SaidOf(Value())));
  const Finding one = SaidOf(s.Text("hunter2").AsSecret()), two = SaidOf(s.Text("hunter3").AsSecret());
  EXPECT_EQ(PlainDigest(one), std::nullopt);
  EXPECT_THAT(ValueDigest(one, kHere).value(), MatchesRegex("pbkdf2:[0-9a-f]{64}"));
  EXPECT_NE(ValueDigest(one, kHere), ValueDigest(two, kHere));
  EXPECT_EQ(ValueDigest(SaidOf(Value::Hidden()), kHere), std::nullopt);
}

TEST(ValueDigestTest, ASecretsDigestFollowsTheSecretAndDoesNotShowWhoHasTheSame) {
  TestStack s;
  const Finding one = Found(s.Text("hunter2").AsSecret()), two = Found(s.Text("hunter3").AsSecret());
  EXPECT_EQ(ValueDigest(one, kHere), ValueDigest(one, kHere));
  EXPECT_NE(ValueDigest(one, kHere), ValueDigest(two, kHere));
  EXPECT_NE(ValueDigest(one, kHere), ValueDigest(one, kThere));
}

TEST(ValueDigestTest, WhatTheSourceWithholdsHasNone) {
  TestStack s;
  for (const Value& value : {Value::Hidden(), s.List({Value::Hidden()}), s.List({Value::Hidden(), s.Text("x").AsSecret()})}) {
    EXPECT_EQ(ValueDigest(Found(value), kHere), std::nullopt);
  }
}

}  // namespace
}  // namespace guardrails
