// The plain resource list: an object with resources, a list of them, or one a line.
#include <algorithm>
#include <string>

#include "analyzer/input/forms.h"
#include "analyzer/model/urn.h"

namespace guardrails {
namespace {

// What Python's and Node's mocks call a project and a stack that nobody named.
constexpr std::string_view kProject = "project", kStack = "stack";

class ListReader {
 public:
  explicit ListReader(const Source& source)
      : source_(source), values_(source.builder.arena(), /*bare_secrets=*/true) {}

  absl::Status Read() {
    if (absl::Status status = ReadFields(); !status.ok()) return status;
    if (absl::Status status = ReadResources(); !status.ok()) return status;
    NameStack(source_, project_, stack_);
    for (Resource& r : source_.builder.resources()) Complete(r);
    TellInputs();
    return absl::OkStatus();
  }

 private:
  // One resource, or several, each on a line of its own, and nothing around them.
  bool bare() const {
    const Node& first = source_.text.first();
    const bool is_resource = first.Find("type") != nullptr || first.Find("urn") != nullptr;  // the URN tells the type
    return source_.text.values().size() > 1 || (first.Find("resources") == nullptr && is_resource);
  }

  absl::Status ReadFields() {
    if (bare()) return absl::OkStatus();
    simdjson::dom::parser parser;
    const Place file;
    for (const auto& [key, node] : source_.text.first().fields) {
      if (key == "resources") continue;
      const auto json = source_.text.Parse(node.slice, parser);
      if (!json.ok()) return json.status();
      if (absl::Status status = ReadField(key, *json, Place(file, key)); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ReadField(std::string_view key, simdjson::dom::element json, const Place& place) {
    if (json.is_null()) return absl::OkStatus();
    if (key == "config") return ReadConfig(json, place, values_, source_.builder.facts());
    if (key == "outputs") return ReadOutputs(json, place);
    if (key == "project") return ReadText(json, place, project_);
    return key == "stack" ? ReadText(json, place, stack_) : absl::OkStatus();
  }

  absl::Status ReadText(simdjson::dom::element json, const Place& place, std::string_view& out) {
    if (json.get(out) != simdjson::SUCCESS) return WrongKind(json, place, "a string");
    out = values_.Keep(out);
    return absl::OkStatus();
  }

  absl::Status ReadOutputs(simdjson::dom::element json, const Place& place) {
    if (!json.is_object()) return WrongKind(json, place, "an object of outputs");
    const auto value = values_.Decode(json, place);
    if (!value.ok()) return value.status();
    source_.builder.facts().outputs = *value;
    return absl::OkStatus();
  }

  absl::Status ReadResources() {
    const Place file, resources(file, "resources");
    const Node& first = source_.text.first();
    if (bare()) return AddAll({source_.text.values(), nullptr});
    if (source_.text.First(first.slice) == '[') return AddAll({first.elements, &file});
    const Node* list = first.Find("resources");
    if (!list) return file.Error("resources is missing; a list of resources belongs there");
    const absl::Status status = CheckList(source_, *list, resources, "a list of resources");
    return status.ok() ? AddAll({list->elements, &resources}) : status;
  }

  absl::Status AddAll(const Parts& parts) {
    StackFacts& facts = source_.builder.facts();
    const auto unknown = AddResources(source_, parts, /*bare_secrets=*/true, &facts.has_edges);
    if (!unknown.ok()) return unknown.status();
    facts.preview = *unknown || values_.saw_unknown();
    return absl::OkStatus();
  }

  // What a hand-written resource leaves to be understood.
  void Complete(Resource& r) {
    if (r.id.absent()) r.id = r.outputs["id"];
    if (r.urn.empty()) r.urn = UrnOf(r);
    if (r.custom && !r.is_provider()) CompleteUsedProvider(r);
  }

  // A list that tells the inputs of some resources tells those of all.
  void TellInputs() {
    std::vector<Resource>& resources = source_.builder.resources();
    if (std::any_of(resources.begin(), resources.end(), [](const Resource& r) { return !r.inputs.absent(); }))
      for (Resource& r : resources) GiveInputs(r);
  }

  std::string_view UrnOf(const Resource& r) {
    const auto parent = ParseUrn(r.parent);
    const bool nested = parent && parent->type != "pulumi:pulumi:Stack";
    return MakeUrnOf(nested ? parent->qualified_type : std::string_view(), r.type, r.name);
  }

  std::string_view MakeUrnOf(std::string_view parent_type, std::string_view type, std::string_view name) {
    const StackFacts& facts = source_.builder.facts();
    return values_.Keep(MakeUrn(facts.name.empty() ? kStack : facts.name,
                                facts.project.empty() ? kProject : facts.project, parent_type, type, name));
  }

  // A resource that names no provider uses the default one of its package.
  void CompleteUsedProvider(Resource& r) {
    Provider& provider = r.provider;
    if (provider.type.empty()) provider.type = values_.Keep("pulumi:providers:" + std::string(r.package()));
    if (provider.name.empty()) provider.name = "default";
    if (provider.urn.empty()) provider.urn = MakeUrnOf({}, provider.type, provider.name);
  }

  const Source& source_;
  ValueDecoder values_;
  std::string_view project_, stack_;
};

}  // namespace

absl::Status ReadResourceList(const Source& source) { return ListReader(source).Read(); }

}  // namespace guardrails
