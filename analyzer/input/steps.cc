#include "analyzer/input/steps.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace guardrails {
namespace {

// sdk/go/common/display, deploy.StepOp. An operation of a newer engine is one that leaves a new state, or none.
constexpr std::string_view kSame = "same";
constexpr std::array<std::pair<std::string_view, StepOp>, 9> kOps = {{
    {kSame, StepOp::kSame},
    {"refresh", StepOp::kRefresh},
    {"create", StepOp::kCreate},
    {"replace", StepOp::kCreate},
    {"create-replacement", StepOp::kCreate},
    {"delete", StepOp::kDelete},
    {"delete-replaced", StepOp::kNone},
    {"discard", StepOp::kNone},
    {"discard-replaced", StepOp::kNone},
}};

StepOp ParseOp(std::string_view name) {
  const auto at = std::find_if(kOps.begin(), kOps.end(), [name](const auto& op) { return op.first == name; });
  return at == kOps.end() ? StepOp::kChange : at->second;
}

bool Has(const Value& object, std::string_view key) { return !object[key].absent(); }

// A list or an object that is no input: providers make these of inputs, and of settings of their own, as they make
// tagsAll of tags and defaultTags. Texts, such as ids and ARNs, stay what they are as long as the resource does.
bool IsMadeOfInputs(const Member& output, const Resource& old) {
  const Kind kind = output.value.kind();
  return (kind == Kind::kList || kind == Kind::kObject) && !Has(old.inputs, output.key);
}

// The old outputs that still hold: not those of inputs that the program changes or drops, nor what follows from them.
void KeepOutputs(const Resource& old, StepOp op, const Resource& next, std::vector<Member>& out) {
  for (const Member& m : old.outputs.members()) {
    const bool same = op == StepOp::kSame || !IsMadeOfInputs(m, old);
    if (!Has(next.outputs, m.key) && same && SameKnown(old.inputs[m.key], next.inputs[m.key])) out.push_back(m);
  }
}

// What is known of a resource that exists, and stays.
void Continue(const Resource& old, StepOp op, Arena& arena, Resource& next) {
  if (next.id.absent()) next.id = old.id;
  if (op == StepOp::kSame && next.outputs.absent()) {
    next.outputs = old.outputs;
    return;
  }
  std::vector<Member> outputs(next.outputs.members().begin(), next.outputs.members().end());
  KeepOutputs(old, op, next, outputs);
  if (!outputs.empty()) next.outputs = Value::Object(arena.Copy(outputs));
}

// The state under `key`, if there is one.
absl::StatusOr<std::optional<Resource>> State(simdjson::dom::object step, const Place& place, std::string_view key,
                                              ResourceDecoder& decoder) {
  simdjson::dom::element json;
  if (step.at_key(key).get(json) != simdjson::SUCCESS || json.is_null()) return std::nullopt;
  auto state = decoder.Decode(json, Place(place, key));
  if (!state.ok()) return state.status();
  if (state->resource.outputs.members().empty()) state->resource.outputs = Value();
  if (!state->has_custom) state->resource.custom = false;  // event logs leave out what is false
  GiveInputs(state->resource);
  return state->resource;
}

absl::Status ReadText(simdjson::dom::object step, const Place& place, std::string_view key, std::string_view& out) {
  simdjson::dom::element json;
  if (step.at_key(key).get(json) != simdjson::SUCCESS) return place.Error(std::string(key) + " is missing; this is no step");
  return json.get(out) == simdjson::SUCCESS ? absl::OkStatus() : WrongKind(json, Place(place, key), "a string");
}

}  // namespace

