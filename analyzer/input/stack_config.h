// The configuration of a stack as its Pulumi.<stack>.yaml holds it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace guardrails {

// A value as the engine hands it to programs: text, or JSON for lists and objects.
struct StackConfigValue {
  std::string text;     // empty for a secret: the file holds its ciphertext only
  bool secret = false;
};

// "aws:region" -> value. A key without a namespace belongs to the project.
using StackConfig = std::map<std::string, StackConfigValue, std::less<>>;

// The text of a Pulumi.<stack>.yaml. InvalidArgument names the file, the line and what is wrong.
absl::StatusOr<StackConfig> ReadStackConfig(const std::string& text, std::string_view name);

}  // namespace guardrails
