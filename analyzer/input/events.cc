// The engine's event log (sdk/go/common/apitype/events.go): one event a line, or {"events": [...]}.
#include <vector>

#include "analyzer/input/forms.h"
#include "analyzer/input/steps.h"

namespace guardrails {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

enum class EventKind { kOther, kPrelude, kStep, kAnswer, kFailure, kSummary };

struct Event {
  EventKind kind = EventKind::kOther;
  std::vector<std::pair<std::string_view, Value>> config;  // of kPrelude
  Step step;                                               // of kStep and kAnswer
  bool preview = false;                                    // of kSummary
  StepCounts counts;                                       // of kSummary
};

absl::StatusOr<Event> DecodePrelude(element json, const Place& place, ResourceDecoder& decoder) {
  Event out;
  out.kind = EventKind::kPrelude;
  StackFacts facts;
  element config;
  if (json["config"].get(config) != simdjson::SUCCESS) return out;
  const absl::Status status = ReadConfig(config, Place(place, "config"), decoder.values(), facts);
  if (!status.ok()) return status;
  out.config.assign(facts.config.begin(), facts.config.end());
  return out;
}

absl::StatusOr<Event> DecodeResource(EventKind kind, element json, const Place& place, ResourceDecoder& decoder) {
  Event out;
  out.kind = kind;
  const Place at(place, "metadata");
  object metadata;
  if (json["metadata"].get(metadata) != simdjson::SUCCESS) return at.Error("this object is missing; the event is damaged");
  auto step = DecodeStep(metadata, at, "old", "new", decoder);
  if (!step.ok()) return step.status();
  out.step = *std::move(step);
  return out;
}

Event DecodeDiagnostic(element json) {
  const std::string_view none;
  Event out;
  if (IsFailure(FieldOr(json, "severity", none), FieldOr(json, "message", none))) out.kind = EventKind::kFailure;
  return out;
}

absl::StatusOr<Event> DecodeSummary(element json, const Place& place, ResourceDecoder& decoder) {
  Event out;
  out.kind = EventKind::kSummary;
  out.preview = FieldOr(json, "isPreview", false);
  element changes;
  if (json["resourceChanges"].get(changes) != simdjson::SUCCESS) return out;
  const absl::Status status = ReadCounts(changes, Place(place, "resourceChanges"), decoder.values(), out.counts);
  if (!status.ok()) return status;
  return out;
}

absl::StatusOr<Event> DecodeEvent(element json, const Place& place, ResourceDecoder& decoder) {
  object event;
  if (json.get(event) != simdjson::SUCCESS) return WrongKind(json, place, "an event (an object with sequence and timestamp)");
  if (absl::Status status = RefuseTwice(event, place); !status.ok()) return status;
  for (const auto [key, value] : event) {
    const Place at(place, key);
    object inner;
    if (value.get(inner) == simdjson::SUCCESS)
      if (absl::Status status = RefuseTwice(inner, at); !status.ok()) return status;
    if (key == "preludeEvent") return DecodePrelude(value, at, decoder);
    if (key == "resourcePreEvent") return DecodeResource(EventKind::kStep, value, at, decoder);
    if (key == "resOutputsEvent") return DecodeResource(EventKind::kAnswer, value, at, decoder);
    if (key == "diagnosticEvent") return DecodeDiagnostic(value);
    if (key == "summaryEvent") return DecodeSummary(value, at, decoder);
  }
  return Event();
}

// The last operation of the log: `up` without --skip-preview writes two.
struct Operation {
  StepFold fold;
  StepCounts counts;
  bool failed = false, finished = false;
};

void Begin(const Event& prelude, StackFacts& facts, Operation& operation) {
  operation = Operation();
  facts.config.clear();
  facts.has_config = true;
  for (const auto& [key, value] : prelude.config) facts.config[key] = value;
}

void End(const Event& summary, StackFacts& facts, Operation& operation) {
  operation.finished = true;
  operation.counts = summary.counts;
  facts.preview = summary.preview;
}

void Follow(const Event& event, StackFacts& facts, Operation& operation) {
  switch (event.kind) {
    case EventKind::kOther: return;
    case EventKind::kPrelude: return Begin(event, facts, operation);
    case EventKind::kStep: return operation.fold.Add(event.step);
    case EventKind::kAnswer: return operation.fold.Answer(event.step);
    case EventKind::kFailure: operation.failed = true; return;
    case EventKind::kSummary: return End(event, facts, operation);
  }
}

absl::Status ReadAll(const Source& source, const Parts& parts) {
  Operation operation;
  StackFacts& facts = source.builder.facts();
  facts.has_edges = false;
  std::vector<Event> events(parts.slices.size());
  const auto decoded = DecodeParts(source, parts, /*bare_secrets=*/true,
                                   [&](std::size_t i, auto json, const Place& place, ResourceDecoder& decoder) {
                                     auto event = DecodeEvent(json, place, decoder);
                                     if (!event.ok()) return event.status();
                                     events[i] = *std::move(event);
                                     return absl::OkStatus();
                                   });
  if (!decoded.ok()) return decoded.status();
  for (const Event& event : events) Follow(event, facts, operation);
  const Place file;
  if (!operation.finished)
    return file.Error("the log ends without its summaryEvent: it is truncated, or the operation was not over; write it again");
  if (operation.failed)
    return file.Error("the logged operation failed, so resources are missing; correct its error and write the log again");
  facts.partial = operation.fold.Misses(operation.counts);
  source.builder.resources() = operation.fold.TakeResources();
  NameStack(source, {}, {});
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadEvents(const Source& source) {
  const Node& first = source.text.first();
  const Node* list = first.Find("events");
  if (!list || source.text.values().size() > 1) return ReadAll(source, {source.text.values(), nullptr});
  if (absl::Status status = CheckOthers(source, first, {"events"}); !status.ok()) return status;
  const Place file, place(file, "events");
  if (absl::Status status = CheckList(source, *list, place, "a list of events"); !status.ok()) return status;
  return ReadAll(source, {list->elements, &place});
}

}  // namespace guardrails
