// UTF-8, one character after the other.
#pragma once

#include <cstddef>
#include <string_view>

namespace guardrails {

struct Character {
  char32_t code = 0;
  std::size_t size = 0;  // in bytes; 0: the bytes are no character
};

// The first character of a text that is not empty. Overlong forms and surrogates are none.
Character FirstCharacter(std::string_view text);

// Whether a text is made of characters: what protobuf and JSON take for one.
bool IsUtf8(std::string_view text);

// At most so many bytes of a text, and no part of a character.
std::string_view CutAt(std::string_view text, std::size_t bytes);

}  // namespace guardrails
