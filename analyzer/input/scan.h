// Steps over JSON values without parsing them: only strings and brackets are followed, 64 bytes at a time.
#pragma once

#include <cstddef>
#include <string_view>

namespace guardrails {

// How many bytes behind a text must be readable.
inline constexpr std::size_t kScanRoom = 64;

inline constexpr std::string_view kJsonBlank = " \t\r\n";

// The offset behind the value that begins at `begin`: an object, a list, a string or a word. The text's end if the
// value does not end before it, `begin` if there is none. `text` must be followed by kScanRoom readable bytes.
std::size_t SkipValue(std::string_view text, std::size_t begin);

}  // namespace guardrails
