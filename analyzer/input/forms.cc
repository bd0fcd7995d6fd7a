#include "analyzer/input/forms.h"

#include <iterator>
#include <unordered_set>

#include "analyzer/model/urn.h"
#include "fmt/format.h"

namespace guardrails {

const Slice* Find(const std::vector<Field>& fields, std::string_view key) {
  const auto at = std::find_if(fields.begin(), fields.end(), [key](const Field& f) { return f.key == key; });
  return at == fields.end() ? nullptr : &at->value;
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

absl::Status CheckOthers(const Source& source, const std::vector<Field>& fields,
                         std::initializer_list<std::string_view> read) {
  simdjson::dom::parser parser;
  for (const Field& field : fields) {
    if (std::find(read.begin(), read.end(), field.key) != read.end()) continue;
    if (const auto json = source.text.Parse(field.value, parser); !json.ok()) return json.status();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Slice>> ElementsOf(const Source& source, Slice list, const Place& place,
                                              std::string_view wanted) {
  if (source.text.First(list) == '[') return source.text.Elements(list);
  simdjson::dom::parser parser;
  const auto json = source.text.Parse(list, parser);
  if (!json.ok()) return json.status();
  if (json->is_null()) return std::vector<Slice>();
  return WrongKind(*json, place, wanted);
}

absl::Status ReadConfig(simdjson::dom::element json, const Place& place, ValueDecoder& decoder, StackFacts& facts) {
  simdjson::dom::object object;
  if (json.is_null()) return absl::OkStatus();
  if (json.get(object) != simdjson::SUCCESS) return WrongKind(json, place, "an object of configuration values");
  facts.has_config = true;
  for (const auto [key, element] : object) {
    const auto value = decoder.Decode(element, Place(place, key));
    if (!value.ok()) return value.status();
    if (!facts.config.emplace(decoder.Keep(key), *value).second) return Place(place, key).Error(kStandsTwice);
  }
  return absl::OkStatus();
}

bool IsFailure(std::string_view severity, std::string_view message) {
  if (severity != "error") return false;
  while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.remove_suffix(1);
  return !message.ends_with("preview failed") && !message.ends_with("update failed");
}

std::vector<std::size_t> CutParts(const std::vector<Slice>& slices) {
  constexpr std::size_t kWorthAThread = std::size_t{1} << 20, kMostThreads = 16;
  if (slices.empty()) return {0, 0};
  const std::size_t begin = slices.front().begin, bytes = slices.back().end - begin;
  const std::size_t cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostThreads);
  const std::size_t threads = std::clamp<std::size_t>(bytes / kWorthAThread, 1, cores);
  std::vector<std::size_t> cuts = {0};
  for (std::size_t i = 1; i < threads; ++i) {
    const std::size_t offset = begin + bytes / threads * i;
    const auto at = std::lower_bound(slices.begin(), slices.end(), offset,
                                     [](const Slice& slice, std::size_t o) { return slice.begin < o; });
    cuts.push_back(static_cast<std::size_t>(at - slices.begin()));
  }
  cuts.push_back(slices.size());
  return cuts;
}

}  // namespace guardrails
