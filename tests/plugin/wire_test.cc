#include "analyzer/plugin/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "analyzer/value/encoding.h"
#include "tests/plugin/requests.h"

namespace guardrails {
namespace {

using nlohmann::json;
using testing::Secret;
using testing::ToStruct;
using ::testing::HasSubstr;

class WireTest : public ::testing::Test {
 protected:
  absl::StatusOr<Value> Decode(std::string bytes) {
    kept_.push_back(std::make_unique<std::string>(std::move(bytes)));
    return DecodeStruct(*kept_.back(), arena_);
  }
  Value Decode(const json& object) { return Decode(ToStruct(object).SerializeAsString()).value(); }

  Arena arena_;
  std::vector<std::unique_ptr<std::string>> kept_;
};

// A field with a length: `number`, and the bytes.
std::string Field(int number, const std::string& bytes) {
  EXPECT_LT(bytes.size(), 128u);
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}
std::string Entry(const std::string& key, const std::string& value) {
  return Field(1, Field(1, key) + Field(2, value));
}

TEST_F(WireTest, ReadsEveryKindOfValue) {
  const Value object = Decode(
      {{"yes", true}, {"no", false}, {"number", -2.5}, {"text", "grüße"}, {"list", {1, "two"}}, {"in", {{"x", 1}}}});
  EXPECT_TRUE(object["yes"].raw_bool());
  EXPECT_EQ(object["no"].kind(), Kind::kBool);
  EXPECT_EQ(object["number"].raw_number(), -2.5);
  EXPECT_EQ(object["text"].raw_string(), "grüße");
  EXPECT_EQ(object["list"].elements()[1].raw_string(), "two");
  EXPECT_EQ(object["in"]["x"].raw_number(), 1);
  EXPECT_TRUE(object["missing"].absent());
}

TEST_F(WireTest, NullIsAbsentWhetherItIsSaidOrNot) {
  EXPECT_TRUE(Decode({{"null", nullptr}})["null"].absent());
  EXPECT_TRUE(Decode(Entry("null", "")).value()["null"].absent());
}

TEST_F(WireTest, ReadsPulumisMarkersAtEveryDepth) {
  const Value object = Decode({{"unknown", testing::kUnknown},
                               {"secret", Secret({{"deep", testing::kUnknown}})},
                               {"list", {Secret("x"), testing::kUnknown}}});
  EXPECT_TRUE(object["unknown"].unknown());
  EXPECT_TRUE(object["secret"].secret());
  EXPECT_TRUE(object["secret"]["deep"].secret());
  EXPECT_TRUE(object["secret"]["deep"].unknown());
  EXPECT_TRUE(object["list"].elements()[0].secret());
  EXPECT_TRUE(object["list"].elements()[1].unknown());
}

TEST_F(WireTest, BookkeepingIsNoMemberButMarksWhatTheProviderFilledIn) {
  const Value object = Decode({{"__defaults", {"name"}}, {"name", "x-123"}, {"size", 1}});
  EXPECT_EQ(object.members().size(), 2u);
  EXPECT_TRUE(object["name"].defaulted());
  EXPECT_FALSE(object["size"].defaulted());
}

TEST_F(WireTest, StringsAreViewsIntoTheMessage) {
  const std::string bytes = ToStruct({{"k", "value"}}).SerializeAsString();
  const Value object = DecodeStruct(bytes, arena_).value();
  const char* at = object["k"].raw_string().data();
  EXPECT_TRUE(at >= bytes.data() && at < bytes.data() + bytes.size());
}

TEST_F(WireTest, ManyMembersAreRead) {
  json many;
  for (int i = 0; i < 1000; ++i) many["k" + std::to_string(i)] = i;
  const Value object = Decode(many);
  EXPECT_EQ(object.members().size(), 1000u);
  EXPECT_EQ(object["k999"].raw_number(), 999);
}

TEST_F(WireTest, NestingIsLimited) {
  const auto nested = [](int depth) {
    json value = 1;
    for (int i = 1; i < depth; ++i) value = json::array({value});
    return json{{"k", value}};
  };
  EXPECT_EQ(Decode(nested(100))["k"].kind(), Kind::kList);
  const auto deep = Decode(ToStruct(nested(101)).SerializeAsString());
  EXPECT_EQ(deep.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(deep.status().message()), HasSubstr("nested too deeply"));
}

struct Malformed {
  const char* what;
  std::string bytes;
};

class MalformedTest : public ::testing::TestWithParam<Malformed> {};

TEST_P(MalformedTest, IsInvalidArgument) {
  Arena arena;
  const auto value = DecodeStruct(GetParam().bytes, arena);
  EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument) << GetParam().what;
}

const std::string kTenBytes(10, '\xff');
const std::string kSignature(kSignatureKey);
INSTANTIATE_TEST_SUITE_P(
    All, MalformedTest,
    ::testing::Values(Malformed{"a tag without an end", "\xff"},
                      Malformed{"a tag longer than 64 bits", kTenBytes + "\x01"},
                      Malformed{"field number 0", std::string("\x02\x00", 2)},
                      Malformed{"a length beyond the end", "\x0a\x05x"},
                      Malformed{"a length without an end", "\x0a\xff"}, Malformed{"a group", "\x0b\x0c"},
                      Malformed{"fields that are a number", "\x08\x01"},
                      Malformed{"a key that is a number", Field(1, "\x08\x01")},
                      Malformed{"a value that is a number", Field(1, Field(1, "k") + "\x10\x01")},
                      Malformed{"two values for a key", Field(1, Field(1, "k") + Field(2, "") + Field(2, ""))},
                      Malformed{"two kinds in a value", Entry("k", Field(3, "a") + Field(3, "b"))},
                      Malformed{"a number of 4 bytes", Entry("k", "\x11\x01\x01\x01\x01")},
                      Malformed{"a bool that is text", Entry("k", Field(4, "x"))},
                      Malformed{"a list that is a number", Entry("k", "\x30\x01")},
                      Malformed{"text that is not UTF-8", Entry("k", Field(3, "\xc3\x28"))},
                      Malformed{"a surrogate", Entry("k", Field(3, "\xed\xa0\x80"))},
                      Malformed{"a key that is not UTF-8", Entry("\xff", "")},
                      Malformed{"a key twice", Entry("k", "") + Entry("k", "")},
                      Malformed{"an unknown signature", ToStruct({{"k", {{kSignature, "x"}}}}).SerializeAsString()},
                      Malformed{"a secret without a value",
                                ToStruct({{"k", {{kSignature, std::string(kSecretSignature)}}}}).SerializeAsString()}));

TEST(WireReaderTest, SkipsWhatItDoesNotKnow) {
  Arena arena;
  const std::string bytes = std::string("\x10\x01", 2) + "\x1d" + "abcd" + Entry("k", Field(3, "v"));
  EXPECT_EQ(DecodeStruct(bytes, arena).value()["k"].raw_string(), "v");
}

TEST(WireReaderTest, EveryTruncationIsAnErrorOrASmallerObject) {
  const std::string whole = ToStruct({{"a", {1, 2, {{"b", "text"}}}}, {"c", Secret("x")}}).SerializeAsString();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Arena arena;
    const auto value = DecodeStruct(std::string_view(whole).substr(0, size), arena);
    if (value.ok()) {
      EXPECT_LT(value->members().size(), 2u);
    }
  }
}

