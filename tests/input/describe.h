// A stack as text, to compare what the forms give.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "analyzer/input/input.h"

namespace guardrails::testing {

// 'text', 2, true, [..], {key: ..}, absent, unknown, hidden; secret(..) and default(..) around them.
std::string Describe(const Value& value);

// One line a resource, with all that the model has of it. `secrets_alike`: known and hidden secrets look the same.
struct Describing {
  bool secrets_alike = false;
  bool edges = true;
};
std::string Describe(const Stack& stack, const Describing& how = {});

// A file of tests/fixtures.
std::string Fixture(const std::string& name);

// Reads a text that must be readable; null otherwise.
std::unique_ptr<const Stack> ReadOk(const std::string& text, const InputOptions& options = {});

// The message for a text that must not be readable; "OK" otherwise.
std::string ErrorOf(const std::string& text, const InputOptions& options = {});

}  // namespace guardrails::testing
