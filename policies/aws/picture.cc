#include "policies/aws/picture.h"

#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "analyzer/model/references.h"
#include "policies/aws/databases.h"
#include "policies/aws/ecs_services.h"
#include "policies/aws/network.h"
#include "policies/aws/security_groups.h"
#include "policies/aws/shared_key.h"
#include "policies/aws/targets.h"
#include "policies/aws/vpc.h"

namespace fastcart {
namespace {

using namespace guardrails;
using Group = Picture::Group;
using Arrow = Picture::Arrow;

// Far more than a picture can show: no more is put into it.
constexpr std::size_t kMost = 4000;

// "kinesis Stream" of aws:kinesis/stream:Stream. A type is a constant of the schema, never a value.
Text TypeInWords(const Resource& r) {
  const std::string_view type = r.type;
  const auto first = type.find(':'), last = type.rfind(':');
  if (first == last) return Text::Type(r);
  const std::string_view module = type.substr(first + 1, last - first - 1), name = type.substr(last + 1);
  return Text::Setting(module.substr(0, module.find('/'))) + " " + Text::Setting(name);
}

Text NameOf(Exposure exposure) {
  switch (exposure) {
    case Exposure::kPublic: return "Public subnets";
    case Exposure::kPrivate: return "Private subnets";
    case Exposure::kUnknown: break;
  }
  return "Subnets whose routes cannot be told";
}

Group::Tone ToneOf(Exposure exposure) {
  switch (exposure) {
    case Exposure::kPublic: return Group::Tone::kOpen;
    case Exposure::kPrivate: return Group::Tone::kClosed;
    case Exposure::kUnknown: break;
  }
  return Group::Tone::kUnknown;
}

Text PortsInWords(const Ingress& ingress) {
  const Ports ports = PortsOf(ingress);
  switch (ports.breadth) {
    case Ports::Breadth::kAllProtocols: return "everything";
    case Ports::Breadth::kAllPorts: return "all ports";
    case Ports::Breadth::kMistyped: return "what is no port";
    case Ports::Breadth::kUnknown: return "ports not known yet";
    case Ports::Breadth::kSome: break;
  }
  if (!ports.range) return Text::Of(ingress.protocol.value());
  if (ingress.from_port.value().secret() || ingress.to_port.value().secret()) return "ports that are secret";
  const auto [from, to] = *ports.range;
  const Text protocol = ports.tcp ? Text("TCP ") : Text("UDP ");
  return from == to ? protocol + Text::Number(from) : protocol + Text::Number(from) + "–" + Text::Number(to);
}

class Painter {
 public:
  explicit Painter(const Stack& stack)
      : stack_(stack), network_(stack.Knowledge<Network>()), groups_(stack.Knowledge<SecurityGroups>()) {}

  Picture Paint() {
    for (const Resource* vpc : stack_.OfTypes(kVpcs)) PaintVpc(*vpc);
    for (const Resource* subnet : stack_.OfTypes(kSubnets))
      if (!things_.contains(subnet)) PaintSubnet(*subnet, nullptr);
    for (const GroupUser& user : groups_.users()) PaintUser(user);
    for (const GroupRule& rule : groups_.rules()) PaintRule(rule);
    for (const Resource& r : stack_.resources()) PaintKeys(r);
    return std::move(picture_);
  }

 private:
  bool Full() const { return picture_.things.size() + picture_.arrows.size() > kMost; }

  std::size_t GroupOfVpc(const Resource& vpc) {
    const auto [at, added] = vpcs_.emplace(&vpc, picture_.groups.size());
    if (added) picture_.groups.push_back({.label = Text("VPC ") + Text::Name(vpc), .resource = &vpc});
    return at->second;
  }

  // The subnets of one kind in a VPC; null: one that the stack does not show.
  std::size_t GroupOf(const Resource* vpc, Exposure exposure) {
    const std::size_t parent = vpc ? GroupOfVpc(*vpc) : Picture::kNone;
    const auto [at, added] = kinds_.emplace(std::pair(vpc, exposure), picture_.groups.size());
    if (added) picture_.groups.push_back({.label = fastcart::NameOf(exposure), .tone = ToneOf(exposure), .parent = parent});
    return at->second;
  }

  std::size_t ThingOf(const Resource& r, const Text& kind, std::size_t group = Picture::kNone) {
    const auto [at, added] = things_.emplace(&r, picture_.things.size());
    if (added) picture_.things.push_back({.label = Text::Name(r), .kind = kind, .group = group, .resource = &r});
    return at->second;
  }

  // What is not in the stack, by its name.
  std::size_t Outside(const Text& label, const Text& kind) {
    const auto [at, added] = outside_.emplace(label.str() + "\n" + kind.str(), picture_.things.size());
    if (added) picture_.things.push_back({.label = label, .kind = kind});
    return at->second;
  }
  std::size_t Internet() { return Outside("The internet", "everywhere"); }

