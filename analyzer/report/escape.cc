#include "analyzer/report/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "analyzer/value/utf8.h"

namespace guardrails {
namespace {

constexpr std::string_view kNoCharacter = "\uFFFD";

// Invisible, and yet the end of a word for what makes links of words.
constexpr std::string_view kComment = "<!-- -->";

bool IsDigit(char32_t code) { return code >= '0' && code <= '9'; }
char32_t Lower(char32_t code) { return code >= 'A' && code <= 'Z' ? code - 'A' + 'a' : code; }
bool IsHex(char32_t code) { return IsDigit(code) || (Lower(code) >= 'a' && Lower(code) <= 'f'); }
bool IsOfEmoji(char32_t code) {
  return IsDigit(code) || (Lower(code) >= 'a' && Lower(code) <= 'z') || code == '_' || code == '+' || code == '-';
}

// Reads a text character by character as GitHub does, which makes links and pictures of words in HTML too:
// www.example.com, http://, GH-12, the hash of a commit, :tada:.
class Words {
 public:
  // Whether with `next` there would be such a word, so that something has to stand before it.
  bool Completes(char32_t next) {
    const char32_t code = Lower(next);
    const bool digits_of_issue = IsDigit(code) && last_[0] == 'g' && last_[1] == 'h' && last_[2] == '-';
    const bool dot_of_address = code == '.' && last_[0] == 'w' && last_[1] == 'w' && last_[2] == 'w';
    const bool hash = IsHex(code) && hex_ == kMostHex;
    const bool address = code == '/' && last_[2] == ':';
    const bool emoji = code == ':' && emoji_ > 0;
    hex_ = !IsHex(code) ? 0 : hash ? 1 : hex_ + 1;
    emoji_ = code == ':' ? 0 : IsOfEmoji(code) && emoji_ >= 0 ? emoji_ + 1 : -1;
    last_ = {last_[1], last_[2], code};
    return digits_of_issue || dot_of_address || hash || address || emoji;
  }

 private:
  static constexpr int kMostHex = 6;  // GitHub knows a commit by seven digits
  std::array<char32_t, 3> last_{};
  int hex_ = 0;
  std::ptrdiff_t emoji_ = -1;  // characters since a colon that can be of an emoji's name; -1: there was none
};

class NoWords {
 public:
  static bool Completes(char32_t) { return false; }
};

// `text` character by character: `escape` gives what stands for one, or an empty text for the character itself.
template <class Broken = NoWords, class Escape>
std::string Escaped(std::string_view text, Escape escape) {
  Broken words;
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character c = FirstCharacter(text);
    const std::string_view as_it_is = text.substr(0, std::max<std::size_t>(c.size, 1));
    if (words.Completes(c.code)) out += kComment;
    const std::string_view instead = c.size == 0 ? kNoCharacter : escape(c.code);
    out += instead.empty() ? as_it_is : instead;
    text.remove_prefix(as_it_is.size());
  }
  return out;
}

std::string_view InText(char32_t code) {
  return Disturbs(code) && code != '\n' && code != '\t' ? kNoCharacter : std::string_view();
}

std::string_view InXml(char32_t code) {
  switch (code) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case 0xFFFE:
    case 0xFFFF: return kNoCharacter;
    default: return InText(code);
  }
}

std::string_view InMarkdown(char32_t code) {
  switch (code) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '@': return "@<!-- -->";
    case '#': return "#<!-- -->";
    case '\\': return "\\\\";
    case '`': return "\\`";
    case '*': return "\\*";
    case '_': return "\\_";
    case '~': return "\\~";
    case '[': return "\\[";
    case ']': return "\\]";
    case '!': return "\\!";
    case '$': return "\\$";
    case ':': return "&#58;";  // no address becomes a link
    case '|': return "\\|";
    case '\n':
    case '\r':
    case '\t': return " ";
    default: return InText(code);
  }
}

}  // namespace

bool Disturbs(char32_t code) {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return true;
  const bool direction = (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E);
  return direction || (code >= 0x2066 && code <= 0x2069) || code == 0x061C || code == 0xFEFF;
}

std::string PlainText(std::string_view text) { return Escaped(text, InText); }

std::string XmlText(std::string_view text) { return Escaped(text, InXml); }

std::string MarkdownText(std::string_view text) { return Escaped<Words>(text, InMarkdown); }

// As HTML, in which GitHub still reads Markdown: between backticks nothing can be escaped.
std::string MarkdownCode(std::string_view text) { return "<code>" + MarkdownText(text) + "</code>"; }

std::string MarkdownHtml(std::string_view text) {
  return Escaped<Words>(text, [](char32_t code) -> std::string_view {
    if (code == '@' || code == '#') return InMarkdown(code);
    return code == '\n' || code == '\t' ? " " : InXml(code);
  });
}

std::string CommandData(std::string_view text) {
  return Escaped(text, [](char32_t code) -> std::string_view {
    switch (code) {
      case '%': return "%25";
      case '\r': return "%0D";
      case '\n': return "%0A";
      default: return InText(code);
    }
  });
}

std::string CommandProperty(std::string_view text) {
  return Escaped(text, [](char32_t code) -> std::string_view {
    switch (code) {
      case '%': return "%25";
      case '\r': return "%0D";
      case '\n': return "%0A";
      case ':': return "%3A";
      case ',': return "%2C";
      default: return InText(code);
    }
  });
}

}  // namespace guardrails
