// Who uses which security group: databases, caches and ECS tasks; and which rules let traffic into it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "analyzer/model/stack.h"
#include "analyzer/policy/text.h"
#include "policies/aws/ingress.h"

namespace fastcart {

enum class GroupKind : std::uint8_t { kDatabase, kCache, kTasks };
guardrails::Text KindName(GroupKind kind);  // "database"

// A group that a property names.
struct NamedGroup {
  std::string_view key;                             // the same for every way to name it; empty where none tells
  const guardrails::Resource* resource = nullptr;   // where the stack holds it
  guardrails::Text name;
  bool is_default = false;                          // a VPC's default group
};

struct NamedGroups {
  std::vector<NamedGroup> groups;   // proved
  std::vector<NamedGroup> perhaps;  // some of what is unknown
  bool unknown = false;             // there is more
  bool bounded = false;             // the unknown are among `perhaps`
  bool mistyped = false;            // something in it is no text
};
// Where a list of groups leads. One that depends on a VPC only is that VPC's default group.
NamedGroups GroupsNamed(const guardrails::Stack& stack, const guardrails::Resource& from, const guardrails::Property& at);
// Where the name of one group leads.
NamedGroups GroupNamed(const guardrails::Stack& stack, const guardrails::Resource& from, const guardrails::Property& at);

struct GroupUser {
  const guardrails::Resource* resource = nullptr;
  GroupKind kind = GroupKind::kTasks;
  guardrails::Property at;      // its list of groups
  NamedGroups groups;
  bool none = false;            // there is no list, or an empty one: AWS uses the VPC's default group
  std::set<int> ports;          // that it listens on; empty where they are not known
};

// The databases and caches behind a group.
struct Stores {
  std::set<int> ports;  // that they listen on
  bool any = false;
  bool known = true;    // all of their ports are
  bool secret = false;  // one of the ports is

  void Add(const GroupUser& store);
  void Add(const Stores& others);
};

// A rule and the group that it opens.
struct GroupRule {
  Ingress ingress;
  NamedGroups group;
};

// Knowledge of a stack: immutable, safe to read from many threads.
class SecurityGroups {
 public:
  explicit SecurityGroups(const guardrails::Stack& stack);

  const std::vector<GroupUser>& users() const { return users_; }
  // Those that certainly use the group.
  std::vector<const GroupUser*> UsersOf(std::string_view key) const;
  // The first of them that is of another kind, or nullptr.
  const GroupUser* UserOfAnotherKind(std::string_view key, GroupKind kind) const;
  bool AreTasks(std::string_view key) const { return UserOf(key, GroupKind::kTasks) != nullptr; }
  // The databases and caches among them, and all that there are.
  const Stores& StoresOf(std::string_view key) const;
  const Stores& AllStores() const { return stores_; }
  // Every rule of the stack that lets traffic in, with the group that it belongs to.
  const std::vector<GroupRule>& rules() const { return rules_; }
  // Some user of that kind names groups that cannot all be told.
  bool HasUnknown(GroupKind kind) const { return unknown_.contains(kind); }
  // Some user of that kind names groups.
  bool Has(GroupKind kind) const { return kinds_.contains(kind); }

 private:
  static constexpr std::array kKinds = {GroupKind::kDatabase, GroupKind::kCache, GroupKind::kTasks};
  struct Behind {  // a group
    std::vector<std::size_t> users;
    std::array<std::optional<std::size_t>, kKinds.size()> first;  // by kind
    Stores stores;
  };
  const GroupUser* UserOf(std::string_view key, GroupKind kind) const;
  void AddUsers(const guardrails::Stack& stack);
  void AddBehind(std::string_view key, std::size_t user);
  void AddRules(const guardrails::Stack& stack);
  std::vector<GroupUser> users_;  // in the order of their URNs
  std::map<std::string_view, Behind> by_group_;
  Stores stores_;
  std::vector<GroupRule> rules_;
  std::set<GroupKind> unknown_, kinds_;
};

}  // namespace fastcart
