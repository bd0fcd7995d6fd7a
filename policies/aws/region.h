// The region that a resource is made in.
//
// Source: www.pulumi.com/registry/packages/aws/how-to-guides/aws-enhanced-region-support. Pure and thread-safe; valid
// while the stack lives.
#pragma once

#include "analyzer/model/stack.h"

namespace fastcart {

// The region of the provider that the resource uses: the `region` of an explicit provider, else what the provider
// says of itself (its output); of a default provider else the stack's aws:region. Known, unknown, or absent where
// the source does not say, for example because the environment of the deployment does.
guardrails::Value ProviderRegion(const guardrails::Stack& stack, const guardrails::Resource& resource);

// The resource's own `region` (provider version 7 lets any resource override it), else its provider's.
guardrails::Value RegionOf(const guardrails::Stack& stack, const guardrails::Resource& resource);

// Nothing shows that two regions differ: they are the same, or one of them is not known.
bool MayBeSameRegion(const guardrails::Value& a, const guardrails::Value& b);

}  // namespace fastcart
