#include "analyzer/input/syntax_fault.h"

#include <simdjson.h>

#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>

#include "fmt/format.h"

namespace guardrails {
namespace {

// A text without those characters of its strings that cannot be wrong: nlohmann's parser keeps every token, and several
// copies of the last, so that a string of a gigabyte would take ten.
class Sparse {
 public:
  explicit Sparse(std::string_view text) : text_(text), utf8_(simdjson::validate_utf8(text.data(), text.size())) {}

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = char;

    explicit Iterator(Sparse* of) : of_(of) {}
    char operator*() const { return of_->text_[of_->at_]; }
    Iterator& operator++() {
      of_->Step();
      return *this;
    }
    bool operator==(const Iterator& end) const { return end.of_ == nullptr && of_->at_ == of_->text_.size(); }
    bool operator!=(const Iterator& end) const { return !(*this == end); }

   private:
    Sparse* of_;  // null: the end
  };
  Iterator begin() { return Iterator(this); }
  static Iterator end() { return Iterator(nullptr); }

  // Where in the text the character is that was read as the `count`th: the last, or the one before it that is followed
  // by it. The text's end if so many were not read.
  std::size_t OffsetOf(std::size_t count) const { return count > read_ ? text_.size() : count - 1 + left_out_; }

 private:
  void Step() {
    left_out_ = at_ - read_;
    const char c = text_[at_++];
    ++read_;
    if (digits_ > 0) {  // of \uXXXX, behind which another may have to follow
      --digits_;
      return;
    }
    if (escaped_) {
      escaped_ = false;
      digits_ = c == 'u' ? 4 : 0;
    } else if (c == '"') {
      in_string_ = !in_string_;
    } else if (c == '\\') {
      escaped_ = in_string_;
    }
    if (in_string_ && !escaped_ && digits_ == 0 && (utf8_ || IsAscii(c))) LeaveOut();
  }

  void LeaveOut() {
    while (at_ < text_.size() && IsPlain(text_[at_])) ++at_;
  }

  static bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }
  bool IsPlain(char c) const {
    return IsAscii(c) ? static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' : utf8_;
  }

  const std::string_view text_;
  const bool utf8_;
  std::size_t at_ = 0, read_ = 0;
  std::size_t left_out_ = 0;  // before the last that was read
  int digits_ = 0;            // still to come
  bool in_string_ = false, escaped_ = false;
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

  std::size_t at() const { return at_; }       // how many characters were read
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

}  // namespace

SyntaxFault FindSyntaxFault(std::string_view text, bool to_the_end) {
  if (const auto deep = FindTooDeep(text); deep != std::string_view::npos)
    return {deep, fmt::format("values are nested deeper than {} levels; no Pulumi stack is", kMaxJsonDepth)};
  ErrorFinder finder;
  Sparse sparse(text);
  nlohmann::json::sax_parse(sparse.begin(), sparse.end(), &finder);
  const std::size_t at = finder.at() == 0 ? 0 : sparse.OffsetOf(finder.at());
  if (finder.number()) return {at, "a number is too large"};
  if (at == text.size() && to_the_end)
    return {text.size(), "the file ends in the middle of a value: it is truncated; write it again"};
  return {at, "this is not valid JSON; write the file again with Pulumi, or correct it here"};
}

}  // namespace guardrails
