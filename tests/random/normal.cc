#include "tests/random/normal.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "analyzer/model/urn.h"
#include "analyzer/value/encoding.h"

namespace fastcart::testing {
namespace {

using nlohmann::json;

constexpr const char* kStackType = "pulumi:pulumi:Stack";
constexpr const char* kProviderPrefix = "pulumi:providers:";
const std::string kSignature(guardrails::kSignatureKey);

std::string Text(const json& object, const char* key) { return object.value(key, std::string()); }

bool IsProvider(const json& resource) { return Text(resource, "type").starts_with(kProviderPrefix); }

// Secrets of an export have their value as JSON text, or not at all.
void GiveSecretsTheirValues(json& value) {
  if (!value.is_structured()) return;
  if (IsSecret(value) && !value.contains("value"))
    value = Secret(value.contains("plaintext") ? json::parse(Text(value, "plaintext")) : json("a-withheld-value"));
  for (json& element : value) GiveSecretsTheirValues(element);
}

void DropBookkeeping(json& bag) {
  for (auto it = bag.begin(); it != bag.end();) it = it.key().starts_with("__") ? bag.erase(it) : std::next(it);
}

class Writer {
 public:
  explicit Writer(json list) : list_(std::move(list)), config_(TextsOf(list_.value("config", json::object()))) {
    project_ = list_.value("project", "project");
    stack_ = list_.value("stack", "stack");
    root_ = Urn(kStackType, project_ + "-" + stack_);
  }

  json Write() {
    AddStack();
    for (const json& resource : list_.value("resources", json::array()))
      if (!resource.value("external", false) && !resource.value("delete", false)) Add(resource);
    for (json& resource : resources_)
      if (resource["custom"] == true && !IsProvider(resource)) NameProvider(resource);
    for (json& provider : made_)
      if (urns_.insert(Text(provider, "urn")).second) resources_.insert(resources_.begin() + 1, std::move(provider));
    for (json& resource : resources_) DropDangling(resource);
    return {{"project", project_},
            {"stack", stack_},
            {"config", config_},
            {"outputs", resources_[0]["outputs"]},
            {"resources", resources_}};
  }

 private:
  static json TextsOf(const json& config) {
    json out = json::object();
    for (const auto& [key, value] : config.items())
      if (value.is_string() && value != "[secret]") out[key] = value;
    return out;
  }

  std::string Urn(std::string_view type, std::string_view name) const {
    return guardrails::MakeUrn(stack_, project_, "", type, name);
  }

  void AddStack() {
    json outputs = list_.value("outputs", json::object());
    for (const json& r : list_.value("resources", json::array()))
      if (Text(r, "type") == kStackType) outputs.update(r.value("outputs", json::object()));
    GiveSecretsTheirValues(outputs);
    Keep({{"urn", root_}, {"type", kStackType}, {"name", project_ + "-" + stack_}, {"custom", false},
          {"inputs", json::object()}, {"outputs", outputs}});
  }

  static std::string NameOf(const json& resource) {
    const std::string urn = Text(resource, "urn");
    const auto parts = guardrails::ParseUrn(urn);
    if (!resource.contains("name") && parts) return std::string(parts->name);
    return Text(resource, "name");
  }

  // What is said, unless it is of another type, as the engine never has it.
  std::string UrnOf(const json& from, std::string_view type, std::string_view name) const {
    std::string said = Text(from, "urn");
    const auto parts = guardrails::ParseUrn(said);
    return said.empty() || (parts && parts->type != type) ? Urn(type, name) : said;
  }

