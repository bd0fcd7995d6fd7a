#include "policies/aws/shared_key.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "policies/aws/targets.h"

namespace fastcart {
namespace {

using namespace guardrails;
using Candidate = KeyUses::Candidate;
using Tally = KeyUses::Tally;
using State = KeyReference::State;
using Votes = std::pair<std::size_t, std::size_t>;  // components, data stores

Tally::Identity IdentityOf(const KeyReference& key) { return {key.key, key.key ? std::string_view() : key.outside}; }

bool IsAliasOnly(const Candidate& c) { return c.key.outside.starts_with("alias/"); }

class Ballot {
 public:
  explicit Ballot(bool outside) : outside_(outside) {}

  // A component votes once for each key that it uses, and once openly for those that are unknown.
  void Cast(const std::vector<KeyUse>& component) {
    const auto is_data = [](const KeyUse& use) { return use.place.data_store; };
    const std::size_t data = std::any_of(component.begin(), component.end(), is_data);
    std::vector<Candidate*> voted;
    bool open = false;
    for (const KeyUse& use : component) {
      open |= IsOpen(use.key);
      if (!Counts(use.key)) continue;
      Candidate& c = candidates_.try_emplace(IdentityOf(use.key), Candidate{use.key}).first->second;
      if (std::find(voted.begin(), voted.end(), &c) != voted.end()) continue;
      voted.push_back(&c);
      c.components += 1;
      c.data_stores += data;
    }
    if (!open) return;
    open_ = {open_.first + 1, open_.second + data};
    for (Candidate* c : voted) {
      c->open_components += 1;
      c->open_data_stores += data;
    }
  }

  Tally Result() {
    OpenAliases();
    Tally out;
    for (auto& [identity, c] : candidates_) out.candidates.push_back(std::move(c));
    std::sort(out.candidates.begin(), out.candidates.end(), [](auto& a, auto& b) { return NameOf(a) < NameOf(b); });
    MarkOutvoted(out.candidates);
    for (std::size_t i = 0; i < out.candidates.size(); ++i) out.index.emplace(IdentityOf(out.candidates[i].key), i);
    return out;
  }

 private:
  bool Counts(const KeyReference& key) const {
    return key.state == State::kStackKey ||
           (outside_ && key.state == State::kOutside && (key.key || !key.outside.empty()));
  }
  bool IsOpen(const KeyReference& key) const {
    return key.state == State::kUnknown || (outside_ && key.state == State::kOutside && !Counts(key));
  }

  // Of a key outside the stack that is only known by an alias nobody can say that it is not another of those outside.
  void OpenAliases() {
    const auto is_outside = [](const auto& entry) { return entry.second.key.state == State::kOutside; };
    if (std::count_if(candidates_.begin(), candidates_.end(), is_outside) < 2) return;
    std::erase_if(candidates_, [this](const auto& entry) {
      const Candidate& c = entry.second;
      if (IsAliasOnly(c)) open_ = {open_.first + c.components, open_.second + c.data_stores};
      return IsAliasOnly(c);
    });
  }

  static Votes VotesOf(const Candidate& c) { return {c.components, c.data_stores}; }

  // Outvoted: the best of the others has at least what this one can reach.
  void MarkOutvoted(std::vector<Candidate>& candidates) const {
    std::vector<Votes> most(2);
    for (const Candidate& c : candidates) {
      most.push_back(VotesOf(c));
      std::sort(most.rbegin(), most.rend());
      most.pop_back();
    }
    for (Candidate& c : candidates) {
      const Votes best_of_others = VotesOf(c) == most[0] ? most[1] : most[0];
      const Votes open = {open_.first - c.open_components, open_.second - c.open_data_stores};
      const Votes reach = {c.components + open.first, c.data_stores + open.second};
      c.outvoted = candidates.size() > 1 && best_of_others >= reach;
    }
  }

