// What `pulumi stack export` writes, the file of a DIY backend, and the bare deployment that both hold.
#include "analyzer/input/forms.h"
#include "fmt/format.h"

namespace guardrails {
namespace {

// Version 4 adds features that do not change what a resource says (sdk/go/common/apitype/core.go).
constexpr double kNewestVersion = 4;

absl::Status CheckVersion(const Source& source) {
  const Node* node = source.text.first().Find("version");
  if (!node) return absl::OkStatus();
  simdjson::dom::parser parser;
  const auto json = source.text.Parse(node->slice, parser);
  if (!json.ok()) return json.status();
  const Place file, place(file, "version");
  if (!json->is_number()) return WrongKind(*json, place, "a number");
  if (json->get_double().value_unsafe() <= kNewestVersion) return absl::OkStatus();
  return place.Error(fmt::format("this deployment is newer than version {}; update this tool", kNewestVersion));
}

absl::Status ReadDeployment(const Source& source, const Node& node, const Place& place) {
  if (absl::Status status = CheckObject(source, node, place, "a deployment (an object)"); !status.ok()) return status;
  if (absl::Status status = CheckOthers(source, node, {"resources"}); !status.ok()) return status;
  const Node* list = node.Find("resources");
  if (!list) return absl::OkStatus();
  const Place resources(place, "resources");
  if (absl::Status status = CheckList(source, *list, resources, "a list of resources"); !status.ok()) return status;
  const auto unknown = AddResources(source, {list->elements, &resources}, /*bare_secrets=*/false, nullptr);
  if (!unknown.ok()) return unknown.status();
  for (Resource& r : source.builder.resources()) GiveInputs(r);
  return absl::OkStatus();
}

// Of the stack, as far as the file says them.
struct Names {
  std::string_view project, stack;
};

// "organization/fastcart/dev", or "dev" where the backend is older than projects.
absl::Status ReadStackName(const Source& source, const Node& node, const Place& place, Names& out) {
  simdjson::dom::parser parser;
  const auto json = source.text.Parse(node.slice, parser);
  if (!json.ok()) return json.status();
  std::string_view full;
  if (json->is_null()) return absl::OkStatus();
  if (json->get(full) != simdjson::SUCCESS) return WrongKind(*json, place, "a string");
  full = source.builder.arena().Copy(full);
  const std::size_t last = full.rfind('/'), first = full.find('/');
  out.stack = full.substr(last + 1);
  if (first != last) out.project = full.substr(first + 1, last - first - 1);
  return absl::OkStatus();
}

// {"stack": …, "latest": deployment}; a stack without a deployment has no latest, and no other place for its name.
absl::Status ReadCheckpoint(const Source& source, const Node& node, const Place& place, Names& names) {
  if (absl::Status status = CheckObject(source, node, place, "a checkpoint (an object)"); !status.ok()) return status;
  if (absl::Status status = CheckOthers(source, node, {"stack", "latest"}); !status.ok()) return status;
  if (const Node* stack = node.Find("stack"))
    if (absl::Status status = ReadStackName(source, *stack, Place(place, "stack"), names); !status.ok()) return status;
  const Node* latest = node.Find("latest");
  return latest ? ReadDeployment(source, *latest, Place(place, "latest")) : absl::OkStatus();
}

absl::Status ReadAny(const Source& source, Names& names) {
  const Place file;
  const Node& first = source.text.first();
  if (const Node* node = first.Find("deployment")) return ReadDeployment(source, *node, Place(file, "deployment"));
  if (const Node* node = first.Find("checkpoint")) return ReadCheckpoint(source, *node, Place(file, "checkpoint"), names);
  return ReadDeployment(source, first, file);
}

}  // namespace

absl::Status ReadExport(const Source& source) {
  const auto read = {std::string_view("deployment"), std::string_view("checkpoint"), std::string_view("resources")};
  if (absl::Status status = CheckOthers(source, source.text.first(), read); !status.ok()) return status;
  if (absl::Status status = CheckVersion(source); !status.ok()) return status;
  Names names;
  if (absl::Status status = ReadAny(source, names); !status.ok()) return status;
  NameStack(source, names.project, names.stack);
  return absl::OkStatus();
}

}  // namespace guardrails
