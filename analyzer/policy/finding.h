// What a rule found, as data. Text is made of it at the edge (Message, analyzer/report).
#pragma once

#include <cstdint>
#include <optional>

#include "analyzer/model/resource.h"
#include "analyzer/policy/text.h"
#include "analyzer/value/path.h"
#include "analyzer/value/value.h"

namespace guardrails {

enum class Verdict : std::uint8_t {
  kPass,
  kNote,           // fine, but worth a word: an advisory whatever the rule's level
  kNotApplicable,  // nothing there for the rule to judge
  kUndecided,      // no known fact is wrong, a needed one is unknown
  kViolation,      // a known fact is wrong
  kBroken,         // the rule itself could not do its work
};

struct Guardrail;
struct Waiver;

// Valid while the stack and the ConfiguredPack live: a path may be made of names in a rule's configuration.
struct Finding {
  Verdict verdict = Verdict::kViolation;
  const Guardrail* guardrail = nullptr;
  const Resource* resource = nullptr;  // null: the stack itself
  Path path;                           // empty: the resource as a whole
  Value found;                         // what stands at the path
  std::optional<Text> found_text;      // what was found, where it is no property value; never a secret
  Value behind;                        // what stands at the path, where found_text is told instead: for digests alone
  std::optional<Text> absent_means;    // what AWS uses where nothing is set
  Text expected;                       // "at least 2"
  Text fix;                            // what to write in the program
  Text reason;                         // why it is undecided or not applicable; the text of a note
  bool missing = false;                // undecided because the file leaves out resources; results have one for each rule
  const Resource* waits = nullptr;     // of such a one: the resource that waits for them; null: the stack
  const Waiver* waiver = nullptr;      // who accepted a violation, until when; it is listed, and fails nothing
  Text lapsed;                         // of a violation whose waiver does not cover it (any more): which one, and why
};

// Listed among the violations, and to be waived: notes are, as advisory ones.
inline bool IsListed(const Finding& f) { return f.verdict == Verdict::kViolation || f.verdict == Verdict::kNote; }

// The message that people see: the resource, the property, what was found, what is wanted, and the fix.
// The same through gRPC and through `check`.
Text Message(const Finding& finding);

// What was found, in words: "is not set (AWS uses NONE)", "is 1".
Text FoundInWords(const Finding& finding);

}  // namespace guardrails
