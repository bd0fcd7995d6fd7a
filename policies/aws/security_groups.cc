#include "policies/aws/security_groups.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "analyzer/model/references.h"
#include "policies/aws/database_sources.h"
#include "policies/aws/databases.h"
#include "policies/aws/ecs_services.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"

namespace fastcart {

using namespace guardrails;

namespace {

constexpr std::string_view kDefaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

// What listens behind a group: its type, the property that names the groups, and the usual ports.
struct Store {
  std::string_view type, groups;
  GroupKind kind;
};
constexpr std::array kStores = {
    Store{"aws:rds/instance:Instance", "vpcSecurityGroupIds", GroupKind::kDatabase},
    Store{"aws:rds/cluster:Cluster", "vpcSecurityGroupIds", GroupKind::kDatabase},
    Store{"aws-native:rds:DbInstance", "vpcSecurityGroups", GroupKind::kDatabase},
    Store{"aws-native:rds:DbCluster", "vpcSecurityGroupIds", GroupKind::kDatabase},
    Store{"aws:elasticache/replicationGroup:ReplicationGroup", "securityGroupIds", GroupKind::kCache},
    Store{"aws:elasticache/cluster:Cluster", "securityGroupIds", GroupKind::kCache},
    Store{"aws:elasticache/serverlessCache:ServerlessCache", "securityGroupIds", GroupKind::kCache},
    Store{"aws-native:elasticache:CacheCluster", "vpcSecurityGroupIds", GroupKind::kCache},
    Store{"aws-native:elasticache:ReplicationGroup", "securityGroupIds", GroupKind::kCache},
    Store{"aws-native:elasticache:ServerlessCache", "securityGroupIds", GroupKind::kCache},
};

// Members of clusters have the groups of their cluster; memcached is no Redis.
bool HasGroupsOfItsOwn(const Resource& r) {
  if (IsClusterMember(r)) return false;
  if (!r.type.starts_with("aws:elasticache/cluster:") && !r.type.ends_with(":CacheCluster")) return true;
  return IsBlank(r["replicationGroupId"]) && KnownText(r, "engine") != "memcached";
}

std::set<int> DatabasePorts(std::string_view engine) {
  struct Usual {
    std::string_view engine;
    int port;
  };
  constexpr std::array usual = {Usual{"postgres", 5432}, Usual{"aurora-postgresql", 5432}, Usual{"mysql", 3306},
                                Usual{"mariadb", 3306},  Usual{"aurora-mysql", 3306},      Usual{"oracle", 1521},
                                Usual{"sqlserver", 1433}};
  for (const Usual& u : usual)
    if (engine.starts_with(u.engine)) return {u.port};
  return {};
}

std::set<int> PortsOf(const Stack& stack, const Resource& r, GroupKind kind, int replicas = 0) {
  constexpr int kMostReplicas = 10;  // of replicas of replicas; a circle has no end
  const Property asked = Asked(stack, r, "port");
  const Value port = asked.absent() && r.outputs["port"].known() ? r.outputs["port"] : asked.value();
  if (const auto number = PortNumber(port); number && *number >= 0) return {*number};
  if (!port.absent()) return {};
  if (kind == GroupKind::kDatabase) {  // a replica listens as its source does
    const Resource* source = replicas < kMostReplicas ? ReplicaSourceOf(stack, r).resource : nullptr;
    return source ? PortsOf(stack, *source, kind, replicas + 1) : DatabasePorts(KnownText(r, "engine"));
  }
  // A serverless cache reads from replicas on a port of their own.
  return r.type.ends_with("ServerlessCache") ? std::set<int>{6379, 6380} : std::set<int>{6379};
}

bool IsGroup(const Resource& r) {
  return std::find(kSecurityGroups.types.begin(), kSecurityGroups.types.end(), r.type) != kSecurityGroups.types.end();
}

Text NameOfDefault(const Resource& vpc) { return Text("the default group of ") + Text::Name(vpc); }

// The name "default" is AWS's: no group that is made can have it.
bool IsDefault(const Resource& r) {
  const bool is_named = KnownText(r, "name") == "default" || KnownText(r, "groupName") == "default";
  return r.type == kDefaultGroup || (r.external && is_named);
}

NamedGroup Of(const Resource& r) {
  return {.key = r.urn, .resource = &r, .name = Text::Name(r), .is_default = IsDefault(r)};
}

const Resource* VpcOfDefault(const Stack& stack, std::string_view id) {
  const auto vpcs = stack.OfTypes(kVpcs);
  const auto is = [id](const Resource* vpc) {
    return vpc->outputs["defaultSecurityGroupId"].raw_string() == id || vpc->outputs["defaultSecurityGroup"].raw_string() == id;
  };
  const auto at = id.empty() ? vpcs.end() : std::find_if(vpcs.begin(), vpcs.end(), is);
  return at == vpcs.end() ? nullptr : *at;
}

NamedGroup Outside(const Stack& stack, const Property& at) {
  const std::string_view id = at.value().raw_string();
  if (const auto read = stack.KnownBy(kSecurityGroups, id); !read.empty()) return Of(*read.front());
  if (const Resource* vpc = VpcOfDefault(stack, id)) return {.key = id, .name = NameOfDefault(*vpc), .is_default = true};
  return {.key = id, .name = at.value().known() ? Text::Of(at.value()) : Text("a group that the stack does not show")};
}

std::vector<Property> ElementsOf(const Property& at) {
  const auto read = at.ReadList();
  const auto* elements = IfKnown(read);
  return elements ? *elements : std::vector<Property>{at};
}

// A literal names no group that is still to be made: nobody can write its id down.
NamedGroups GroupOfRule(const Stack& stack, const Resource& rule) {
  const Property at = GroupOf(stack, rule);
  NamedGroups named = GroupNamed(stack, rule, at);
  const bool literal = named.unknown && at.value().kind() == Kind::kString && !stack.facts().partial;
  return literal ? NamedGroups{.groups = {Outside(stack, at)}, .perhaps = {}} : named;
}

std::size_t UnknownElements(const Property& at) {
  const auto all = ElementsOf(at);
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](auto& e) { return e.unknown(); }));
}

