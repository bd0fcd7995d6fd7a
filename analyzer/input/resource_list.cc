// The plain resource list: an object with resources, a list of them, or one a line.
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
    return RefuseDuplicates(source_.builder.resources());
  }

 private:
  // Of a single resource, which stands alone in its file, there are none.
  bool has_fields() const { return !source_.outline.fields.empty() && !Find(source_.outline.fields, "type"); }

  absl::Status ReadFields() {
    if (!has_fields() || source_.outline.values.size() > 1) return absl::OkStatus();
    simdjson::dom::parser parser;
    const Place file;
    for (const auto& [key, slice] : source_.outline.fields) {
      if (key == "resources") continue;
      const auto json = source_.text.Parse(slice, parser);
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
    const Place file;
    const Slice first = source_.outline.values.front();
    if (source_.outline.values.size() > 1) return AddAll({source_.outline.values, nullptr});
    if (source_.text.First(first) == '[') return ReadElements(first, file);
    if (!has_fields()) return AddAll({source_.outline.values, nullptr});
    const Slice* list = Find(source_.outline.fields, "resources");
    if (!list) return file.Error("resources is missing; a list of resources belongs there");
    return ReadElements(*list, Place(file, "resources"));
  }

  absl::Status ReadElements(Slice list, const Place& place) {
    const auto elements = ElementsOf(source_, list, place, "a list of resources");
    return elements.ok() ? AddAll({*elements, &place}) : elements.status();
  }

  absl::Status AddAll(const Parts& parts) {
    const auto decoded = DecodeParts<DecodedResource>(
        source_, parts, /*bare_secrets=*/true,
        [](auto json, const Place& place, ResourceDecoder& decoder) { return decoder.Decode(json, place); });
    if (!decoded.ok()) return decoded.status();
    StackFacts& facts = source_.builder.facts();
    facts.preview = decoded->saw_unknown || values_.saw_unknown();
    facts.has_edges = false;
    source_.builder.resources().reserve(decoded->items.size());
    for (const DecodedResource& item : decoded->items) {
      if (item.deleted) continue;
      facts.has_edges |= item.has_edges;
      source_.builder.Add() = item.resource;
    }
    return absl::OkStatus();
  }

  // What a hand-written resource leaves to be understood.
  void Complete(Resource& r) {
    if (r.id.absent()) r.id = r.outputs["id"];
    if (r.urn.empty()) r.urn = UrnOf(r);
    if (r.custom && !r.is_provider()) CompleteUsedProvider(r);
  }

  std::string_view UrnOf(const Resource& r) {
    Urn parent;
    if (!ParseUrn(r.parent, parent) || parent.type == "pulumi:pulumi:Stack") parent.qualified_type = {};
    return MakeUrnOf(parent.qualified_type, r.type, r.name);
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
