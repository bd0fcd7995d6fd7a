// Which KMS key a property refers to, however it is written: by ARN, by id, by an alias's name or ARN, through an
// Alias resource, or by an edge alone. A replica of a multi-Region key is its primary.
// Source: docs.aws.amazon.com/kms/latest/developerguide/concepts.html (key identifiers) and
// multi-region-keys-overview.html. Thread-safe.
#pragma once

#include <string_view>
#include <unordered_set>
#include <vector>

#include "analyzer/model/stack.h"

namespace fastcart {

struct KeyReference {
  enum class State {
    kAbsent,      // no key is named; also an empty text
    kStackKey,    // `key`
    kOutside,     // a customer key that the stack does not manage: `key` where it reads it, else `outside`
    kAwsManaged,  // alias/aws/…: the key that AWS made for a service
    kMistyped,    // no text
    kUnknown,     // `candidates` are some of the keys that it may be, by URN
  };
  State state = State::kUnknown;
  const guardrails::Resource* key = nullptr;
  // The key id, or "alias/…" of a key of which no more is said; empty where an edge leads out of the stack.
  std::string_view outside = {};
  std::vector<const guardrails::Resource*> candidates = {};
};

// `property` of `from`; of a list of keys give each element. Valid while the stack lives.
KeyReference ResolveKey(const guardrails::Stack& stack, const guardrails::Resource& from,
                        const guardrails::Property& property);

// The key that a text, for example of the policy's configuration, names.
KeyReference KeyNamed(const guardrails::Stack& stack, std::string_view name);

// Both name the same key.
bool SameKey(const KeyReference& a, const KeyReference& b);

// AWS's own keys, of which a stack can only read the aliases. Once per stack: stack.Knowledge<AwsManagedKeys>().
class AwsManagedKeys {
 public:
  explicit AwsManagedKeys(const guardrails::Stack& stack);

  // By its id or ARN, or by an alias such as alias/aws/rds, also in an ARN.
  bool Has(std::string_view text) const;
  // A key or alias that the stack reads.
  bool Has(const guardrails::Resource& key) const;

 private:
  std::unordered_set<std::string_view> ids_;
};

// What the kinds of key resources call the same thing.
guardrails::Property KeyEnabled(const guardrails::Resource& key);  // absent: true
guardrails::Property KeySpec(const guardrails::Resource& key);     // absent: SYMMETRIC_DEFAULT
guardrails::Property KeyUsage(const guardrails::Resource& key);    // absent: ENCRYPT_DECRYPT

}  // namespace fastcart
