// How text for people may look: colours, characters and width of where it is shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails {

struct Look {
  bool colour = false;
  bool unicode = true;
  std::size_t width = 0;  // columns to wrap at; 0: long lines stay whole
};

enum class Colour { kBold, kDim, kRed, kGreen, kYellow, kCyan };
std::string Paint(const Look& look, Colour colour, std::string_view text);

// `text` as one line that does nothing to a terminal: control and direction characters and bytes that are no UTF-8
// are replaced; without Unicode everything beyond ASCII is.
std::string Printable(const Look& look, std::string_view text);

// The words of `text` in lines of at most look.width columns, each behind `indent` spaces, with a line break at the
// end. A longer word keeps a line of its own.
std::string Wrapped(const Look& look, std::size_t indent, std::string_view text);

// "1 violation", "2 violations".
std::string Counted(std::size_t count, std::string_view what);

}  // namespace guardrails
