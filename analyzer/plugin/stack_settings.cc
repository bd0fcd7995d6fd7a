#include "analyzer/plugin/stack_settings.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "analyzer/policy/json_document.h"

namespace guardrails {
namespace {

std::string_view OrEmpty(const char* text) { return text ? std::string_view(text) : std::string_view(); }

absl::Status ReadConfig(std::string_view text, StackSettings& out) {
  const auto fault = absl::InvalidArgumentError("PULUMI_CONFIG: it is not a JSON object of strings");
  const nlohmann::json config = ParseJsonDocument(text).value;
  if (!config.is_object()) return fault;
  for (const auto& [key, value] : config.items()) {
    if (!value.is_string()) return fault;
    out.config[key] = value.get<std::string>();
    out.secret_keys.insert(key);
  }
  return absl::OkStatus();
}

}  // namespace

void StackSettings::Describe(StackFacts& facts) const {
  facts.name = stack;
  facts.project = project;
  facts.preview = preview;
  facts.has_config = given;
  for (const auto& [key, text] : config) {
    const Value value = Value::String(text);
    facts.config[key] = secret_keys.contains(key) ? value.AsSecret() : value;
  }
}

StackSettings SettingsOf(const pulumirpc::AnalyzerStackConfigureRequest& request) {
  StackSettings out;
  out.stack = request.stack();
  out.project = request.project();
  out.preview = request.dry_run();
  out.given = true;
  out.config.insert(request.config().begin(), request.config().end());
  out.secret_keys.insert(request.config_secret_keys().begin(), request.config_secret_keys().end());
  return out;
}

absl::StatusOr<StackSettings> SettingsFromEnvironment(EnvironmentLookup lookup) {
  StackSettings out;
  out.stack = OrEmpty(lookup("PULUMI_STACK"));
  out.project = OrEmpty(lookup("PULUMI_PROJECT"));
  out.preview = OrEmpty(lookup("PULUMI_DRY_RUN")) == "true";
  out.given = !out.stack.empty();  // without configuration the engine leaves PULUMI_CONFIG out
  const std::string_view config = OrEmpty(lookup("PULUMI_CONFIG"));
  if (config.empty()) return out;
  if (const absl::Status status = ReadConfig(config, out); !status.ok()) return status;
  return out;
}

}  // namespace guardrails
