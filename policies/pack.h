// The policy pack fastcart-guardrails: all guardrails of the FastCart platform under one name.
#pragma once

#include "analyzer/policy/guardrail.h"

namespace fastcart {

const guardrails::Pack& FastCartPack();

}  // namespace fastcart
