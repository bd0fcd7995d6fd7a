#include "analyzer/value/utf8.h"

#include <cstdint>
#include <cstring>

namespace guardrails {
namespace {

std::size_t SizeOf(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

// Most text is ASCII: how much of its beginning, a word at a time.
std::size_t AsciiPrefix(std::string_view text) {
  constexpr std::size_t kWord = 8;
  const auto is_ascii = [text](std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, kWord);
    return (word & 0x8080808080808080u) == 0;
  };
  std::size_t i = 0;
  while (i + kWord <= text.size() && is_ascii(i)) i += kWord;
  // The rest by the text's last word, whose first bytes are looked at again.
  if (text.size() >= kWord && i + kWord > text.size() && is_ascii(text.size() - kWord)) return text.size();
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return i;
}

}  // namespace

Character FirstCharacter(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = SizeOf(lead);
  if (size == 0 || size > text.size()) return {};
  char32_t code = size == 1 ? lead : lead & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte & 0x3Fu);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  return overlong || surrogate || code > 0x10FFFF ? Character{} : Character{code, size};
}

bool IsUtf8(std::string_view text) {
  for (text.remove_prefix(AsciiPrefix(text)); !text.empty();) {
    const std::size_t size = FirstCharacter(text).size;
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string_view CutAt(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

}  // namespace guardrails