  static std::pair<std::string_view, std::string_view> NameOf(const Candidate& c) {
    if (c.key.key) return {c.key.key->name, c.key.key->urn};
    return {c.key.outside, {}};
  }

  const bool outside_;
  std::map<Tally::Identity, Candidate> candidates_;
  Votes open_;  // that may be anyone's
};

bool CanEncrypt(const Resource& key) {
  const auto is = [](const Property& at, std::string_view text) {
    return !at.value().known() || at.value().raw_string() == text;
  };
  return is(KeySpec(key), "SYMMETRIC_DEFAULT") && is(KeyUsage(key), "ENCRYPT_DECRYPT");
}

void SetLeaders(Tally& tally) {
  for (const Candidate& c : tally.candidates)
    if (!c.outvoted) tally.leaders.push_back(&c);
  if (!tally.leaders.empty()) return;
  for (const Candidate& c : tally.candidates) tally.leaders.push_back(&c);
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
  for (auto& [tally, outside] : {std::pair(&all_, true), std::pair(&of_stack_, false)}) {
    *tally = Count(outside);
    SetLeaders(*tally);
  }
  FindUnused(stack);
}

std::span<const KeyUse> KeyUses::Of(const Resource& resource) const {
  const auto at = uses_.find(&resource);
  return at == uses_.end() ? std::span<const KeyUse>() : at->second;
}

Tally KeyUses::Count(bool outside) const {
  Ballot ballot(outside);
  for (const auto& [component, uses] : uses_) ballot.Cast(uses);
  return ballot.Result();
}

void KeyUses::FindUnused(const Stack& stack) {
  for (const auto& [component, uses] : uses_)
    if (std::any_of(uses.begin(), uses.end(), [](const KeyUse& u) { return u.key.state == State::kUnknown; })) return;
  for (const Resource* key : stack.OfTypes(kKmsKeys))
    if (!key->external && key->type.find("eplica") == std::string_view::npos && CanEncrypt(*key) &&
        !of_stack_.Find({State::kStackKey, key}))
      unused_.push_back(key);
  std::sort(unused_.begin(), unused_.end(),
            [](auto* a, auto* b) { return std::tie(a->name, a->urn) < std::tie(b->name, b->urn); });
}

const Candidate* Tally::Find(const KeyReference& key) const {
  const auto at = index.find(IdentityOf(key));
  return at == index.end() ? nullptr : &candidates[at->second];
}

SharedKey::SharedKey(const Stack& stack, bool outside, std::string_view key_arn)
    : tally_(stack.Knowledge<KeyUses>().TallyOf(outside || !key_arn.empty())), outside_(outside) {
  if (key_arn.empty()) return;
  setting_ = KeyNamed(stack, key_arn);
  if (const Candidate* c = tally_.Find(*setting_)) configured_.push_back(c);
}

SharedKey::Is SharedKey::Compare(const KeyReference& key) const {
  if (key.state == State::kUnknown) return Is::kUnknown;
  if (setting_) return CompareWithSetting(key);
  if (key.state != State::kStackKey && !(outside_ && key.state == State::kOutside)) return Is::kOther;
  const Candidate* mine = tally_.Find(key);
  if (mine && mine->outvoted) return Is::kOther;
  return mine && tally_.leaders.size() == 1 ? Is::kShared : Is::kUnknown;
}

SharedKey::Is SharedKey::CompareWithSetting(const KeyReference& key) const {
  if (SameKey(*setting_, key)) return Is::kShared;
  const auto& unborn = setting_->candidates;
  if (key.key && std::find(unborn.begin(), unborn.end(), key.key) != unborn.end()) return Is::kUnknown;
  // An alias and an id outside the stack may be one key.
  const auto is_alias = [](const KeyReference& k) { return k.outside.starts_with("alias/"); };
  const bool both_outside = key.state == State::kOutside && setting_->state == State::kOutside;
  return both_outside && is_alias(key) != is_alias(*setting_) ? Is::kUnknown : Is::kOther;
}

}  // namespace fastcart
