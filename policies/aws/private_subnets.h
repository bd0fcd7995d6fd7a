// Whether everything that a list of subnets names is private.
//
// Source: docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html (subnet types). Pure and thread-safe; the
// verdict's texts are its own, and outlive the stack.
#pragma once

#include <string>
#include <vector>

#include "analyzer/model/stack.h"
#include "analyzer/policy/text.h"

namespace fastcart {

struct SubnetsVerdict {
  bool none = false;       // there is no list, or one that names nothing
  guardrails::Text wrong;  // "a and b (route table x has …)": the public ones; empty where there is none
  guardrails::Text open;   // the same of those that cannot be told
  bool missing = false;    // they could be told if the file did not leave out unchanged resources
};

// `listed`: ids of subnets outside the stack that the policy's configuration declares private.
SubnetsVerdict JudgeSubnets(const guardrails::Stack& stack, const guardrails::Resource& from,
                            const guardrails::Property& list, const std::vector<std::string>& listed);

}  // namespace fastcart
