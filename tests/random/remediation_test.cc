// What the catalogue promises of remediation, shown on every case of every rule that remediates, as it stands and with
// all its values secret: through the engine's protocol, and through `check --fix-plan`.
//
// What a plan names is changed and nothing else: secrets stay secret, unknowns unknown, bookkeeping as it was. A
// remediated property is right, nothing else becomes wrong, and there is nothing to remediate a second time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "analyzer/evaluate/evaluate.h"
#include "analyzer/input/input.h"
#include "analyzer/policy/config.h"
#include "policies/pack.h"
#include "tests/cli/program.h"
#include "tests/policies/case_file.h"
#include "tests/random/engine.h"
#include "tests/random/normal.h"
#include "tests/random/programs.h"
#include "tests/random/stacks.h"

namespace fastcart::testing {
namespace {

using namespace guardrails;
using nlohmann::json;

struct Leaf {
  json value;
  bool secret = false;
  bool operator==(const Leaf& other) const { return value == other.value && secret == other.secret; }
};
using Leaves = std::map<std::string, Leaf>;

// A bag as the paths of what is in it: texts, numbers, unknowns, and what is empty.
void AddLeaves(const json& value, const std::string& path, bool secret, Leaves& out) {
  if (IsSecret(value) && value.contains("value")) return AddLeaves(value["value"], path, true, out);
  if (!value.is_structured() || value.empty() || IsSecret(value)) {
    out[path] = {value, secret};
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) AddLeaves(value[i], path + "[" + std::to_string(i) + "]", secret, out);
  } else {
    for (const auto& [key, inner] : value.items()) AddLeaves(inner, path.empty() ? key : path + "." + key, secret, out);
  }
}

Leaves LeavesOf(const json& bag) {
  Leaves out;
  AddLeaves(bag, "", false, out);
  return out;
}

// "tags[2]" and "tags.Project" are inside "tags".
bool IsInside(const std::string& path, const std::string& around) {
  return path.starts_with(around) && (path.size() == around.size() || path[around.size()] == '.' || path[around.size()] == '[');
}

bool IsInsideAny(const std::string& path, const std::set<std::string>& all) {
  return std::any_of(all.begin(), all.end(), [&](const auto& around) { return IsInside(path, around); });
}

// By the URN of a resource: the paths that are changed, and to what.
using Plan = std::map<std::string, std::map<std::string, json>>;

std::set<std::string> PathsOf(const std::map<std::string, json>& changes) {
  std::set<std::string> out;
  for (const auto& [path, value] : changes) out.insert(path);
  return out;
}

Plan FixPlan(const json& list, const json& config) {
  const guardrails::testing::Folder folder;
  const auto ended = guardrails::testing::RunProgram({"check", "--format", "json", "--fix-plan", "--input", "resources",
                                                      "--policy-config", folder.Write("config", config.dump()),
                                                      folder.Write("stack.json", list.dump())});
  EXPECT_EQ(ended.err, "");
  Plan out;
  const json report = json::parse(ended.out);
  for (const json& change : report["fixPlan"])
    out[change["urn"]][change["property"]] = change["value"];
  return out;
}

json& Unwrapped(json& value) { return IsSecret(value) ? Unwrapped(value["value"]) : value; }

// `path` as a plan writes it: "tags[2].key".
json WithChange(json bag, const std::string& path, const json& value) {
  json* at = &bag;
  const std::vector<std::string> steps = absl::StrSplit(path, absl::ByAnyChar(".[]"), absl::SkipEmpty());
  for (const std::string& step : steps) {
    json& parent = Unwrapped(*at);
    int index = 0;
    at = absl::SimpleAtoi(step, &index) ? &parent[static_cast<std::size_t>(index)] : &parent[step];
  }
  Unwrapped(*at) = value;
  return bag;
}

using Wrong = std::pair<std::string, std::string>;  // URN and path

std::unique_ptr<const Stack> Read(const json& list) {
  InputOptions options;
  options.kind = InputKind::kResources;
  auto read = ReadStack(list.dump(), "stack", options);
  EXPECT_TRUE(read.ok()) << read.status();
  return std::move(read->stack);
}

std::shared_ptr<const ConfiguredPack> PackOf(const json& config) {
  return ConfiguredPack::Make(FastCartPack(), ParsePolicyConfig(FastCartPack(), config.dump()).value()).value();
}

std::set<Wrong> WrongOf(const json& list, const json& config) {
  std::set<Wrong> out;
  const auto stack = Read(list);
  const auto pack = PackOf(config);
  const auto results = EvaluateStack(*pack, *stack, {});
  for (const Finding& f : results.findings)
    if (f.verdict == Verdict::kViolation) out.emplace(f.resource ? f.resource->urn : "", f.path.ToString());
  return out;
}

bool HasRemedy(const json& list, const json& config) {
  const auto stack = Read(list);
  const auto pack = PackOf(config);
  const auto all = stack->resources();
  return std::any_of(all.begin(), all.end(), [&](const Resource& r) { return !Remedies(*pack, *stack, r, true).value().empty(); });
}

bool Remediates(const std::string& rule) {
  const auto all = FastCartPack().guardrails;
  return std::any_of(all.begin(), all.end(), [&](const Guardrail* g) { return g->name == rule && g->remediates; });
}

// The rule alone, remediating.
json OnlyRemediating(const std::string& rule, const json& config) {
  json out = {{"all", "disabled"}};
  out[rule] = config;
  out[rule]["enforcementLevel"] = "remediate";
  return out;
}

// What is empty, and in which something is changed.
bool IsFilled(const std::string& path, const std::set<std::string>& changed) {
  return path.empty() || std::any_of(changed.begin(), changed.end(), [&](const auto& inside) { return IsInside(inside, path); });
}

void ExpectOnly(const std::set<std::string>& changed, const json& before, const json& after) {
  const Leaves was = LeavesOf(before), is = LeavesOf(after);
  for (const auto& [path, leaf] : was) {
    const auto at = is.find(path);
    if (leaf.value.empty() && leaf.value.is_structured() && IsFilled(path, changed)) continue;
    if (!IsInsideAny(path, changed)) {
      EXPECT_TRUE(at != is.end() && at->second == leaf) << "not as it came: " << path;
    } else if (leaf.secret && at != is.end()) {
      EXPECT_TRUE(at->second.secret) << "no longer secret: " << path;
    }
  }
  for (const auto& [path, leaf] : is)
    EXPECT_TRUE(was.contains(path) || IsInsideAny(path, changed)) << "came from nowhere: " << path;
}

void ExpectRight(const Plan& plan, const std::set<Wrong>& before, const std::set<Wrong>& after) {
  for (const Wrong& w : after) {
    const auto& [urn, path] = w;
    const auto changed = plan.find(urn);
    EXPECT_FALSE(changed != plan.end() && changed->second.contains(path)) << "remediated, and still wrong: " << path;
    EXPECT_TRUE(before.contains(w)) << "wrong by remediation: " << urn << " " << path;
  }
}

// The part of the plan that the engine could have done with the resource alone.
Plan DoneOf(const Plan& plan, const std::vector<Remediated>& remediated) {
  Plan out;
  for (const Remediated& r : remediated) {
    const Leaves was = LeavesOf(r.before), is = LeavesOf(r.after);
    if (const auto planned = plan.find(r.urn); planned != plan.end())
      for (const auto& [path, value] : planned->second)
        for (const auto& [leaf, now] : is)
          if (IsInside(leaf, path) && (!was.contains(leaf) || !(was.at(leaf) == now))) out[r.urn][path] = value;
  }
  return out;
}

// Returns whether anything was remediated.
bool ExpectRemediatedByTheEngine(const json& list, const json& config, const Plan& plan) {
  Engine first(Boot(), list, config);
  first.Judge();
  EXPECT_EQ(first.error(), "");
  for (const Remediated& r : first.remediated()) {
    EXPECT_NE(r.before, r.after);
    const auto planned = plan.find(r.urn);
    EXPECT_NE(planned, plan.end()) << r.urn << " is in no plan: " << r.description;
    if (planned != plan.end()) ExpectOnly(PathsOf(planned->second), r.before, r.after);
  }
  ExpectRight(DoneOf(plan, first.remediated()), WrongOf(list, config), WrongOf(first.list(), config));
  Engine second(Boot(), first.list(), config);
  second.Judge();
  EXPECT_TRUE(second.remediated().empty()) << "remediated twice";
  return !first.remediated().empty();
}

// Whoever writes the plan into the program has a stack that is right, and of which there is no plan any more.
void ExpectPlanned(const json& list, const Plan& plan, const json& config) {
  json fixed = list;
  for (json& r : fixed["resources"])
    if (const auto changes = plan.find(r["urn"]); changes != plan.end())
      for (const auto& [path, value] : changes->second) r["inputs"] = WithChange(r["inputs"], path, value);
  ExpectRight(plan, WrongOf(list, config), WrongOf(fixed, config));
  EXPECT_TRUE(FixPlan(fixed, config).empty()) << "planned twice";
}

class EveryRemediation : public ::testing::TestWithParam<CaseFile> {};

TEST_P(EveryRemediation, ChangesWhatItNamesOnceAndMakesItRight) {
  const std::string& rule = GetParam().rule;
  bool any = false;
  for (const Case& c : GetParam().cases) {
    if (!CanBeAsked(c)) continue;
    const json config = OnlyRemediating(rule, c.spec.value("config", json::object()));
    for (const json& list : {Normal(c.list), Normal(MadeSecret(c.list))}) {
      SCOPED_TRACE(rule + ": " + c.name);
      if (!HasRemedy(list, config)) continue;
      const Plan plan = FixPlan(list, config);
      any |= ExpectRemediatedByTheEngine(list, config, plan);
      ExpectPlanned(list, plan, config);
    }
  }
  EXPECT_TRUE(any) << "no case shows a remediation";
}

std::vector<CaseFile> OfRemediatingRules() {
  std::vector<CaseFile> out;
  for (const CaseFile& file : CaseFiles())
    if (Remediates(file.rule)) out.push_back(file);
  return out;
}

INSTANTIATE_TEST_SUITE_P(Of, EveryRemediation, ::testing::ValuesIn(OfRemediatingRules()), [](const auto& test) {
  std::string name = test.param.rule;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace fastcart::testing
