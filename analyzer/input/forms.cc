#include "analyzer/input/forms.h"

#include <algorithm>
#include <string>

#include "analyzer/model/urn.h"
#include "fmt/format.h"

namespace guardrails {

void NameStack(const Source& source, std::string_view project, std::string_view stack) {
  const auto& resources = source.builder.resources();
  auto named = std::find_if(resources.begin(), resources.end(),
                            [](const Resource& r) { return r.is_stack() && !r.urn.empty(); });
  if (named == resources.end())
    named = std::find_if(resources.begin(), resources.end(), [](const Resource& r) { return !r.urn.empty(); });
  const Urn urn = (named == resources.end() ? std::nullopt : ParseUrn(named->urn)).value_or(Urn());
  const auto first = [&](std::string_view a, std::string_view b, std::string_view c) {
    return source.builder.arena().Copy(!a.empty() ? a : !b.empty() ? b : c);
  };
  StackFacts& facts = source.builder.facts();
  facts.project = first(source.options.project, project, urn.project);
  facts.name = first(source.options.stack, stack, urn.stack);
}

absl::Status CheckOthers(const Source& source, const Node& node, std::initializer_list<std::string_view> read) {
  simdjson::dom::parser parser;
  for (const Field& field : node.fields) {
    if (std::find(read.begin(), read.end(), field.key) != read.end()) continue;
    if (const auto json = source.text.Parse(field.value.slice, parser); !json.ok()) return json.status();
  }
  return absl::OkStatus();
}

namespace {

absl::Status CheckKind(const Source& source, const Node& node, char bracket, const Place& place, std::string_view wanted) {
  if (source.text.First(node.slice) == bracket) return absl::OkStatus();
  simdjson::dom::parser parser;
  const auto json = source.text.Parse(node.slice, parser);
  if (!json.ok()) return json.status();
  return json->is_null() ? absl::OkStatus() : WrongKind(*json, place, wanted);
}

}  // namespace

absl::Status CheckList(const Source& source, const Node& node, const Place& place, std::string_view wanted) {
  return CheckKind(source, node, '[', place, wanted);
}

absl::Status CheckObject(const Source& source, const Node& node, const Place& place, std::string_view wanted) {
  return CheckKind(source, node, '{', place, wanted);
}

namespace {

// Pulumi's configuration is text, also where a list that somebody wrote has a number for it.
absl::StatusOr<Value> DecodeConfig(simdjson::dom::element json, const Place& place, ValueDecoder& decoder) {
  if (json.is_number() || json.is_bool()) return Value::String(decoder.Keep(simdjson::minify(json)));
  return decoder.Decode(json, place);
}

}  // namespace

absl::Status ReadConfig(simdjson::dom::element json, const Place& place, ValueDecoder& decoder, StackFacts& facts) {
  simdjson::dom::object object;
  if (json.is_null()) return absl::OkStatus();
  if (json.get(object) != simdjson::SUCCESS) return WrongKind(json, place, "an object of configuration values");
  facts.has_config = true;
  for (const auto [key, element] : object) {
    const auto value = DecodeConfig(element, Place(place, key), decoder);
    if (!value.ok()) return value.status();
    if (!facts.config.emplace(decoder.Keep(key), *value).second) return Place(place, key).Error(kStandsTwice);
  }
  return absl::OkStatus();
}

namespace {

// What the engine colours a message with, in event logs: <{%fg 1%}>.
std::string WithoutColour(std::string_view message) {
  std::string out;
  while (!message.empty()) {
    const std::size_t begin = message.find("<{%"), end = message.find("%}>", begin);
    if (end == std::string_view::npos) return out.append(message);
    out.append(message.substr(0, begin));
    message.remove_prefix(end + 3);
  }
  return out;
}

}  // namespace

bool IsFailure(std::string_view severity, std::string_view message) {
  if (severity != "error") return false;
  const std::string plain = WithoutColour(message);
  std::string_view words = plain;
  while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.remove_suffix(1);
  return words != "preview failed" && words != "error: preview failed";
}

}  // namespace guardrails
