#include "analyzer/input/forms.h"

#include <algorithm>
#include <unordered_set>

#include "analyzer/model/urn.h"
#include "fmt/format.h"

namespace guardrails {

const Slice* Outline::Find(std::string_view key) const {
  // The last of several, as JSON parsers do.
  const auto at = std::find_if(fields.rbegin(), fields.rend(), [key](const Field& f) { return f.key == key; });
  return at == fields.rend() ? nullptr : &at->value;
}

void NameStack(const Source& source, std::string_view project, std::string_view stack) {
  const auto& resources = source.builder.resources();
  auto named = std::find_if(resources.begin(), resources.end(), [](const Resource& r) { return r.is_stack(); });
  if (named == resources.end()) named = resources.begin();
  Urn urn;
  if (named != resources.end()) ParseUrn(named->urn, urn);
  const auto first = [&](std::string_view a, std::string_view b, std::string_view c) {
    return source.builder.arena().Copy(!a.empty() ? a : !b.empty() ? b : c);
  };
  StackFacts& facts = source.builder.facts();
  facts.project = first(source.options.project, project, urn.project);
  facts.name = first(source.options.stack, stack, urn.stack);
}

absl::Status RefuseDuplicates(const std::vector<Resource>& resources) {
  std::unordered_set<std::string_view> seen;
  seen.reserve(resources.size());
  for (const Resource& r : resources)
    if (!seen.insert(r.urn).second) {
      const std::string message = fmt::format("two resources have the URN {}; give one of them another name", r.urn);
      return absl::InvalidArgumentError(message);
    }
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> ReadText(const Source& source, std::string_view key, ValueDecoder& decoder) {
  const Slice* slice = source.outline.Find(key);
  if (!slice) return "";
  simdjson::dom::parser parser;
  const auto json = source.text.Parse(*slice, parser);
  if (!json.ok()) return json.status();
  const Place file, place(file, key);
  std::string_view text;
  if (json->is_null()) return "";
  if (json->get(text) != simdjson::SUCCESS) return WrongKind(*json, place, "a string");
  return decoder.Keep(text);
}

absl::Status ReadConfig(const Source& source, ValueDecoder& decoder) {
  const Slice* slice = source.outline.Find("config");
  if (!slice) return absl::OkStatus();
  simdjson::dom::parser parser;
  const auto json = source.text.Parse(*slice, parser);
  if (!json.ok()) return json.status();
  const Place file, place(file, "config");
  simdjson::dom::object object;
  if (json->is_null()) return absl::OkStatus();
  if (json->get(object) != simdjson::SUCCESS) return WrongKind(*json, place, "an object of configuration values");
  for (const auto [key, element] : object) {
    const auto value = decoder.Decode(element, Place(place, key));
    if (!value.ok()) return value.status();
    source.builder.facts().config[decoder.Keep(key)] = *value;
  }
  return absl::OkStatus();
}

}  // namespace guardrails
