// The default list of required-outputs and the documentation of the stack's outputs are one list.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "policies/guardrails.h"

namespace fastcart {
namespace {

std::set<std::string> Documented() {
  std::set<std::string> names;
  std::ifstream file(PROJECT_ROOT "/docs/outputs.md");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("| `")) names.insert(line.substr(3, line.find('`', 3) - 3));
  return names;
}

TEST(RequiredOutputsTest, AsksForTheDocumentedOutputs) {
  const auto& keys = kRequiredOutputs.config;
  ASSERT_EQ(keys.size(), 1u);
  const auto names = nlohmann::json::parse(keys.front().default_json).get<std::set<std::string>>();
  EXPECT_GT(names.size(), 10u);
  EXPECT_EQ(names, Documented());
}

}  // namespace
}  // namespace fastcart
