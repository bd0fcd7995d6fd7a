#include "fuzz/resource_list.h"

#include "tests/random/normal.h"

namespace guardrails::fuzzing {

absl::StatusOr<StackInput> ReadList(std::string_view text) {
  InputOptions options;
  options.kind = InputKind::kResources;
  return ReadStack(text, "FILE", options);
}

nlohmann::json NormalList(std::string_view text) {
  if (!ReadList(text).ok()) return {};
  try {
    return fastcart::testing::Normal(nlohmann::json::parse(text));
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

}  // namespace guardrails::fuzzing
