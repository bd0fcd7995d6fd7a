#include "policies/aws/routes.h"

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_set>

#include "analyzer/model/references.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"

namespace fastcart {
namespace {

using namespace guardrails;

// What a route can lead to besides internet and NAT gateways.
const Target kOtherGateways{
    .types = {"aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "aws:ec2/vpnGateway:VpnGateway",
              "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/carrierGateway:CarrierGateway",
              "aws:ec2/networkInterface:NetworkInterface", "aws:ec2/instance:Instance",
              "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
              "aws:ec2transitgateway/transitGateway:TransitGateway", "aws-native:ec2:EgressOnlyInternetGateway",
              "aws-native:ec2:VpnGateway", "aws-native:ec2:VpcEndpoint", "aws-native:ec2:CarrierGateway",
              "aws-native:ec2:NetworkInterface", "aws-native:ec2:Instance", "aws-native:ec2:TransitGateway"},
    .known_by = {"arn"}};

constexpr std::array kOtherIds = {"eigw-", "vgw-", "vpce-", "cagw-", "lgw-", "eni-", "i-", "pcx-", "tgw-"};
constexpr std::array kOtherTargets = {
    "egressOnlyGatewayId", "egressOnlyInternetGatewayId", "carrierGatewayId", "coreNetworkArn",   "instanceId",
    "localGatewayId",      "networkInterfaceId",          "odbNetworkArn",    "transitGatewayId", "vpcEndpointId",
    "vpcPeeringConnectionId"};

// Of all resources: mocks give ids of any shape, also to kinds of gateways that are not listed here.
class Ids {
 public:
  explicit Ids(const Stack& stack) {
    for (const Resource& r : stack.resources())
      if (const std::string_view id = r.id.raw_string(); !id.empty()) ids_.insert(id);
  }
  bool Has(std::string_view id) const { return ids_.contains(id); }

 private:
  std::unordered_set<std::string_view> ids_;
};

// Reads a route: the properties of a Route, or the members of an inline one.
using Read = std::function<Property(std::string_view)>;

class Reader {
 public:
  Reader(const Stack& stack, const Resource& from) : stack_(stack), from_(from) {}

  Route One(const Read& read, bool nat_explained) const {
    Route out{.by = &from_};
    Destination(read, out);
    const Property gateway = read("gatewayId"), nat = read("natGatewayId");
    if (!IsBlank(gateway)) {
      Lead(gateway, Leads::kUnknown, nat_explained, out);
    } else if (!IsBlank(nat)) {
      Lead(nat, Leads::kNat, false, out);
    } else {
      Other(read, out);
    }
    return out;
  }

  // A list that is unknown as a whole: routes to what flows into it.
  std::vector<Route> Whole(const Property& list) const {
    std::vector<Route> out;
    const std::string_view root = list.path().root();
    const Edges internet = EdgeTargets(stack_, from_, root, kInternetGateways);
    const Edges nat = EdgeTargets(stack_, from_, root, kNatGateways);
    const auto add = [&](Leads leads, const Resource* gateway) {
      out.push_back({.by = &from_, .path = list.path(), .ipv4 = Value::Unknown(), .leads = leads, .gateway = gateway});
    };
    for (const Resource* r : internet.resources) add(Leads::kInternet, r);
    if (internet.dangling) add(Leads::kInternet, nullptr);
    for (const Resource* r : nat.resources) add(Leads::kNat, r);
    if (out.empty() || !internet.some_of.empty()) add(Leads::kUnknown, nullptr);
    return out;
  }

 private:
  static void Destination(const Read& read, Route& out) {
    for (const char* name : {"destinationCidrBlock", "cidrBlock"})
      if (const Property at = read(name); out.ipv4.absent() && !IsBlank(at)) out.ipv4 = at.value();
    out.to_prefix_list = !IsBlank(read("destinationPrefixListId"));
  }

  void Other(const Read& read, Route& out) const {
    for (const char* name : kOtherTargets) {
      const Property at = read(name);
      if (IsBlank(at)) continue;
      Lead(at, Leads::kElsewhere, false, out);
      if (out.leads == Leads::kInternet) return;
    }
  }

