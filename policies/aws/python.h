// What the schema's names are called in Pulumi Python, for the fixes in messages.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/policy/text.h"

namespace fastcart {

// "configuration.kms_key_id" of configuration.kmsKeyId. A constant of the rule, never a value.
inline guardrails::Text InPython(std::string_view schema_path) {
  std::string out;
  for (const char c : schema_path) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper) out += '_';
    out += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return guardrails::Text::Setting(out);
}

}  // namespace fastcart
