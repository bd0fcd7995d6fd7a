#include "policies/aws/kms_keys.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "analyzer/model/arn_tail.h"
#include "analyzer/model/references.h"
#include "policies/aws/account.h"
#include "policies/aws/arn.h"
#include "policies/aws/targets.h"

namespace fastcart {
namespace {

using namespace guardrails;
using State = KeyReference::State;

constexpr int kDeepest = 4;  // alias → replica → primary, and one to spare

bool IsAlias(const Resource& r) { return r.type.ends_with(":Alias"); }

std::string_view NameOf(const Resource& alias) {
  const std::string_view name = alias.Result("name").value().raw_string();
  return name.empty() ? alias.id.raw_string() : name;
}

// "alias/aws/rds", or the ARN of such an alias.
bool IsAwsManagedAlias(std::string_view text) {
  return text.starts_with("alias/aws/") || ArnResource(text).starts_with("alias/aws/");
}

// AWS takes what does not begin with "alias/" for the id of a key.
bool IsNoAlias(std::string_view text) { return !text.empty() && text.find("alias/") == std::string_view::npos; }

// What is left of an outside key's name when its spellings are made one: the id, or "alias/…".
std::string_view Plain(std::string_view name) {
  const std::string_view resource = ArnResource(name);
  if (resource.empty()) return name;
  return resource.starts_with("alias/") ? resource : ArnTail(name);
}

// What keys and aliases turned out to be, for the walks that come to them again: each of a hundred replicas may be the
// primary of each other. Thread-safe.
class Answers {
 public:
  explicit Answers(const Stack&) {}

  template <class Find>
  KeyReference Of(const Resource& r, int depth, Find find) const {
    const std::pair place(&r, depth);
    if (std::lock_guard lock(mutex_); const auto* found = Known(place)) return *found;
    KeyReference found = find();  // asks for others
    const std::lock_guard lock(mutex_);
    return known_.emplace(place, std::move(found)).first->second;
  }

 private:
  using Place = std::pair<const Resource*, int>;
  const KeyReference* Known(const Place& place) const {
    const auto at = known_.find(place);
    return at == known_.end() ? nullptr : &at->second;
  }

  mutable std::mutex mutex_;
  mutable std::map<Place, KeyReference> known_;
};

class Walk {
 public:
  explicit Walk(const Stack& stack) : stack_(stack), answers_(stack.Knowledge<Answers>()) {}

  KeyReference Reached(const Resource& from, const Property& property, int depth) {
    const std::string_view text = property.value().raw_string();
    const Kind kind = property.value().kind();
    if (kind == Kind::kAbsent || (kind == Kind::kString && text.empty())) return {State::kAbsent};
    if (kind == Kind::kList) return {State::kMistyped};
    if (stack_.Knowledge<AwsManagedKeys>().Has(text)) return {State::kAwsManaged};
    const References all = ResolveAll(stack_, from, property, kKmsKeysOrAliases);
    if (!all.mistyped.empty()) return {State::kMistyped};
    std::vector<KeyReference> found;
    const KeyReference nothing{State::kOutside, nullptr, Plain(text)};
    for (const Resource* r : all.resources) found.push_back(IsAlias(*r) && IsNoAlias(text) ? nothing : Of(*r, depth));
    for (const Property& p : all.outside) found.push_back(Outside(from, p, depth));
    for (const Resource* r : all.candidates) found.push_back(Of(*r, depth));
    return all.unknown && !all.bounded ? Unknown(found) : Agreed(found);
  }

 private:
  // A text that no resource of the stack is known by: what the stack only reads, a replica of a key of the stack in
  // another region (they share their id), or none of them.
  KeyReference Literal(std::string_view text, int depth) {
    const Arn arn = ParseArn(text).value_or(Arn());
    for (const std::string_view spelling : {text, Plain(text)})
      for (const Resource* r : stack_.KnownBy(kKmsKeysOrAliases, spelling)) {
        const bool replica = spelling.starts_with("mrk-") && !IsOtherAccount(stack_, *r, arn.account);
        if (r->external || replica) return Of(*r, depth);
      }
    return {State::kOutside, nullptr, Plain(text)};
  }

