// An exception that somebody granted: what one rule found on one resource, accepted for a while.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace guardrails {

// As the waiver file says it, checked (analyzer/waive/waiver_file.h); immutable.
struct Waiver {
  std::string rule, owner, reason;
  std::string resource;                 // a URN or a name
  bool is_pattern = false;              // `resource` is an RE2 pattern of whole URNs or names
  std::optional<std::string> property;  // only what was found there; empty text: on the resource as a whole
  std::string stack;                    // only in this stack; empty: in any
  std::string expires;                  // the last day it holds, as YYYY-MM-DD
  std::vector<std::string> values;      // digests of the values it was granted for (analyzer/waive/digest.h)
  std::string place;                    // "FILE:LINE", where it was granted
};

}  // namespace guardrails
