// The readers of the single forms, and what they share. Internal to this room.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
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

  // The place of the slice at `index`; `line` is the line it is on.
  Place At(std::size_t index, std::size_t line) const { return list ? Place(*list, index) : Place::Line(line); }
};

// The parts from `begin` to `end`, to be decoded by one thread, and what came out.
template <class Item>
struct Piece {
  std::size_t begin, end;
  std::vector<Item> items;
  absl::Status status;
};

absl::Status NoMemory();

// How the parts are cut: the first index of each piece, and the end.
std::vector<std::size_t> CutParts(const std::vector<Slice>& slices);

// Runs `work` on as many threads as there are cores, but not more than `most`; returns when all are done.
absl::Status OnAllCores(std::size_t most, const std::function<void()>& work);

template <class Item>
using DecodePart = std::function<absl::StatusOr<Item>(simdjson::dom::element, const Place&, ResourceDecoder&)>;

template <class Item>
absl::Status DecodePiece(const JsonText& text, const Parts& parts, const DecodePart<Item>& decode,
                         simdjson::dom::parser& parser, ResourceDecoder& decoder, Piece<Item>& piece) {
  piece.items.reserve(piece.end - piece.begin);
  std::size_t at = parts.slices[piece.begin].begin, line = parts.list ? 0 : text.LineOf(at);
  for (std::size_t i = piece.begin; i < piece.end; ++i) {
    const Slice slice = parts.slices[i];
    if (!parts.list) line += text.LinesIn({std::exchange(at, slice.begin), slice.begin});
    const auto json = text.Parse(slice, parser);
    if (!json.ok()) return json.status();
    auto item = decode(*json, parts.At(i, line), decoder);
    if (!item.ok()) return item.status();
    piece.items.push_back(*std::move(item));
  }
  return absl::OkStatus();
}

// Decodes all parts, on all cores, and then hands them to `take` in their order. Says whether an unknown value was
// met. The error is that of the first part that has one.
template <class Item>
absl::StatusOr<bool> DecodeParts(const Source& source, const Parts& parts, bool bare_secrets,
                                 const DecodePart<Item>& decode, const std::function<void(Item&)>& take) {
  const std::vector<std::size_t> cuts = CutParts(parts.slices);
  std::vector<Piece<Item>> pieces;
  for (std::size_t i = 1; i < cuts.size(); ++i) pieces.push_back({cuts[i - 1], cuts[i], {}, {}});
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> saw_unknown = false;
  std::mutex builder;
  const absl::Status status = OnAllCores(pieces.size(), [&] {
    const auto arena = std::make_shared<Arena>();
    ResourceDecoder decoder(*arena, bare_secrets);
    simdjson::dom::parser parser;
    for (std::size_t i = next++; i < pieces.size(); i = next++)
      pieces[i].status = DecodePiece(source.text, parts, decode, parser, decoder, pieces[i]);
    if (decoder.values().saw_unknown()) saw_unknown = true;
    const std::lock_guard lock(builder);
    source.builder.KeepAlive(arena);
  });
  if (!status.ok()) return status;
  for (Piece<Item>& piece : pieces) {
    if (!piece.status.ok()) return piece.status;
    for (Item& item : piece.items) take(item);
    piece.items = {};
  }
  return saw_unknown;
}

}  // namespace guardrails
