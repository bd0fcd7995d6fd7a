#include "analyzer/report/look.h"

#include <fmt/format.h>

#include "analyzer/report/escape.h"
#include "analyzer/value/utf8.h"

namespace guardrails {
namespace {

std::string_view Code(Colour colour) {
  switch (colour) {
    case Colour::kBold: return "1";
    case Colour::kDim: return "2";
    case Colour::kRed: return "31";
    case Colour::kGreen: return "32";
    case Colour::kYellow: return "33";
    case Colour::kCyan: return "36";
  }
  return "0";
}

std::string_view InAscii(char32_t code) {
  switch (code) {
    case U'…': return "...";
    case U'→': return "->";
    case U'–':
    case U'—': return "-";
    case U'✗': return "x";
    case U'·': return "-";
    default: return "?";
  }
}

std::size_t Columns(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++columns;
  return columns;
}

}  // namespace

std::string Paint(const Look& look, Colour colour, std::string_view text) {
  return look.colour ? fmt::format("\x1b[{}m{}\x1b[0m", Code(colour), text) : std::string(text);
}

std::string Printable(const Look& look, std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character c = FirstCharacter(text);
    const std::size_t size = c.size == 0 ? 1 : c.size;
    if (c.size == 0) {
      out += look.unicode ? "\uFFFD" : "?";
    } else if (Disturbs(c.code)) {
      out += c.code == U'\n' || c.code == U'\t' ? ' ' : '?';
    } else if (c.code < 0x80 || look.unicode) {
      out += text.substr(0, size);
    } else {
      out += InAscii(c.code);
    }
    text.remove_prefix(size);
  }
  return out;
}

std::string Wrapped(const Look& look, std::size_t indent, std::string_view text) {
  const std::string margin(indent, ' ');
  std::string out = margin;
  std::size_t column = indent;
  bool fresh = true;
  while (!text.empty()) {
    const auto space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    if (word.empty()) continue;
    if (!fresh && look.width > 0 && column + 1 + Columns(word) > look.width) {
      out += '\n' + margin;
      column = indent;
      fresh = true;
    }
    if (!fresh) out += ' ';
    out += word;
    column += Columns(word) + (fresh ? 0 : 1);
    fresh = false;
  }
  return out + '\n';
}

std::string Counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace guardrails
