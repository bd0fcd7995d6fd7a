// The judgements that most rules are made of. Each answers for all cases of a value: absent is what AWS would
// use, unknown is undecided, another type is a violation. Each returns whether the property passed.
#pragma once

#include <string_view>

#include "analyzer/policy/sink.h"

namespace guardrails {

// What AWS uses where the program sets nothing.
enum class AwsUses { kFalse, kTrue };

bool RequireBool(Sink& out, const Property& at, bool wanted, AwsUses absent, Text fix);
inline bool RequireTrue(Sink& out, const Property& at, AwsUses absent, Text fix) {
  return RequireBool(out, at, true, absent, std::move(fix));
}
inline bool RequireFalse(Sink& out, const Property& at, AwsUses absent, Text fix) {
  return RequireBool(out, at, false, absent, std::move(fix));
}

// One of the texts; `absent` is the text that AWS uses, null where nothing set means nothing.
bool RequireOneOf(Sink& out, const Property& at, std::span<const std::string_view> wanted, const char* absent, Text fix);
inline bool RequireText(Sink& out, const Property& at, std::string_view wanted, const char* absent, Text fix) {
  return RequireOneOf(out, at, std::span(&wanted, 1), absent, std::move(fix));
}

// A whole number of at least `minimum`; `absent` is the number that AWS uses.
bool RequireAtLeast(Sink& out, const Property& at, double minimum, double absent, Text fix);
// The same question without a word: false for what is unknown or no number.
bool IsAtLeast(const Property& at, double minimum, double absent);

// What the program set, seen from the rule: nothing for values that the provider filled in.
inline bool IsSet(const Property& at) { return !at.absent() && !at.value().defaulted(); }

}  // namespace guardrails