  KeyReference Of(const Resource& r, int depth) {
    if (depth == kDeepest) return {};
    if (r.external && stack_.Knowledge<AwsManagedKeys>().Has(r)) return {State::kAwsManaged};
    if (IsAlias(r)) return answers_.Of(r, depth, [&] { return OfAlias(r, depth + 1); });
    const Property primary = r["primaryKeyArn"];
    const KeyReference itself{r.external ? State::kOutside : State::kStackKey, &r};
    if (primary.absent()) return itself;
    KeyReference origin = answers_.Of(r, depth, [&] { return Reached(r, primary, depth + 1); });
    return origin.state == State::kStackKey ? origin : itself;
  }

  KeyReference OfAlias(const Resource& alias, int depth) {
    for (const std::string_view target : {"targetKeyId", "targetKeyArn"}) {
      const KeyReference key = Reached(alias, alias.external ? alias.Result(target) : alias[target], depth);
      if (key.state != State::kAbsent) return key;
    }
    return {};
  }

  KeyReference Outside(const Resource& from, const Property& property, int depth) {
    const std::string_view text = property.value().raw_string();
    if (!text.empty()) return Literal(text, depth);
    const Edges edges = EdgeTargets(stack_, from, property.path().root(), kKmsKeysOrAliases);
    const auto read = std::find_if(edges.resources.begin(), edges.resources.end(), [](auto* r) { return r->external; });
    return read == edges.resources.end() ? KeyReference{State::kOutside} : Of(**read, depth);
  }

  static KeyReference Unknown(const std::vector<KeyReference>& may_be) {
    KeyReference out;
    for (const KeyReference& k : may_be)
      if (k.key && std::find(out.candidates.begin(), out.candidates.end(), k.key) == out.candidates.end())
        out.candidates.push_back(k.key);
    std::sort(out.candidates.begin(), out.candidates.end(), [](auto* a, auto* b) { return a->urn < b->urn; });
    return out;
  }

  // Several roads, an alias and its key for example, that lead to one key.
  static KeyReference Agreed(const std::vector<KeyReference>& found) {
    const bool agree =
        std::all_of(found.begin(), found.end(), [&](const auto& k) { return SameKey(k, found.front()); });
    return found.empty() || !(agree || found.size() == 1) ? Unknown(found) : found.front();
  }

  const Stack& stack_;
  const Answers& answers_;
};

Property Either(const Resource& key, std::string_view name, std::string_view otherwise) {
  const Property first = key[name];
  return key.type == "aws:kms/key:Key" ? first : key[otherwise];
}

}  // namespace

KeyReference ResolveKey(const Stack& stack, const Resource& from, const Property& property) {
  return Walk(stack).Reached(from, property, 0);
}

KeyReference KeyNamed(const Stack& stack, std::string_view name) {
  return Walk(stack).Reached(Resource(), {Path("name"), Value::String(name)}, 0);
}

bool SameKey(const KeyReference& a, const KeyReference& b) {
  if (a.state != b.state || (a.state != State::kStackKey && a.state != State::kOutside)) return false;
  return a.key || b.key ? a.key == b.key : !a.outside.empty() && a.outside == b.outside;
}

AwsManagedKeys::AwsManagedKeys(const Stack& stack) {
  for (const Resource* alias : stack.OfTypes(kKmsAliases))
    for (const std::string_view target : {"targetKeyId", "targetKeyArn"})
      if (alias->external && IsAwsManagedAlias(NameOf(*alias)))
        ids_.insert(Plain(alias->Result(target).value().raw_string()));
  ids_.erase(std::string_view());
}

bool AwsManagedKeys::Has(std::string_view text) const { return IsAwsManagedAlias(text) || ids_.contains(Plain(text)); }

bool AwsManagedKeys::Has(const Resource& key) const {
  const std::string_view id = IsAlias(key) ? NameOf(key) : key.Result("keyId").value().raw_string();
  return key.external && Has(id);
}

Property KeyEnabled(const Resource& key) { return Either(key, "isEnabled", "enabled"); }
Property KeySpec(const Resource& key) { return Either(key, "customerMasterKeySpec", "keySpec"); }
Property KeyUsage(const Resource& key) { return key["keyUsage"]; }

}  // namespace fastcart
