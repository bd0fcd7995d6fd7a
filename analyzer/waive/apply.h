// Waivers applied to what was found. Pure; immutable books may be shared between threads.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "analyzer/evaluate/evaluate.h"
#include "analyzer/waive/waiver_file.h"

namespace guardrails {

// What became of a waiver: the last that is true of any finding. All but kActive leave a violation as it is.
enum class WaiverState : std::uint8_t {
  kNotJudged,    // its rule or its stack was not judged, or the source leaves out unchanged resources
  kUnmatched,    // nothing was found for it to cover
  kUndecided,    // what it is for is not decided, and cannot be waived
  kWithheld,     // the source does not show the secret that it was granted for
  kChanged,      // it was granted for another value
  kExpired,      // its last day is over
  kNotWaivable,  // the policy configuration allows none from its rule
  kActive,
};
std::string_view WaiverStateName(WaiverState state);  // "active", "valueChanged"
// The same as what people read after the waiver's name: "expired on 2026-01-31".
std::string InWords(WaiverState state, const Waiver& waiver);
// "The waiver of OWNER (FILE:LINE) expired on 2026-01-31."
Text AboutWaiver(WaiverState state, const Waiver& waiver);

using WaiverStates = std::vector<WaiverState>;  // by entry of the book
// Keeps of each the higher.
void MergeStates(WaiverStates& to, const WaiverStates& from);

// Gives every violation (and note) the waiver that covers it, or the words on one that does not any more. `chosen` are
// the rules that were asked, as for EvaluateStack.
WaiverStates ApplyWaivers(const WaiverBook& book, const ConfiguredPack& pack, const Stack& stack,
                          const std::set<std::string, std::less<>>& chosen, Results& results);

}  // namespace guardrails