  void AddArrow(Arrow arrow) {
    if (Full()) return;
    const std::tuple key(arrow.from, arrow.to, arrow.kind, arrow.label.str(), arrow.by);
    if (arrows_.insert(key).second) picture_.arrows.push_back(std::move(arrow));
  }

  void PaintVpc(const Resource& vpc) {
    const auto& members = stack_.Knowledge<VpcMembers>();
    const std::span<const Resource* const> gateways = members.InternetGatewaysOf(vpc).certain;
    for (const Resource* subnet : members.SubnetsOf(vpc).certain) PaintSubnet(*subnet, &vpc);
    for (const Resource* gateway : gateways) {
      const std::size_t at = ThingOf(*gateway, "internet gateway", GroupOfVpc(vpc));
      AddArrow({.from = at, .to = Internet(), .kind = Arrow::Kind::kRoute});
    }
    for (const Resource* nat : members.NatGatewaysOf(vpc).certain) PaintNat(*nat, vpc);
    for (const Resource* subnet : members.SubnetsOf(vpc).certain) PaintRoute(*subnet, gateways);
  }

  void PaintSubnet(const Resource& subnet, const Resource* vpc) {
    if (!Full()) ThingOf(subnet, "subnet", GroupOf(vpc, network_.ByRoutes(subnet).exposure));
  }

  void PaintNat(const Resource& nat, const Resource& vpc) {
    const auto subnets = ResolveAll(stack_, nat, nat["subnetId"], kSubnets).choices();
    const bool placed = subnets.size() == 1 && things_.contains(subnets.front());
    const std::size_t group = placed ? picture_.things[things_[subnets.front()]].group : GroupOfVpc(vpc);
    ThingOf(nat, "NAT gateway", group);
    if (placed) AddArrow({.from = things_[&nat], .to = things_[subnets.front()], .kind = Arrow::Kind::kRoute});
  }

  void PaintRoute(const Resource& subnet, std::span<const Resource* const> gateways) {
    if (!things_.contains(&subnet)) return;
    const DefaultRoute route = network_.DefaultRouteOf(subnet);
    const bool open = network_.ByRoutes(subnet).exposure == Exposure::kPublic;
    if (route.state == DefaultRoute::State::kNat && route.nat && things_.contains(route.nat))
      AddArrow({.from = things_[&subnet], .to = things_[route.nat], .kind = Arrow::Kind::kRoute});
    if (open && gateways.size() == 1)
      AddArrow({.from = things_[&subnet], .to = things_[gateways.front()], .kind = Arrow::Kind::kRoute});
  }

  // The subnets of what stands behind a security group; `by` are the resources that say so.
  std::vector<const Resource*> SubnetsOf(const GroupUser& user, std::vector<const Resource*>& by) {
    const Resource& r = *user.resource;
    if (user.kind == GroupKind::kTasks) return ResolveAll(stack_, r, NetworkOf(stack_, r).subnets, kSubnets).resources;
    const bool database = user.kind == GroupKind::kDatabase;
    const Property named = database ? Database(stack_, r).group : r["subnetGroupName"];
    by = ResolveAll(stack_, r, named, database ? kRdsSubnetGroups : kCacheSubnetGroups).choices();
    if (by.size() != 1) return {};
    return ResolveAll(stack_, *by.front(), (*by.front())["subnetIds"], kSubnets).resources;
  }

  // Public where one of them is, private where all are.
  std::size_t GroupOf(const std::vector<const Resource*>& subnets) {
    if (subnets.empty()) return Picture::kNone;
    Exposure all = Exposure::kPrivate;
    for (const Resource* subnet : subnets) {
      const Exposure exposure = network_.ByRoutes(*subnet).exposure;
      if (exposure == Exposure::kPublic || all == Exposure::kPrivate) all = exposure;
    }
    return GroupOf(VpcNamed(stack_, *subnets.front(), "vpcId").vpc, all);
  }

  void PaintUser(const GroupUser& user) {
    if (Full()) return;
    std::vector<const Resource*> parts;
    const std::size_t group = GroupOf(SubnetsOf(user, parts));
    const std::size_t at = ThingOf(*user.resource, KindName(user.kind), group);
    picture_.things[at].parts = std::move(parts);
  }

