#include "analyzer/input/forms.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "analyzer/model/urn.h"
#include "fmt/format.h"

namespace guardrails {

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

namespace {

// Parts that one thread decodes in one go.
struct Piece {
  std::size_t begin, end;
  absl::Status status;
};

std::size_t Cores() { return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 16); }

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

// Runs `work` on as many threads as there are cores, but not more than `most`; returns when all are done.
absl::Status OnAllCores(std::size_t most, const std::function<void()>& work) {
  std::atomic<bool> failed = false;
  const auto run = [&] {
    try {
      work();
    } catch (const std::exception&) {
      failed = true;
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(Cores(), most); ++i) others.emplace_back(run);
    run();
  }
  return failed ? NoMemory() : absl::OkStatus();
}

}  // namespace

absl::StatusOr<bool> DecodeParts(const Source& source, const Parts& parts, bool bare_secrets, const DecodePart& decode) {
  std::vector<Piece> pieces = CutParts(parts.slices);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> saw_unknown = false;
  std::mutex builder;
  const absl::Status status = OnAllCores(pieces.size(), [&] {
    const auto arena = std::make_shared<Arena>();
    ResourceDecoder decoder(*arena, bare_secrets);
    simdjson::dom::parser parser;
    for (std::size_t i = next++; i < pieces.size(); i = next++)
      pieces[i].status = DecodePiece(source.text, parts, decode, pieces[i], parser, decoder);
    if (decoder.values().saw_unknown()) saw_unknown = true;
    const std::lock_guard lock(builder);
    source.builder.KeepAlive(arena);
  });
  if (!status.ok()) return status;
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

absl::Status NoMemory() {
  return absl::InvalidArgumentError("the memory of this machine does not suffice; check it on a larger one");
}

}  // namespace guardrails
