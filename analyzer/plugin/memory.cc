#include "analyzer/plugin/memory.h"

#include <utility>

namespace guardrails {

void Memory::RememberDefaults(std::string_view urn, std::vector<std::string> names) {
  const std::lock_guard lock(mutex_);
  by_urn_[std::string(urn)].defaults = std::move(names);
}

std::vector<std::string> Memory::Defaults(std::string_view urn) const {
  const std::lock_guard lock(mutex_);
  const auto at = by_urn_.find(urn);
  return at == by_urn_.end() ? std::vector<std::string>() : at->second.defaults;
}

void Memory::RememberInputs(std::string_view urn, Inputs inputs, std::vector<Deferred> deferred) {
  const std::lock_guard lock(mutex_);
  Entry& entry = by_urn_[std::string(urn)];
  entry.inputs = std::move(inputs);
  entry.deferred = std::move(deferred);
}

void Memory::GiveInputs(StackBuilder& stack) const {
  const std::lock_guard lock(mutex_);
  for (Resource& resource : stack.resources()) {
    const auto at = by_urn_.find(resource.urn);
    if (at == by_urn_.end() || !at->second.inputs.owner) continue;
    resource.inputs = at->second.inputs.properties;
    stack.KeepAlive(at->second.inputs.owner);
  }
}

std::vector<Deferred> Memory::AllDeferred() const {
  const std::lock_guard lock(mutex_);
  std::vector<Deferred> out;
  for (const auto& [urn, entry] : by_urn_) out.insert(out.end(), entry.deferred.begin(), entry.deferred.end());
  return out;
}

}  // namespace guardrails