// Other properties share the edges of an ECS network: its subnets must explain themselves.
bool OthersAreExplained(const Stack& stack, const Resource& from, const Property& at) {
  if (at.path().root() != "networkConfiguration") return true;
  return ResolveAll(stack, from, NetworkOf(stack, from).subnets, kSubnets).complete();
}

// The VPCs whose default groups the unknown of the list are: those that it depends on beside what else explains it.
std::vector<const Resource*> DefaultsOf(const Stack& stack, const Resource& from, const Property& at, std::size_t explained) {
  const Edges vpcs = EdgeTargets(stack, from, at.path().root(), kVpcs);
  const bool all = vpcs.some_of.empty() && !vpcs.dangling && explained + vpcs.resources.size() == UnknownElements(at);
  return all && OthersAreExplained(stack, from, at) ? vpcs.resources : std::vector<const Resource*>();
}

}  // namespace

Text KindName(GroupKind kind) {
  switch (kind) {
    case GroupKind::kDatabase: return "database";
    case GroupKind::kCache: return "cache";
    case GroupKind::kTasks: return "ECS tasks";
  }
  return {};
}

NamedGroups GroupsNamed(const Stack& stack, const Resource& from, const Property& at) {
  const References found = ResolveAll(stack, from, at, kSecurityGroups);
  NamedGroups out;
  for (const Resource* r : found.resources) out.groups.push_back(Of(*r));
  for (const Property& p : found.outside) out.groups.push_back(Outside(stack, p));
  out.unknown = found.unknown;
  out.bounded = found.bounded;
  out.mistyped = !found.mistyped.empty();
  if (!found.unknown) return out;
  for (const Property& p : ElementsOf(at))
    if (VpcOfDefault(stack, p.value().raw_string())) out.groups.push_back(Outside(stack, p));
  const auto defaults = DefaultsOf(stack, from, at, found.candidates.size());
  for (const Resource* vpc : defaults) out.groups.push_back({.key = vpc->urn, .name = NameOfDefault(*vpc), .is_default = true});
  for (const Resource* r : found.candidates) (defaults.empty() ? out.perhaps : out.groups).push_back(Of(*r));
  out.unknown = defaults.empty();
  return out;
}

NamedGroups GroupNamed(const Stack& stack, const Resource& from, const Property& at) {
  NamedGroups out = GroupsNamed(stack, from, at);
  if (out.groups.size() < 2 || at.value().kind() == Kind::kList) return out;
  out.bounded = !out.unknown || out.bounded;  // one of them
  out.unknown = true;
  out.perhaps.insert(out.perhaps.end(), out.groups.begin(), out.groups.end());
  out.groups.clear();
  return out;
}

