#include "policies/aws/ingress.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <unordered_map>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "analyzer/model/references.h"
#include "policies/aws/cidr.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"

namespace fastcart {

using namespace guardrails;

namespace {

constexpr std::string_view kRule = "aws:ec2/securityGroupRule:SecurityGroupRule";
constexpr std::string_view kIngressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
constexpr std::string_view kNativeRule = "aws-native:ec2:SecurityGroupIngress";
constexpr std::string_view kNativeGroup = "aws-native:ec2:SecurityGroup";

const Target kPrefixLists{.types = {"aws:ec2/managedPrefixList:ManagedPrefixList", "aws-native:ec2:PrefixList"},
                          .known_by = {"arn", "prefixListId"}};
// Whose addresses are never all addresses.
const Target kAddressOwners{
    .types = {"aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc", "aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet",
              "aws:ec2/eip:Eip", "aws:ec2/natGateway:NatGateway", "aws:ec2/instance:Instance", "aws-native:ec2:Vpc",
              "aws-native:ec2:Subnet", "aws-native:ec2:Eip"},
    .known_by = {}};
constexpr std::string_view kPrefixEntry = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry";

using Read = std::function<Property(std::string_view)>;

// The elements of whichever of the properties are set; a single value counts as an element.
template <class Names>
std::vector<Property> Elements(const Read& read, const Names& names) {
  std::vector<Property> out;
  for (const char* name : names) {
    const Property at = read(name);
    const auto list = at.ReadList();
    const auto* elements = IfKnown(list);
    for (const Property& element : elements ? *elements : std::vector<Property>{at})
      if (!IsBlank(element)) out.push_back(element);
  }
  return out;
}

Property FirstSet(const Read& read, const char* one, const char* other) {
  const Property at = read(one), instead = read(other);
  return instead.absent() ? at : instead;
}

Ingress Permission(const Resource& by, Property at, const Read& read) {
  constexpr std::array ranges = {"cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6", "cidrIp"};
  constexpr std::array lists = {"prefixListIds", "prefixListId", "sourcePrefixListId"};
  constexpr std::array groups = {"securityGroups", "sourceSecurityGroupId", "referencedSecurityGroupId"};
  return {.by = &by,
          .at = std::move(at),
          .protocol = FirstSet(read, "protocol", "ipProtocol"),
          .from_port = read("fromPort"),
          .to_port = read("toPort"),
          .self = read("self"),
          .ranges = Elements(read, ranges),
          .prefix_lists = Elements(read, lists),
          .groups = Elements(read, groups)};
}

IngressList Separate(const Stack& stack, const Resource& rule) {
  IngressList out;
  if (rule.type == kRule) {
    const Property type = Asked(stack, rule, "type");
    out.egress = type.value().raw_string() == "egress";
    if (type.unknown()) out.open = type;
    if (out.egress || out.open) return out;
  }
  out.rules.push_back(Permission(rule, {{}, rule.inputs.absent() ? rule.outputs : rule.inputs},
                                 [&](std::string_view name) { return Asked(stack, rule, name); }));
  return out;
}

IngressList Inline(const Stack& stack, const Resource& group) {
  IngressList out;
  const Property list = Asked(stack, group, group.type == kNativeGroup ? "securityGroupIngress" : "ingress");
  const auto read = list.ReadList();
  const auto* elements = IfKnown(read);
  if (list.unknown()) out.open = list;
  if (!list.absent() && !list.unknown() && !elements) out.wrong = list;
  for (const Property& element : elements ? *elements : std::vector<Property>())
    out.rules.push_back(Permission(group, element, [&](std::string_view name) { return element[name]; }));
  return out;
}

constexpr int kLastPort = 65535, kLastProtocol = 255;

// A number of AWS's, also as the text that Pulumi accepts for it: whole, and from -1, which stands for all, to `last`.
std::optional<int> Number(const Value& value, int last) {
  double number = 0;
  if (value.kind() == Kind::kNumber) {
    number = value.raw_number();
  } else if (int whole = 0; absl::SimpleAtoi(std::string(value.raw_string()), &whole)) {
    number = whole;
  } else {
    return std::nullopt;
  }
  const bool is = number >= -1 && number <= last && number == std::trunc(number);  // which no NaN is
  return is ? std::optional(static_cast<int>(number)) : std::nullopt;
}

// In lower case or as a number; nothing where it is neither. AWS knows no name that begins as a number does.
std::optional<std::string> ProtocolOf(const Property& at) {
  if (const auto number = Number(at.value(), kLastProtocol)) return std::to_string(*number);
  if (IsBlank(at)) return "";
  const std::string text(at.value().raw_string());
  if (text.find_first_of("-0123456789") == 0 || text.empty()) return std::nullopt;
  return absl::AsciiStrToLower(text);
}

bool IsNoPort(const Property& at) { return !IsBlank(at) && !at.unknown() && !PortNumber(at.value()); }

bool ComesFromAddresses(const Stack& stack, const Resource& by, const Property& range) {
  const auto known = [&](const Target& target) {
    return EdgeTargets(stack, by, range.path().root(), target).resources.size();
  };
  const std::size_t owners = known(kAddressOwners);
  const auto& all = by.property_dependencies;
  const auto at = std::find_if(all.begin(), all.end(), [&](auto& d) { return d.property == range.path().root(); });
  return owners > 0 && at->urns.size() == owners + known(kSecurityGroups);
}

Certainty MayBeEverywhere(const Stack& stack, const Resource& by, const Property& range) {
  if (!range.unknown()) return IsEveryAddress(range) ? Certainty::kYes : Certainty::kNo;
  return ComesFromAddresses(stack, by, range) ? Certainty::kNo : Certainty::kUnknown;
}

// What the id of a prefix list, or a list of ids, names. Nobody can write down the id of a list that is yet to be made.
References PrefixListsNamed(const Stack& stack, const Resource& by, const Property& at) {
  References named = ResolveAll(stack, by, at, kPrefixLists);
  const bool literal = at.value().kind() == Kind::kString && !stack.facts().partial && !stack.facts().alone;
  if (literal && named.unknown) named = {.resources = {}, .outside = {at}, .mistyped = {}, .candidates = {}};
  return named;
}

// What each prefix list holds: its own entries, and those that stand beside it.
class PrefixLists {
 public:
  explicit PrefixLists(const Stack& stack) : stack_(stack) {
    for (const Resource* list : stack.OfTypes(kPrefixLists)) AddEntries(*list);
    for (const Resource* entry : stack.OfType(kPrefixEntry)) AddEntry(*entry);
    for (auto& [list, held] : of_) held.everywhere = Judge(held);
  }

