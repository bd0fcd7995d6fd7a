// What one call teaches that a later one needs, by URN.
//
// Remediate shows which inputs the provider filled in, Analyze does not. Analyze shows the inputs, AnalyzeStack only
// outputs. And what Analyze could not decide, AnalyzeStack is asked again. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/evaluate/evaluate.h"
#include "analyzer/model/stack.h"

namespace guardrails {

// The inputs of a resource, and what they are views of.
struct Inputs {
  std::shared_ptr<const void> owner;
  Value properties;
};

class Memory {
 public:
  void RememberDefaults(std::string_view urn, std::vector<std::string> names);
  // The names of the top-level inputs that the provider filled in.
  std::vector<std::string> Defaults(std::string_view urn) const;

  // Replaces what an earlier Analyze of the same resource left.
  void RememberInputs(std::string_view urn, Inputs inputs, std::vector<Deferred> deferred);
  // Gives the resources of a stack the inputs that Analyze saw.
  void GiveInputs(StackBuilder& stack) const;
  std::vector<Deferred> AllDeferred() const;

 private:
  struct Entry {
    std::vector<std::string> defaults;
    Inputs inputs;
    std::vector<Deferred> deferred;
  };
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> by_urn_;
};

}  // namespace guardrails
