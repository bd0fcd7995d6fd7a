// What the resources of a stack are made of, as their dependencies tell: over several steps, and through components, as
// an edge to a component may mean any resource in it.
//
// Pure and thread-safe. URNs are views that are valid while the stack lives; they need not be of resources of the stack.
#pragma once

#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "analyzer/model/stack.h"

namespace fastcart {

using Urns = absl::flat_hash_set<std::string_view>;

// What the resource's top-level property was computed from.
template <class Each>
void ForEdges(const guardrails::Resource& r, std::string_view property, Each each) {
  for (const guardrails::PropertyDependency& d : r.property_dependencies)
    if (d.property == property)
      for (const std::string_view urn : d.urns) each(urn);
}

// The components that a resource stands in.
template <class Each>
void ForComponentsAround(const guardrails::Stack& stack, std::string_view urn, Each each) {
  constexpr int kMost = 64;  // more only in made-up data, where components stand in a circle
  const guardrails::Resource* at = stack.Find(urn);
  for (int i = 0; at && i < kMost; ++i) {
    at = stack.Find(at->parent);
    if (at && !at->custom && !at->is_stack()) each(at->urn);
  }
}

// All that one of these depends on, in one or more steps, themselves included; of a component, on all that is in it.
Urns AllSourcesOf(const guardrails::Stack& stack, const Urns& from);

// Those of `these` that depend on one of `sources` or are one, and maybe others that do. Follows only what `these`
// depend on, not the whole stack.
Urns DependentsAmong(const guardrails::Stack& stack, const Urns& these, const Urns& sources);

}  // namespace fastcart
