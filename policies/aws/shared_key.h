// Which key encrypts what, and which one is the stack's shared key: that of most components, and among keys of as
// many components the one of more data stores.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/model/stack.h"
#include "policies/aws/encrypted_components.h"
#include "policies/aws/kms_keys.h"

namespace fastcart {

struct KeyUse {
  KeyPlace place;
  KeyReference key;
};

// Once per stack: stack.Knowledge<KeyUses>().
class KeyUses {
 public:
  explicit KeyUses(const guardrails::Stack& stack);

  // In the order of the schema. Empty for what is not encrypted, and for what the stack does not manage.
  std::span<const KeyUse> Of(const guardrails::Resource& resource) const;

  // A key that components use. It is the shared one if no other is left: outvoted are those against which another has
  // as many components for certain, whatever the unknown keys turn out to be; of a tie that are all.
  struct Candidate {
    KeyReference key;
    std::size_t components = 0, data_stores = 0;
    bool outvoted = false;
  };
  // Keys of the stack; with `outside` also those that it does not manage. In the order of their names.
  const std::vector<Candidate>& Candidates(bool outside) const { return outside ? all_ : of_stack_; }

  // The stack's keys that can encrypt and that certainly nothing uses, in the order of their names.
  const std::vector<const guardrails::Resource*>& Unused() const { return unused_; }

 private:
  std::vector<Candidate> Count(bool outside) const;
  void FindUnused(const guardrails::Stack& stack);

  std::unordered_map<const guardrails::Resource*, std::vector<KeyUse>> uses_;
  std::vector<Candidate> all_, of_stack_;
  std::vector<const guardrails::Resource*> unused_;
};

// Which key all have to use: the one that `key_arn` names, else the one that most components use already; with
// `outside` keys that the stack does not manage count, too. Cheap to make; valid while the stack lives.
class SharedKey {
 public:
  SharedKey(const guardrails::Stack& stack, bool outside, std::string_view key_arn);

  enum class Is { kShared, kOther, kUnknown };
  Is Compare(const KeyReference& key) const;

  // The shared key, or the keys of which any may still be it, or the keys of a tie. Empty: nobody uses it.
  const std::vector<const KeyUses::Candidate*>& Leaders() const { return leaders_; }

 private:
  Is CompareWithSetting(const KeyReference& key) const;

  const std::vector<KeyUses::Candidate>& candidates_;
  const bool outside_;
  KeyReference setting_{KeyReference::State::kAbsent};
  std::vector<const KeyUses::Candidate*> leaders_;
};

}  // namespace fastcart
