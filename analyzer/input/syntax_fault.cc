#include "analyzer/input/syntax_fault.h"

#include <nlohmann/json.hpp>

#include "fmt/format.h"

namespace guardrails {
namespace {

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

}  // namespace

SyntaxFault FindSyntaxFault(std::string_view text, bool to_the_end) {
  if (const auto deep = FindTooDeep(text); deep != std::string_view::npos)
    return {deep, fmt::format("values are nested deeper than {} levels; no Pulumi stack is", kMaxJsonDepth)};
  ErrorFinder finder;
  nlohmann::json::sax_parse(text, &finder);
  const std::size_t at = finder.at() == 0 ? 0 : finder.at() - 1;
  if (finder.number()) return {at, "a number is too large"};
  if (finder.at() > text.size() && to_the_end)
    return {text.size(), "the file ends in the middle of a value: it is truncated; write it again"};
  return {at, "this is not valid JSON; write the file again with Pulumi, or correct it here"};
}

}  // namespace guardrails
