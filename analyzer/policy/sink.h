// Where a rule says what it found on one thing. Saying nothing is a pass.
//
// Not thread-safe: each thread has a list of findings of its own, which outlives the sinks that write to it.
#pragma once

#include <utility>
#include <vector>

#include "analyzer/policy/finding.h"
#include "analyzer/value/property.h"

namespace guardrails {

class Sink {
 public:
  Sink(const Guardrail* guardrail, const Resource* resource, std::vector<Finding>& findings)
      : guardrail_(guardrail), resource_(resource), findings_(findings) {}

  // A known fact is wrong: what stands at the property is not `expected`.
  void Violation(const Property& at, Text expected, Text fix, std::optional<Text> absent_means = std::nullopt);
  // The same where what was found is no single property: `found` continues "orders-dev …".
  void Violation(Path path, Text found, Text expected, Text fix);
  // The same where words tell it better than the value, or without showing it. The value is kept for the finding's digest
  // alone, so that what was accepted of it does not hold of another; it is in no message, and in no report. Not for
  // references, which the words name, and whose ids are unknown before the update.
  void ViolationInWords(const Property& at, Text found, Text expected, Text fix);
  // Nothing known is wrong, but what is needed to know it is unknown; `why` continues "not decided: …".
  void Undecided(const Property& at, Text expected, Text why);
  // Undecided because the value itself is unknown or withheld; says which of the two.
  void Undecided(const Property& at, Text expected);
  // Undecided because the file leaves out resources, among which the evidence may be. Said of the stack, and once in
  // the results, whatever the number of things that wait for it.
  void Missing(Text expected);
  void NotApplicable(Text reason);
  // Advisory, whatever the rule's level.
  void Note(const Property& at, Text message);
  // For CheckStack: the rule judges this thing, and found it good unless it also says otherwise. (What CheckResource
  // is asked about counts as judged without it.)
  void Judged();
  // The rule cannot do its work; an error, never a pass.
  void Broken(Text why);

  // The same rule's word on another resource; null for the stack itself.
  Sink On(const Resource* resource) const { return {guardrail_, resource, findings_}; }

 private:
  Finding& Add(Verdict verdict, Path path);
  const Guardrail* guardrail_;
  const Resource* resource_;
  std::vector<Finding>& findings_;
};

}  // namespace guardrails
