// Which key encrypts what, and which one is the stack's shared key: that of most components, and among keys of as
// many components the one of more data stores.
//
// Valid while the stack lives; immutable, safe to read from many threads.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
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

  // A key that components use. Outvoted are those against which another has as many components for certain, whatever
  // the unknown keys turn out to be; in a tie that are all.
  struct Candidate {
    KeyReference key;
    std::size_t components = 0, data_stores = 0;
    // Of these: other keys of theirs are not known, and add nothing if they turn out to be this one.
    std::size_t open_components = 0, open_data_stores = 0;
    bool outvoted = false;
  };
  struct Tally {
    std::vector<Candidate> candidates;       // in the order of their names
    std::vector<const Candidate*> leaders;   // those of which any may be the shared key, or all of a tie
    // Null for a key that cannot be told apart from others, or that is none of them.
    const Candidate* Find(const KeyReference& key) const;

    using Identity = std::pair<const guardrails::Resource*, std::string_view>;
    std::map<Identity, std::size_t> index;
  };
  // Of the stack's keys; with `outside` also of those that it does not manage.
  const Tally& TallyOf(bool outside) const { return outside ? all_ : of_stack_; }

  // The stack's keys that can encrypt and that certainly nothing uses, in the order of their names.
  const std::vector<const guardrails::Resource*>& Unused() const { return unused_; }

 private:
  Tally Count(bool outside) const;
  void FindUnused(const guardrails::Stack& stack);

  std::unordered_map<const guardrails::Resource*, std::vector<KeyUse>> uses_;
  Tally all_, of_stack_;
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
  const std::vector<const KeyUses::Candidate*>& Leaders() const { return setting_ ? configured_ : tally_.leaders; }

 private:
  Is CompareWithSetting(const KeyReference& key) const;

  const KeyUses::Tally& tally_;
  const bool outside_;
  std::optional<KeyReference> setting_;
  std::vector<const KeyUses::Candidate*> configured_;
};

}  // namespace fastcart
