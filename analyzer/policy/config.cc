#include "analyzer/policy/config.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/ascii.h"
#include "analyzer/policy/json_document.h"
#include "analyzer/value/utf8.h"

namespace guardrails {
namespace {

using nlohmann::json;
using Type = ConfigKey::Type;

std::string_view JsonType(Type type) {
  switch (type) {
    case Type::kBoolean: return "boolean";
    case Type::kInteger: return "integer";
    case Type::kString: return "string";
    case Type::kStrings:
    case Type::kIntegers: return "array";
  }
  return "string";
}

bool IsList(const ConfigKey& key) { return key.type == Type::kStrings || key.type == Type::kIntegers; }

// No setting is beyond these, which are far from where an int ends.
constexpr int kGreatest = 1'000'000'000;
int Least(const ConfigKey& key) { return key.minimum.value_or(-kGreatest); }
int Greatest(const ConfigKey& key) { return key.maximum.value_or(kGreatest); }

std::string AllowedNumber(const ConfigKey& key) { return fmt::format("a whole number from {} to {}", Least(key), Greatest(key)); }

// What a person may write there.
std::string Allowed(const ConfigKey& key) {
  const char* filled = key.may_be_empty ? "" : " that is not empty";
  switch (key.type) {
    case Type::kBoolean: return "true or false";
    case Type::kInteger: return AllowedNumber(key);
    case Type::kString: return "a text that is not empty";
    case Type::kStrings: return fmt::format("a list of {}{}", key.patterns ? "names or RE2 patterns" : "texts", filled);
    case Type::kIntegers: return fmt::format("a list of whole numbers{}", filled);
  }
  return {};
}

// The same of one element of a list.
std::string AllowedElement(const ConfigKey& key) {
  if (key.type == Type::kIntegers) return AllowedNumber(key);
  return key.patterns ? "a name or a valid RE2 pattern" : "a text that is not empty";
}

bool IsWhole(const json& value) {
  if (value.is_number_integer()) return true;
  return value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>();
}

bool IsText(const ConfigKey& key, const json& value) {
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) return false;
  return !key.patterns || RE2(value.get_ref<const std::string&>(), RE2::Quiet).ok();
}

bool IsNumber(const ConfigKey& key, const json& value) {
  if (!IsWhole(value)) return false;
  const double n = value.get<double>();
  return n >= Least(key) && n <= Greatest(key);
}

bool IsElement(const ConfigKey& key, const json& value) {
  return key.type == Type::kIntegers ? IsNumber(key, value) : IsText(key, value);
}

bool Fits(const ConfigKey& key, const json& value) {
  switch (key.type) {
    case Type::kBoolean: return value.is_boolean();
    case Type::kInteger: return IsNumber(key, value);
    case Type::kString: return IsText(key, value);
    case Type::kStrings:
    case Type::kIntegers:
      return value.is_array() && (key.may_be_empty || !value.empty()) &&
             std::all_of(value.begin(), value.end(), [&key](const json& v) { return IsElement(key, v); });
  }
  return false;
}

// `value` as the error shows it.
std::string Shown(const json& value) {
  std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  return text.size() > 80 ? std::string(CutAt(text, 80)) + "…" : text;
}

// The part of `value` that does not fit: an element of a list, where the list as such is right.
std::string Fault(const Guardrail& guardrail, const ConfigKey& key, const json& value) {
  std::string where(key.name);
  const json* wrong = &value;
  std::string allowed = Allowed(key);
  if (IsList(key) && value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      if (!IsElement(key, value[i])) {
        wrong = &value[i];
        where += fmt::format("[{}]", i);
        allowed = AllowedElement(key);
        break;
      }
  }
  return fmt::format("{}: {} is {}; allowed: {}", guardrail.name, where, Shown(*wrong), allowed);
}

const ConfigKey* FindKey(const std::vector<ConfigKey>& keys, std::string_view name) {
  const auto at = std::find_if(keys.begin(), keys.end(), [name](const ConfigKey& key) { return key.name == name; });
  return at == keys.end() ? nullptr : &*at;
}

std::string UnknownKey(const Guardrail& guardrail, const std::string& name) {
  std::vector<std::string_view> names;
  for (const ConfigKey& key : KeysOf(guardrail)) names.push_back(key.name);
  return fmt::format("{}: unknown key \"{}\"; allowed: {}{}", guardrail.name, name, fmt::join(names, ", "),
                     Suggestion(name, names));
}

// Values that are right by themselves, but not beside another.
void AddConflicts(const Guardrail& guardrail, const json& values, std::vector<std::string>& faults) {
  for (const ConfigKey& key : guardrail.config) {
    if (key.not_below.empty()) continue;
    const json &value = values.at(std::string(key.name)), &least = values.at(std::string(key.not_below));
    if (value.get<double>() >= least.get<double>()) continue;
    faults.push_back(fmt::format("{}: {} is {}; allowed: a whole number of at least {}, the {}", guardrail.name, key.name,
                                 Shown(value), Shown(least), key.not_below));
  }
}

class JsonConfig final : public Config {
 public:
  explicit JsonConfig(json values) : values_(std::move(values)) {}
  bool Boolean(std::string_view key) const override { return At(key).get<bool>(); }
  int Integer(std::string_view key) const override { return static_cast<int>(At(key).get<double>()); }
  std::optional<std::string> String(std::string_view key) const override {
    const auto at = values_.find(key);
    return at == values_.end() ? std::nullopt : std::optional(at->get<std::string>());
  }
  std::vector<std::string> Strings(std::string_view key) const override {
    const auto at = values_.find(key);
    return at == values_.end() ? std::vector<std::string>() : at->get<std::vector<std::string>>();
  }
  std::vector<int> Integers(std::string_view key) const override {
    std::vector<int> out;
    for (const json& number : At(key)) out.push_back(static_cast<int>(number.get<double>()));
    return out;
  }

