#include "analyzer/evaluate/evaluate.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "analyzer/base/on_all_cores.h"
#include "analyzer/model/urn.h"
#include "analyzer/policy/config.h"

namespace guardrails {
namespace {

using Index = std::uint16_t;

Index Count(const ConfiguredPack& pack) { return static_cast<Index>(pack.rules().size()); }

std::string_view UrnOf(const Resource* r) { return r ? r->urn : std::string_view(); }

// What was found at a time: in a share of the resources, or by one rule about the stack.
struct Part {
  std::vector<Finding> findings;
  std::vector<Outcome> outcomes;
};
using Parts = std::vector<Part>;

// The worst of what was said of the resource itself. That evidence for it is missing is said of the stack.
Verdict WorstOf(const Resource& resource, std::span<const Finding> said) {
  Verdict worst = Verdict::kPass;
  for (const Finding& f : said)
    if (f.resource == &resource || (f.resource == nullptr && f.verdict == Verdict::kUndecided))
      worst = std::max(worst, f.verdict);
  return worst;
}

// Runs the code of a rule; true if it came to its end. What an exception says is not shown: it may quote input.
template <class Work>
bool Completed(Work work) {
  try {
    work();
    return true;
  } catch (...) {
    return false;
  }
}

template <class Judge>
void Guarded(Sink out, Judge judge) {
  if (!Completed([&] { judge(out); })) out.Broken("the rule failed (this is a fault of the rule, not of the stack)");
}

void JudgeResource(const ConfiguredPack& pack, const Stack& stack, Index index, const Resource& resource, Part& part) {
  const ConfiguredRule& rule = pack.rules()[index];
  const std::size_t before = part.findings.size();
  Guarded(Sink(rule.guardrail, &resource, part.findings),
          [&](Sink& out) { rule.rule->CheckResource({stack, resource}, out); });
  const auto said = std::span(part.findings).subspan(before);
  part.outcomes.push_back({index, WorstOf(resource, said), &resource});
  // What the rule said of other resources than the one it was asked about.
  for (const Finding& f : said)
    if (f.resource != &resource) part.outcomes.push_back({index, f.verdict, f.resource});
}

void JudgeStack(const ConfiguredPack& pack, const Stack& stack, Index index, Part& part) {
  const ConfiguredRule& rule = pack.rules()[index];
  const std::size_t before = part.findings.size();
  Guarded(Sink(rule.guardrail, nullptr, part.findings), [&](Sink& out) { rule.rule->CheckStack(stack, out); });
  for (const Finding& f : std::span(part.findings).subspan(before)) {
    part.outcomes.push_back({index, f.verdict, f.resource});
    if (f.waits) part.outcomes.push_back({index, f.verdict, f.waits});
  }
}

using Wanted = std::vector<bool>;  // by rule

Wanted Enabled(const ConfiguredPack& pack, const std::set<std::string, std::less<>>& chosen) {
  Wanted wanted;
  for (const ConfiguredRule& r : pack.rules())
    wanted.push_back(r.level != Level::kDisabled && (chosen.empty() || chosen.contains(r.guardrail->name)));
  return wanted;
}

void JudgeRange(const ConfiguredPack& pack, const Stack& stack, const Wanted& wanted, std::span<const Resource> range,
                Part& part) {
  for (const Resource& resource : range)
    for (const Index index : pack.RulesFor(resource))
      if (wanted[index]) JudgeResource(pack, stack, index, resource, part);
}

// What rules are asked: those of `resources` about each resource, those of `stack` about the whole.
struct Questions {
  Wanted resources, stack;
};

// All of them, shared out over the cores where there are enough resources to pay for a thread.
Parts Judge(const ConfiguredPack& pack, const Stack& stack, const Questions& asked) {
  constexpr std::size_t kWorthAThread = 2000, kEach = 4;
  const std::span all = stack.resources();
  const std::size_t shares = std::clamp<std::size_t>(all.size() / kWorthAThread, 1, Cores() * kEach);
  Parts found(shares + pack.rules().size());
  const auto judge = [&](std::size_t i) {
    if (i >= shares) {
      const auto rule = static_cast<Index>(i - shares);
      if (asked.stack[rule]) JudgeStack(pack, stack, rule, found[i]);
      return;
    }
    const std::size_t from = all.size() * i / shares, to = all.size() * (i + 1) / shares;
    JudgeRange(pack, stack, asked.resources, all.subspan(from, to - from), found[i]);
  };
  if (shares > 1) {
    OnAllCores(found.size(), judge);
  } else {
    for (std::size_t i = 0; i < found.size(); ++i) judge(i);
  }
  return found;
}

bool NeedsStack(Scope scope) { return scope != Scope::kResource; }
bool NeedsResource(Scope scope) { return scope != Scope::kStack; }

// One outcome for each rule and resource, the worst, by rule and in the order of the stack. Most come in that order.
std::vector<Outcome> Merged(std::size_t rules, const Parts& parts) {
  std::vector<std::vector<Outcome>> by_rule(rules);
  for (const Part& part : parts)
    for (const Outcome& o : part.outcomes) by_rule[o.rule].push_back(o);
  std::vector<Outcome> out;
  for (std::vector<Outcome>& of_rule : by_rule) {
    const auto in_order = [](const Outcome& a, const Outcome& b) {
      return std::pair(a.resource, b.verdict) < std::pair(b.resource, a.verdict);
    };
    if (!std::is_sorted(of_rule.begin(), of_rule.end(), in_order)) std::sort(of_rule.begin(), of_rule.end(), in_order);
    std::unique_copy(of_rule.begin(), of_rule.end(), std::back_inserter(out),
                     [](const Outcome& a, const Outcome& b) { return a.resource == b.resource; });
  }
  return out;
}

// Of what a rule could not judge as a whole, nothing has passed.
void LeaveOutPassesOfTheBroken(const ConfiguredPack& pack, Results& results) {
  std::set<const Guardrail*> broken;
  for (const Finding& f : results.findings)
    if (f.verdict == Verdict::kBroken && f.resource == nullptr) broken.insert(f.guardrail);
  std::erase_if(results.outcomes, [&](const Outcome& o) {
    return o.verdict == Verdict::kPass && broken.contains(pack.rules()[o.rule].guardrail);
  });
}

// A file without the unchanged resources does not show that a stack has nothing to judge.
void SayWhatIsMissing(const ConfiguredRule& rule, Index index, Part& part) {
  Sink(rule.guardrail, nullptr, part.findings)
      .Missing(Text("every ") + Text::Setting(rule.guardrail->subject) + " to comply");
  part.outcomes.push_back({index, Verdict::kUndecided, nullptr});
}

// Every share of the resources says it for its own, and nobody wants to read it once for each core.
void SayOnceWhatIsMissing(std::vector<Finding>& findings) {
  std::set<const Guardrail*> said;
  std::erase_if(findings, [&](const Finding& f) { return f.missing && !said.insert(f.guardrail).second; });
}

// By rule name, URN and path.
bool IsBefore(const Finding& a, const Finding& b) {
  if (a.guardrail != b.guardrail) return a.guardrail->name < b.guardrail->name;
  if (a.resource != b.resource) return UrnOf(a.resource) < UrnOf(b.resource);
  return a.path.ToString() < b.path.ToString();
}

// Without those that tell of a pass. Findings are large: each is moved once, however many steps the sorting takes.
std::vector<Finding> Sorted(Parts& parts) {
  std::vector<Finding*> order;
  for (Part& part : parts)
    for (Finding& f : part.findings)
      if (f.verdict != Verdict::kPass) order.push_back(&f);
  std::stable_sort(order.begin(), order.end(), [](const Finding* a, const Finding* b) { return IsBefore(*a, *b); });
  std::vector<Finding> out;
  out.reserve(order.size());
  for (Finding* f : order) out.push_back(std::move(*f));
  return out;
}

Results Finish(const ConfiguredPack& pack, const Stack& stack, const Wanted& wanted, Parts parts) {
  Results out;
  std::vector<bool> judged(pack.rules().size());
  for (const Part& part : parts)
    for (const Outcome& o : part.outcomes) judged[o.rule] = true;
  for (Index i = 0; i < Count(pack); ++i) {
    if (!wanted[i] || judged[i]) continue;
    if (stack.facts().partial && NeedsStack(pack.rules()[i].guardrail->scope)) {
      SayWhatIsMissing(pack.rules()[i], i, parts.back());
    } else {
      out.not_applicable.push_back(i);
    }
  }
  out.findings = Sorted(parts);
  SayOnceWhatIsMissing(out.findings);
  out.outcomes = Merged(pack.rules().size(), parts);
  LeaveOutPassesOfTheBroken(pack, out);
  return out;
}

// A rule that Analyze already asked about resources of the stack has something to judge there.
void NoteResourceParts(const ConfiguredPack& pack, const Stack& stack, const Wanted& wanted, Part& part) {
  std::vector<bool> seen(wanted.size());
  for (const Resource& r : stack.resources())
    for (const Index i : pack.RulesFor(r)) {
      if (seen[i] || !wanted[i] || pack.rules()[i].guardrail->scope != Scope::kBoth) continue;
      seen[i] = true;
      part.outcomes.push_back({i, Verdict::kPass, &r});
    }
}

Part JudgeDeferred(const ConfiguredPack& pack, const Stack& stack, const Deferred& deferred) {
  Part again;
  const Resource* resource = stack.Find(deferred.urn);
  if (resource == nullptr) return again;  // gone since Analyze
  JudgeResource(pack, stack, deferred.rule, *resource, again);
  std::erase_if(again.findings, [&](const Finding& f) { return deferred.said.contains(Message(f).str()); });
  return again;
}

using Configs = std::map<std::string_view, std::unique_ptr<const Config>>;  // by guardrail

// A guardrail's configuration, and the way to the others'.
class ConfigInPack final : public Config {
 public:
  ConfigInPack(const Config& own, const Configs& all) : own_(own), all_(all) {}
  bool Boolean(std::string_view key) const override { return own_.Boolean(key); }
  int Integer(std::string_view key) const override { return own_.Integer(key); }
  std::optional<std::string> String(std::string_view key) const override { return own_.String(key); }
  std::vector<std::string> Strings(std::string_view key) const override { return own_.Strings(key); }
  std::vector<int> Integers(std::string_view key) const override { return own_.Integers(key); }
  const Config* Of(std::string_view guardrail) const override {
    const auto at = all_.find(guardrail);
    return at == all_.end() ? nullptr : at->second.get();
  }

