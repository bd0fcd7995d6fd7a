// Why a text is not JSON, and where: what simdjson does not say.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails {

// How deep values may be nested. Pulumi's own are below 40.
inline constexpr std::size_t kMaxJsonDepth = 128;

struct SyntaxFault {
  std::size_t offset = 0;  // in the text
  std::string what;        // with the remedy, without anything of the text
};

// The first fault of a text that simdjson refuses. `to_the_end`: behind the text, the file ends.
SyntaxFault FindSyntaxFault(std::string_view text, bool to_the_end);

}  // namespace guardrails
