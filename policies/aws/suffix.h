// The environment suffix that ends the names of a stack: "dev" of fastcart-orders-dev.
#pragma once

#include <optional>
#include <string>

#include "analyzer/model/stack.h"
#include "analyzer/policy/guardrail.h"

namespace fastcart {

// What name-suffix is configured with, which required-tags uses as well.
std::optional<std::string> ConfiguredSuffix(const guardrails::Config& config);

// `configured`, else the stack config's <project>:environmentSuffix or <project>:environment_suffix, else the stack's
// name. A text that is not empty (secret where the config's is), unknown where the source withholds it, or absent: then
// nothing says it, or what does is empty or no text. Valid while the stack and `configured` live.
guardrails::Value EnvironmentSuffix(const guardrails::Stack& stack, const std::optional<std::string>& configured);

}  // namespace fastcart
