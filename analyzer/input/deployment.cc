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

// {"stack": …, "latest": deployment}; a stack without a deployment has no latest.
absl::Status ReadCheckpoint(const Source& source, const Node& node, const Place& place) {
  if (absl::Status status = CheckObject(source, node, place, "a checkpoint (an object)"); !status.ok()) return status;
  if (absl::Status status = CheckOthers(source, node, {"latest"}); !status.ok()) return status;
  const Node* latest = node.Find("latest");
  return latest ? ReadDeployment(source, *latest, Place(place, "latest")) : absl::OkStatus();
}

absl::Status ReadAny(const Source& source) {
  const Place file;
  const Node& first = source.text.first();
  if (const Node* node = first.Find("deployment")) return ReadDeployment(source, *node, Place(file, "deployment"));
  if (const Node* node = first.Find("checkpoint")) return ReadCheckpoint(source, *node, Place(file, "checkpoint"));
  return ReadDeployment(source, first, file);
}

}  // namespace

absl::Status ReadExport(const Source& source) {
  const auto read = {std::string_view("deployment"), std::string_view("checkpoint"), std::string_view("resources")};
  if (absl::Status status = CheckOthers(source, source.text.first(), read); !status.ok()) return status;
  if (absl::Status status = CheckVersion(source); !status.ok()) return status;
  if (absl::Status status = ReadAny(source); !status.ok()) return status;
  NameStack(source, {}, {});
  return absl::OkStatus();
}

}  // namespace guardrails
