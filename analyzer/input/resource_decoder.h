// One resource as Pulumi writes it in exports, previews and event logs, and as the plain list takes it.
#pragma once

#include <simdjson.h>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "analyzer/input/place.h"
#include "analyzer/input/value_decoder.h"
#include "analyzer/model/resource.h"

namespace guardrails {

struct DecodedResource {
  Resource resource;
  bool deleted = false;    // marked for deletion: the stack holds it no longer
  bool has_edges = false;  // propertyDependencies were given
  bool has_custom = false; // custom was given; otherwise all but the stack itself are taken as custom
};

// Not thread-safe; one for each thread.
class ResourceDecoder {
 public:
  ResourceDecoder(Arena& arena, bool bare_secrets) : values_(arena, bare_secrets) {}

  // `place` says where it stands, for messages: InvalidArgument "PLACE…: WHAT". The type, the name and the provider's
  // type and name are taken from the URNs where they are not given; one of URN and type is required.
  absl::StatusOr<DecodedResource> Decode(simdjson::dom::element json, const Place& place);

  ValueDecoder& values() { return values_; }

 private:
  absl::Status Field(std::string_view key, simdjson::dom::element json, const Place& place, DecodedResource& out);
  absl::Status Text(simdjson::dom::element json, const Place& place, std::string_view& out);
  absl::Status Flag(simdjson::dom::element json, const Place& place, bool& out);
  absl::Status Id(simdjson::dom::element json, const Place& place, Value& out);
  absl::Status Bag(simdjson::dom::element json, const Place& place, Value& out);
  absl::Status Urns(simdjson::dom::element json, const Place& place, std::span<const std::string_view>& out);
  absl::Status Edges(simdjson::dom::element json, const Place& place, DecodedResource& out);
  absl::Status ProviderOf(simdjson::dom::element json, const Place& place, Provider& out);
  absl::Status Position(simdjson::dom::element json, const Place& place, std::string_view& out);
  absl::Status Frames(simdjson::dom::element json, const Place& place, std::span<const std::string_view>& out);
  absl::Status Complete(const Place& place, DecodedResource& out);

  ValueDecoder values_;
  Value properties_;  // of the resource at hand
  std::string_view position_;  // its sourcePosition, if that is in the program itself
  unsigned seen_ = 0;  // its keys, as bits
};

// A source that tells inputs leaves them out where there are none. What is only read has none of ours.
void GiveInputs(Resource& resource);

// Type and name from the provider's URN.
void CompleteProvider(Provider& provider);

// InvalidArgument "PLACE.KEY: this key stands twice": JSON leaves open which of the two counts.
absl::Status RefuseTwice(simdjson::dom::object object, const Place& place);

// InvalidArgument "PLACE: a KIND, where WANTED belongs".
absl::Status WrongKind(simdjson::dom::element json, const Place& place, std::string_view wanted);

}  // namespace guardrails
