#include "analyzer/input/scan.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace guardrails {
namespace {

// Of 64 characters, a bit for each that is of the kind.
struct Block {
  std::uint64_t quotes = 0, backslashes = 0, brackets = 0, opening = 0;
};

#ifdef __SSE2__

std::uint64_t Bits(__m128i matches, int at) {
  return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(matches))) << at;
}

Block Classify(const char* text) {
  Block out;
  for (int at = 0; at < 64; at += 16) {
    const __m128i chars = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at));
    // '[' and '{', and ']' and '}', differ in one bit only.
    const __m128i folded = _mm_or_si128(chars, _mm_set1_epi8(0x20));
    const __m128i opening = _mm_cmpeq_epi8(folded, _mm_set1_epi8('{'));
    out.quotes |= Bits(_mm_cmpeq_epi8(chars, _mm_set1_epi8('"')), at);
    out.backslashes |= Bits(_mm_cmpeq_epi8(chars, _mm_set1_epi8('\\')), at);
    out.opening |= Bits(opening, at);
    out.brackets |= Bits(_mm_or_si128(opening, _mm_cmpeq_epi8(folded, _mm_set1_epi8('}'))), at);
  }
  return out;
}

#else

Block Classify(const char* text) {
  Block out;
  for (int at = 0; at < 64; ++at) {
    const char c = text[at];
    const std::uint64_t bit = std::uint64_t{1} << at;
    if (c == '"') out.quotes |= bit;
    if (c == '\\') out.backslashes |= bit;
    if (c == '{' || c == '[') out.opening |= bit;
    if (c == '{' || c == '[' || c == '}' || c == ']') out.brackets |= bit;
  }
  return out;
}

#endif

// The characters behind an escaping backslash. `carry`: the first one is, of the block before; then of the next block.
std::uint64_t Escaped(std::uint64_t backslashes, bool& carry) {
  std::uint64_t escaped = carry ? 1 : 0;
  carry = false;
  for (; backslashes != 0; backslashes &= backslashes - 1) {
    const int at = std::countr_zero(backslashes);
    if ((escaped >> at & 1) != 0) continue;
    if (at == 63) {
      carry = true;
    } else {
      escaped |= std::uint64_t{2} << at;
    }
  }
  return escaped;
}

// Each bit is the parity of the bits up to it: from a quote on, inside.
std::uint64_t Inside(std::uint64_t quotes) {
  for (int shift = 1; shift < 64; shift *= 2) quotes ^= quotes << shift;
  return quotes;
}

std::size_t SkipNested(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  std::uint64_t in_string = 0;  // all ones while a block begins inside a string
  bool carry = false;
  for (std::size_t at = begin; at < text.size(); at += 64) {
    const Block block = Classify(text.data() + at);
    const std::uint64_t strings = Inside(block.quotes & ~Escaped(block.backslashes, carry)) ^ in_string;
    in_string = strings >> 63 != 0 ? ~std::uint64_t{0} : 0;
    for (std::uint64_t left = block.brackets & ~strings; left != 0; left &= left - 1) {
      const int bit = std::countr_zero(left);
      depth += (block.opening >> bit & 1) != 0 ? std::size_t{1} : ~std::size_t{0};
      if (depth == 0) return std::min(at + static_cast<std::size_t>(bit) + 1, text.size());
    }
  }
  return text.size();
}

std::size_t SkipString(std::string_view text, std::size_t begin) {
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return text.size();
}

std::size_t SkipWord(std::string_view text, std::size_t begin) {
  return std::min(text.find_first_of(" \t\r\n,:]}[{\"", begin), text.size());
}

}  // namespace

std::size_t SkipValue(std::string_view text, std::size_t begin) {
  if (begin >= text.size()) return text.size();
  switch (text[begin]) {
    case '{':
    case '[': return SkipNested(text, begin);
    case '"': return SkipString(text, begin);
    default: return SkipWord(text, begin);
  }
}

}  // namespace guardrails
