// Where in the program a resource was made, for people and tools that open files.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/model/resource.h"

namespace guardrails {

struct SourceLine {
  std::string file;  // relative to the program's folder, or to what `root` is relative to; decoded, without "." and ".."
  std::size_t line = 0;
  friend bool operator==(const SourceLine&, const SourceLine&) = default;
};

// The line that made the resource, then those that led to it; empty where the source does not say, or where there is no
// resource. `root` is the program's folder as paths are to begin, such as "stack"; empty: paths begin in it. What lies
// outside of what `root` is relative to begins with "../".
std::vector<SourceLine> SourceOf(const Resource* resource, std::string_view root);

// "fastcart/network.py:74".
std::string ToString(const SourceLine& source);

}  // namespace guardrails
