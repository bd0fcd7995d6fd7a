// JSON text that someone else wrote, as a value that is safe to copy, walk and print.
//
// nlohmann's values are copied and printed recursively, so text that nests a million deep would exhaust the stack; and
// of a key that stands twice it keeps the last, where another reader may keep the first. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace guardrails {

struct JsonDocument {  // NOLINT(bugprone-exception-escape): the check distrusts nlohmann's own noexcept move
  enum class Fault : std::uint8_t { kNone, kSyntax, kNumber, kTooDeep, kKeyTwice };
  nlohmann::json value;  // discarded if there is a fault
  Fault fault = Fault::kNone;
  std::size_t at = 0;    // of kSyntax: the offset of the byte that is wrong
  std::string key = {};     // of kKeyTwice
  std::string within = {};  // of kKeyTwice and kNumber: the key of the member in whose value that is; empty: of none
};

inline constexpr int kDeepestDocument = 100;  // objects and lists inside each other

JsonDocument ParseJsonDocument(std::string_view text);

}  // namespace guardrails
