// Where in a resource's properties something is: "networkConfiguration.subnets[1]", "tags["my.key"]".
//
// Segments are views: the names a rule wrote (string literals) or member keys of the stack's arena.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"

namespace guardrails {

class Path {
 public:
  struct Segment {
    std::string_view key;  // data() is null for an index
    std::size_t index;
    bool is_index() const { return key.data() == nullptr; }
  };

  Path() = default;
  explicit Path(std::string_view property) { Append(property); }

  Path operator/(std::string_view key) const {
    Path copy = *this;
    copy.Append(key);
    return copy;
  }
  Path operator/(std::size_t index) const {
    Path copy = *this;
    copy.Append(index);
    return copy;
  }
  void Append(std::string_view key) { segments_.push_back({key, 0}); }
  void Append(std::size_t index) { segments_.push_back({{}, index}); }
  void RemoveLast() { segments_.pop_back(); }

  bool empty() const { return segments_.empty(); }
  std::span<const Segment> segments() const { return {segments_.data(), segments_.size()}; }
  // The top-level property: what propertyDependencies speak of.
  std::string_view root() const { return segments_.empty() ? std::string_view() : segments_.front().key; }
  // As Pulumi writes property paths.
  std::string ToString() const;

 private:
  absl::InlinedVector<Segment, 4> segments_;
};

}  // namespace guardrails
