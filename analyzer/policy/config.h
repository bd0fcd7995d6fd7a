// The configuration of a pack: its JSON Schema, its validation, and Pulumi's config file.
//
// Validation is the same for the engine's Configure and for `check --policy-config`. Every error names the
// guardrail, the key, the value and what is allowed. Configuration holds no secrets.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/policy/guardrail.h"
#include "analyzer/policy/settings.h"

namespace guardrails {

// What someone sets for one guardrail; the rest are its defaults.
struct Settings {
  std::optional<Level> level;
  nlohmann::json properties = nlohmann::json::object();
};

// What every guardrail can be told besides its own keys: whether the waiver file may make exceptions from it.
inline constexpr ConfigKey kWaivable{.name = "waivable",
                                     .type = ConfigKey::Type::kBoolean,
                                     .default_json = "true",
                                     .description = "Whether the waiver file may except a resource from it."};
// A guardrail's own keys, and kWaivable.
std::vector<ConfigKey> KeysOf(const Guardrail& guardrail);

// The JSON Schema of a key: {"type": …, "description": …, "default": …, …}.
nlohmann::json KeySchema(const ConfigKey& key);
// The JSON Schema of a guardrail's whole configuration object.
nlohmann::json ConfigSchema(const Guardrail& guardrail);

// `properties` checked against the guardrail's keys and completed with its defaults. InvalidArgument lists every
// fault, one a line.
absl::StatusOr<std::unique_ptr<const Config>> ValidateConfig(const Guardrail& guardrail,
                                                             const nlohmann::json& properties);

// Reads the text of a --policy-pack-config file as Pulumi does: names to a level or an object; "all" gives every
// guardrail its level, and may say nothing else; a guardrail's own entry wins; "environments" is for Pulumi Cloud and
// is ignored; blank text is no configuration. A name that the pack does not have is an error here (Pulumi ignores some
// of them, and what else "all" says).
absl::StatusOr<PackSettings> ParsePolicyConfig(const Pack& pack, std::string_view text);

// "did you mean 'x'?" for a mistyped name, be it in the case of its letters, or nothing. `names` is any range of texts.
std::string Suggestion(std::string_view name, const std::vector<std::string_view>& names);

}  // namespace guardrails