  Certainty IsEverywhere(const Resource& list) const { return of_.at(&list).everywhere; }

  // Of what is proved to be no list that the stack manages: one that it reads, or an id of which it shows nothing.
  Certainty IsEverywhere(const Resource& by, const Property& outside) const {
    if (const Resource* list = ReadBy(stack_, by, outside, kPrefixLists)) return IsEverywhere(*list);
    return outside.unknown() ? Certainty::kUnknown : Certainty::kNo;
  }

 private:
  struct Held {
    std::vector<Property> ranges;
    bool open = false;  // there may be more
    Certainty everywhere = Certainty::kNo;
  };

  void AddEntries(const Resource& list) {
    const Property entries = list.Result("entries");
    const auto read = entries.ReadList();
    const auto* elements = IfKnown(read);
    Held& held = of_[&list];
    const bool hides = list.external || stack_.facts().partial;  // where it shows none, they may stand elsewhere
    held.open = entries.unknown() || (!elements && hides);
    for (const Property& entry : elements ? *elements : std::vector<Property>()) Add(list, entry["cidr"], held);
  }

  void AddEntry(const Resource& entry) {
    const Property of = entry["prefixListId"], range = entry["cidr"];
    const References named = PrefixListsNamed(stack_, entry, of);
    for (const Resource* list : named.resources) Add(entry, range, of_[list]);
    for (const Property& outside : named.outside)
      if (const Resource* list = ReadBy(stack_, entry, outside, kPrefixLists)) Add(entry, range, of_[list]);
    if (!named.unknown || MayBeEverywhere(stack_, entry, range) == Certainty::kNo) return;
    for (const Resource* list : named.candidates) of_[list].open = true;
    any_open_ = any_open_ || !named.bounded;
  }

  void Add(const Resource& by, const Property& range, Held& held) const {
    held.ranges.push_back(range);
    held.open = held.open || MayBeEverywhere(stack_, by, range) == Certainty::kUnknown;
  }

  Certainty Judge(const Held& held) const {
    const auto& ranges = held.ranges;
    if (std::any_of(ranges.begin(), ranges.end(), IsEveryAddress) || HoldEveryAddress(ranges)) return Certainty::kYes;
    return held.open || any_open_ ? Certainty::kUnknown : Certainty::kNo;
  }

