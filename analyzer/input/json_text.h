// The text of a JSON file: its outline, and the parsing of its parts.
//
// A file is never parsed whole. Its outline, the members and elements that lead to the resources, is found by a scan
// that only follows strings and brackets; the parts are then parsed one by one, so that no tree of the whole file
// exists. What the scan steps over without a look is checked when the part is parsed.
#pragma once

#include <cstddef>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/input/place.h"

namespace guardrails {

// How deep values may be nested. Pulumi's own are below 40.
inline constexpr std::size_t kMaxJsonDepth = 128;

// A value of the text, from its first to behind its last character.
struct Slice {
  std::size_t begin = 0, end = 0;
};

struct Field {
  std::string_view key;  // as written, without the quotes
  Slice value;
};

class JsonText {
 public:
  JsonText(JsonText&&) = default;
  JsonText& operator=(JsonText&&) = default;
  JsonText(const JsonText&) = delete;  // a copy would lack the room behind it
  JsonText& operator=(const JsonText&) = delete;

  // Takes the text of a file. InvalidArgument when it is empty or no UTF-8 text; a byte order mark is dropped.
  static absl::StatusOr<JsonText> Make(std::string text);

  std::string_view operator[](Slice slice) const {
    return std::string_view(text_).substr(slice.begin, slice.end - slice.begin);
  }
  // The first character of a value: '{', '[', '"' and so on.
  char First(Slice slice) const { return text_[slice.begin]; }

  // The values at the top level: one, or many where each stands on a line of its own.
  absl::StatusOr<std::vector<Slice>> Values() const;
  // The parts of an object and of a list. The slice must begin with that bracket.
  // A key that stands twice is an error.
  absl::StatusOr<std::vector<Field>> Fields(Slice object, const Place& place) const;
  absl::StatusOr<std::vector<Slice>> Elements(Slice list) const;

  // Parses a part; the result is valid until the parser's next use.
  absl::StatusOr<simdjson::dom::element> Parse(Slice slice, simdjson::dom::parser& parser) const;

  // The line, counted from 1, on which `offset` stands.
  std::size_t LineOf(std::size_t offset) const { return LinesIn({0, offset}) + 1; }
  // How many lines end in a part.
  std::size_t LinesIn(Slice slice) const;

 private:
  JsonText() = default;
  // InvalidArgument "line 12, column 7: WHAT" for the part that is not JSON.
  absl::Status SyntaxError(Slice slice) const;

  std::string text_;  // with room behind it for what simdjson reads beyond the end
};

}  // namespace guardrails