  // Who stands behind groups: those that use them, else the groups themselves.
  struct Ends {
    std::set<std::size_t> certain, perhaps;
    void Add(Ends other) {
      certain.merge(other.certain);
      perhaps.merge(other.perhaps);
    }
  };
  void AddUsers(const NamedGroup& group, std::set<std::size_t>& to) {
    const auto users = groups_.UsersOf(group.key);
    for (const GroupUser* user : users)
      if (const auto at = things_.find(user->resource); at != things_.end()) to.insert(at->second);
    if (!users.empty()) return;
    to.insert(group.resource ? ThingOf(*group.resource, "security group", GroupOfItsVpc(*group.resource))
                             : Outside(group.name, "security group"));
  }
  Ends EndsOf(const NamedGroups& named) {
    Ends out;
    for (const NamedGroup& group : named.groups) AddUsers(group, out.certain);
    for (const NamedGroup& group : named.perhaps) AddUsers(group, out.perhaps);
    return out;
  }
  std::size_t GroupOfItsVpc(const Resource& group) {
    const Resource* vpc = VpcNamed(stack_, group, "vpcId").vpc;
    return vpc ? GroupOfVpc(*vpc) : Picture::kNone;
  }

  Ends SourcesOf(const Ingress& ingress) {
    Ends out;
    for (const Property& group : ingress.groups) out.Add(EndsOf(GroupNamed(stack_, *ingress.by, group)));
    for (const Property& range : ingress.ranges) {
      const Certainty everywhere = IsEverywhere(stack_, ingress, range);
      if (everywhere == Certainty::kYes) out.certain.insert(Internet());
      if (everywhere == Certainty::kNo && range.value().known()) out.certain.insert(Outside(Text::Of(range.value()), "addresses"));
      if (!range.value().known()) out.perhaps.insert(Outside("Addresses", "not known yet"));
    }
    for (const Property& list : ingress.prefix_lists) {
      const bool all = ListsEverywhere(stack_, ingress, list) == Certainty::kYes;
      out.certain.insert(all ? Internet() : Outside(Text::Of(list.value()), "prefix list"));
    }
    return out;
  }

  void PaintRule(const GroupRule& rule) {
    if (Full()) return;
    const Ends sources = SourcesOf(rule.ingress), targets = EndsOf(rule.group);
    const Text label = PortsInWords(rule.ingress);
    const auto add = [&](const std::set<std::size_t>& from, const std::set<std::size_t>& to, bool certain) {
      for (const std::size_t f : from)
        for (const std::size_t t : to) {
          if (Full()) return;
          AddArrow({.from = f, .to = t, .label = label, .certain = certain, .by = rule.ingress.by,
                    .property = rule.ingress.at.path().root()});
        }
    };
    add(sources.certain, targets.certain, true);
    add(sources.perhaps, targets.certain, false);
    add(sources.certain, targets.perhaps, false);
    if (rule.ingress.self.value().raw_bool()) add(targets.certain, targets.certain, true);
  }

  void PaintKeys(const Resource& r) {
    for (const KeyUse& use : stack_.Knowledge<KeyUses>().Of(r)) {
      if (Full()) return;
      const std::size_t to = ThingOf(r, TypeInWords(r));
      if (use.place.is != KeyPlace::Is::kOff) PaintKey(use, r, to);
    }
  }

  std::size_t KeyThing(const Resource& key) { return ThingOf(key, "KMS key"); }

  void PaintKey(const KeyUse& use, const Resource& r, std::size_t to) {
    const auto arrow = [&](std::size_t from, bool certain) {
      AddArrow({.from = from, .to = to, .kind = Arrow::Kind::kEncrypts, .certain = certain, .by = &r,
                .property = use.place.key.path().root()});
    };
    const bool certain = use.place.is == KeyPlace::Is::kEncrypted;
    if (use.key.key) return arrow(KeyThing(*use.key.key), certain);
    switch (use.key.state) {
      case KeyReference::State::kOutside:
        return arrow(Outside(use.key.outside.empty() ? Text("A key") : Text::Of(use.place.key.value()), "key outside the stack"), certain);
      case KeyReference::State::kAwsManaged: return arrow(Outside("AWS's own key", "not the team's"), certain);
      case KeyReference::State::kUnknown:
        for (const Resource* key : use.key.candidates) arrow(KeyThing(*key), false);
        return;
      case KeyReference::State::kAbsent:
      case KeyReference::State::kStackKey:
      case KeyReference::State::kMistyped: return;
    }
  }

  const Stack& stack_;
  const Network& network_;
  const SecurityGroups& groups_;
  Picture picture_;
  std::unordered_map<const Resource*, std::size_t> vpcs_, things_;
  std::map<std::pair<const Resource*, Exposure>, std::size_t> kinds_;
  std::map<std::string, std::size_t> outside_;
  std::set<std::tuple<std::size_t, std::size_t, Arrow::Kind, std::string, const Resource*>> arrows_;
};

}  // namespace

Picture PictureOf(const Stack& stack) { return Painter(stack).Paint(); }

}  // namespace fastcart
