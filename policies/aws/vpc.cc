#include "policies/aws/vpc.h"

#include <algorithm>

#include "analyzer/model/references.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"

namespace fastcart {

using namespace guardrails;

namespace {

const Target kGatewayAttachments{
    .types = {"aws:ec2/internetGatewayAttachment:InternetGatewayAttachment", "aws-native:ec2:VpcGatewayAttachment"},
    .known_by = {}};

void SortByUrn(std::vector<const Resource*>& list) {
  std::sort(list.begin(), list.end(), [](const Resource* a, const Resource* b) { return a->urn < b->urn; });
  list.erase(std::unique(list.begin(), list.end()), list.end());  // attached in two ways
}

// The VPC that all of the subnets stand in.
VpcReference CommonVpc(const Stack& stack, const std::vector<const Resource*>& subnets) {
  VpcReference out;
  for (const Resource* subnet : subnets) {
    const VpcReference vpc = VpcNamed(stack, *subnet, "vpcId");
    if (subnet != subnets.front() && (vpc.vpc != out.vpc || vpc.outside != out.outside)) return {};
    out = vpc;
  }
  return out;
}

// By its own vpcId, or by one that AWS is known to have given it: what an attachment leaves in the gateway's outputs.
// That such an output is not known yet says nothing.
bool IsAttached(const Stack& stack, const Resource& gateway) {
  const Property got(Path("vpcId"), gateway.outputs["vpcId"]);
  return !IsBlank(Asked(stack, gateway, "vpcId")) || (got.value().known() && !IsBlank(got));
}

}  // namespace

VpcReference VpcNamed(const Stack& stack, const Resource& from, std::string_view property) {
  using State = VpcReference::State;
  Property at = Asked(stack, from, property);
  if (const Value got = from.outputs[property]; got.known() && (IsBlank(at) || at.unknown()))
    at = {at.path(), got.AsSecretAs(at.value())};
  const Reference found = ResolveOne(stack, from, at, kVpcs);
  if (found.state == Reference::State::kResource) return {.state = State::kVpc, .vpc = found.resource};
  if (found.state != Reference::State::kOutside) return {};
  const std::string_view id = at.value().raw_string();
  const auto read = stack.KnownBy(kVpcs, id);
  return {.state = State::kOutside, .vpc = read.empty() ? nullptr : read.front(), .outside = id};
}

std::vector<const Resource*> SubnetChoices(const Stack& stack, const Resource& from, const Property& at) {
  const References found = ResolveAll(stack, from, at, kSubnets);
  if (found.unknown || !found.resources.empty() || found.outside.size() != 1) return found.choices();
  const Resource* read = ReadBy(stack, from, at, kSubnets);
  return read ? std::vector{read} : std::vector<const Resource*>();
}

VpcMembers::VpcMembers(const Stack& stack) {
  for (const Resource* subnet : stack.OfTypes(kSubnets)) Put(subnets_, VpcNamed(stack, *subnet, "vpcId"), *subnet);
  PutGateways(stack);
  PutNatGateways(stack);
  for (Kind* kind : {&subnets_, &internet_gateways_, &nat_gateways_}) {
    for (auto& [vpc, members] : kind->of) SortByUrn(members);
    SortByUrn(kind->somewhere);
  }
}

void VpcMembers::Put(Kind& kind, const VpcReference& vpc, const Resource& what) {
  if (vpc.state == VpcReference::State::kOutside) return;
  (vpc.vpc ? kind.of[vpc.vpc] : kind.somewhere).push_back(&what);
}

void VpcMembers::PutGateways(const Stack& stack) {
  for (const Resource* gateway : stack.OfTypes(kInternetGateways))
    if (IsAttached(stack, *gateway)) Put(internet_gateways_, VpcNamed(stack, *gateway, "vpcId"), *gateway);
  for (const Resource* attachment : stack.OfTypes(kGatewayAttachments)) {
    const Property id = Asked(stack, *attachment, "internetGatewayId");
    if (IsBlank(id)) continue;  // of a VPN gateway
    const Resource* gateway = ResolveOne(stack, *attachment, id, kInternetGateways).resource;
    Put(internet_gateways_, VpcNamed(stack, *attachment, "vpcId"), gateway ? *gateway : *attachment);
  }
}

void VpcMembers::PutNatGateways(const Stack& stack) {
  for (const Resource* nat : stack.OfTypes(kNatGateways)) {
    const Property connectivity = Asked(stack, *nat, "connectivityType"), subnet = Asked(stack, *nat, "subnetId");
    if (IsText(connectivity, "private")) continue;
    if (IsBlank(subnet)) {  // a regional one
      Put(nat_gateways_, VpcNamed(stack, *nat, "vpcId"), *nat);
      continue;
    }
    VpcReference vpc;
    if (!connectivity.unknown()) vpc = CommonVpc(stack, SubnetChoices(stack, *nat, subnet));
    Put(nat_gateways_, vpc, *nat);
  }
}

Members VpcMembers::In(const Resource& vpc, const Kind& kind) {
  Members out{.certain = {}, .perhaps = kind.somewhere};
  if (const auto at = kind.of.find(&vpc); at != kind.of.end()) out.certain = at->second;
  return out;
}

}  // namespace fastcart
