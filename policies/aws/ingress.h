// What lets traffic into a security group, in every spelling: inline rules of SecurityGroup and DefaultSecurityGroup,
// aws.ec2.SecurityGroupRule, aws.vpc.SecurityGroupIngressRule, and both of aws-native.
// Source: docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
// Pure and thread-safe; valid while the stack lives.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "analyzer/model/stack.h"
#include "policies/aws/certainty.h"

namespace fastcart {

// One permission. What it does not have is absent or empty; an element of a list stands for itself, a list that is
// unknown for its elements.
struct Ingress {
  const guardrails::Resource* by = nullptr;  // the rule, or the group that holds it inline
  guardrails::Property at;                   // the rule as a whole; an empty path for a rule of its own
  guardrails::Property protocol, from_port, to_port, self;
  std::vector<guardrails::Property> ranges, prefix_lists, groups;  // its sources, blank ones left out
};

struct IngressList {
  std::vector<Ingress> rules;
  std::optional<guardrails::Property> open;  // what is unknown of it: all inline rules, or whether it lets in or out
  std::optional<guardrails::Property> wrong;  // no list of rules
  bool egress = false;                        // a rule that lets out
};
IngressList IngressOf(const guardrails::Stack& stack, const guardrails::Resource& group_or_rule);

// The property of a separate rule that names its group; of an inline rule there is none.
guardrails::Property GroupOf(const guardrails::Stack& stack, const guardrails::Resource& rule);

extern const guardrails::Target kGroupsAndRules;

// A port, or -1, which AWS reads as all of them; also as text. Nothing where it is no whole number of that range.
std::optional<int> PortNumber(const guardrails::Value& value);

// Which ports of which protocols.
struct Ports {
  enum class Breadth : std::uint8_t { kSome, kAllPorts, kAllProtocols, kMistyped, kUnknown };
  Breadth breadth = Breadth::kUnknown;
  guardrails::Property at;                   // what makes it broad, is no port or protocol, or is unknown
  std::optional<std::pair<int, int>> range;  // of TCP and UDP, where it is known
  std::optional<int> first, last;            // those of its ends that are known, also where the protocol is not
  bool tcp = false;
  bool none = false;                         // the protocol has no ports
};
Ports PortsOf(const Ingress& ingress);

// The group itself is the only source. Told of a separate rule's source with the whole stack only.
Certainty FromItselfOnly(const guardrails::Stack& stack, const Ingress& ingress);

// Whether an address range is every address (IsEveryAddress in cidr.h). Unknown ranges that come from a VPC, a subnet
// or an address are not.
Certainty IsEverywhere(const guardrails::Stack& stack, const Ingress& ingress, const guardrails::Property& range);
// Whether a prefix list that the stack has or reads holds such a range, or several that together are one. An id of none
// of these is AWS's, or not for us to see.
Certainty ListsEverywhere(const guardrails::Stack& stack, const Ingress& ingress,
                          const guardrails::Property& prefix_list);

}  // namespace fastcart
