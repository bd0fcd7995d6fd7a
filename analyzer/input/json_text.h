// The text of a JSON file: its outline, and the parsing of its parts.
//
// A file is never parsed whole. Its outline, the objects and lists that lead to the resources, is found in one pass
// that only follows strings and brackets; the parts are then parsed one by one, so that no tree of the whole file
// exists. What that pass steps over without a look is checked when the part is parsed.
#pragma once

#include <cstddef>
#include <memory>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/input/place.h"

namespace guardrails {

// How deep values may be nested. Pulumi's own are below 40.
inline constexpr std::size_t kMaxJsonDepth = 128;

// How many values a list of the outline may have.
inline constexpr std::size_t kMaxParts = 10'000'000;

// A value of the text, from its first to behind its last character.
struct Slice {
  std::size_t begin = 0, end = 0;
};

struct Field;

// A value and, if it is near the top, the members of the object or the elements of the list that it is.
struct Node {
  Slice slice;
  std::vector<Field> fields;    // of objects, down to kOutlineDepth
  std::vector<Slice> elements;  // of lists in such objects, and at the top

  // A member, or null.
  const Node* Find(std::string_view key) const;
};
inline constexpr std::size_t kOutlineDepth = 3;  // file, checkpoint, latest

struct Field {
  std::string_view key;  // as written, without the quotes
  Node value;
};

class JsonText {
 public:
  // Takes the text of a file and finds its outline; a byte order mark is dropped. InvalidArgument when it is empty,
  // no UTF-8 text, or no JSON as far as the outline goes; a key that stands twice in one object is an error.
  static absl::StatusOr<JsonText> Make(std::string text);

  // The outline of the first value.
  const Node& first() const { return first_; }
  // All values at the top level: one, or many where each stands on a line of its own.
  const std::vector<Slice>& values() const { return values_; }

  // The first character of a value: '{', '[', '"' and so on.
  char First(Slice slice) const { return text()[slice.begin]; }
  // Parses a part; the result is valid until the parser's next use.
  absl::StatusOr<simdjson::dom::element> Parse(Slice slice, simdjson::dom::parser& parser) const;

  // The line, counted from 1, on which `offset` stands.
  std::size_t LineOf(std::size_t offset) const { return LinesIn({0, offset}) + 1; }
  // How many lines end in a part.
  std::size_t LinesIn(Slice slice) const;

 private:
  class Scan;
  JsonText() = default;
  std::string_view text() const { return {padded_->data(), size_}; }
  // InvalidArgument "line 12, column 7: WHAT" for the part that is not JSON.
  absl::Status SyntaxError(Slice slice) const;

  std::unique_ptr<const std::string> padded_;  // with room behind the text for what simdjson reads beyond its end
  std::size_t size_ = 0;
  Node first_;
  std::vector<Slice> values_;
};

}  // namespace guardrails
