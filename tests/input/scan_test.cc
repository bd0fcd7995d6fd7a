// The scan that steps over values, against a plain one.
#include "analyzer/input/scan.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

namespace guardrails {
namespace {

std::size_t Skip(const std::string& text, std::size_t begin = 0) {
  const std::string padded = text + std::string(kScanRoom, '\0');
  return SkipValue(std::string_view(padded).substr(0, text.size()), begin);
}

// One character after the other. Outside of strings, where JSON has no backslash, one shields a quote as well.
std::size_t SlowSkip(const std::string& text) {
  std::size_t depth = 0;
  bool in_string = false, escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool shielded = std::exchange(escaped, c == '\\' && !escaped);
    if (c == '"' && !shielded) in_string = !in_string;
    if (in_string) continue;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return i + 1;
  }
  return text.size();
}

TEST(SkipValue, EndsBehindTheValue) {
  EXPECT_EQ(Skip("{}"), 2U);
  EXPECT_EQ(Skip("[1, [2]], 3"), 8U);
  EXPECT_EQ(Skip(R"({"a]\"}": "}"}x)"), 14U);
  EXPECT_EQ(Skip(R"("a\"b", 1)"), 6U);
  EXPECT_EQ(Skip("true,"), 4U);
  EXPECT_EQ(Skip("-1.5e3 "), 6U);
  EXPECT_EQ(Skip("x [1]", 2), 5U);
}

TEST(SkipValue, OfWhatDoesNotEndIsTheEnd) {
  for (const std::string text : {"{", "[1, 2", "\"a", "\"a\\", "{\"a\": \"}", "{\"a\\"}) EXPECT_EQ(Skip(text), text.size()) << text;
  EXPECT_EQ(Skip("}"), 0U);
  EXPECT_EQ(Skip(",1"), 0U);
  EXPECT_EQ(Skip(""), 0U);
}

TEST(SkipValue, FindsTheSameEndAsAPlainScan) {
  std::mt19937 random(20260101);
  const std::string characters = R"({}[]""\\\,:a 1)";
  for (int round = 0; round < 50'000; ++round) {
    std::string text = "{";
    const std::size_t size = random() % 300;
    while (text.size() < size) text += characters[random() % characters.size()];
    ASSERT_EQ(Skip(text), SlowSkip(text)) << text;
  }
}

TEST(SkipValue, CountsBackslashesAcrossBlocks) {
  for (std::size_t backslashes = 0; backslashes < 140; ++backslashes) {
    const std::string text = "[\"" + std::string(backslashes, '\\') + "\"]\"]";
    EXPECT_EQ(Skip(text), SlowSkip(text)) << backslashes;
  }
}

}  // namespace
}  // namespace guardrails
