// The readers of the single forms, and what they share. Internal to this room.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "analyzer/input/input.h"
#include "analyzer/input/json_text.h"
#include "analyzer/input/place.h"
#include "analyzer/input/resource_decoder.h"
#include "analyzer/model/stack.h"

namespace guardrails {

// The outline of a file: its top-level values, and the members of the first one if that is an object.
struct Outline {
  std::vector<Slice> values;
  std::vector<Field> fields;

  // Null when there is no such member.
  const Slice* Find(std::string_view key) const;
};

// A file on its way to a stack.
struct Source {
  const JsonText& text;
  const Outline& outline;
  const InputOptions& options;
  StackBuilder& builder;
};

// Each reads its form into the builder. InvalidArgument "PLACE: WHAT".
absl::Status ReadResourceList(const Source& source);

// The project and the stack: of the options, else as the file says them, else of a URN: the root's or the first.
void NameStack(const Source& source, std::string_view project, std::string_view stack);

// Two resources with one URN are an error: one of them would not be judged.
absl::Status RefuseDuplicates(const std::vector<Resource>& resources);

// A part of the file as a string ("" if absent) or as a value (absent if absent).
absl::StatusOr<std::string_view> ReadText(const Source& source, std::string_view key, ValueDecoder& decoder);
absl::Status ReadConfig(const Source& source, ValueDecoder& decoder);

}  // namespace guardrails