// Number, type, varint and bytes of each field, and last whether the message is malformed.
template <class Reader>
std::vector<std::string> Fields(Reader reader) {
  std::vector<std::string> out;
  for (WireField field; reader.Next(field); field = {})
    out.push_back(std::to_string(field.number) + ":" + std::to_string(static_cast<int>(field.type)) + ":" +
                  std::to_string(field.varint) + ":" + std::string(field.bytes));
  out.emplace_back(reader.malformed() ? "malformed" : "whole");
  return out;
}

// Every type of field, with lengths of one and of two bytes.
std::string FieldsOfEveryType() {
  const std::string number("\x10\xff\x01", 3), fixed32("\x1d" "wxyz", 5), fixed64("\x21" "stuvwxyz", 9);
  return Field(1, "short") + number + fixed32 + Field(5, "") + fixed64 + "\x0a\x96\x01" + std::string(150, 'x') +
         Field(6, "end");
}

TEST(PiecewiseReaderTest, ReadsWhereverTheMessageIsCut) {
  const std::string bytes = FieldsOfEveryType();
  const std::string_view whole = bytes;
  Arena arena;
  const auto expected = Fields(WireReader(whole));
  ASSERT_EQ(expected.size(), 8u);
  std::vector<std::string_view> single{""};
  for (std::size_t at = 0; at <= whole.size(); ++at) {
    const std::vector<std::string_view> two{whole.substr(0, at), "", whole.substr(at)};
    EXPECT_EQ(Fields(PiecewiseReader(two, arena)), expected) << at;
    if (at < whole.size()) single.push_back(whole.substr(at, 1));
  }
  EXPECT_EQ(Fields(PiecewiseReader(single, arena)), expected);
  EXPECT_EQ(Fields(PiecewiseReader({}, arena)), std::vector<std::string>{"whole"});
}

TEST(PiecewiseReaderTest, WhatIsMalformedIsSoInPieces) {
  const std::string bytes = FieldsOfEveryType();
  Arena arena;
  for (std::size_t size = 0; size < bytes.size(); ++size)
    for (const char* end : {"", "\x03", "\x0b", "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x02"}) {
      const std::string cut = bytes.substr(0, size) + end;
      const std::string_view whole = cut;
      const std::size_t at = whole.size() / 2;
      const std::vector<std::string_view> pieces{whole.substr(0, at), whole.substr(at)};
      EXPECT_EQ(Fields(PiecewiseReader(pieces, arena)), Fields(WireReader(whole))) << size;
    }
}

}  // namespace
}  // namespace guardrails
