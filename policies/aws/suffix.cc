#include "policies/aws/suffix.h"

namespace fastcart {

using guardrails::Config;
using guardrails::Kind;
using guardrails::Stack;
using guardrails::Value;

namespace {

// The value of <project>:<key>, asked for each resource: without making that text.
Value OfProject(const Stack& stack, std::string_view key) {
  const std::string_view project = stack.project();
  for (const auto& [full, value] : stack.facts().config) {
    const bool same = full.size() == project.size() + 1 + key.size() && full.starts_with(project) &&
                      full[project.size()] == ':' && full.ends_with(key);
    if (same) return value;
  }
  return {};
}

Value Said(const Stack& stack) {
  for (const char* key : {"environmentSuffix", "environment_suffix"})
    if (const Value value = OfProject(stack, key); !value.absent()) return value;
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
