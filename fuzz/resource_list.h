// A plain resource list in the one form that `check` and the engine of tests/random can both be given.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "absl/status/statusor.h"
#include "analyzer/input/input.h"

namespace guardrails::fuzzing {

absl::StatusOr<StackInput> ReadList(std::string_view text);

// In the form of tests/random/normal.h; null where the text has not even the shape of a list.
nlohmann::json NormalList(std::string_view text);

}  // namespace guardrails::fuzzing
