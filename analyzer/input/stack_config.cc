#include "analyzer/input/stack_config.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "absl/status/status.h"
#include "analyzer/base/yaml_documents.h"
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

// Makes the JSON that the engine makes of a node. Aliases may repeat a node without end, or within itself, so there is
// a bound. Throws Unfit.
struct Unfit {
  YAML::Mark mark;
  std::string_view what;
};

constexpr std::string_view kTwice = "this key stands twice; keep one of the two";

class JsonMaker {
 public:
  nlohmann::json Make(const YAML::Node& node, int depth = 1) {
    if (depth > kDeepest) throw Unfit{node.Mark(), "this is nested deeper than 100 levels"};
    if (++nodes_ > kMostNodes) throw Unfit{node.Mark(), "the values of this key are too many"};
    switch (node.Type()) {
      case YAML::NodeType::Sequence: return List(node, depth);
      case YAML::NodeType::Map: return Object(node, depth);
      case YAML::NodeType::Scalar: return ScalarToJson(node);
      default: return nullptr;
    }
  }
  bool secret() const { return secret_; }  // it holds a secret anywhere

 private:
  static constexpr int kDeepest = 100;
  static constexpr int kMostNodes = 1'000'000;

  nlohmann::json List(const YAML::Node& node, int depth) {
    auto list = nlohmann::json::array();
    for (const YAML::Node& item : node) list.push_back(Make(item, depth + 1));
    return list;
  }
  nlohmann::json Object(const YAML::Node& node, int depth) {
    auto object = nlohmann::json::object();
    for (const auto& member : node) {
      if (!member.first.IsScalar()) throw Unfit{member.first.Mark(), "a key must be text"};
      if (object.contains(member.first.Scalar())) throw Unfit{member.first.Mark(), kTwice};
      object[member.first.Scalar()] = Make(member.second, depth + 1);
    }
    secret_ = secret_ || (object.size() == 1 && object.contains("secure"));
    return object;
  }

  int nodes_ = 0;
  bool secret_ = false;
};

StackConfigValue ToValue(const YAML::Node& node) {
  if (node.IsScalar()) return {node.Scalar(), false};
  JsonMaker maker;
  const nlohmann::json json = maker.Make(node);
  StackConfigValue out{.text = {}, .secret = maker.secret()};
  if (!out.secret && !node.IsNull()) out.text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return out;
}

// A key as programs know it: Pulumi still reads "aws:config:region" as aws:region (config.ParseKey).
std::string KeyOf(const std::string& written) {
  constexpr std::string_view kModule = ":config:";
  const std::size_t module = written.find(':');
  const bool old = std::count(written.begin(), written.end(), ':') == 2 && written.compare(module, kModule.size(), kModule) == 0;
  return old ? written.substr(0, module + 1) + written.substr(module + kModule.size()) : written;
}

absl::StatusOr<StackConfig> Read(const YAML::Node& file, std::string_view name) {
  StackConfig out;
  if (file.IsNull()) return out;
  if (!file.IsMap()) return Error(name, file.Mark(), "this is no stack configuration; it is an object with the key config");
  int configs = 0;
  for (const auto& entry : file)
    if (entry.first.IsScalar() && entry.first.Scalar() == "config" && ++configs > 1)
      return Error(name, entry.first.Mark(), kTwice);
  const YAML::Node config = file["config"];
  if (!config.IsDefined() || config.IsNull()) return out;
  if (!config.IsMap()) return Error(name, config.Mark(), "config must be an object of keys such as aws:region");
  for (const auto& entry : config) {
    if (!entry.first.IsScalar()) return Error(name, entry.first.Mark(), "a configuration key must be text");
    if (!out.emplace(KeyOf(entry.first.Scalar()), ToValue(entry.second)).second)
      return Error(name, entry.first.Mark(), kTwice);
  }
  return out;
}

}  // namespace

absl::StatusOr<StackConfig> ReadStackConfig(const std::string& text, std::string_view name) {
  try {
    const YAML::Mark second = SecondYamlDocument(text);  // throws where Load reads nothing
    if (!second.is_null()) return Error(name, second, "a second document begins; keep the configuration in one");
    return Read(YAML::Load(text), name);
  } catch (const Unfit& error) {
    return Error(name, error.mark, error.what);
  } catch (const YAML::Exception& error) {
    return Error(name, error.mark, "this is not valid YAML");
  }
}

}  // namespace guardrails