 private:
  const json& At(std::string_view key) const { return *values_.find(key); }
  json values_;
};

char Lower(char c) { return absl::ascii_tolower(static_cast<unsigned char>(c)); }

// Without regard to the case of letters.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = corner + (Lower(a[i - 1]) == Lower(b[j - 1]) ? 0 : 1);
      corner = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

absl::Status Invalid(const std::string& message) { return absl::InvalidArgumentError(message); }

constexpr std::string_view kLevels = "advisory, mandatory, remediate or disabled";

absl::StatusOr<Level> ReadLevel(const std::string& where, const json& value) {
  if (value.is_string())
    if (const auto level = ParseLevel(value.get_ref<const std::string&>())) return *level;
  return Invalid(fmt::format("{}: enforcement level is {}; allowed: {}", where, Shown(value), kLevels));
}

absl::StatusOr<Settings> ReadEntry(const std::string& name, const json& entry) {
  Settings out;
  if (entry.is_string()) {
    const auto level = ReadLevel(name, entry);
    if (!level.ok()) return level.status();
    out.level = *level;
    return out;
  }
  if (!entry.is_object())
    return Invalid(fmt::format("{}: is {}; allowed: an enforcement level ({}) or an object", name, Shown(entry), kLevels));
  out.properties = entry;
  if (const auto at = entry.find("enforcementLevel"); at != entry.end()) {
    const auto level = ReadLevel(name, *at);
    if (!level.ok()) return level.status();
    out.level = *level;
    out.properties.erase("enforcementLevel");
  }
  return out;
}

std::vector<std::string_view> Names(const Pack& pack) {
  std::vector<std::string_view> names;
  for (const Guardrail* g : pack.guardrails) names.push_back(g->name);
  return names;
}

// The line and column of a byte, counted from 1.
std::string LineAndColumn(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto start = before.rfind('\n');
  return fmt::format("{}:{}", line, before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1);
}

// The beginning of a fault's message: the key in whose value it is, if it is in one.
std::string Lead(std::string_view key) { return key.empty() ? "" : fmt::format("{}: ", key); }

absl::StatusOr<json> ParseFile(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return json::object();
  JsonDocument file = ParseJsonDocument(text);
  switch (file.fault) {
    case JsonDocument::Fault::kNone: break;
    case JsonDocument::Fault::kSyntax: return Invalid(fmt::format("{}: not valid JSON", LineAndColumn(text, file.at)));
    case JsonDocument::Fault::kNumber: return Invalid(fmt::format("{}a number is too large", Lead(file.within)));
    case JsonDocument::Fault::kTooDeep:
      return Invalid(fmt::format("values are nested deeper than {} levels; no setting is", kDeepestDocument));
    case JsonDocument::Fault::kKeyTwice:
      return Invalid(fmt::format("{}\"{}\" stands twice in its object; keep one of the two", Lead(file.within), file.key));
  }
  if (file.value.is_object()) return std::move(file.value);
  return Invalid("the policy configuration must be a JSON object: {\"<guardrail>\": {…}}");
}

// ESC environments can hold more configuration. They are Pulumi's to resolve; what they hold is not at hand here.
constexpr std::string_view kEnvironments = "environments";

absl::Status CheckEnvironments(const json& value) {
  const auto is_name = [](const json& v) { return v.is_string(); };
  if (value.is_array() && std::all_of(value.begin(), value.end(), is_name)) return absl::OkStatus();
  return Invalid(fmt::format("{}: is {}; allowed: a list of the names of ESC environments, which Pulumi resolves, not this tool",
                             kEnvironments, Shown(value)));
}

// "all" is a level and nothing else, as Pulumi reads it: what else stood there would be taken for set, and set nothing.
absl::StatusOr<std::optional<Level>> ReadAll(const json& file) {
  const auto all = file.find("all");
  if (all == file.end()) return std::nullopt;
  const auto entry = ReadEntry("all", *all);
  if (!entry.ok()) return entry.status();
  if (entry->properties.empty()) return entry->level;
  std::vector<std::string> names;
  for (const auto& [name, value] : entry->properties.items()) names.push_back('"' + name + '"');
  return Invalid(fmt::format("all: takes no {}; allowed: enforcementLevel; give other settings to each guardrail by its name",
                             fmt::join(names, ", ")));
}

// What the file says of one guardrail.
absl::Status Configure(const Pack& pack, const std::string& name, const json& value, PackSettings& settings) {
  const auto names = Names(pack);
  if (std::find(names.begin(), names.end(), name) == names.end())
    return Invalid(fmt::format("\"{}\" is no guardrail of {}{}", name, pack.name, Suggestion(name, names)));
  const auto entry = ReadEntry(name, value);
  if (!entry.ok()) return entry.status();
  Settings& to = settings[name];
  if (entry->level) to.level = entry->level;
  to.properties = entry->properties;
  return absl::OkStatus();
}

}  // namespace

