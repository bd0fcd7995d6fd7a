#include "policies/aws/topology.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "analyzer/model/references.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"

namespace fastcart {
namespace {

using namespace guardrails;
using Resources = std::vector<const Resource*>;

// By name where it is known, else by id; a name and an id may be of the same zone.
ZonedSubnets Zoned(Resources subnets) {
  std::set<std::string_view> names, ids;
  ZonedSubnets out;
  for (const Resource* subnet : subnets) {
    const std::string_view name = KnownText(*subnet, "availabilityZone"), id = KnownText(*subnet, "availabilityZoneId");
    if (!name.empty()) names.insert(name);
    if (name.empty() && !id.empty()) ids.insert(id);
    out.open = out.open || (name.empty() && id.empty());
  }
  out.zones = std::max(names.size(), ids.size());
  out.open = out.open || (!names.empty() && !ids.empty());
  out.subnets = std::move(subnets);
  return out;
}

Exposure Common(const Network& network, const Resources& subnets) {
  const Exposure first = subnets.empty() ? Exposure::kPrivate : network.ByRoutes(*subnets.front()).exposure;
  const auto same = [&](const Resource* subnet) { return network.ByRoutes(*subnet).exposure == first; };
  return std::all_of(subnets.begin(), subnets.end(), same) ? first : Exposure::kUnknown;
}

void Place(const Stack& stack, const Resource& nat, Topology& out) {
  const Property subnet = Asked(stack, nat, "subnetId");
  out.nat_subnets = SubnetChoices(stack, nat, subnet);
  const bool untold = out.nat_subnets.empty() && !IsBlank(subnet);
  out.nat_place = untold ? Exposure::kUnknown : Common(stack.Knowledge<Network>(), out.nat_subnets);
}

void Follow(const Network& network, const Resource& nat, Topology& out) {
  using State = DefaultRoute::State;
  for (const Resource* subnet : out.private_subnets.subnets) {
    const DefaultRoute route = network.DefaultRouteOf(*subnet);
    if (route.state == State::kUnknown || (route.state == State::kNat && !route.nat)) {
      out.adrift.push_back(subnet);
    } else if (route.nat != &nat) {
      out.astray.push_back(subnet);
    }
  }
}

}  // namespace

Topology TopologyOf(const Stack& stack, const Resource& vpc) {
  const auto& network = stack.Knowledge<Network>();
  const auto& members = stack.Knowledge<VpcMembers>();
  const Members subnets = members.SubnetsOf(vpc);
  Topology out;
  Resources open, closed;
  for (const Resource* subnet : subnets.certain) {
    const Exposure exposure = network.ByRoutes(*subnet).exposure;
    (exposure == Exposure::kPublic ? open : exposure == Exposure::kPrivate ? closed : out.open_subnets).push_back(subnet);
  }
  const auto few = subnets.perhaps.first(std::min<std::size_t>(subnets.perhaps.size(), Topology::kNamed));
  out.open_subnets.insert(out.open_subnets.end(), few.begin(), few.end());
  out.more_open_subnets = subnets.perhaps.size() - few.size();
  out.public_subnets = Zoned(std::move(open));
  out.private_subnets = Zoned(std::move(closed));
  out.internet_gateways = members.InternetGatewaysOf(vpc);
  out.nat_gateways = members.NatGatewaysOf(vpc);
  if (out.nat_gateways.certain.size() == 1) {
    const Resource& nat = *out.nat_gateways.certain.front();
    Place(stack, nat, out);
    Follow(network, nat, out);
  }
  return out;
}

}  // namespace fastcart
