// Where in a resource's properties something is: "networkConfiguration.subnets[1]", "tags["my.key"]".
//
// Segments are views: the names a rule wrote (string literals), member keys of the stack's arena, or names in a rule's
// configuration. A path is valid while the stack and that rule live.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails {

class Path {
 public:
  struct Segment {
    std::string_view key = {};  // data() is null for an index
    std::size_t index = 0;
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
  void Append(std::string_view key) { Append(Segment{key.data() ? key : std::string_view(""), 0}); }
  void Append(std::size_t index) { Append(Segment{{}, index}); }
  void RemoveLast() {
    --size_;
    if (!long_.empty()) long_.pop_back();
  }

  bool empty() const { return size_ == 0; }
  std::span<const Segment> segments() const { return {long_.empty() ? short_.data() : long_.data(), size_}; }
  // The top-level property: what propertyDependencies speak of.
  std::string_view root() const { return empty() ? std::string_view() : segments().front().key; }
  // As Pulumi writes property paths.
  std::string ToString() const;

 private:
  void Append(Segment segment) {
    if (long_.empty() && size_ < short_.size()) {
      short_[size_] = segment;
    } else {
      if (long_.empty()) long_.assign(short_.begin(), short_.end());
      long_.push_back(segment);
    }
    ++size_;
  }

  // Paths are made at every read: short ones need no memory of their own. Once long, a path stays in long_.
  std::array<Segment, 4> short_;
  std::vector<Segment> long_;
  std::size_t size_ = 0;
};

}  // namespace guardrails
