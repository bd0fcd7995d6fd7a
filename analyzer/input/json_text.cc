#include "analyzer/input/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "analyzer/input/value_decoder.h"
#include "fmt/format.h"

namespace guardrails {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

bool IsBlank(char c) { return kBlank.find(c) != std::string_view::npos; }

// Walks over a text. Every function returns false at the first thing that is not JSON; what that is, a parser tells.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }

  // The next character that is not blank; '\0' at the end.
  char Peek() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool Take(char wanted) {
    if (Peek() != wanted) return false;
    ++at_;
    return true;
  }

  // Steps over the value ahead.
  bool Skip(Slice& value) {
    const char first = Peek();
    value.begin = at_;
    const bool ok = first == '{' || first == '[' ? SkipNested() : first == '"' ? SkipString() : SkipWord();
    value.end = at_;
    return ok;
  }

 private:
  bool SkipString() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    at_ = text_.size();
    return false;
  }

  bool SkipWord() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !IsBlank(text_[at_]) && std::string_view(",:]}[{\"").find(text_[at_]) == std::string_view::npos)
      ++at_;
    return at_ > begin;
  }

  bool SkipNested() {
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!SkipString()) return false;
        continue;
      }
      ++at_;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_;
};

// Finds where nlohmann's parser stops.
class ErrorFinder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) override {
    at_ = position;
    number_ = error.id == 406;
    return false;
  }

  std::size_t at() const { return at_; }       // counted from 1
  bool number() const { return number_; }      // a number beyond the range of doubles

 private:
  std::size_t at_ = 0;
  bool number_ = false;
};

// The offset of the first bracket that opens more than kMaxJsonDepth levels; npos if there is none.
std::size_t FindTooDeep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxJsonDepth) return i;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return std::string_view::npos;
}

std::string_view EncodingFault(std::string_view text) {
  const std::string_view head = text.substr(0, 4);
  if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff") || (head.size() > 1 && (head[0] == '\0') != (head[1] == '\0')))
    return "this is UTF-16 text; save it as UTF-8 (in PowerShell: pulumi … | Out-File -Encoding utf8 FILE)";
  if (text.find_first_not_of(kBlank) == std::string_view::npos)
    return "the file is empty; write it again, for example with: pulumi preview --json --show-sames > FILE";
  return {};
}

}  // namespace

absl::StatusOr<JsonText> JsonText::Make(std::string text) {
  JsonText out;
  out.text_ = std::move(text);
  if (out.text_.starts_with("\xef\xbb\xbf")) out.text_.erase(0, 3);
  if (const std::string_view fault = EncodingFault(out.text_); !fault.empty()) return absl::InvalidArgumentError(std::string(fault));
  out.text_.reserve(out.text_.size() + simdjson::SIMDJSON_PADDING);
  return out;
}

absl::StatusOr<std::vector<Slice>> JsonText::Values() const {
  std::vector<Slice> out;
  Cursor cursor(text_, 0);
  while (cursor.Peek() != '\0' || cursor.at() < text_.size()) {
    Slice& value = out.emplace_back();
    if (!cursor.Skip(value)) return SyntaxError({value.begin, text_.size()});
  }
  return out;
}

absl::StatusOr<std::vector<Field>> JsonText::Fields(Slice object, const Place& place) const {
  std::vector<Field> out;
  Cursor cursor(text_, object.begin);
  cursor.Take('{');
  if (cursor.Take('}')) return out;
  do {
    Slice key;
    Field& field = out.emplace_back();
    if (cursor.Peek() != '"' || !cursor.Skip(key) || !cursor.Take(':') || !cursor.Skip(field.value))
      return SyntaxError(object);
    field.key = (*this)[{key.begin + 1, key.end - 1}];
  } while (cursor.Take(','));
  if (!cursor.Take('}') || cursor.at() != object.end) return SyntaxError(object);
  std::vector<std::string_view> keys;
  for (const Field& field : out) keys.push_back(field.key);
  if (const std::string_view* twice = FindDuplicate(keys)) return Place(place, *twice).Error(kStandsTwice);
  return out;
}

absl::StatusOr<std::vector<Slice>> JsonText::Elements(Slice list) const {
  std::vector<Slice> out;
  Cursor cursor(text_, list.begin);
  cursor.Take('[');
  if (cursor.Take(']')) return out;
  do {
    if (!cursor.Skip(out.emplace_back())) return SyntaxError(list);
  } while (cursor.Take(','));
  if (!cursor.Take(']') || cursor.at() != list.end) return SyntaxError(list);
  return out;
}

absl::StatusOr<simdjson::dom::element> JsonText::Parse(Slice slice, simdjson::dom::parser& parser) const {
  const std::size_t size = slice.end - slice.begin;
  if (parser.capacity() < size || parser.max_depth() != kMaxJsonDepth)
    if (parser.allocate(std::max(size, parser.capacity()), kMaxJsonDepth) != simdjson::SUCCESS)
      return absl::InvalidArgumentError(fmt::format("not enough memory for a value of {} bytes", size));
  const auto parsed = parser.parse(text_.data() + slice.begin, size, /*realloc_if_needed=*/false);
  if (parsed.error() != simdjson::SUCCESS) return SyntaxError(slice);
  return parsed.value_unsafe();
}

std::size_t JsonText::LinesIn(Slice slice) const {
  const std::string_view part = (*this)[slice];
  return static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
}

absl::Status JsonText::SyntaxError(Slice slice) const {
  const std::string_view text = (*this)[slice];
  const auto at = [&](std::size_t offset, std::string_view what) {
    const std::size_t place = slice.begin + offset;
    const auto newline = std::string_view(text_).substr(0, place).rfind('\n');
    const std::size_t column = newline == std::string_view::npos ? place + 1 : place - newline;
    return absl::InvalidArgumentError(fmt::format("line {}, column {}: {}", LineOf(place), column, what));
  };
  if (const auto deep = FindTooDeep(text); deep != std::string_view::npos)
    return at(deep, fmt::format("values are nested deeper than {} levels; no Pulumi stack is", kMaxJsonDepth));
  ErrorFinder finder;
  nlohmann::json::sax_parse(text, &finder);
  if (finder.number()) return at(finder.at() - 1, "a number is too large");
  if (finder.at() > text.size() && slice.end == text_.size())
    return at(text.size(), "the file ends in the middle of a value: it is truncated; write it again");
  return at(finder.at() == 0 ? 0 : finder.at() - 1, "this is not valid JSON; write the file again with Pulumi, or correct it here");
}

}  // namespace guardrails
