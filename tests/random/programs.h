// The executable, as the engine boots it and as a shell runs it.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/random/engine.h"
#include "tests/random/said.h"

namespace fastcart::testing {

// The plugin as a process of its own, over gRPC. At its end it gets SIGINT, and must end well.
std::unique_ptr<Plugin> Boot();

// What `check --format json` says of each of the stacks.
struct Checked {
  std::vector<Said> said;
  std::string errors;  // what stands on stderr
};
Checked Check(const std::vector<nlohmann::json>& lists, const nlohmann::json& config);

}  // namespace fastcart::testing
