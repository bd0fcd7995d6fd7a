// The changes of inputs by which a resource would comply, as data: applied to the engine's property bag by the
// plugin, printed by `check --fix-plan`. Everything that is not named stays exactly as it came.
//
// Not thread-safe. Its paths are valid while the stack and the ConfiguredPack live.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "analyzer/policy/text.h"
#include "analyzer/value/path.h"

namespace guardrails {

// A new value. A number is a whole one; strings are the rule's own constants or settings, or the reference of a
// resource in the stack, never a value that was read from a secret.
using NewValue = std::variant<bool, double, std::string, std::vector<std::string>>;

struct Change {
  Path path;
  NewValue value;  // set at the path; objects and lists on the way are made
  Text why;
};

class Remedy {
 public:
  void Set(Path path, NewValue value, Text why) {
    changes_.push_back({std::move(path), std::move(value), std::move(why)});
  }
  const std::vector<Change>& changes() const { return changes_; }

 private:
  std::vector<Change> changes_;
};

}  // namespace guardrails
