// Graphviz's layout of a graph. The library is loaded when it is first asked for: nothing else has to wait for it.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace guardrails {

// The graph, in the DOT language, as SVG: from "<svg" to "</svg>". Unavailable where Graphviz is not installed;
// Internal where it cannot lay the graph out. Not thread-safe.
absl::StatusOr<std::string> LayoutAsSvg(const std::string& dot);

}  // namespace guardrails
