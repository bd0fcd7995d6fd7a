// A step of an operation, as previews and event logs tell it: what happens to a resource, and its states around that.
//
// Not thread-safe. Steps and resources are views into the JSON and into the decoder's arena.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <simdjson.h>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/input/resource_decoder.h"

namespace guardrails {

enum class StepOp {
  kSame,
  kRefresh,
  kCreate,  // also as a replacement: the resource of the new state does not exist yet
  kChange,  // update, read, import: it exists
  kDelete,
  kNone,    // the end of what was replaced, and other steps without a new state
};

// How many steps of each operation the engine counted, by its name ("same").
using StepCounts = std::map<std::string_view, std::int64_t>;

// What a summary counts. Null counts nothing; a count below zero is none.
absl::Status ReadCounts(simdjson::dom::element json, const Place& place, ValueDecoder& values, StepCounts& out);

struct Step {
  StepOp op = StepOp::kNone;
  std::string_view op_name;
  std::string_view urn;
  std::optional<Resource> resource;  // what the stack holds after the operation, as far as the step tells
};

// `old_key` and `new_key` are the names of the states in `json`: oldState and newState, old and new.
//
// The id and the outputs of a resource that exists and stays come from the new state, else from the old one without
// what the program changes. A resource that does not exist yet has an unknown id.
absl::StatusOr<Step> DecodeStep(simdjson::dom::object json, const Place& place, std::string_view old_key,
                                std::string_view new_key, ResourceDecoder& decoder);

// What all steps together leave in the stack. The last step of a URN counts: refreshes and the single steps of a
// replacement come before it or say the same.
class StepFold {
 public:
  void Add(const Step& step);
  // What the operation answered for a resource: its id and outputs, as far as the answer has them.
  void Answer(const Step& step);
  // Whether the engine counted steps that are not here: the file does not show all resources.
  bool Misses(const StepCounts& counts) const;
  // In the order of their first steps.
  std::vector<Resource> TakeResources();

 private:
  struct Entry {
    std::optional<Resource> resource;
    bool refreshed = false, planned = false;  // by a refresh; by another step
  };
  Entry& At(std::string_view urn);
  // How many more of an operation may be counted than there are steps of its name.
  std::int64_t Slack(std::string_view op_name) const;

  std::vector<Entry> entries_;
  std::unordered_map<std::string_view, std::size_t> index_;
  StepCounts shown_;
};

}  // namespace guardrails
