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

}  // namespace guardrails
