// The readers of the single forms, and what they share. Internal to this room.
#pragma once

#include <algorithm>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "analyzer/input/input.h"
#include "analyzer/input/json_text.h"
#include "analyzer/input/place.h"
#include "analyzer/input/resource_decoder.h"
#include "analyzer/model/stack.h"

namespace guardrails {

// The value of a member, or null.
const Slice* Find(const std::vector<Field>& fields, std::string_view key);

// The outline of a file: its top-level values, and the members of the first one if that is an object.
struct Outline {
  std::vector<Slice> values;
  std::vector<Field> fields;
};

// A file on its way to a stack.
struct Source {
  const JsonText& text;
  const Outline& outline;
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

// Two resources with one URN are an error: one of them would not be judged.
absl::Status RefuseDuplicates(const std::vector<Resource>& resources);

// The members that nobody reads must be JSON too: `fields` without those named in `read`.
absl::Status CheckOthers(const Source& source, const std::vector<Field>& fields,
                         std::initializer_list<std::string_view> read);

// The elements of a list; another kind of value is an error that says what belongs there, null is an empty list.
absl::StatusOr<std::vector<Slice>> ElementsOf(const Source& source, Slice list, const Place& place,
                                              std::string_view wanted);

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

  // The place of the slice at `index`; `line` is the line it is on.
  Place At(std::size_t index, std::size_t line) const { return list ? Place(*list, index) : Place::Line(line); }
};

// How the parts are cut for threads: indexes where each begins, and the end.
std::vector<std::size_t> CutParts(const std::vector<Slice>& slices);

template <class Item>
using DecodePart = std::function<absl::StatusOr<Item>(simdjson::dom::element, const Place&, ResourceDecoder&)>;

template <class Item>
struct DecodedParts {
  std::vector<Item> items;
  bool saw_unknown = false;
};

// Decodes the parts with indexes in [begin, end).
template <class Item>
absl::Status DecodeRange(const JsonText& text, const Parts& parts, std::size_t begin, std::size_t end,
                         const DecodePart<Item>& decode, ResourceDecoder& decoder, std::vector<Item>& out) {
  if (begin == end) return absl::OkStatus();
  simdjson::dom::parser parser;
  out.reserve(end - begin);
  std::size_t at = parts.slices[begin].begin, line = parts.list ? 0 : text.LineOf(at);
  for (std::size_t i = begin; i < end; ++i) {
    const Slice slice = parts.slices[i];
    if (!parts.list) line += text.LinesIn({std::exchange(at, slice.begin), slice.begin});
    const auto json = text.Parse(slice, parser);
    if (!json.ok()) return json.status();
    auto item = decode(*json, parts.At(i, line), decoder);
    if (!item.ok()) return item.status();
    out.push_back(*std::move(item));
  }
  return absl::OkStatus();
}

// Decodes all parts, in order, on as many cores as it pays. The error is that of the first part that has one.
template <class Item>
absl::StatusOr<DecodedParts<Item>> DecodeParts(const Source& source, const Parts& parts, bool bare_secrets,
                                               const DecodePart<Item>& decode) {
  struct Work {
    std::shared_ptr<Arena> arena = std::make_shared<Arena>();
    DecodedParts<Item> out;
    absl::Status status;
  };
  const std::vector<std::size_t> cuts = CutParts(parts.slices);
  std::vector<Work> works(cuts.size() - 1);
  const auto run = [&](std::size_t i) {
    Work& work = works[i];
    try {
      ResourceDecoder decoder(*work.arena, bare_secrets);
      work.status = DecodeRange(source.text, parts, cuts[i], cuts[i + 1], decode, decoder, work.out.items);
      work.out.saw_unknown = decoder.values().saw_unknown();
    } catch (const std::exception&) {
      work.status = absl::InvalidArgumentError("the memory of this machine does not suffice for this file");
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < works.size(); ++i) threads.emplace_back(run, i);
    run(0);
  }
  DecodedParts<Item> out;
  out.items.reserve(parts.slices.size());
  for (Work& work : works) {
    if (!work.status.ok()) return work.status;
    source.builder.KeepAlive(work.arena);
    out.saw_unknown |= work.out.saw_unknown;
    std::move(work.out.items.begin(), work.out.items.end(), std::back_inserter(out.items));
    work.out.items = {};
  }
  return out;
}

}  // namespace guardrails
