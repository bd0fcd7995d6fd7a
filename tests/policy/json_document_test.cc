#include "analyzer/policy/json_document.h"

#include <gtest/gtest.h>

#include <string>

namespace guardrails {
namespace {

using Fault = JsonDocument::Fault;

std::string Nested(std::size_t depth, std::string_view open, std::string_view close) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += open;
  out += "1";
  for (std::size_t i = 0; i < depth; ++i) out += close;
  return out;
}

struct Document {
  const char* what;
  std::string text;
  Fault fault;
};

class JsonDocumentTest : public ::testing::TestWithParam<Document> {};

TEST_P(JsonDocumentTest, IsReadOrRefused) {
  const JsonDocument read = ParseJsonDocument(GetParam().text);
  EXPECT_EQ(read.fault, GetParam().fault) << GetParam().what;
  EXPECT_EQ(read.value.is_discarded(), read.fault != Fault::kNone) << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(
    All, JsonDocumentTest,
    ::testing::Values(
        Document{"an object", R"({"a": [1, {"b": null}], "c": "x"})", Fault::kNone},
        Document{"one key in two objects", R"([{"a": 1}, {"a": {"a": 2}}])", Fault::kNone},
        Document{"a hundred lists", Nested(100, "[", "]"), Fault::kNone},
        Document{"a hundred and one", Nested(101, "[", "]"), Fault::kTooDeep},
        Document{"a million lists", Nested(1'000'000, "[", "]"), Fault::kTooDeep},
        Document{"a million objects", Nested(1'000'000, R"({"a":)", "}"), Fault::kTooDeep},
        Document{"a key twice", R"({"a": 1, "b": 2, "a": 1})", Fault::kKeyTwice},
        Document{"a key twice within", R"([{"a": {"b": {}, "b": {}}}])", Fault::kKeyTwice},
        Document{"the same key, written in two ways", R"({"a": 1, "\u0061": 1})", Fault::kKeyTwice},
        Document{"no text", "", Fault::kSyntax}, Document{"half a list", "[[", Fault::kSyntax},
        Document{"more behind", "[] []", Fault::kSyntax}, Document{"invalid UTF-8", "\"\xff\"", Fault::kSyntax},
        Document{"a number beyond doubles", "[1e999]", Fault::kNumber}));

TEST(JsonDocumentTest, AFaultNamesItsPlace) {
  EXPECT_EQ(ParseJsonDocument("[1, x]").at, 4u);
  struct Case {
    const char *text, *key, *within;
  };
  for (const Case& c : {Case{R"({"a": {"b": 1, "b": 2}})", "b", "a"}, Case{R"({"b": {"c": 1}, "b": 2})", "b", ""},
                        Case{R"({"a": {"b": [{"c": 1}, 1e999]}})", "", "b"}, Case{R"({"a": {"b": 1}, "c": -1e999})", "", "c"},
                        Case{"[1e999]", "", ""}}) {
    EXPECT_EQ(ParseJsonDocument(c.text).key, c.key) << c.text;
    EXPECT_EQ(ParseJsonDocument(c.text).within, c.within) << c.text;
  }
}

}  // namespace
}  // namespace guardrails
