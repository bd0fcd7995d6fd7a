// The readers of the single forms, and what they share. Internal to this room.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "analyzer/input/input.h"
#include "analyzer/input/json_text.h"
#include "analyzer/input/place.h"
#include "analyzer/input/resource_decoder.h"
#include "analyzer/model/stack.h"

namespace guardrails {

// A file on its way to a stack.
struct Source {
  const JsonText& text;
  const InputOptions& options;
  StackBuilder& builder;
};

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

// Whether the message of an error diagnostic says that an operation could not look at all of the stack. The engine's
// closing words do not: they also follow a violated policy.
bool IsFailure(std::string_view severity, std::string_view message);

// Where the parts of a file stand: the elements of a list, or values on lines of their own.
struct Parts {
  const std::vector<Slice>& slices;
  const Place* list;  // null: lines
};

// Decodes all parts, on all cores: `decode` is called for each once, with its index, from several threads. Returns
// whether an unknown value was met; the error is that of the first part that has one.
using DecodePart =
    std::function<absl::Status(std::size_t index, simdjson::dom::element json, const Place& place, ResourceDecoder& decoder)>;
absl::StatusOr<bool> DecodeParts(const Source& source, const Parts& parts, bool bare_secrets, const DecodePart& decode);

// Decodes all parts into resources; `edges`, if not null, says whether any told its edges. Returns as DecodeParts.
absl::StatusOr<bool> AddResources(const Source& source, const Parts& parts, bool bare_secrets, bool* edges);

absl::Status NoMemory();

}  // namespace guardrails