  void Add(const json& from) {
    if (Text(from, "type") == kStackType) return;
    json r = {{"type", from.at("type")}, {"name", NameOf(from)}};
    r["urn"] = UrnOf(from, Text(r, "type"), Text(r, "name"));
    r["custom"] = from.value("custom", true);
    r["parent"] = from.value("parent", root_);
    r["inputs"] = from.value("inputs", from.value("properties", json::object()));
    r["outputs"] = from.value("outputs", from.value("properties", r["inputs"]));
    if (from.contains("provider")) r["provider"] = from["provider"];
    r["dependencies"] = from.value("dependencies", json::array());
    r["propertyDependencies"] = from.value("propertyDependencies", json::object());
    if (from.contains("id")) r["outputs"]["id"] = from["id"];
    GiveSecretsTheirValues(r["inputs"]);
    GiveSecretsTheirValues(r["outputs"]);
    DropBookkeeping(r["outputs"]);
    for (const auto& [key, value] : r["inputs"].items())
      if (IsSecret(value) && r["outputs"].contains(key) && !IsSecret(r["outputs"][key]))
        r["outputs"][key] = Secret(r["outputs"][key]);
    Keep(std::move(r));
  }

  void Keep(json resource) {
    if (urns_.insert(Text(resource, "urn")).second) resources_.push_back(std::move(resource));
  }

  // The provider that the engine would name: that which is said, or the default one of the package.
  void NameProvider(json& resource) {
    json said = resource.value("provider", json());
    if (said.is_string()) said = {{"urn", guardrails::ParseProviderReference(said.get<std::string>()).urn}};
    if (!said.is_object()) said = json::object();
    const std::string type = Text(resource, "type"), urn = Text(said, "urn");
    json provider = {{"type", kProviderPrefix + type.substr(0, type.find(':'))}, {"name", "default"}, {"custom", true}};
    if (const auto parts = guardrails::ParseUrn(urn)) {
      if (parts->type.starts_with(kProviderPrefix)) {
        provider.update({{"type", parts->type}, {"name", parts->name}});
      } else {
        said = json::object();  // the engine never has what is no provider
      }
    }
    const std::string provider_type = Text(provider, "type");
    provider.update(said);
    if (!IsProvider(provider)) provider["type"] = provider_type;
    if (!provider.contains("urn")) provider["urn"] = Urn(Text(provider, "type"), Text(provider, "name"));
    resource["provider"] = provider["urn"];
    provider["parent"] = provider["name"] == "default" ? "" : root_;  // the engine's own has none
    provider["inputs"] = provider.value("properties", RegionOf(provider));
    provider["outputs"] = provider["inputs"];
    provider.erase("properties");
    made_.push_back(std::move(provider));
  }

  json RegionOf(const json& provider) const {
    const std::string package = Text(provider, "type").substr(std::string_view(kProviderPrefix).size());
    const std::string key = package + ":region";
    return config_.contains(key) ? json{{"region", config_[key]}} : json::object();
  }

  void DropDangling(json& resource) {
    const bool engines = Text(resource, "type").starts_with(kProviderPrefix) && Text(resource, "parent").empty();
    if (!engines && !urns_.contains(Text(resource, "parent"))) resource["parent"] = resource["urn"] == root_ ? "" : root_;
    const json all = resource.value("propertyDependencies", json::object());
    json edges = json::object();
    for (const auto& [property, urns] : all.items())
      if (json kept = There(urns); !kept.empty()) edges[property] = std::move(kept);
    resource["propertyDependencies"] = std::move(edges);
    resource["dependencies"] = There(resource.value("dependencies", json::array()));
  }

  json There(const json& urns) const {
    json out = json::array();
    for (const json& urn : urns)
      if (urns_.contains(urn.get<std::string>())) out.push_back(urn);
    return out;
  }

  const json list_, config_;
  std::string project_, stack_, root_;
  std::vector<json> resources_, made_;
  std::set<std::string> urns_;
};

}  // namespace

json Secret(json value) { return {{kSignature, guardrails::kSecretSignature}, {"value", std::move(value)}}; }

bool IsSecret(const json& value) {
  return value.is_object() && value.value(kSignature, json()) == guardrails::kSecretSignature;
}

bool HasUnknown(const json& value) {
  if (value.is_string()) return guardrails::IsUnknownSentinel(value.get_ref<const std::string&>());
  if (!value.is_structured()) return false;
  return std::any_of(value.begin(), value.end(), HasUnknown);
}

json Normal(json list) { return Writer(std::move(list)).Write(); }

}  // namespace fastcart::testing
