// CIDR blocks: "10.0.0.0/16", "2001:db8::/32".
#pragma once

#include <vector>

#include "analyzer/value/property.h"

namespace fastcart {

// 0.0.0.0/0, ::/0, and what AWS makes of any other address before /0.
bool IsEveryAddress(const guardrails::Property& range);

// The blocks together hold every IPv4 address, or every IPv6 address. Unknown ones, and what is no block, hold none.
bool HoldEveryAddress(const std::vector<guardrails::Property>& ranges);

}  // namespace fastcart
