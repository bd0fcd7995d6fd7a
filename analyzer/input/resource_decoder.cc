#include "analyzer/input/resource_decoder.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/status/status.h"
#include "analyzer/input/frames.h"
#include "analyzer/model/urn.h"
#include "analyzer/value/encoding.h"
#include "fmt/format.h"

namespace guardrails {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

enum class Key {
  kUrn, kType, kName, kParent, kId, kInputs, kOutputs, kProperties, kCustom, kExternal, kDelete, kDependencies,
  kPropertyDependencies, kProvider, kSourcePosition, kStackTrace,
};
// In the order of Key.
constexpr std::array<std::string_view, 16> kKeys = {
    "urn",    "type",     "name",   "parent",       "id",                   "inputs",   "outputs",        "properties",
    "custom", "external", "delete", "dependencies", "propertyDependencies", "provider", "sourcePosition", "stackTrace"};

std::string_view JsonKind(element json) {
  switch (json.type()) {
    case element_type::ARRAY: return "a list";
    case element_type::OBJECT: return "an object";
    case element_type::STRING: return "a string";
    case element_type::BOOL: return "a boolean";
    case element_type::NULL_VALUE: return "null";
    default: return "a number";
  }
}

}  // namespace

absl::Status WrongKind(element json, const Place& place, std::string_view wanted) {
  return place.Error(fmt::format("{}, where {} belongs", JsonKind(json), wanted));
}

absl::Status RefuseTwice(simdjson::dom::object object, const Place& place) {
  std::vector<std::string_view> keys;
  for (const auto field : object) keys.push_back(field.key);
  const std::string_view* twice = FindDuplicate(keys);
  return twice ? Place(place, *twice).Error(kStandsTwice) : absl::OkStatus();
}

void GiveInputs(Resource& resource) {
  if (resource.inputs.absent() && !resource.external) resource.inputs = Value::Object({});
}

void CompleteProvider(Provider& provider) {
  const auto urn = ParseUrn(provider.urn);
  if (!urn) return;
  provider.type = urn->type;
  provider.name = urn->name;
}

absl::StatusOr<DecodedResource> ResourceDecoder::Decode(element json, const Place& place) {
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS) return WrongKind(json, place, "a resource (an object with type and name)");
  DecodedResource out;
  properties_ = Value();
  position_ = {};
  seen_ = 0;
  for (const auto [key, value] : object)
    if (const absl::Status status = Field(key, value, place, out); !status.ok()) return status;
  if (const absl::Status status = Complete(place, out); !status.ok()) return status;
  return out;
}

absl::Status ResourceDecoder::Field(std::string_view key, element json, const Place& place, DecodedResource& out) {
  const auto known = std::find(kKeys.begin(), kKeys.end(), key);
  if (known == kKeys.end() || json.is_null()) return absl::OkStatus();
  const Place at(place, key);
  const auto bit = 1U << (known - kKeys.begin());
  if ((seen_ & bit) != 0) return at.Error(kStandsTwice);
  seen_ |= bit;
  Resource& r = out.resource;
  switch (static_cast<Key>(known - kKeys.begin())) {
    case Key::kUrn: return Text(json, at, r.urn);
    case Key::kType: return Text(json, at, r.type);
    case Key::kName: return Text(json, at, r.name);
    case Key::kParent: return Text(json, at, r.parent);
    case Key::kId: return Id(json, at, r.id);
    case Key::kInputs: return Bag(json, at, r.inputs);
    case Key::kOutputs: return Bag(json, at, r.outputs);
    case Key::kProperties: return Bag(json, at, properties_);
    case Key::kCustom: return Flag(json, at, r.custom);
    case Key::kExternal: return Flag(json, at, r.external);
    case Key::kDelete: return Flag(json, at, out.deleted);
    case Key::kDependencies: return Urns(json, at, r.dependencies);
    case Key::kPropertyDependencies: return Edges(json, at, out);
    case Key::kProvider: return ProviderOf(json, at, r.provider);
    case Key::kSourcePosition: return Position(json, at, position_);
    case Key::kStackTrace: return Frames(json, at, r.created_at);
  }
  return absl::OkStatus();
}

absl::Status ResourceDecoder::Text(element json, const Place& place, std::string_view& out) {
  std::string_view text;
  if (json.get(text) != simdjson::SUCCESS) return WrongKind(json, place, "a string");
  out = values_.Keep(text);
  return absl::OkStatus();
}

absl::Status ResourceDecoder::Flag(element json, const Place& place, bool& out) {
  return json.get(out) == simdjson::SUCCESS ? absl::OkStatus() : WrongKind(json, place, "true or false");
}

absl::Status ResourceDecoder::Id(element json, const Place& place, Value& out) {
  std::string_view text;
  if (json.get(text) == simdjson::SUCCESS && text.empty()) return absl::OkStatus();
  auto value = values_.Decode(json, place);
  if (!value.ok()) return value.status();
  if (value->kind() != Kind::kString && !value->unknown()) return WrongKind(json, place, "a string");
  out = *value;
  return absl::OkStatus();
}

