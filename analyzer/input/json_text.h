// The text of a JSON file: its outline, and the parsing of its parts.
//
// A file is never parsed whole. Its outline, the objects and lists that lead to the resources, is found in one pass
// that only follows strings and brackets; the parts are then parsed one by one, so that no tree of the whole file
// exists. What that pass steps over without a look is checked when the part is parsed.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <simdjson.h>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/input/file_text.h"
#include "analyzer/input/place.h"

namespace guardrails {

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
  // Takes the content of a file and finds its outline; a byte order mark is dropped. InvalidArgument when it is empty,
  // no UTF-8 text, or no JSON as far as the outline goes; a key that stands twice in one object is an error.
  static absl::StatusOr<JsonText> Make(FileText file);

  // The outline of the first value.
  const Node& first() const { return first_; }
  // All values at the top level: one, or many where each stands on a line of its own.
  const std::vector<Slice>& values() const { return values_; }

  // The first character of a value: '{', '[', '"' and so on.
  char First(Slice slice) const { return text()[slice.begin]; }
  std::string_view text(Slice slice) const { return text().substr(slice.begin, slice.end - slice.begin); }
  // Parses a part; the result is valid until the parser's next use.
  absl::StatusOr<simdjson::dom::element> Parse(Slice slice, simdjson::dom::parser& parser) const;

  // The line, counted from 1, on which `offset` stands.
  std::size_t LineOf(std::size_t offset) const;
  // Gives back the memory of a part that is not needed any more. Thread-safe, as all of the above.
  void Release(Slice slice) const;

 private:
  class Scan;
  // What errors need to know of a released part.
  struct Released {
    Slice slice;
    std::size_t lines, last_line;  // how many end in it; the offset behind the last end, if any
  };
  JsonText() = default;
  std::string_view text() const { return file_.text().substr(bom_); }
  // The number of the line, and where it begins.
  std::pair<std::size_t, std::size_t> FindLine(std::size_t offset) const;
  // InvalidArgument "line 12, column 7: WHAT" for the part that is not JSON.
  absl::Status SyntaxError(Slice slice) const;

  FileText file_;
  std::size_t bom_ = 0;  // bytes of a byte order mark
  Node first_;
  std::vector<Slice> values_;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  mutable std::vector<Released> released_;  // guarded by mutex_
};

absl::Status NoMemory();

}  // namespace guardrails
