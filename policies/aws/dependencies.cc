#include "policies/aws/dependencies.h"

#include <vector>

#include "absl/container/flat_hash_map.h"

namespace fastcart {

using namespace guardrails;

namespace {

template <class Each>
void ForSources(const Resource& r, Each each) {
  for (const std::string_view urn : r.dependencies) each(urn);
  for (const PropertyDependency& d : r.property_dependencies)
    for (const std::string_view urn : d.urns) each(urn);
}

// All in a component; components in it have their own turn.
template <class Each>
void ForPartsOf(const Stack& stack, std::string_view urn, Each each, int depth = 64) {
  for (const Resource* child : stack.ChildrenOf(urn)) {
    each(child->urn);
    if (child->custom && depth > 0) ForPartsOf(stack, child->urn, each, depth - 1);
  }
}

// All that `next` leads to from these, in one or more steps, themselves included.
template <class Next>
Urns Reached(const Urns& from, Next next) {
  Urns out = from;
  std::vector<std::string_view> open(from.begin(), from.end());
  while (!open.empty()) {
    const std::string_view urn = open.back();
    open.pop_back();
    next(urn, [&](std::string_view found) {
      if (out.insert(found).second) open.push_back(found);
    });
  }
  return out;
}

}  // namespace

Urns AllSourcesOf(const Stack& stack, const Urns& from) {
  return Reached(from, [&](std::string_view urn, const auto& add) {
    const Resource* r = stack.Find(urn);
    if (r) ForSources(*r, add);
    if (r && !r->custom && !r->is_stack()) ForPartsOf(stack, urn, add);
  });
}

Urns DependentsAmong(const Stack& stack, const Urns& these, const Urns& sources) {
  const Urns on_the_way = AllSourcesOf(stack, these);
  absl::flat_hash_map<std::string_view, std::vector<std::string_view>> dependents;
  for (const std::string_view urn : on_the_way)
    if (const Resource* r = stack.Find(urn))
      ForSources(*r, [&](std::string_view source) { dependents[source].push_back(urn); });
  Urns from;
  for (const std::string_view urn : on_the_way)
    if (sources.contains(urn)) from.insert(urn);
  return Reached(from, [&](std::string_view urn, const auto& add) {
    if (const auto at = dependents.find(urn); at != dependents.end())
      for (const std::string_view dependent : at->second) add(dependent);
    ForComponentsAround(stack, urn, add);
  });
}

}  // namespace fastcart
