// Changes of a remediation, applied to the property bag as the engine sent it.
//
// Everything that no change names stays exactly as it came: unknowns, secrets, assets, "__" keys, the order of lists.
#pragma once

#include <google/protobuf/struct.pb.h>

#include "analyzer/policy/remedy.h"

namespace guardrails {

// Sets the change's value at its path and says whether that changed anything. Objects and lists on the way are made
// where there is nothing, and a list grows by the element behind its last; what is secret on the way, or at the end,
// stays secret. Where something else is in the way (an unknown value, a string, a list that ends earlier) nothing is
// changed.
bool ApplyChange(const Change& change, google::protobuf::Struct& properties);

}  // namespace guardrails
