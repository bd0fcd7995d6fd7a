// Text that may be shown to people.
//
// It is made of literals in the source, of resource names, of numbers, of the policy configuration, and of
// property values, which it redacts when they are secret. It is not made of arbitrary strings: what a rule read
// from a property has no way into a message but through Of and Part, and so a secret has none.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "analyzer/model/resource.h"
#include "analyzer/value/value.h"

namespace guardrails {

class Text {
 public:
  Text() = default;
  template <std::size_t N>
  Text(const char (&literal)[N]) : text_(literal, N - 1) {}  // NOLINT(google-explicit-constructor)

  // A value as people read it: "dev", 2, true, ["a", "b"]; "[secret]" instead of any secret; long ones cut.
  static Text Of(const Value& value);
  // A part of a value's text, for example the region in an ARN; "[secret]" if the value is secret.
  static Text Part(const Value& whole, std::string_view part);
  // The logical name of a resource. Names and paths may be anything; a control character becomes a space.
  static Text Name(const Resource& resource);
  static Text Type(const Resource& resource);
  static Text Number(double number);
  static Text Where(const Path& path);
  // What the policy's own configuration says, or a constant of the rule; never a property.
  static Text Setting(std::string_view setting) { return Text(std::string(setting)); }

  Text& operator+=(const Text& other) {
    text_ += other.text_;
    return *this;
  }
  friend Text operator+(Text a, const Text& b) { return std::move(a += b); }

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  explicit Text(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// "a, b and c".
template <class Range, class Make>
Text JoinText(const Range& range, Make make) {
  Text out;
  std::size_t left = std::size(range);
  for (const auto& item : range) {
    if (!out.empty()) out += left == 1 ? Text(" and ") : Text(", ");
    out += make(item);
    --left;
  }
  return out;
}

// The same of a list that may be long: "a, b, c and d (and 96 more)".
template <class List, class Make>
Text JoinFew(const List& list, Make make) {
  constexpr std::size_t kMost = 4;
  const std::span all(list);
  if (all.size() <= kMost) return JoinText(all, make);
  return JoinText(all.first(kMost), make) + " (and " + Text::Number(static_cast<double>(all.size() - kMost)) + " more)";
}

}  // namespace guardrails
