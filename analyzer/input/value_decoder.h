// A parsed JSON value to a Value of the model. Not thread-safe; one for each thread.
#pragma once

#include <array>
#include <simdjson.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/input/place.h"
#include "analyzer/value/arena.h"
#include "analyzer/value/value.h"

namespace guardrails {

// Copies strings into an arena, those that were met lately only once: keys, types and names come again and again.
class StringPool {
 public:
  explicit StringPool(Arena& arena) : arena_(arena) {}
  std::string_view Keep(std::string_view text);

 private:
  static constexpr std::size_t kSlots = 4096, kLongest = 256;
  Arena& arena_;
  std::array<std::string_view, kSlots> recent_;
};

// A key that stands twice, or null; may reorder the keys.
const std::string_view* FindDuplicate(std::vector<std::string_view>& keys);
inline constexpr std::string_view kStandsTwice = "this key stands twice in its object; keep one of the two";

class ValueDecoder {
 public:
  // `bare_secrets`: the string "[secret]" stands for a secret that the source withholds.
  ValueDecoder(Arena& arena, bool bare_secrets) : arena_(arena), pool_(arena), bare_secrets_(bare_secrets) {}

  // InvalidArgument "PLACE: WHAT" with the path below `place`.
  absl::StatusOr<Value> Decode(simdjson::dom::element json, const Place& place);
  // A string that outlives the document.
  std::string_view Keep(std::string_view text) { return pool_.Keep(text); }
  Arena& arena() { return arena_; }
  // An unknown value was met.
  bool saw_unknown() const { return saw_unknown_; }

 private:
  bool Any(simdjson::dom::element json, Value& out);
  bool String(std::string_view text, Value& out);
  bool List(simdjson::dom::array json, Value& out);
  bool Object(simdjson::dom::object json, Value& out);
  bool Members(simdjson::dom::object json, std::size_t base, bool& plain);
  bool AllDifferent(std::span<const Member> members);
  bool Special(std::size_t base, Value& out);
  absl::StatusOr<Value> Plaintext(std::string_view json);
  bool Fail(std::string_view why);
  void At(std::string_view key);
  void At(std::size_t index);

  Arena& arena_;
  StringPool pool_;
  const bool bare_secrets_;
  bool saw_unknown_ = false;
  int plaintexts_ = 0;            // secrets within secrets
  std::vector<Value> values_;     // what is being collected, as stacks
  std::vector<Member> members_;
  std::vector<std::string_view> keys_;  // of one object, while they are compared
  std::string where_, why_;       // of the first error, made while leaving it
};

}  // namespace guardrails
