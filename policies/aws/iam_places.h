// Where a stack has IAM policy documents, and attaches managed policies.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/model/stack.h"

namespace fastcart {

// Where a resource holds documents of identities, or says who may take a role.
struct PolicyPlace {
  guardrails::Property at;
  bool trust = false;     // an assume-role policy
  bool required = false;  // the resource is nothing without it
};
std::vector<PolicyPlace> PolicyPlaces(const guardrails::Stack& stack, const guardrails::Resource& resource);
// The ARNs of managed policies that it attaches; absent for a resource that is there to attach one and names none.
std::vector<guardrails::Property> AttachedPolicies(const guardrails::Stack& stack,
                                                   const guardrails::Resource& resource);
// The resource types that have either.
std::vector<std::string_view> PolicyTypes();

}  // namespace fastcart
