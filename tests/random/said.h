// What was said of a stack, in the same form by the engine's way and by `check`'s, so that they can be compared.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace fastcart::testing {

struct Said {
  std::multiset<nlohmann::json> verdicts;  // as Entry() makes them; undecided ones are advisory
  std::set<std::string> not_applicable;    // policies that found nothing to judge
  std::set<std::string> in_part;           // policies that do not apply to some resources; only `check` says so
};

nlohmann::json Entry(const std::string& policy, const std::string& urn, const std::string& level,
                       const std::string& message);

// What the JSON report says of each of these files.
std::vector<Said> SaidOf(const nlohmann::json& report, const std::vector<std::string>& files);

// What only one of the two said, a line each.
std::string Difference(const Said& engine, const Said& check);

}  // namespace fastcart::testing