absl::Status ResourceDecoder::Bag(element json, const Place& place, Value& out) {
  auto value = values_.Decode(json, place);
  if (!value.ok()) return value.status();
  if (value->kind() != Kind::kObject) return WrongKind(json, place, "an object of properties");
  out = *value;
  return absl::OkStatus();
}

absl::Status ResourceDecoder::Urns(element json, const Place& place, std::span<const std::string_view>& out) {
  simdjson::dom::array list;
  if (json.get(list) != simdjson::SUCCESS) return WrongKind(json, place, "a list of URNs");
  std::vector<std::string_view> urns;
  for (const element item : list) {
    const Place at(place, urns.size());
    if (const absl::Status status = Text(item, at, urns.emplace_back()); !status.ok()) return status;
    if (!urns.back().starts_with("urn:pulumi:")) return at.Error("this is no URN; one begins with urn:pulumi:");
  }
  out = values_.arena().Copy(urns);
  return absl::OkStatus();
}

absl::Status ResourceDecoder::Edges(element json, const Place& place, DecodedResource& out) {
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS) return WrongKind(json, place, "an object of lists of URNs");
  if (const absl::Status status = RefuseTwice(object, place); !status.ok()) return status;
  std::vector<PropertyDependency> edges;
  for (const auto [key, list] : object) {
    if (list.is_null()) continue;
    PropertyDependency edge{values_.Keep(key), {}};
    const absl::Status status = Urns(list, Place(place, edge.property), edge.urns);
    if (!status.ok()) return status;
    if (!edge.urns.empty()) edges.push_back(edge);
  }
  out.has_edges = true;
  out.resource.property_dependencies = values_.arena().Copy(edges);
  return absl::OkStatus();
}

absl::Status ResourceDecoder::ProviderOf(element json, const Place& place, Provider& out) {
  std::string_view text;
  if (json.get(text) == simdjson::SUCCESS) {
    if (text.empty()) return absl::OkStatus();
    out.urn = values_.Keep(ParseProviderReference(text).urn);
    CompleteProvider(out);
    if (out.type.empty()) return place.Error("this is no provider reference; write URN::ID, or an object with type and name");
    return absl::OkStatus();
  }
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS) return WrongKind(json, place, "a provider (URN::ID, or an object)");
  if (const absl::Status status = RefuseTwice(object, place); !status.ok()) return status;
  for (const auto [key, value] : object) {
    const Place at(place, key);
    absl::Status status;
    if (key == "urn") status = Text(value, at, out.urn);
    if (key == "type") status = Text(value, at, out.type);
    if (key == "name") status = Text(value, at, out.name);
    if (key == "properties") status = Bag(value, at, out.properties);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ResourceDecoder::Position(element json, const Place& place, std::string_view& out) {
  std::string_view text;
  if (json.get(text) != simdjson::SUCCESS) return WrongKind(json, place, "a string");
  out = IsProgramsOwn(text) ? values_.Keep(text) : std::string_view();
  return absl::OkStatus();
}

absl::Status ResourceDecoder::Frames(element json, const Place& place, std::span<const std::string_view>& out) {
  simdjson::dom::array list;
  if (json.get(list) != simdjson::SUCCESS) return WrongKind(json, place, "a list of frames");
  std::vector<std::string_view> frames;
  std::size_t index = 0;
  for (const element item : list) {
    const Place at(place, index++);
    element position;
    if (!item.is_object()) return WrongKind(item, at, "a frame (an object, perhaps with sourcePosition)");
    if (item["sourcePosition"].get(position) != simdjson::SUCCESS || position.is_null()) continue;
    std::string_view frame;
    if (const absl::Status status = Position(position, Place(at, "sourcePosition"), frame); !status.ok()) return status;
    if (!frame.empty()) frames.push_back(frame);
  }
  out = values_.arena().Copy(frames);
  return absl::OkStatus();
}

absl::Status ResourceDecoder::Complete(const Place& place, DecodedResource& out) {
  Resource& r = out.resource;
  if (!r.urn.empty()) {
    const auto urn = ParseUrn(r.urn);
    if (!urn) return Place(place, "urn").Error("this is no URN; one begins with urn:pulumi:");
    if (r.type.empty()) r.type = urn->type;
    if (r.name.empty()) r.name = urn->name;
  }
  if (r.type.empty()) return place.Error("the resource has no type; give it one, such as aws:kinesis/stream:Stream");
  if (r.name.empty()) return place.Error("the resource has no name; give it its logical name");
  out.has_custom = (seen_ & 1U << static_cast<unsigned>(Key::kCustom)) != 0;
  if (!out.has_custom) r.custom = !r.is_stack();
  if (r.inputs.absent()) r.inputs = properties_;
  if (r.outputs.absent()) r.outputs = properties_;
  if (r.created_at.empty() && !position_.empty()) r.created_at = values_.arena().Copy(std::vector{position_});
  return absl::OkStatus();
}

}  // namespace guardrails
