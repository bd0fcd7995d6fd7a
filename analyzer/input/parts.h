// The parts of a file, the resources, steps or events, decoded on all cores. Internal to this room.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
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

}  // namespace guardrails
