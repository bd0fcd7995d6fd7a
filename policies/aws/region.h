// The region that a resource is made in.
//
// Source: www.pulumi.com/registry/packages/aws/how-to-guides/aws-enhanced-region-support. Pure and thread-safe; valid
// while the stack lives.
#pragma once

#include "analyzer/model/stack.h"
#include "policies/aws/certainty.h"

namespace fastcart {

// The region of the provider that the resource uses: the `region` of an explicit provider, else what the provider
// says of itself (its output); of a default provider else the stack's aws:region. Known, unknown, or absent where
// the source does not say, for example because the environment of the deployment does.
guardrails::Value ProviderRegion(const guardrails::Stack& stack, const guardrails::Resource& resource);

// The resource's own `region` (provider version 7 lets any resource override it), else its provider's.
guardrails::Value RegionOf(const guardrails::Stack& stack, const guardrails::Resource& resource);

// Whether two regions, as RegionOf gives them, are one. A region that nobody knows may be any.
Certainty SameRegion(const guardrails::Value& a, const guardrails::Value& b);

// Whether two resources are made in one region. What one provider makes is, whichever region that may be, unless a
// resource has a `region` of its own.
Certainty InOneRegion(const guardrails::Stack& stack, const guardrails::Resource& a, const guardrails::Resource& b);

}  // namespace fastcart
