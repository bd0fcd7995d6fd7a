// The readers of the single forms, and what they share. Internal to this room.
#pragma once

#include <initializer_list>
#include <string_view>

#include "absl/status/status.h"
#include "analyzer/input/parts.h"

namespace guardrails {

// Each reads its form into the builder. InvalidArgument "PLACE: WHAT".
absl::Status ReadPreview(const Source& source);
absl::Status ReadExport(const Source& source);
absl::Status ReadEvents(const Source& source);
absl::Status ReadResourceList(const Source& source);

// The project and the stack: of the options, else as the file says them, else of a URN: the root's or the first.
void NameStack(const Source& source, std::string_view project, std::string_view stack);

// The members that nobody reads must be JSON too: those of `node` without those named in `read`.
absl::Status CheckOthers(const Source& source, const Node& node, std::initializer_list<std::string_view> read);

// OK for a list or null; another kind of value is an error that says what belongs there.
absl::Status CheckList(const Source& source, const Node& node, const Place& place, std::string_view wanted);
absl::Status CheckObject(const Source& source, const Node& node, const Place& place, std::string_view wanted);

// A member, or `fallback` where it is missing or of another kind.
template <class T>
T FieldOr(simdjson::dom::element object, std::string_view key, T fallback) {
  T out;
  return object[key].get(out) == simdjson::SUCCESS ? out : fallback;
}

// Configuration values into the stack's facts.
absl::Status ReadConfig(simdjson::dom::element json, const Place& place, ValueDecoder& decoder, StackFacts& facts);

// Whether an error diagnostic says that an operation could not look at all of the stack. The closing words of a preview,
// "preview failed" and nothing else, do not: they also follow a violated policy, which does not end it.
bool IsFailure(std::string_view severity, std::string_view message);

}  // namespace guardrails