void Stores::Add(const GroupUser& store) {
  any = true;
  ports.insert(store.ports.begin(), store.ports.end());
  known = known && !store.ports.empty();
  secret = secret || (*store.resource)["port"].value().secret() || store.resource->outputs["port"].secret();
}

void Stores::Add(const Stores& others) {
  any = any || others.any;
  ports.insert(others.ports.begin(), others.ports.end());
  known = known && others.known;
  secret = secret || others.secret;
}

SecurityGroups::SecurityGroups(const Stack& stack) {
  AddUsers(stack);
  AddRules(stack);
}

void SecurityGroups::AddUsers(const Stack& stack) {
  const auto add = [&](const Resource& r, GroupKind kind, const Property& at, std::set<int> ports) {
    const auto read = at.ReadList();
    const auto* elements = IfKnown(read);
    const bool none = !at.unknown() && (!elements || std::all_of(elements->begin(), elements->end(), IsBlank));
    users_.push_back({.resource = &r, .kind = kind, .at = at, .groups = GroupsNamed(stack, r, at), .none = none,
                      .ports = std::move(ports)});
  };
  for (const Store& store : kStores)
    for (const Resource* r : stack.OfType(store.type))
      if (!r->external && HasGroupsOfItsOwn(*r)) add(*r, store.kind, Asked(stack, *r, store.groups), PortsOf(stack, *r, store.kind));
  for (const Resource* r : stack.OfTypes(kServicesAndTaskSets))
    if (!r->external && !HasTaskSets(stack, *r)) add(*r, GroupKind::kTasks, NetworkOf(stack, *r).groups, {});
  std::sort(users_.begin(), users_.end(), [](auto& a, auto& b) { return a.resource->urn < b.resource->urn; });
  for (std::size_t i = 0; i < users_.size(); ++i) {
    if (!users_[i].none) kinds_.insert(users_[i].kind);
    if (users_[i].groups.unknown) unknown_.insert(users_[i].kind);
    for (const NamedGroup& group : users_[i].groups.groups)
      if (!group.key.empty()) AddBehind(group.key, i);
    if (users_[i].kind != GroupKind::kTasks) stores_.Add(users_[i]);
  }
}

void SecurityGroups::AddBehind(std::string_view key, std::size_t user) {
  Behind& behind = by_group_[key];
  const GroupUser& who = users_[user];
  behind.users.push_back(user);
  if (auto& first = behind.first[static_cast<std::size_t>(who.kind)]; !first) first = user;
  if (who.kind != GroupKind::kTasks) behind.stores.Add(who);
}

void SecurityGroups::AddRules(const Stack& stack) {
  for (const Resource* r : stack.OfTypes(kGroupsAndRules)) {
    if (r->external) continue;
    for (Ingress& ingress : IngressOf(stack, *r).rules) {
      NamedGroups group{.groups = {Of(*r)}, .perhaps = {}};
      if (!IsGroup(*r)) group = GroupOfRule(stack, *r);
      rules_.push_back({std::move(ingress), std::move(group)});
    }
  }
}

std::vector<const GroupUser*> SecurityGroups::UsersOf(std::string_view key) const {
  std::vector<const GroupUser*> out;
  if (const auto at = by_group_.find(key); at != by_group_.end())
    for (const std::size_t i : at->second.users) out.push_back(&users_[i]);
  return out;
}

const GroupUser* SecurityGroups::UserOf(std::string_view key, GroupKind kind) const {
  const auto at = by_group_.find(key);
  if (at == by_group_.end()) return nullptr;
  const auto first = at->second.first[static_cast<std::size_t>(kind)];
  return first ? &users_[*first] : nullptr;
}

const GroupUser* SecurityGroups::UserOfAnotherKind(std::string_view key, GroupKind kind) const {
  const GroupUser* out = nullptr;
  for (const GroupKind other : kKinds)
    if (const GroupUser* user = UserOf(key, other); user && other != kind && (!out || user < out)) out = user;
  return out;
}

const Stores& SecurityGroups::StoresOf(std::string_view key) const {
  static const Stores kNone;
  const auto at = by_group_.find(key);
  return at == by_group_.end() ? kNone : at->second.stores;
}

}  // namespace fastcart
