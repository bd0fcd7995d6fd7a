#include "analyzer/input/syntax_fault.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace guardrails {
namespace {

// Where a parser of the whole text stops; nothing where it does not.
std::optional<std::size_t> FaultOf(const std::string& text) {
  try {
    const auto whole = nlohmann::json::parse(text);
    return whole.is_discarded() ? std::optional(text.size()) : std::nullopt;
  } catch (const nlohmann::json::parse_error& error) {
    return error.byte - 1;
  }
}

const std::string kTexts[] = {
    R"({"plain": "some words", "": "", "n": [12, -3.5e2, true, null, "x"]})",
    R"(["a\"b", "\\", "\\\"", "\/\b\f\n\r\t", "u\u00e9u", "\ud83d\ude00 \uABCD"])",
    "[\"gr\xc3\xbc\xc3\x9f\", \"\xe2\x82\xac\", \"\xf0\x9f\x98\x80!\", \"u\"]",
};

// Strings are read over there, but nothing else may change.
TEST(SyntaxFaultTest, IsWhereAParserOfEveryCharacterStops) {
  std::size_t faults = 0;
  const auto expect = [&](const std::string& text) {
    const auto fault = FaultOf(text);
    if (!fault) return;
    ++faults;
    EXPECT_EQ(FindSyntaxFault(text, true).offset, *fault) << text;
  };
  for (const std::string& text : kTexts)
    for (std::size_t i = 0; i < text.size(); ++i) {
      expect(text.substr(0, i));
      for (const char c : {'"', '\\', 'u', 'd', '0', 'x', ' ', '}', ',', '\x01', '\x7f', '\xc3', '\xbc', '\xff'}) {
        std::string other = text;
        other[i] = c;
        expect(other);
        expect(other.substr(0, i + 2));
      }
    }
  EXPECT_GT(faults, 1000u);
}

TEST(SyntaxFaultTest, OfALongStringIsFoundBehindIt) {
  const std::string words(1 << 20, 'x');
  EXPECT_EQ(FindSyntaxFault("[\"" + words + "\x01\"]", true).offset, 2 + words.size());
  EXPECT_EQ(FindSyntaxFault("[\"" + words, true).offset, 2 + words.size());
  EXPECT_EQ(FindSyntaxFault("[\"" + words + "\", 1 2]", true).offset, 7 + words.size());
}

}  // namespace
}  // namespace guardrails
