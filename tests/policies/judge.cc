#include "tests/policies/judge.h"

#include <algorithm>
#include <random>
#include <utility>

#include "analyzer/policy/config.h"
#include "policies/pack.h"

namespace fastcart::testing {

using namespace guardrails;
using nlohmann::json;

namespace {

const char* Word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "pass";
    case Verdict::kNote: return "note";
    case Verdict::kNotApplicable: return "not applicable";
    case Verdict::kUndecided: return "undecided";
    case Verdict::kViolation: return "violation";
    case Verdict::kBroken: return "broken";
  }
  return "";
}

json Written(const Finding& f) {
  json out{{"verdict", Word(f.verdict)}, {"message", Message(f).str()}};
  if (f.resource) out["resource"] = f.resource->name;
  if (!f.path.empty()) out["property"] = f.path.ToString();
  return out;
}

Findings Written(const Results& results) {
  Findings out;
  for (const Finding& f : results.findings) out.insert(Written(f));
  return out;
}

std::unique_ptr<const Stack> Alone(const Stack& stack, const Resource& resource) {
  StackBuilder builder;
  builder.facts() = stack.facts();
  builder.facts().alone = true;
  builder.facts().outputs = {};
  Resource& alone = builder.Add() = resource;
  alone.outputs = {};
  alone.id = {};
  alone.dependencies = {};
  alone.property_dependencies = {};
  alone.provider.resource = nullptr;
  return builder.Build();
}

// The index of the only rule that is.
std::uint16_t Enabled(const ConfiguredPack& pack) {
  const auto rules = pack.rules();
  const auto at = std::find_if(rules.begin(), rules.end(), [](const auto& r) { return r.level != Level::kDisabled; });
  return static_cast<std::uint16_t>(at - rules.begin());
}

}  // namespace

absl::StatusOr<ConfiguredPackPtr> Only(const Guardrail& guardrail, const json& config) {
  PackSettings settings;
  for (const Guardrail* other : FastCartPack().guardrails) settings[std::string(other->name)].level = Level::kDisabled;
  settings[std::string(guardrail.name)] = {guardrail.level, config};
  return ConfiguredPack::Make(FastCartPack(), settings);
}

std::unique_ptr<const Stack> Copied(const Stack& stack, unsigned seed, bool partial) {
  StackBuilder builder;
  builder.facts() = stack.facts();
  if (partial) builder.facts().partial = builder.facts().preview = true;
  auto& resources = builder.resources();
  resources.assign(stack.resources().begin(), stack.resources().end());
  if (seed != 0) std::shuffle(resources.begin(), resources.end(), std::mt19937(seed));
  for (Resource& r : resources) r.provider.resource = nullptr;
  return builder.Build();
}

Findings Judge(const ConfiguredPack& pack, const Stack& stack) {
  const Results results = EvaluateStack(pack, stack, {});
  Findings out = Written(results);
  for (const auto index : results.not_applicable)
    out.insert(json{{"verdict", "not applicable"}, {"message", NotApplicableReason(*pack.rules()[index].guardrail).str()}});
  return out;
}

Findings JudgeAsEngine(const ConfiguredPack& pack, const Stack& stack) {
  Findings out;
  std::vector<Deferred> deferred;
  for (const Resource& resource : stack.resources()) {
    const auto alone = Alone(stack, resource);
    const Results results = EvaluateResource(pack, *alone, alone->resources().front());
    Deferred later{std::string(resource.urn), Enabled(pack), {}};
    bool undecided = false;
    for (const Finding& f : results.findings) {
      undecided |= f.verdict == Verdict::kUndecided;
      if (f.verdict == Verdict::kUndecided) continue;
      later.said.insert(Message(f).str());
      out.insert(Written(f));
    }
    if (undecided) deferred.push_back(std::move(later));
  }
  out.merge(Written(EvaluateStackPass(pack, stack, deferred)));
  return WithoutNotApplicable(std::move(out));
}

Findings WithoutNotApplicable(Findings findings) {
  std::erase_if(findings, [](const json& f) { return f["verdict"] == "not applicable"; });
  return findings;
}

}  // namespace fastcart::testing
