// What counts as not set.
#pragma once

#include "analyzer/value/property.h"

namespace fastcart {

// Nothing, or the empty text that the AWS provider writes into outputs for what a resource does not have.
inline bool IsBlank(const guardrails::Property& at) {
  return at.absent() || (at.value().kind() == guardrails::Kind::kString && at.value().raw_string().empty());
}

}  // namespace fastcart
