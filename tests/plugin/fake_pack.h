// A small policy pack for an imaginary cloud, with one rule for each way in which a rule can behave.
#pragma once

#include <functional>
#include <string_view>

#include "analyzer/policy/guardrail.h"

namespace guardrails::testing {

inline constexpr std::string_view kBox = "cloud:store/box:Box";
inline constexpr std::string_view kKey = "cloud:kms/key:Key";

// box-encrypted   resource: `encrypted` is true; remediates it, and with it `options.mode` and `labels`
// box-key         resource: `key` refers to a Key of the stack; cannot be told from the box alone
// box-limit       resource: `limit` is at least the config's `minimum`; a note on `debug`, not applicable to `lazy`
// breaks          both: throws on a box named "bomb", or when an output of the stack is named "bomb"
// has-key         stack: the stack has a Key
// slow            resource: takes a minute for a box named "slow"
const Pack& FakePack();

// Called by has-key while it judges a stack, if it is set.
inline std::function<void()> during_stack_pass;

}  // namespace guardrails::testing
