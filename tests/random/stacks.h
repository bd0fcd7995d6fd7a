// Random stacks with many faults, the same for the same seed.
//
// Each is FastCart's own stack as the real engine wrote it (tests/fixtures/real), after an update or at its first
// preview, or what the cases of several tables hold, put together; then changed at random: properties removed, changed,
// mistyped, unknown or secret, inside of JSON texts too; edges and resources removed, resources of case tables added.
#pragma once

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/policies/case_file.h"

namespace fastcart::testing {

struct RandomStack {
  std::string what;       // the seed, and what was changed
  nlohmann::json list;    // in the form of normal.h
};

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::size_t Below(std::size_t n) { return engine_() % n; }  // n > 0; the same on every platform
  bool OneIn(std::size_t n) { return Below(n) == 0; }
  template <class Container>
  auto& Of(Container& container) { return container[Below(container.size())]; }

 private:
  std::mt19937 engine_;
};

RandomStack MakeRandomStack(unsigned seed);

// Whether the case shows a rule that cannot do its work.
bool IsBroken(const Case& c);
// Whether the engine could ask about a case's stack, and would be told the same: not of partial previews, and not where
// the case says that its two passes may judge otherwise, or an error ends the call.
bool CanBeAsked(const Case& c);

// FastCart's own, without a fault.
const nlohmann::json& FastCartStack(bool preview);

// A place in the inputs of a managed resource at which a value stands: no bookkeeping, and nothing inside a secret.
struct Place {
  std::size_t resource = 0;  // index into the list's resources
  std::vector<std::string> path;
};
// Empty path: the list has none.
Place RandomPlace(const nlohmann::json& list, Random& random);
// Sets the value there, in the outputs as well where they say the same; null removes.
void Put(nlohmann::json& list, const Place& place, const nlohmann::json& value);
const nlohmann::json& At(const nlohmann::json& list, const Place& place);
std::string InWords(const nlohmann::json& list, const Place& place);

}  // namespace fastcart::testing
