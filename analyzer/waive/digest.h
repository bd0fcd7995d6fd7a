// Digests: what a waiver and a baseline keep of a finding, so that they notice when it is another one.
//
// Pure and thread-safe. A digest of a plain value is SHA-256. Nothing that is made of a secret stands in a report; what
// a waiver keeps of one is salted with the resource and slow to make, so that a good secret cannot be found by trying.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/evaluate/evaluate.h"

namespace guardrails {

// SHA-256 of the text, in 64 hexadecimal digits.
std::string Sha256(std::string_view text);

// Where a finding is, whatever was found there: of the rule, the URN and the property. The same in every run.
std::string Fingerprint(const Finding& finding, const Place& place);

// "sha256:" and 64 digits, of the rule, the property and what was found: the value, the words where there is no
// single value, or both where words tell of one. Nothing unless all of it is plain.
std::optional<std::string> PlainDigest(const Finding& finding);

// The same, and for secrets "pbkdf2:" and 64 digits, which also depend on the URN. Nothing where it is withheld. Takes
// some hundredths of a second for a secret.
std::optional<std::string> ValueDigest(const Finding& finding, const Place& place);

}  // namespace guardrails
