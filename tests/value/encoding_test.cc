#include "analyzer/value/encoding.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <deque>
#include <string>
#include <vector>

namespace guardrails {
namespace {

Member Signature(std::string_view signature) { return {kSignatureKey, Value::String(signature)}; }

TEST(EncodingTest, AllSevenSentinelsAreUnknown) {
  for (const std::string_view sentinel :
       {"1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58", "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"})
    EXPECT_TRUE(DecodeString(sentinel).unknown()) << sentinel;
  EXPECT_EQ(DecodeString("04da6b54-80e4-46f7-96ec-b56ff0331ba8").kind(), Kind::kString);
}

class DecodeObjectTest : public ::testing::Test {
 protected:
  absl::StatusOr<Value> Decode(std::vector<Member> members) { return DecodeObject(arena_, std::move(members), &parser_); }
  Arena arena_;
  PlaintextParser parser_ = [](std::string_view json) -> absl::StatusOr<Value> {
    if (json != "\"shown\"") return absl::InvalidArgumentError("not JSON");
    return Value::String("shown");
  };
};

TEST_F(DecodeObjectTest, ASecretKeepsItsValueAndSaysSo) {
  const auto value = Decode({Signature(kSecretSignature), {"value", Value::Number(3)}});
  EXPECT_TRUE(value->secret());
  EXPECT_EQ(value->raw_number(), 3);
}

TEST_F(DecodeObjectTest, ASecretOfUnknownIsUnknownAndSecret) {
  const auto value = Decode({Signature(kSecretSignature), {"value", Value::Unknown()}});
  EXPECT_TRUE(value->secret() && value->unknown());
}

TEST_F(DecodeObjectTest, CiphertextIsHiddenAndPlaintextIsParsed) {
  EXPECT_EQ(Decode({Signature(kSecretSignature), {"ciphertext", Value::String("v1:…")}})->kind(), Kind::kHidden);
  const auto shown = Decode({Signature(kSecretSignature), {"plaintext", Value::String("\"shown\"")}});
  EXPECT_EQ(shown->raw_string(), "shown");
  EXPECT_TRUE(shown->secret());
}

TEST_F(DecodeObjectTest, MalformedSignedObjectsAreErrors) {
  EXPECT_FALSE(Decode({Signature(kSecretSignature)}).ok());
  EXPECT_FALSE(Decode({Signature(kSecretSignature), {"plaintext", Value::String("{")}}).ok());
  EXPECT_FALSE(Decode({Signature("0000")}).ok());
  EXPECT_FALSE(Decode({Signature(kResourceReferenceSignature)}).ok());
  EXPECT_FALSE(Decode({Signature(kByteStringSignature), {"value", Value::String("%%%")}}).ok());
  EXPECT_FALSE(Decode({Signature(kFloatSignature), {"value", Value::String("7ff")}}).ok());
}

TEST_F(DecodeObjectTest, AReferenceIsTheIdOrTheUrnOfAComponent) {
  EXPECT_EQ(Decode({Signature(kResourceReferenceSignature), {"urn", Value::String("urn:c")}, {"id", Value::String("i-1")}})
                ->raw_string(), "i-1");
  EXPECT_EQ(Decode({Signature(kResourceReferenceSignature), {"urn", Value::String("urn:c")}})->raw_string(), "urn:c");
  EXPECT_TRUE(Decode({Signature(kResourceReferenceSignature), {"urn", Value::String("urn:c")}, {"id", Value::String("")}})
                  ->unknown());
}

TEST_F(DecodeObjectTest, AnOutputValueWithoutValueIsUnknown) {
  const auto value = Decode({Signature(kOutputValueSignature), {"secret", Value::Bool(true)}});
  EXPECT_TRUE(value->unknown() && value->secret());
  EXPECT_EQ(Decode({Signature(kOutputValueSignature), {"value", Value::Number(7)}})->raw_number(), 7);
}

TEST_F(DecodeObjectTest, AssetsBytesAndNonFiniteNumbersAreRead) {
  EXPECT_EQ(Decode({Signature(kAssetSignature), {"text", Value::String("hi")}})->kind(), Kind::kAsset);
  EXPECT_EQ(Decode({Signature(kArchiveSignature), {"path", Value::String("./app")}})->kind(), Kind::kArchive);
  EXPECT_EQ(Decode({Signature(kByteStringSignature), {"value", Value::String("aGk=")}})->raw_string(), "hi");
  EXPECT_TRUE(std::isinf(
      Decode({Signature(kFloatSignature), {"value", Value::String("7ff0000000000000")}})->raw_number()));
}

TEST_F(DecodeObjectTest, BookkeepingKeysVanishAndNamedDefaultsAreMarked) {
  const std::array names = {Value::String("name")};
  const auto value = Decode({{"__defaults", Value::List(names)}, {"name", Value::String("orders-1a2b")},
                             {"shardCount", Value::Number(2)}, {"__meta", Value::String("{}")}});
  EXPECT_EQ(value->members().size(), 2u);
  EXPECT_TRUE((*value)["name"].defaulted());
  EXPECT_FALSE((*value)["shardCount"].defaulted());
}

TEST_F(DecodeObjectTest, WhatIsNoStringNamesNoDefault) {
  const std::array names = {Value::Number(1), Value(), Value::Unknown(), Value::String("b")};
  const auto value = Decode({{"__defaults", Value::List(names)}, {"", Value::Number(1)}, {"b", Value::Number(2)}});
  EXPECT_FALSE((*value)[""].defaulted());
  EXPECT_TRUE((*value)["b"].defaulted());
}

// Every second member of an object is named, and a name that no member has; by as many names as make the product of
// both take half a minute.
TEST_F(DecodeObjectTest, ManyDefaultsAreMarkedAtOnce) {
  for (const std::size_t size : {6u, 20u, 100'000u}) {
    std::deque<std::string> keys;
    std::vector<Member> members;
    std::vector<Value> names = {Value::String("nobody")};
    for (std::size_t i = 0; i < size; ++i) {
      members.push_back({keys.emplace_back("p" + std::to_string(i)), Value::Number(1)});
      if (i % 2 == 1) names.push_back(Value::String(keys.back()));
    }
    members.push_back({"__defaults", Value::List(names)});
    const auto value = Decode(members);
    ASSERT_EQ(value->members().size(), size);
    for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(value->members()[i].value.defaulted(), i % 2 == 1) << keys[i];
  }
}

}  // namespace
}  // namespace guardrails
