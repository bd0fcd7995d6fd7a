// Runs a pack over a stack, or over one resource of it.
//
// A ConfiguredPack is immutable and may be used from many threads. No function here does I/O, reads a clock or
// the environment, or throws; a rule that throws becomes a finding with Verdict::kBroken.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "analyzer/model/stack.h"
#include "analyzer/policy/guardrail.h"
#include "analyzer/policy/remedy.h"
#include "analyzer/policy/settings.h"

namespace guardrails {

// A guardrail as it is configured.
struct ConfiguredRule {
  const Guardrail* guardrail;
  Level level;
  std::unique_ptr<const Rule> rule;
  bool waivable = true;  // whether waivers are let count (analyzer/waive)
};

class ConfiguredPack {
 public:
  // InvalidArgument names every fault of the settings. Names that the pack does not have are ignored: the engine
  // sends "all" and others along.
  static absl::StatusOr<std::shared_ptr<const ConfiguredPack>> Make(const Pack& pack, const PackSettings& settings);

  const Pack& pack() const { return pack_; }
  // All of them, disabled ones too, in the order of the pack.
  std::span<const ConfiguredRule> rules() const { return rules_; }
  // The rules that CheckResource asks about a resource of that type, as indexes into rules().
  std::span<const std::uint16_t> RulesFor(const Resource& resource) const;
  const ConfiguredRule& RuleOf(const Finding& finding) const;

 private:
  explicit ConfiguredPack(const Pack& pack) : pack_(pack) {}
  void IndexTypes();
  Pack pack_;
  std::vector<ConfiguredRule> rules_;
  std::vector<std::uint16_t> every_;                                                 // rules of type "*"
  absl::flat_hash_map<std::string_view, std::vector<std::uint16_t>> by_type_;         // with those of "*"
};

// Whether rules of type "*" judge it: managed by a provider, no provider itself, no component, not only read.
bool IsManaged(const Resource& resource);

// The level at which a finding counts: the rule's; advisory for undecided ones, notes, and what is waived.
Level EffectiveLevel(const ConfiguredRule& rule, const Finding& finding);

// What a finding is about: its resource or, where it has none, the stack itself.
struct Place {
  std::string urn, type, name;
};
Place PlaceOf(const Stack& stack, const Finding& finding);

// One rule's verdict on one thing. A resource that is neither here nor in a finding was not judged by the rule.
struct Outcome {
  std::uint16_t rule;      // index into ConfiguredPack::rules()
  Verdict verdict;         // the worst of what the rule said of it
  const Resource* resource;  // null: the stack itself
};

struct Results {
  std::vector<Finding> findings;  // sorted by rule name, URN and path; none is a pass
  std::vector<Outcome> outcomes;  // by rule, in the stack's order; one for each (rule, resource) that was judged
  // Rules that found nothing to judge, as indexes, in order.
  std::vector<std::uint16_t> not_applicable;
};

// Why a rule of `not_applicable` is: "the stack has no Kinesis stream".
Text NotApplicableReason(const Guardrail& guardrail);

// `check`: every enabled rule over the whole stack. `chosen` restricts it to these rule names; empty: all.
Results EvaluateStack(const ConfiguredPack& pack, const Stack& stack, const std::set<std::string, std::less<>>& chosen);

// The engine's Analyze: the rules of scope kResource and kBoth on `stack`'s only judged resource, each once.
// Undecided findings are for the stack pass; see Deferred.
Results EvaluateResource(const ConfiguredPack& pack, const Stack& alone, const Resource& resource);

// What Analyze left to AnalyzeStack: a rule to be asked again about a resource, and the messages of what it already
// said, so that nothing is said twice.
struct Deferred {
  std::string urn;
  std::uint16_t rule;
  std::set<std::string> said;
};

// The engine's AnalyzeStack: CheckStack of the rules of scope kStack and kBoth, CheckResource of the rules of scope
// kStack, and the deferred resources again with the whole stack around them.
Results EvaluateStackPass(const ConfiguredPack& pack, const Stack& stack, std::span<const Deferred> deferred);

// The engine's Remediate, and `check --fix-plan`: the changes of every rule that can remediate; the engine's only
// where the level is remediate.
struct RemedyOf {
  const ConfiguredRule* rule;
  Remedy remedy;
};
// An Internal error names the rule and the resource where a rule fails.
absl::StatusOr<std::vector<RemedyOf>> Remedies(const ConfiguredPack& pack, const Stack& stack, const Resource& resource,
                                               bool all_levels);

}  // namespace guardrails
