#include "policies/aws/shared_key.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "policies/aws/targets.h"

namespace fastcart {
namespace {

using namespace guardrails;
using Candidate = KeyUses::Candidate;
using State = KeyReference::State;

bool IsOutside(const Candidate& c) { return c.key.state == State::kOutside; }
bool IsAliasOnly(const Candidate& c) { return c.key.outside.starts_with("alias/"); }

class Ballot {
 public:
  explicit Ballot(bool outside) : outside_(outside) {}

  // A component votes once for each key that it uses, and once openly for those that are unknown.
  void Cast(const std::vector<KeyUse>& component) {
    const bool data =
        std::any_of(component.begin(), component.end(), [](const KeyUse& use) { return use.place.data_store; });
    std::vector<std::size_t> voted;
    bool open = false;
    for (const KeyUse& use : component) {
      open |= IsOpen(use.key);
      if (!Counts(use.key)) continue;
      const std::size_t at = IndexOf(use.key);
      if (std::find(voted.begin(), voted.end(), at) != voted.end()) continue;
      voted.push_back(at);
      candidates_[at].components += 1;
      candidates_[at].data_stores += data;
    }
    open_.components += open;
    open_.data_stores += open && data;
  }

  std::vector<Candidate> Result() {
    OpenAliases();
    for (Candidate& c : candidates_)
      c.outvoted =
          std::any_of(candidates_.begin(), candidates_.end(), [&](auto& d) { return &d != &c && Beats(d, c); });
    std::sort(candidates_.begin(), candidates_.end(), [](auto& a, auto& b) { return Name(a) < Name(b); });
    return std::move(candidates_);
  }

 private:
  bool Counts(const KeyReference& key) const {
    return key.state == State::kStackKey ||
           (outside_ && key.state == State::kOutside && (key.key || !key.outside.empty()));
  }
  bool IsOpen(const KeyReference& key) const {
    return key.state == State::kUnknown || (outside_ && key.state == State::kOutside && !Counts(key));
  }

  std::size_t IndexOf(const KeyReference& key) {
    const auto at = std::find_if(candidates_.begin(), candidates_.end(), [&](auto& c) { return SameKey(c.key, key); });
    if (at != candidates_.end()) return static_cast<std::size_t>(at - candidates_.begin());
    candidates_.push_back({key});
    return candidates_.size() - 1;
  }

  // Of a key outside the stack that is only known by an alias nobody can say that it is not another of those outside.
  void OpenAliases() {
    if (std::count_if(candidates_.begin(), candidates_.end(), IsOutside) < 2) return;
    for (const Candidate& c : candidates_)
      if (IsAliasOnly(c)) {
        open_.components += c.components;
        open_.data_stores += c.data_stores;
      }
    std::erase_if(candidates_, IsAliasOnly);
  }

  // d has at least what c can reach.
  bool Beats(const Candidate& d, const Candidate& c) const {
    return std::pair(d.components, d.data_stores) >=
           std::pair(c.components + open_.components, c.data_stores + open_.data_stores);
  }

  static std::tuple<std::string_view, std::string_view> Name(const Candidate& c) {
    if (c.key.key) return {c.key.key->name, c.key.key->urn};
    return {c.key.outside, {}};
  }

  const bool outside_;
  std::vector<Candidate> candidates_;
  Candidate open_;  // the votes that may be anyone's
};

// Null for a key that cannot be told apart from others.
const Candidate* Find(const std::vector<Candidate>& candidates, const KeyReference& key) {
  const auto at = std::find_if(candidates.begin(), candidates.end(), [&](auto& c) { return SameKey(c.key, key); });
  return at == candidates.end() ? nullptr : &*at;
}

bool CanEncrypt(const Resource& key) {
  const auto is = [](const Property& at, std::string_view text) {
    return !at.value().known() || at.value().raw_string() == text;
  };
  return is(KeySpec(key), "SYMMETRIC_DEFAULT") && is(KeyUsage(key), "ENCRYPT_DECRYPT");
}

}  // namespace

KeyUses::KeyUses(const Stack& stack) {
  for (const std::string_view type : EncryptedTypes())
    for (const Resource* r : stack.OfType(type)) {
      if (r->external) continue;
      std::vector<KeyUse> uses;
      for (const KeyPlace& place : KeyPlacesOf(stack, *r)) uses.push_back({place, ResolveKey(stack, *r, place.key)});
      if (!uses.empty()) uses_.emplace(r, std::move(uses));
    }
  all_ = Count(true);
  of_stack_ = Count(false);
  FindUnused(stack);
}

std::span<const KeyUse> KeyUses::Of(const Resource& resource) const {
  const auto at = uses_.find(&resource);
  return at == uses_.end() ? std::span<const KeyUse>() : at->second;
}

std::vector<Candidate> KeyUses::Count(bool outside) const {
  Ballot ballot(outside);
  for (const auto& [component, uses] : uses_) ballot.Cast(uses);
  return ballot.Result();
}

void KeyUses::FindUnused(const Stack& stack) {
  for (const auto& [component, uses] : uses_)
    if (std::any_of(uses.begin(), uses.end(), [](const KeyUse& u) { return u.key.state == State::kUnknown; })) return;
  for (const Resource* key : stack.OfTypes(kKmsKeys))
    if (!key->external && key->type.find("eplica") == std::string_view::npos && CanEncrypt(*key) &&
        !Find(of_stack_, {State::kStackKey, key}))
      unused_.push_back(key);
  std::sort(unused_.begin(), unused_.end(),
            [](auto* a, auto* b) { return std::tie(a->name, a->urn) < std::tie(b->name, b->urn); });
}

SharedKey::SharedKey(const Stack& stack, bool outside, std::string_view key_arn)
    : candidates_(stack.Knowledge<KeyUses>().Candidates(outside || !key_arn.empty())), outside_(outside) {
  if (!key_arn.empty()) setting_ = KeyNamed(stack, key_arn);
  for (const Candidate& c : candidates_)
    if (key_arn.empty() ? !c.outvoted : SameKey(c.key, setting_)) leaders_.push_back(&c);
  if (leaders_.empty() && key_arn.empty())
    for (const Candidate& c : candidates_) leaders_.push_back(&c);
}

SharedKey::Is SharedKey::Compare(const KeyReference& key) const {
  if (key.state == State::kUnknown) return Is::kUnknown;
  if (setting_.state != State::kAbsent) return CompareWithSetting(key);
  if (key.state != State::kStackKey && !(outside_ && key.state == State::kOutside)) return Is::kOther;
  const Candidate* mine = Find(candidates_, key);
  if (mine && mine->outvoted) return Is::kOther;
  return mine && leaders_.size() == 1 ? Is::kShared : Is::kUnknown;
}

SharedKey::Is SharedKey::CompareWithSetting(const KeyReference& key) const {
  if (SameKey(setting_, key)) return Is::kShared;
  const auto& unborn = setting_.candidates;
  if (key.key && std::find(unborn.begin(), unborn.end(), key.key) != unborn.end()) return Is::kUnknown;
  // An alias and an id outside the stack may be one key.
  const auto is_alias = [](const KeyReference& k) { return k.outside.starts_with("alias/"); };
  const bool both_outside = key.state == State::kOutside && setting_.state == State::kOutside;
  return both_outside && is_alias(key) != is_alias(setting_) ? Is::kUnknown : Is::kOther;
}

}  // namespace fastcart