absl::Status ReadCounts(simdjson::dom::element json, const Place& place, ValueDecoder& values, StepCounts& out) {
  simdjson::dom::object summary;
  if (json.is_null()) return absl::OkStatus();
  if (json.get(summary) != simdjson::SUCCESS) return WrongKind(json, place, "an object of counts");
  if (absl::Status status = RefuseTwice(summary, place); !status.ok()) return status;
  for (const auto [op, count] : summary) {
    std::int64_t steps = 0;
    const Place at(place, op);
    if (count.get(steps) != simdjson::SUCCESS) return WrongKind(count, at, "a count");
    if (steps < 0) return at.Error("a number below zero, where a count belongs");
    out[values.Keep(op)] = steps;
  }
  return absl::OkStatus();
}

absl::StatusOr<Step> DecodeStep(simdjson::dom::object json, const Place& place, std::string_view old_key,
                                std::string_view new_key, ResourceDecoder& decoder) {
  Step step;
  std::string_view op;
  if (absl::Status status = RefuseTwice(json, place); !status.ok()) return status;
  if (absl::Status status = ReadText(json, place, "op", op); !status.ok()) return status;
  if (absl::Status status = ReadText(json, place, "urn", step.urn); !status.ok()) return status;
  step.op = ParseOp(op);
  step.op_name = decoder.values().Keep(op);
  step.urn = decoder.values().Keep(step.urn);
  if (step.op == StepOp::kDelete || step.op == StepOp::kNone) return step;
  const auto next = State(json, place, new_key, decoder);
  if (!next.ok()) return next.status();
  if (!*next) {
    // A refresh may find nothing, and some changes leave nothing.
    if (step.op != StepOp::kSame && step.op != StepOp::kCreate) return step;
    return place.Error(std::string(new_key) + " is missing: the file does not say what the step leaves; write it again");
  }
  const auto old = State(json, place, old_key, decoder);
  if (!old.ok()) return old.status();
  step.resource = **next;
  Resource& r = *step.resource;
  if (step.op == StepOp::kCreate) {
    if (r.custom && r.id.absent()) r.id = Value::Unknown();
  } else if (*old && !r.is_stack()) {
    // What the stack exported before is no evidence of what it will export.
    Continue(**old, step.op, decoder.values().arena(), r);
  }
  return step;
}

StepFold::Entry& StepFold::At(std::string_view urn) {
  const auto [at, added] = index_.emplace(urn, entries_.size());
  if (added) entries_.emplace_back();
  return entries_[at->second];
}

void StepFold::Add(const Step& step) {
  Entry& entry = At(step.urn);
  ++shown_[step.op_name];
  (step.op == StepOp::kRefresh ? entry.refreshed : entry.planned) = true;
  if (step.resource || step.op == StepOp::kDelete) entry.resource = step.resource;
}

void StepFold::Answer(const Step& step) {
  Entry& entry = At(step.urn);
  if (step.op == StepOp::kDelete) entry.resource.reset();
  if (!step.resource) return;
  if (!entry.resource) {
    entry.resource = step.resource;
    return;
  }
  if (step.resource->id.known()) entry.resource->id = step.resource->id;
  if (!step.resource->outputs.absent()) entry.resource->outputs = step.resource->outputs;
}

bool StepFold::Misses(const StepCounts& counts) const {
  return std::any_of(counts.begin(), counts.end(), [this](const auto& count) {
    const auto shown = shown_.find(count.first);
    return count.second - (shown == shown_.end() ? 0 : shown->second) > Slack(count.first);
  });
}

// A refresh counts as what it found: unchanged, changed or gone. The step behind one is unchanged if it is not shown.
std::int64_t StepFold::Slack(std::string_view op_name) const {
  std::int64_t slack = 0;
  if (op_name != kSame && op_name != "update" && op_name != "delete") return slack;
  for (const Entry& entry : entries_)
    if (entry.refreshed) slack += op_name == kSame && !entry.planned ? 2 : 1;
  return slack;
}

std::vector<Resource> StepFold::TakeResources() {
  std::vector<Resource> out;
  out.reserve(entries_.size());
  for (const Entry& entry : entries_)
    if (entry.resource) out.push_back(*entry.resource);
  return out;
}

}  // namespace guardrails
