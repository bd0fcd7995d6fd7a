#include "policies/aws/own_groups.h"

#include <optional>

namespace fastcart {

using namespace guardrails;

namespace {

// What is wrong with the user's naming the group.
std::optional<Text> Fault(const SecurityGroups& all, const GroupUser& user, const NamedGroup& group) {
  if (group.is_default) return Text("names ") + group.name + (group.resource ? Text(", a VPC's default group") : Text());
  const GroupUser* other = all.UserOfAnotherKind(group.key, user.kind);
  if (other == nullptr) return std::nullopt;
  return Text("names ") + group.name + ", which " + Text::Name(*other->resource) + " (" + KindName(other->kind) + ") uses as well";
}

}  // namespace

void JudgeOwnGroups(const Stack& stack, const GroupUser& user, Sink& out) {
  const auto& all = stack.Knowledge<SecurityGroups>();
  const Text wanted = Text("a security group for the ") + KindName(user.kind) + " alone";
  const Text fix = "make an aws.ec2.SecurityGroup for it and name only that.";
  if (user.none || user.groups.mistyped) return out.Violation(user.at, wanted, fix, Text("the VPC's default group"));
  bool open = user.groups.unknown && !user.groups.bounded;
  for (const NamedGroup& group : user.groups.groups) {
    if (const auto fault = Fault(all, user, group)) return out.Violation(user.at.path(), *fault, wanted, fix);
    open = open || !group.resource || group.resource->external;
  }
  for (const NamedGroup& group : user.groups.perhaps) open = open || Fault(all, user, group);
  if (!open) return;
  if (stack.facts().partial) return out.Missing("every database, cache and ECS service to have a security group of its own");
  out.Undecided(user.at, wanted, "which groups it names, or who else uses them, is not known");
}

}  // namespace fastcart
