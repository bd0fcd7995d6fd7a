#include "policies/aws/store_rules.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

namespace fastcart {

using namespace guardrails;

namespace {

constexpr char kEvery[] = "every database and cache to let in the ECS tasks only";

Stores StoresOf(const SecurityGroups& groups, const std::vector<NamedGroup>& named) {
  Stores out;
  for (const NamedGroup& group : named) out.Add(groups.StoresOf(group.key));
  return out;
}

class Judge {
 public:
  Judge(const Stack& stack, const GroupRule& rule, const Stores& stores, bool allow_self, Sink& out)
      : stack_(stack), groups_(stack.Knowledge<SecurityGroups>()), rule_(rule), stores_(stores), allow_self_(allow_self), out_(out) {}

  void Run() {
    const Ingress& in = rule_.ingress;
    if (allow_self_ && FromItselfOnly(stack_, in) == Certainty::kYes) return;
    for (const auto* list : {&in.ranges, &in.prefix_lists})
      for (const Property& source : *list) out_.Violation(source, kSource, kSourceFix);
    if (in.self.value().raw_bool() && !allow_self_) out_.Violation(in.self, kSource, kSourceFix);
    if (in.self.unknown()) Open(in.self, kSource, "whether the group lets itself in is not known");
    for (const Property& source : in.groups) Source(source);
    if (in.ranges.empty() && in.prefix_lists.empty() && in.groups.empty() && !in.self.value().raw_bool() && !in.self.unknown())
      out_.Violation(in.at.path(), "names no source", kSource, kSourceFix);
    Port(PortsOf(in));
  }

 private:
  static constexpr char kSource[] = "the security group of the ECS tasks as the only source";
  static constexpr char kSourceFix[] = "set the source to the tasks' group: referenced_security_group_id=tasks.id.";

  void Open(const Property& at, Text wanted, Text why) {
    if (stack_.facts().partial) return out_.Missing(kEvery);
    out_.Undecided(at, std::move(wanted), std::move(why));
  }

  bool AreTasks(const NamedGroup& group) const { return groups_.AreTasks(group.key); }

  void Source(const Property& at) {
    if (!groups_.Has(GroupKind::kTasks) && !stack_.facts().partial) return;  // nobody to compare it with
    const NamedGroups named = GroupNamed(stack_, *rule_.ingress.by, at);
    if (named.mistyped) return out_.Violation(at, kSource, kSourceFix);
    for (const NamedGroup& group : named.groups) {
      if (AreTasks(group) || (allow_self_ && IsOwn(group))) continue;
      if (group.key.empty() || groups_.HasUnknown(GroupKind::kTasks) || stack_.facts().partial)
        return Open(at, kSource, Text("whether ECS tasks use ") + group.name + " is not known");
      return out_.Violation(at.path(), Text("names ") + group.name + ", which no ECS service uses", kSource, kSourceFix);
    }
    const auto& perhaps = named.perhaps;
    const bool all = named.bounded && std::all_of(perhaps.begin(), perhaps.end(), [this](auto& g) { return AreTasks(g); });
    if (named.unknown && !all) Open(at, kSource, "which group it names is not known");
  }

  bool IsOwn(const NamedGroup& group) const {
    const auto& own = rule_.group.groups;
    return std::any_of(own.begin(), own.end(), [&](auto& g) { return g.key == group.key; });
  }

  static Text Shown(const Property& at, int port) {
    return at.value().secret() ? Text::Of(at.value()) : Text::Number(port);
  }

  void Port(const Ports& ports) {
    const auto& [own, any, known, secret] = stores_;
    const Text wanted = known && !secret ? Text("TCP on port ") + JoinText(own, [](int p) { return Text::Number(p); }) + " only"
                                         : Text("TCP on the store's own port only");
    const Text fix = "set ip_protocol=\"tcp\", and from_port and to_port to that port.";
    if (ports.breadth == Ports::Breadth::kUnknown) return Open(ports.at, wanted, "it is not known before the update");
    if (ports.breadth == Ports::Breadth::kMistyped) return out_.Violation(ports.at, wanted, fix);
    if (!ports.tcp) return out_.Violation(rule_.ingress.protocol, wanted, fix);
    if (!ports.range) return Open(ports.at, wanted, "it is not known before the update");
    const auto [first, last] = *ports.range;
    if (first <= last && std::distance(own.lower_bound(first), own.upper_bound(last)) == last - first + 1) return;
    if (!known) return Open(ports.at, wanted, "the port of the store is not known");
    const auto& in = rule_.ingress;
    Text opened = Text("opens port ") + Shown(in.from_port, first);
    if (last != first || in.to_port.value().secret()) opened += Text(" to ") + Shown(in.to_port, last);
    out_.Violation(rule_.ingress.from_port.path(), opened, wanted, fix);
  }

  const Stack& stack_;
  const SecurityGroups& groups_;
  const GroupRule& rule_;
  const Stores& stores_;
  const bool allow_self_;
  Sink& out_;
};

}  // namespace

void JudgeStoreRule(const Stack& stack, const GroupRule& rule, bool allow_self, Sink out) {
  const auto& groups = stack.Knowledge<SecurityGroups>();
  const Stores certain = StoresOf(groups, rule.group.groups);
  if (certain.any) return Judge(stack, rule, certain, allow_self, out).Run();
  const bool any = rule.group.unknown && !rule.group.bounded;
  const Stores perhaps = any ? groups.AllStores() : StoresOf(groups, rule.group.perhaps);
  if (!perhaps.any) return;
  std::vector<Finding> said;
  Sink quiet(nullptr, nullptr, said);
  Judge(stack, rule, perhaps, allow_self, quiet).Run();
  if (said.empty()) return;
  if (stack.facts().partial) return out.Missing(kEvery);
  out.Undecided(GroupOf(stack, *rule.ingress.by), "the group of no database and no cache", "which group it opens is not known");
}

}  // namespace fastcart
