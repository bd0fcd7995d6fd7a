// A picture of a stack as an image, with its faults marked and linked to where the page tells of them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/policy/picture.h"

namespace guardrails {

struct Marks {
  // Whether something is wrong with the resource: at that top-level property, or, where it is empty, at all.
  std::function<bool(const Resource& resource, std::string_view property)> wrong;
  // The address where the page tells of it; empty: nowhere.
  std::function<std::string(const Resource& resource)> link;
};

// More things and arrows than this are no picture any more.
inline constexpr std::size_t kMostThings = 150, kMostArrows = 400;

// The picture in the DOT language.
std::string AsDot(const Picture& picture, const Marks& marks);

// The picture as SVG. OutOfRange where it is too large to be looked at; Unavailable without Graphviz; Internal where
// that cannot lay it out. Not thread-safe.
absl::StatusOr<std::string> Draw(const Picture& picture, const Marks& marks);

// "the internet may talk to fastcart-db-dev: TCP 5432", in words for those who do not see the picture.
std::vector<std::string> InWords(const Picture& picture);

}  // namespace guardrails
