#include "analyzer/value/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace guardrails {
namespace {

TEST(Utf8Test, LooksAtEveryByte) {
  for (std::size_t size = 1; size < 30; ++size)
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      EXPECT_TRUE(IsUtf8(text));
      text[at] = '\xff';
      EXPECT_FALSE(IsUtf8(text)) << at << " of " << size;
    }
}

TEST(Utf8Test, AgreesWithTheStandard) {
  for (const char* good : {"", "plain", "é", "€", "😀", "0123456789abcdef€", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(IsUtf8(good));
  for (const char* bad : {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5",
                          "01234567\xff", "\xe2\x82"})
    EXPECT_FALSE(IsUtf8(bad));
}

TEST(Utf8Test, IsCutBetweenCharacters) {
  const std::string text = "a€😀b";  // 1, 3, 4 and 1 bytes
  const std::string_view cuts[] = {"", "a", "a", "a", "a€", "a€", "a€", "a€", "a€😀", text, text};
  for (std::size_t bytes = 0; bytes < std::size(cuts); ++bytes) EXPECT_EQ(CutAt(text, bytes), cuts[bytes]) << bytes;
  EXPECT_EQ(CutAt("", 3), "");
  EXPECT_EQ(CutAt("\x80\x80\x80", 2), "") << "no character at all";
}

}  // namespace
}  // namespace guardrails
