// Which VPC something stands in, and what stands in a VPC of the stack.
//
// Source: docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html and vpc-nat-gateway.html. Valid while the
// stack lives.
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/model/stack.h"

namespace fastcart {

struct VpcReference {
  enum class State { kVpc, kOutside, kUnknown };
  State state = State::kUnknown;
  const guardrails::Resource* vpc = nullptr;  // of kVpc, and of kOutside where the stack reads it
  std::string_view outside = {};              // of kOutside: its id; empty where only an edge tells
};

// The VPC that a property of `from`, mostly vpcId, names.
VpcReference VpcNamed(const guardrails::Stack& stack, const guardrails::Resource& from, std::string_view property);

// The subnets of which `at` names one, also where the stack only reads it; empty where it may be another.
std::vector<const guardrails::Resource*> SubnetChoices(const guardrails::Stack& stack, const guardrails::Resource& from,
                                                       const guardrails::Property& at);

// Resources in the order of their URNs: views of what VpcMembers holds, where all VPCs share the second.
struct Members {
  std::span<const guardrails::Resource* const> certain;
  std::span<const guardrails::Resource* const> perhaps;  // whose VPC cannot be told
};

// Knowledge of a stack: immutable, safe to read from many threads.
class VpcMembers {
 public:
  explicit VpcMembers(const guardrails::Stack& stack);

  Members SubnetsOf(const guardrails::Resource& vpc) const { return In(vpc, subnets_); }
  // Attached by their vpcId or by an attachment, which stands for a gateway that the stack does not manage.
  Members InternetGatewaysOf(const guardrails::Resource& vpc) const { return In(vpc, internet_gateways_); }
  // Those to the internet: a NAT gateway with connectivityType private is none.
  Members NatGatewaysOf(const guardrails::Resource& vpc) const { return In(vpc, nat_gateways_); }

 private:
  struct Kind {
    std::unordered_map<const guardrails::Resource*, std::vector<const guardrails::Resource*>> of;
    std::vector<const guardrails::Resource*> somewhere;
  };
  void Put(Kind& kind, const VpcReference& vpc, const guardrails::Resource& what);
  void PutGateways(const guardrails::Stack& stack);
  void PutNatGateways(const guardrails::Stack& stack);
  static Members In(const guardrails::Resource& vpc, const Kind& kind);

  Kind subnets_, internet_gateways_, nat_gateways_;
};

}  // namespace fastcart
