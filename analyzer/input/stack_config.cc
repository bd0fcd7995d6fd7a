#include "analyzer/input/stack_config.h"

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace guardrails {
namespace {

absl::Status Error(std::string_view name, const YAML::Mark& mark, std::string_view what) {
  const std::string message = mark.is_null() ? fmt::format("{}: {}", name, what)
                                             : fmt::format("{}: line {}, column {}: {}", name, mark.line + 1, mark.column + 1, what);
  return absl::InvalidArgumentError(message);
}

// A number or a boolean if it is written as JSON writes them and not quoted (yaml-cpp's tag "!"), else text.
nlohmann::json ScalarToJson(const YAML::Node& node) {
  auto json = nlohmann::json::parse(node.Scalar(), nullptr, /*allow_exceptions=*/false);
  return node.Tag() != "!" && (json.is_number() || json.is_boolean()) ? json : nlohmann::json(node.Scalar());
}

// A node as the JSON that the engine makes of it; `secret` when it holds a secret anywhere.
nlohmann::json ToJson(const YAML::Node& node, bool& secret) {
  switch (node.Type()) {
    case YAML::NodeType::Sequence: {
      auto list = nlohmann::json::array();
      for (const YAML::Node& item : node) list.push_back(ToJson(item, secret));
      return list;
    }
    case YAML::NodeType::Map: {
      auto object = nlohmann::json::object();
      for (const auto& member : node) object[member.first.Scalar()] = ToJson(member.second, secret);
      secret = secret || (object.size() == 1 && object.contains("secure"));
      return object;
    }
    case YAML::NodeType::Scalar: return ScalarToJson(node);
    default: return nullptr;
  }
}

StackConfigValue ToValue(const YAML::Node& node) {
  if (node.IsScalar()) return {node.Scalar(), false};
  StackConfigValue out;
  const nlohmann::json json = ToJson(node, out.secret);
  if (!out.secret && !node.IsNull()) out.text = json.dump();
  return out;
}

absl::StatusOr<StackConfig> Read(const YAML::Node& file, std::string_view name) {
  StackConfig out;
  if (file.IsNull()) return out;
  if (!file.IsMap()) return Error(name, file.Mark(), "this is no stack configuration; it is an object with the key config");
  const YAML::Node config = file["config"];
  if (!config.IsDefined() || config.IsNull()) return out;
  if (!config.IsMap()) return Error(name, config.Mark(), "config must be an object of keys such as aws:region");
  for (const auto& entry : config) {
    if (!entry.first.IsScalar()) return Error(name, entry.first.Mark(), "a configuration key must be text");
    if (!out.emplace(entry.first.Scalar(), ToValue(entry.second)).second)
      return Error(name, entry.first.Mark(), "this key stands twice; keep one of the two");
  }
  return out;
}

}  // namespace

absl::StatusOr<StackConfig> ReadStackConfig(const std::string& text, std::string_view name) {
  try {
    return Read(YAML::Load(text), name);
  } catch (const YAML::Exception& error) {
    return Error(name, error.mark, "this is not valid YAML");
  }
}

}  // namespace guardrails
