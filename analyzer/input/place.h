// Where in a file something stands, for messages: deployment.resources[3].inputs.name, or line 4, inputs.name.
//
// A place is a link to the place around it, made on the stack while a file is read; its text is made for errors only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace guardrails {

class JsonText;

class Place {
 public:
  // The whole file.
  Place() = default;
  // Refers to `outer` and `key`, which must outlive it.
  Place(const Place& outer, std::string_view key) : outer_(&outer), key_(key), kind_(Kind::kKey) {}
  Place(const Place& outer, std::size_t index) : outer_(&outer), number_(index), kind_(Kind::kIndex) {}
  // The line of the text on which `offset` stands.
  static Place Line(const JsonText& text, std::size_t offset) {
    Place line;
    line.text_ = &text;
    line.number_ = offset;
    line.kind_ = Kind::kLine;
    return line;
  }

  // Empty for the whole file.
  std::string ToString() const;
  // InvalidArgument "PLACE: WHAT".
  absl::Status Error(std::string_view what) const;

 private:
  enum class Kind { kFile, kKey, kIndex, kLine };
  const Place* outer_ = nullptr;
  const JsonText* text_ = nullptr;
  std::string_view key_;
  std::size_t number_ = 0;
  Kind kind_ = Kind::kFile;
};

// A key as it stands in a path: ".name", or ["a.b"] for one that is no plain word.
std::string PathKey(std::string_view key);

}  // namespace guardrails