  const Stack& stack_;
  std::unordered_map<const Resource*, Held> of_;
  bool any_open_ = false;  // an entry of the whole internet may belong to any of them
};

}  // namespace

const Target kGroupsAndRules{.types = {"aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
                                       kRule, kIngressRule, kNativeGroup, kNativeRule},
                             .known_by = {}};

IngressList IngressOf(const Stack& stack, const Resource& r) {
  const bool separate = r.type == kRule || r.type == kIngressRule || r.type == kNativeRule;
  return separate ? Separate(stack, r) : Inline(stack, r);
}

Property GroupOf(const Stack& stack, const Resource& rule) {
  return Asked(stack, rule, rule.type == kNativeRule ? "groupId" : "securityGroupId");
}

std::optional<int> PortNumber(const Value& value) { return Number(value, kLastPort); }

Ports PortsOf(const Ingress& in) {
  using Breadth = Ports::Breadth;
  const auto from = PortNumber(in.from_port.value()), to = PortNumber(in.to_port.value());
  Ports out{.at = in.protocol, .range = {}, .first = from, .last = to};
  const auto is = [&out](Breadth breadth, const Property& at) {
    out.breadth = breadth;
    out.at = at;
    return out;
  };
  if (in.protocol.unknown()) return out;
  const auto named = ProtocolOf(in.protocol);
  if (!named) return is(Breadth::kMistyped, in.protocol);
  const std::string& protocol = *named;
  if (protocol.empty() || protocol == "-1" || protocol == "all") return is(Breadth::kAllProtocols, in.protocol);
  out.tcp = protocol == "tcp" || protocol == "6";
  out.none = !out.tcp && protocol != "udp" && protocol != "17";
  if (out.none) return is(Breadth::kSome, in.protocol);
  for (const Property* at : {&in.from_port, &in.to_port})
    if (IsNoPort(*at)) return is(Breadth::kMistyped, *at);
  if (in.from_port.unknown() && to.value_or(kLastPort) == kLastPort) return is(Breadth::kUnknown, in.from_port);
  if (in.to_port.unknown() && from.value_or(0) <= 1) return is(Breadth::kUnknown, in.to_port);
  if (in.from_port.unknown() || in.to_port.unknown()) return is(Breadth::kSome, in.from_port);
  const int first = from.value_or(-1), last = in.to_port.absent() ? first : to.value_or(-1);
  out.range = {first, last};
  const bool all = first < 0 || last < 0 || (first <= 1 && last == kLastPort);
  return is(all ? Breadth::kAllPorts : Breadth::kSome, in.from_port);
}

Certainty FromItselfOnly(const Stack& stack, const Ingress& in) {
  if (!in.ranges.empty() || !in.prefix_lists.empty()) return Certainty::kNo;
  const bool itself = in.self.value().raw_bool();
  if (in.self.unknown()) return Certainty::kUnknown;
  if (itself || in.groups.size() != 1) return itself && in.groups.empty() ? Certainty::kYes : Certainty::kNo;
  const Property own = GroupOf(stack, *in.by);
  if (own.absent()) return Certainty::kNo;  // an inline rule says so with `self`
  const Reference source = ResolveOne(stack, *in.by, in.groups.front(), kSecurityGroups);
  const Reference group = ResolveOne(stack, *in.by, own, kSecurityGroups);
  if (SameKnown(in.groups.front().value(), own.value())) return Certainty::kYes;
  if (source.state == Reference::State::kUnknown || group.state == Reference::State::kUnknown) return Certainty::kUnknown;
  return source.resource && source.resource == group.resource ? Certainty::kYes : Certainty::kNo;
}

Certainty IsEverywhere(const Stack& stack, const Ingress& ingress, const Property& range) {
  return MayBeEverywhere(stack, *ingress.by, range);
}

Certainty ListsEverywhere(const Stack& stack, const Ingress& ingress, const Property& prefix_list) {
  if (stack.facts().alone) return Certainty::kUnknown;
  const auto& lists = stack.Knowledge<PrefixLists>();
  const References named = PrefixListsNamed(stack, *ingress.by, prefix_list);
  std::vector<Certainty> found;
  for (const auto* some : {&named.resources, &named.candidates})
    for (const Resource* list : *some) found.push_back(lists.IsEverywhere(*list));
  for (const Property& outside : named.outside) found.push_back(lists.IsEverywhere(*ingress.by, outside));
  if (named.unknown && !named.bounded) found.push_back(Certainty::kUnknown);
  if (found.empty()) return Certainty::kNo;
  const auto [least, most] = std::minmax_element(found.begin(), found.end());
  // A list of ids means all that it depends on, a single id one of it.
  const bool all = prefix_list.path().segments().back().key == "prefixListIds" && !named.unknown;
  return *least == *most || all ? *most : Certainty::kUnknown;
}

}  // namespace fastcart
