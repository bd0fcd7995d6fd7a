#include "analyzer/input/parts.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

#include "absl/status/status.h"
#include "analyzer/base/on_all_cores.h"

namespace guardrails {
namespace {

// Parts that one thread decodes in one go.
struct Piece {
  std::size_t begin, end;
  absl::Status status;
};

// Several for each core, as large as pays.
std::vector<Piece> CutParts(const std::vector<Slice>& slices) {
  constexpr std::size_t kLeast = std::size_t{1} << 18, kMost = std::size_t{16} << 20, kEach = 4;
  if (slices.empty()) return {};
  const std::size_t bytes = slices.back().end - slices.front().begin;
  const std::size_t size = std::clamp(bytes / (kEach * Cores()), kLeast, kMost);
  std::vector<Piece> pieces;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    if (i + 1 < slices.size() && slices[i].end - slices[begin].begin < size) continue;
    pieces.push_back({std::exchange(begin, i + 1), i + 1, {}});
  }
  return pieces;
}

absl::Status DecodePiece(const JsonText& text, const Parts& parts, const DecodePart& decode, const Piece& piece,
                         simdjson::dom::parser& parser, ResourceDecoder& decoder) {
  for (std::size_t i = piece.begin; i < piece.end; ++i) {
    const Slice slice = parts.slices[i];
    const auto json = text.Parse(slice, parser);
    if (!json.ok()) return json.status();
    const Place place = parts.list ? Place(*parts.list, i) : Place::Line(text, slice.begin);
    if (absl::Status status = decode(i, *json, place, decoder); !status.ok()) return status;
  }
  text.Release({parts.slices[piece.begin].begin, parts.slices[piece.end - 1].end});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bool> DecodeParts(const Source& source, const Parts& parts, bool bare_secrets, const DecodePart& decode) {
  std::vector<Piece> pieces = CutParts(parts.slices);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> saw_unknown = false;
  std::mutex builder;
  const auto decode_some = [&](std::size_t) {
    const auto arena = std::make_shared<Arena>();
    ResourceDecoder decoder(*arena, bare_secrets);
    simdjson::dom::parser parser;
    for (std::size_t i = next++; i < pieces.size(); i = next++)
      pieces[i].status = DecodePiece(source.text, parts, decode, pieces[i], parser, decoder);
    if (decoder.values().saw_unknown()) saw_unknown = true;
    const std::lock_guard lock(builder);
    source.builder.KeepAlive(arena);
  };
  try {
    OnAllCores(std::min(Cores(), pieces.size()), decode_some);
  } catch (const std::bad_alloc&) {
    return NoMemory();
  }
  const auto failed = std::find_if(pieces.begin(), pieces.end(), [](const Piece& piece) { return !piece.status.ok(); });
  if (failed != pieces.end()) return failed->status;
  return saw_unknown.load();
}

absl::StatusOr<bool> AddResources(const Source& source, const Parts& parts, bool bare_secrets, bool* edges) {
  std::vector<Resource>& resources = source.builder.resources();
  resources.resize(parts.slices.size());
  std::atomic<bool> has_edges = false;
  const auto unknown = DecodeParts(source, parts, bare_secrets,
                                   [&](std::size_t i, auto json, const Place& place, ResourceDecoder& decoder) {
                                     auto decoded = decoder.Decode(json, place);
                                     if (!decoded.ok()) return decoded.status();
                                     if (decoded->has_edges) has_edges = true;
                                     if (!decoded->deleted) resources[i] = decoded->resource;
                                     return absl::OkStatus();
                                   });
  std::erase_if(resources, [](const Resource& r) { return r.type.empty(); });  // those marked for deletion
  if (edges) *edges = has_edges;
  return unknown;
}

}  // namespace guardrails
