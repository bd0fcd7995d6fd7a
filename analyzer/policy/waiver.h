// An exception that somebody granted: one finding of one rule, accepted for a while.
#pragma once

#include <string>

namespace guardrails {

// As the waiver file says it, checked; immutable.
struct Waiver {
  std::string rule, owner, reason;
  std::string expires;  // the last day it holds, as YYYY-MM-DD
  std::string place;    // "FILE:LINE", where it was granted
};

}  // namespace guardrails
