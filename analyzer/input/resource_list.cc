// The plain resource list: an object with resources, an array of them, or one a line.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "analyzer/input/forms.h"
#include "analyzer/model/urn.h"

namespace guardrails {
namespace {

// What Python's and Node's mocks call a project and a stack that nobody named.
constexpr std::string_view kProject = "project", kStack = "stack";

class ListReader {
 public:
  explicit ListReader(const Source& source)
      : source_(source), decoder_(source.builder.arena(), /*bare_secrets=*/true) {}

  absl::Status Read() {
    StackFacts& facts = source_.builder.facts();
    facts.has_edges = false;
    const auto project = ReadText(source_, "project", decoder_.values());
    if (!project.ok()) return project.status();
    const auto stack = ReadText(source_, "stack", decoder_.values());
    if (!stack.ok()) return stack.status();
    if (absl::Status status = ReadConfig(source_, decoder_.values()); !status.ok()) return status;
    if (absl::Status status = ReadOutputs(); !status.ok()) return status;
    if (absl::Status status = ReadResources(); !status.ok()) return status;
    NameStack(source_, *project, *stack);
    for (Resource& r : source_.builder.resources()) Complete(r);
    facts.preview = decoder_.values().saw_unknown();
    return RefuseDuplicates(source_.builder.resources());
  }

 private:
  absl::Status ReadOutputs() {
    const Slice* slice = source_.outline.Find("outputs");
    if (!slice) return absl::OkStatus();
    const auto json = source_.text.Parse(*slice, parser_);
    if (!json.ok()) return json.status();
    const Place file, place(file, "outputs");
    if (!json->is_object() && !json->is_null()) return WrongKind(*json, place, "an object of outputs");
    const auto value = decoder_.values().Decode(*json, place);
    if (!value.ok()) return value.status();
    source_.builder.facts().outputs = *value;
    return absl::OkStatus();
  }

  absl::Status ReadResources() {
    const Slice first = source_.outline.values.front();
    if (const Slice* list = source_.outline.Find("resources")) {
      const Place file;
      return ReadElements(*list, Place(file, "resources"));
    }
    return source_.text.First(first) == '[' ? ReadElements(first, Place()) : ReadLines();
  }

  absl::Status ReadElements(Slice list, const Place& place) {
    if (source_.text.First(list) != '[') return NoList(list, place);
    const auto elements = source_.text.Elements(list);
    if (!elements.ok()) return elements.status();
    source_.builder.resources().reserve(elements->size());
    for (std::size_t i = 0; i < elements->size(); ++i)
      if (absl::Status status = Add((*elements)[i], Place(place, i)); !status.ok()) return status;
    return absl::OkStatus();
  }

  absl::Status NoList(Slice slice, const Place& place) {
    const auto json = source_.text.Parse(slice, parser_);
    return json.ok() ? WrongKind(*json, place, "a list of resources") : json.status();
  }

  absl::Status ReadLines() {
    for (const Slice value : source_.outline.values)
      if (absl::Status status = Add(value, Place::Line(source_.text.LineOf(value.begin))); !status.ok()) return status;
    return absl::OkStatus();
  }

  absl::Status Add(Slice slice, const Place& place) {
    const auto json = source_.text.Parse(slice, parser_);
    if (!json.ok()) return json.status();
    const auto decoded = decoder_.Decode(*json, place);
    if (!decoded.ok()) return decoded.status();
    if (decoded->deleted) return absl::OkStatus();
    if (decoded->has_edges) source_.builder.facts().has_edges = true;
    source_.builder.Add() = decoded->resource;
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
    return decoder_.values().Keep(MakeUrn(facts.name.empty() ? kStack : facts.name,
                                          facts.project.empty() ? kProject : facts.project, parent_type, type, name));
  }

  // A resource that names no provider uses the default one of its package.
  void CompleteUsedProvider(Resource& r) {
    Provider& provider = r.provider;
    if (provider.type.empty()) {
      std::string type = "pulumi:providers:";
      type.append(r.package());
      provider.type = decoder_.values().Keep(type);
    }
    if (provider.name.empty()) provider.name = "default";
    if (provider.urn.empty()) provider.urn = MakeUrnOf({}, provider.type, provider.name);
  }

  const Source& source_;
  ResourceDecoder decoder_;
  simdjson::dom::parser parser_;
};

}  // namespace

absl::Status ReadResourceList(const Source& source) { return ListReader(source).Read(); }

}  // namespace guardrails