  // `natural` is what the property takes: gatewayId more than one kind, so kUnknown.
  void Lead(const Property& at, Leads natural, bool nat_explained, Route& out) const {
    out.leads = std::visit(Overloaded{
                               [&](Absent) { return Leads::kUnknown; },
                               [&](Unknown) { return ByEdges(at, natural, nat_explained); },
                               [&](Mistyped) { return Leads::kUnknown; },
                               [&](Known<std::string_view> id) { return ByText(at, id.value, natural); },
                           },
                           at.ReadString());
    if (out.leads != Leads::kInternet && out.leads != Leads::kNat) return;
    const Reference to = ResolveOne(stack_, from_, at, out.leads == Leads::kNat ? kNatGateways : kInternetGateways);
    out.gateway = to.resource;
    out.outside = to.state == Reference::State::kOutside;
  }

  Leads ByText(const Property& at, std::string_view id, Leads natural) const {
    if (id.starts_with("igw-") || !stack_.KnownBy(kInternetGateways, id).empty()) return Leads::kInternet;
    if (id.starts_with("nat-") || !stack_.KnownBy(kNatGateways, id).empty()) return Leads::kNat;
    if (natural != Leads::kUnknown) return natural;
    const bool other = std::any_of(kOtherIds.begin(), kOtherIds.end(), [id](auto p) { return id.starts_with(p); });
    if (id == "local" || other || stack_.Knowledge<Ids>().Has(id)) return Leads::kElsewhere;
    return ByEdges(at, natural, false);
  }

  Leads ByEdges(const Property& at, Leads natural, bool nat_explained) const {
    const std::string_view root = at.path().root();
    const Edges internet = EdgeTargets(stack_, from_, root, kInternetGateways);
    const Edges nat = EdgeTargets(stack_, from_, root, kNatGateways);
    const Edges other = EdgeTargets(stack_, from_, root, kOtherGateways);
    const auto leads = [](const Edges& e) { return !e.resources.empty() || e.dangling; };
    const bool to_nat = leads(nat) && !nat_explained;
    // Of inline routes one leads there, and the property is the only one that takes it; others explain the rest.
    const bool others = leads(other) && !(Inline(at) && natural == Leads::kUnknown);
    const bool only = !to_nat && !others && (natural == Leads::kUnknown || !Inline(at));
    if (leads(internet) && only) return Leads::kInternet;
    if (natural != Leads::kUnknown) return natural;
    if (leads(internet) || !internet.some_of.empty()) return Leads::kUnknown;
    if (to_nat) return Leads::kNat;
    return leads(other) ? Leads::kElsewhere : Leads::kUnknown;
  }

  static bool Inline(const Property& at) { return at.path().root() == "routes"; }

  const Stack& stack_;
  const Resource& from_;
};

std::vector<Route> Elements(const Reader& reader, const std::vector<Property>& elements) {
  const bool nat = std::any_of(elements.begin(), elements.end(), [](const Property& e) { return !IsBlank(e["natGatewayId"]); });
  std::vector<Route> out;
  for (const Property& element : elements) {
    out.push_back(reader.One([&element](std::string_view name) { return element[name]; }, nat));
    out.back().path = element.path();
  }
  return out;
}

}  // namespace

std::vector<Route> InlineRoutes(const Stack& stack, const Resource& table) {
  const Reader reader(stack, table);
  const Property list = Asked(stack, table, "routes");
  return std::visit(Overloaded{
                        [](Absent) { return std::vector<Route>(); },
                        [&](Unknown) { return reader.Whole(list); },
                        [&](Mistyped) { return std::vector<Route>{{.by = &table, .path = list.path()}}; },
                        [&](const Known<std::vector<Property>>& known) { return Elements(reader, known.value); },
                    },
                    list.ReadList());
}

Route SeparateRoute(const Stack& stack, const Resource& route) {
  return Reader(stack, route).One([&](std::string_view name) { return Asked(stack, route, name); }, false);
}

}  // namespace fastcart