 private:
  const Config& own_;
  const Configs& all_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const ConfiguredPack>> ConfiguredPack::Make(const Pack& pack, const PackSettings& settings) {
  Configs configs;
  std::string faults;
  for (const Guardrail* g : pack.guardrails) {
    const auto at = settings.find(g->name);
    auto config = ValidateConfig(*g, at == settings.end() ? Settings().properties : at->second.properties);
    if (config.ok()) {
      configs[g->name] = *std::move(config);
    } else {
      faults += (faults.empty() ? "" : "\n") + std::string(config.status().message());
    }
  }
  if (!faults.empty()) return absl::InvalidArgumentError(faults);
  std::shared_ptr<ConfiguredPack> out(new ConfiguredPack(pack));
  for (const Guardrail* g : pack.guardrails) {
    const auto at = settings.find(g->name);
    const Level level = at == settings.end() ? g->level : at->second.level.value_or(g->level);
    const Config& config = *configs[g->name];
    out->rules_.push_back({g, level, g->make(ConfigInPack(config, configs)), config.Boolean(kWaivable.name)});
  }
  out->IndexTypes();
  return out;
}

void ConfiguredPack::IndexTypes() {
  const auto types_of = [this](Index i) -> const auto& { return rules_[i].guardrail->types; };
  for (Index i = 0; i < Count(*this); ++i)
    for (const std::string_view type : types_of(i))
      if (type != "*") by_type_[type];
  for (Index i = 0; i < Count(*this); ++i)
    for (const std::string_view type : types_of(i)) {
      if (type != "*") {
        by_type_[type].push_back(i);
        continue;
      }
      every_.push_back(i);
      for (auto& [unused, rules] : by_type_) rules.push_back(i);
    }
}

std::span<const Index> ConfiguredPack::RulesFor(const Resource& resource) const {
  if (!IsManaged(resource)) return {};
  const auto at = by_type_.find(resource.type);
  return at == by_type_.end() ? every_ : at->second;
}

const ConfiguredRule& ConfiguredPack::RuleOf(const Finding& finding) const {
  return *std::find_if(rules_.begin(), rules_.end(),
                       [&](const ConfiguredRule& r) { return r.guardrail == finding.guardrail; });
}

bool IsManaged(const Resource& resource) {
  return resource.custom && !resource.external && !resource.is_provider() && !resource.is_stack();
}

Level EffectiveLevel(const ConfiguredRule& rule, const Finding& finding) {
  const bool mild = finding.verdict == Verdict::kUndecided || finding.verdict == Verdict::kNote || finding.waiver;
  return mild ? Level::kAdvisory : rule.level;
}

Place PlaceOf(const Stack& stack, const Finding& finding) {
  constexpr std::string_view kStackType = "pulumi:pulumi:Stack";
  const Resource* at = finding.resource ? finding.resource : stack.root();
  if (at != nullptr) return {std::string(at->urn), std::string(at->type), std::string(at->name)};
  if (stack.name().empty() || stack.project().empty()) return {"", std::string(kStackType), std::string(stack.name())};
  const std::string name = std::string(stack.project()) + "-" + std::string(stack.name());
  return {MakeUrn(stack.name(), stack.project(), "", kStackType, name), std::string(kStackType), name};
}

Text NotApplicableReason(const Guardrail& guardrail) {
  return Text("the stack has no ") + Text::Setting(guardrail.subject);
}

Results EvaluateStack(const ConfiguredPack& pack, const Stack& stack, const std::set<std::string, std::less<>>& chosen) {
  const Wanted wanted = Enabled(pack, chosen);
  Questions asked{wanted, wanted};
  for (std::size_t i = 0; i < wanted.size(); ++i)
    asked.stack[i] = wanted[i] && NeedsStack(pack.rules()[i].guardrail->scope);
  return Finish(pack, stack, wanted, Judge(pack, stack, asked));
}

Results EvaluateResource(const ConfiguredPack& pack, const Stack& alone, const Resource& resource) {
  Wanted wanted = Enabled(pack, {});
  for (std::size_t i = 0; i < wanted.size(); ++i)
    wanted[i] = wanted[i] && NeedsResource(pack.rules()[i].guardrail->scope);
  Parts parts(1);
  JudgeRange(pack, alone, wanted, std::span(&resource, 1), parts.front());
  return Finish(pack, alone, wanted, std::move(parts));
}

Results EvaluateStackPass(const ConfiguredPack& pack, const Stack& stack, std::span<const Deferred> deferred) {
  const Wanted enabled = Enabled(pack, {});
  Questions asked{enabled, enabled};
  for (std::size_t i = 0; i < enabled.size(); ++i) {
    const Scope scope = pack.rules()[i].guardrail->scope;
    asked.resources[i] = enabled[i] && scope == Scope::kStack;
    asked.stack[i] = enabled[i] && NeedsStack(scope);
  }
  Parts parts = Judge(pack, stack, asked);
  for (const Deferred& d : deferred)
    if (enabled[d.rule]) parts.push_back(JudgeDeferred(pack, stack, d));  // it may be disabled since Analyze
  NoteResourceParts(pack, stack, asked.stack, parts.emplace_back());
  return Finish(pack, stack, asked.stack, std::move(parts));
}

absl::StatusOr<std::vector<RemedyOf>> Remedies(const ConfiguredPack& pack, const Stack& stack, const Resource& resource,
                                               bool all_levels) {
  std::vector<RemedyOf> out;
  for (const Index i : pack.RulesFor(resource)) {
    const ConfiguredRule& rule = pack.rules()[i];
    const bool asked = all_levels ? rule.level != Level::kDisabled : rule.level == Level::kRemediate;
    if (!asked || !rule.guardrail->remediates) continue;
    Remedy remedy;
    if (!Completed([&] { rule.rule->Remediate({stack, resource}, remedy); }))
      return absl::InternalError("the remediation of " + std::string(rule.guardrail->name) + " failed on " +
                                 std::string(resource.urn));
    if (!remedy.changes().empty()) out.push_back({&rule, std::move(remedy)});
  }
  return out;
}

}  // namespace guardrails
