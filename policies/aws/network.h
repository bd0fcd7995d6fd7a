// How the subnets of a stack are routed, and whether that makes them private.
//
// A subnet's effective route table is that of its association, else its VPC's main one: MainRouteTableAssociation,
// else the default table, which a DefaultRouteTable may adopt and Routes may reach through the VPC's own outputs
// (a routeTableId that depends only on a VPC is its main table). Judged alike: aws.ec2.* and aws-native:ec2:*.
// Source: docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "analyzer/model/stack.h"
#include "analyzer/policy/text.h"

namespace fastcart {

enum class Exposure : std::uint8_t { kPrivate, kPublic, kUnknown };

struct SubnetAnswer {
  Exposure exposure = Exposure::kUnknown;
  guardrails::Text why;  // "route table public-dev has the route default-dev to the internet gateway igw-dev"
  bool missing = false;  // unknown only because the file leaves out unchanged resources
};

// Where a subnet's traffic to 0.0.0.0/0 goes.
struct DefaultRoute {
  enum class State : std::uint8_t { kNone, kNat, kElsewhere, kUnknown };
  State state = State::kUnknown;
  const guardrails::Resource* nat = nullptr;  // of kNat: the gateway; null where it cannot be told
};

// Knowledge of a stack (stack.Knowledge<Network>()): immutable, safe to read from many threads.
class Network {
 public:
  explicit Network(const guardrails::Stack& stack);
  ~Network();

  // By its routes and its mapPublicIpOnLaunch.
  SubnetAnswer Of(const guardrails::Resource& subnet) const;
  // The same of a subnet of which only the id is known: public by an association of the stack, or unknown.
  SubnetAnswer OfOutside(std::string_view id) const;
  // By its routes alone. One that is only read is never private: its routes are not in the stack.
  SubnetAnswer ByRoutes(const guardrails::Resource& subnet) const;

  DefaultRoute DefaultRouteOf(const guardrails::Resource& subnet) const;

 private:
  class Map;
  std::unique_ptr<const Map> map_;
};

}  // namespace fastcart