std::vector<ConfigKey> KeysOf(const Guardrail& guardrail) {
  std::vector<ConfigKey> keys = guardrail.config;
  keys.push_back(kWaivable);
  return keys;
}

json KeySchema(const ConfigKey& key) {
  json schema = {{"type", JsonType(key.type)}, {"description", key.description}};
  if (!key.default_json.empty()) schema["default"] = json::parse(key.default_json);
  if (key.type == Type::kStrings) schema["items"] = {{"type", "string"}, {"minLength", 1}};
  const json number = {{"type", "integer"}, {"minimum", Least(key)}, {"maximum", Greatest(key)}};
  if (key.type == Type::kIntegers) schema["items"] = number;
  if (key.type == Type::kInteger) schema.update(number);
  if (key.type == Type::kString) schema["minLength"] = 1;
  if (IsList(key) && !key.may_be_empty) schema["minItems"] = 1;
  return schema;
}

json ConfigSchema(const Guardrail& guardrail) {
  json properties = json::object();
  for (const ConfigKey& key : KeysOf(guardrail)) properties[std::string(key.name)] = KeySchema(key);
  return {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

absl::StatusOr<std::unique_ptr<const Config>> ValidateConfig(const Guardrail& guardrail, const json& properties) {
  std::vector<std::string> faults;
  json values = json::object();
  const std::vector<ConfigKey> keys = KeysOf(guardrail);
  for (const ConfigKey& key : keys)
    if (!key.default_json.empty()) values[std::string(key.name)] = json::parse(key.default_json);
  for (const auto& [name, value] : properties.items()) {
    const ConfigKey* key = FindKey(keys, name);
    if (key == nullptr) {
      faults.push_back(UnknownKey(guardrail, name));
    } else if (!Fits(*key, value)) {
      faults.push_back(Fault(guardrail, *key, value));
    } else {
      values[name] = value;
    }
  }
  if (faults.empty()) AddConflicts(guardrail, values, faults);
  if (!faults.empty()) return Invalid(fmt::format("{}", fmt::join(faults, "\n")));
  return std::make_unique<const JsonConfig>(std::move(values));
}

absl::StatusOr<PackSettings> ParsePolicyConfig(const Pack& pack, std::string_view text) {
  const auto file = ParseFile(text);
  if (!file.ok()) return file.status();
  PackSettings settings;
  std::vector<std::string> faults;
  const auto all = ReadAll(*file);
  if (!all.ok()) faults.emplace_back(all.status().message());
  if (all.ok() && *all)
    for (const Guardrail* g : pack.guardrails) settings[std::string(g->name)].level = *all;
  for (const auto& [name, value] : file->items()) {
    if (name == "all") continue;
    const absl::Status status = name == kEnvironments ? CheckEnvironments(value) : Configure(pack, name, value, settings);
    if (!status.ok()) faults.emplace_back(status.message());
  }
  if (!faults.empty()) return Invalid(fmt::format("{}", fmt::join(faults, "\n")));
  return settings;
}

std::string Suggestion(std::string_view name, const std::vector<std::string_view>& names) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string_view candidate : names)
    if (const std::size_t d = EditDistance(name, candidate); d < least) {
      least = d;
      best = candidate;
    }
  return best.empty() ? "" : fmt::format("; did you mean \"{}\"?", best);
}

}  // namespace guardrails
