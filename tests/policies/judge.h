// One guardrail's word on a stack, in each of the ways that it is asked.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "analyzer/evaluate/evaluate.h"
#include "analyzer/policy/guardrail.h"

namespace fastcart::testing {

// A finding as a case file writes it: {"verdict", "resource", "property", "message"}.
using Findings = std::multiset<nlohmann::json>;

using ConfiguredPackPtr = std::shared_ptr<const guardrails::ConfiguredPack>;

// FastCart's pack with every guardrail but that one disabled.
absl::StatusOr<ConfiguredPackPtr> Only(const guardrails::Guardrail& guardrail, const nlohmann::json& config);

// A stack of the resources of `stack` in another order, as another kind of source. Valid while `stack` lives.
std::unique_ptr<const guardrails::Stack> Copied(const guardrails::Stack& stack, unsigned seed, bool partial);

// As `check` asks.
Findings Judge(const guardrails::ConfiguredPack& pack, const guardrails::Stack& stack);
// As the engine asks: Analyze for each resource, then AnalyzeStack. Without what is not applicable.
Findings JudgeAsEngine(const guardrails::ConfiguredPack& pack, const guardrails::Stack& stack);
Findings WithoutNotApplicable(Findings findings);

}  // namespace fastcart::testing
