// JSON that stands in a property as text: container definitions, provider settings.
#pragma once

#include <string_view>

#include "analyzer/value/arena.h"
#include "analyzer/value/value.h"

namespace fastcart {

// The text as a value that lives in `arena`, unknown where Pulumi's sentinel stands in it; invalid if it is no JSON,
// if it nests more than a hundred deep, or if one of its keys stands twice.
guardrails::Value ParseJsonText(guardrails::Arena& arena, std::string_view text);

}  // namespace fastcart
