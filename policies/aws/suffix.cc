#include "policies/aws/suffix.h"

namespace fastcart {

using guardrails::Config;
using guardrails::Kind;
using guardrails::Stack;
using guardrails::Value;

namespace {

Value Said(const Stack& stack) {
  for (const char* key : {"environmentSuffix", "environment_suffix"})
    if (const Value value = stack.Config(std::string(stack.project()) + ":" + key); !value.absent()) return value;
  return Value::String(stack.name());
}

}  // namespace

std::optional<std::string> ConfiguredSuffix(const Config& config) {
  const Config* names = config.Of("name-suffix");
  return (names ? *names : config).String("suffix");
}

Value EnvironmentSuffix(const Stack& stack, const std::optional<std::string>& configured) {
  const Value said = configured ? Value::String(*configured) : Said(stack);
  if (said.unknown()) return said;
  return said.raw_string().empty() ? Value() : said;
}

}  // namespace fastcart
