// The shape of one VPC: its subnets by their routes, their zones, its gateways, and where default routes lead.
#pragma once

#include <cstddef>
#include <vector>

#include "analyzer/model/stack.h"
#include "policies/aws/network.h"
#include "policies/aws/vpc.h"

namespace fastcart {

// Subnets of one kind. They are in at least `zones` zones; `open`: perhaps in more, as some zones are not known.
struct ZonedSubnets {
  std::vector<const guardrails::Resource*> subnets;
  std::size_t zones = 0;
  bool open = false;
};

struct Topology {
  ZonedSubnets public_subnets, private_subnets;  // as proved by routes alone
  static constexpr std::size_t kNamed = 4;  // as many a message names, and all VPCs may share the same
  // Perhaps of either kind; those perhaps of another VPC are the first kNamed only, and this many more.
  std::vector<const guardrails::Resource*> open_subnets;
  std::size_t more_open_subnets = 0;
  Members internet_gateways, nat_gateways;

  // Where there is one NAT gateway:
  std::vector<const guardrails::Resource*> nat_subnets;  // the one or several that it may stand in
  Exposure nat_place = Exposure::kUnknown;               // of these; no subnet at all is kPrivate
  std::vector<const guardrails::Resource*> astray;       // private subnets whose default route does not lead to it
  std::vector<const guardrails::Resource*> adrift;       // those of which that cannot be told

  bool empty() const {
    return public_subnets.subnets.empty() && private_subnets.subnets.empty() && open_subnets.empty() &&
           internet_gateways.certain.empty() && nat_gateways.certain.empty();
  }
};

Topology TopologyOf(const guardrails::Stack& stack, const guardrails::Resource& vpc);

}  // namespace fastcart
