// What lets in the whole internet by ranges that only together are all of it.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "policies/aws/ingress.h"

namespace fastcart {

// The lists of one rule that hold every address without the help of a block ending in /0.
std::vector<guardrails::Property> ListsOfEveryAddress(const Ingress& ingress);

// The first port not in `but` that rules of one group, none of them alone, open to every address; found among no more
// ranges than AWS takes for a group.
std::optional<int> OpenTogether(const std::vector<Ingress>& rules, const std::set<int>& but);

}  // namespace fastcart
