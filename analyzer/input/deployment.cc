// What `pulumi stack export` writes, the file of a DIY backend, and the bare deployment that both hold.
#include "analyzer/input/forms.h"
#include "fmt/format.h"

namespace guardrails {
namespace {

// Version 4 adds features that do not change what a resource says (sdk/go/common/apitype/core.go).
constexpr double kNewestVersion = 4;

absl::StatusOr<std::vector<Field>> FieldsOf(const Source& source, Slice slice, const Place& place) {
  if (source.text.First(slice) == '{') return source.text.Fields(slice, place);
  simdjson::dom::parser parser;
  const auto json = source.text.Parse(slice, parser);
  if (!json.ok()) return json.status();
  if (json->is_null()) return std::vector<Field>();
  return WrongKind(*json, place, "an object");
}

absl::Status CheckVersion(const Source& source) {
  const Slice* slice = Find(source.outline.fields, "version");
  if (!slice) return absl::OkStatus();
  simdjson::dom::parser parser;
  const auto json = source.text.Parse(*slice, parser);
  if (!json.ok()) return json.status();
  const Place file, place(file, "version");
  if (!json->is_number()) return WrongKind(*json, place, "a number");
  if (json->get_double().value_unsafe() <= kNewestVersion) return absl::OkStatus();
  return place.Error(fmt::format("this deployment is newer than version {}; update this tool", kNewestVersion));
}

absl::Status AddResources(const Source& source, const std::vector<Field>& fields, const Place& place) {
  if (absl::Status status = CheckOthers(source, fields, {"resources"}); !status.ok()) return status;
  const Slice* list = Find(fields, "resources");
  if (!list) return absl::OkStatus();
  const Place resources(place, "resources");
  const auto elements = ElementsOf(source, *list, resources, "a list of resources");
  if (!elements.ok()) return elements.status();
  const auto decoded = DecodeParts<DecodedResource>(
      source, {*elements, &resources}, /*bare_secrets=*/false,
      [](auto json, const Place& at, ResourceDecoder& decoder) { return decoder.Decode(json, at); });
  if (!decoded.ok()) return decoded.status();
  source.builder.resources().reserve(decoded->items.size());
  for (const DecodedResource& item : decoded->items) {
    if (item.deleted) continue;
    source.builder.Add() = item.resource;
    GiveInputs(source.builder.resources().back());
  }
  return absl::OkStatus();
}

absl::Status ReadDeployment(const Source& source, Slice slice, const Place& place) {
  const auto fields = FieldsOf(source, slice, place);
  return fields.ok() ? AddResources(source, *fields, place) : fields.status();
}

// {"stack": …, "latest": deployment}; a stack without a deployment has no latest.
absl::Status ReadCheckpoint(const Source& source, Slice slice, const Place& place) {
  const auto fields = FieldsOf(source, slice, place);
  if (!fields.ok()) return fields.status();
  if (absl::Status status = CheckOthers(source, *fields, {"latest"}); !status.ok()) return status;
  const Slice* latest = Find(*fields, "latest");
  return latest ? ReadDeployment(source, *latest, Place(place, "latest")) : absl::OkStatus();
}

absl::Status ReadAny(const Source& source) {
  const Place file;
  const std::vector<Field>& fields = source.outline.fields;
  if (const Slice* deployment = Find(fields, "deployment")) return ReadDeployment(source, *deployment, Place(file, "deployment"));
  if (const Slice* checkpoint = Find(fields, "checkpoint")) return ReadCheckpoint(source, *checkpoint, Place(file, "checkpoint"));
  return AddResources(source, fields, file);
}

}  // namespace

absl::Status ReadExport(const Source& source) {
  const auto read = {std::string_view("deployment"), std::string_view("checkpoint"), std::string_view("resources")};
  if (absl::Status status = CheckOthers(source, source.outline.fields, read); !status.ok()) return status;
  if (absl::Status status = CheckVersion(source); !status.ok()) return status;
  if (absl::Status status = ReadAny(source); !status.ok()) return status;
  NameStack(source, {}, {});
  return RefuseDuplicates(source.builder.resources());
}

}  // namespace guardrails
