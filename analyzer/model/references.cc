#include "analyzer/model/references.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "absl/container/flat_hash_set.h"
#include "analyzer/model/arn_tail.h"
#include "analyzer/model/urn.h"

namespace guardrails {
namespace {

using Resources = std::vector<const Resource*>;

// More candidates than these are told from all others no better than by none: the answer is unknown, and costs the same
// whatever the size of the stack.
constexpr std::size_t kMostCandidates = 100;

// Resources, each once, in the order in which they came.
class Distinct {
 public:
  void Add(const Resource* r) {
    if (Has(r)) return;
    list_.push_back(r);
    if (list_.size() == kFew + 1) seen_.insert(list_.begin(), list_.end());
    if (list_.size() > kFew + 1) seen_.insert(r);
  }
  bool Has(const Resource* r) const {
    if (list_.size() > kFew) return seen_.contains(r);
    return std::find(list_.begin(), list_.end(), r) != list_.end();
  }
  const Resources& list() const { return list_; }
  Resources Take() { return std::move(list_); }

 private:
  static constexpr std::size_t kFew = 16;  // are found faster without an index
  Resources list_;
  absl::flat_hash_set<const Resource*> seen_;  // one piece of memory, where a node each took longer than the search
};

bool IsOf(std::string_view type, const Target& target) {
  return std::find(target.types.begin(), target.types.end(), type) != target.types.end();
}

std::span<const std::string_view> EdgesOf(const Resource& from, std::string_view property) {
  const auto at = std::find_if(from.property_dependencies.begin(), from.property_dependencies.end(),
                               [property](const PropertyDependency& d) { return d.property == property; });
  return at == from.property_dependencies.end() ? std::span<const std::string_view>() : at->urns;
}

// What another stack exports is not in this one.
bool ComesFromOtherStack(const Resource& from, std::string_view property) {
  const auto edges = EdgesOf(from, property);
  return std::any_of(edges.begin(), edges.end(), [](std::string_view text) {
    const std::optional<Urn> urn = ParseUrn(text);
    return urn && urn->type == "pulumi:pulumi:StackReference";
  });
}

// Of several that are known by one text, the one that a resource means by it: the one of its provider. Null: there are
// several, all of other providers.
const Resource* Nearest(const Resource& from, std::span<const Resource* const> known) {
  const auto same_provider = [&from](const Resource* r) {
    return r->provider.urn == from.provider.urn && r->package() == from.package();
  };
  const auto at = std::find_if(known.begin(), known.end(), same_provider);
  if (at != known.end()) return *at;
  const bool all_one = std::all_of(known.begin(), known.end(), [&](const Resource* r) { return r == known.front(); });
  return all_one ? known.front() : nullptr;
}

// How an identity is written. Two identities of one resource written alike are the same text.
enum class Spelling { kArn, kUrl, kPath, kPlain };
constexpr std::size_t kSpellings = 4;

Spelling SpellingOf(std::string_view text) {
  if (text.starts_with("arn:")) return Spelling::kArn;
  if (text.starts_with("http")) return Spelling::kUrl;
  return text.find('/') != std::string_view::npos ? Spelling::kPath : Spelling::kPlain;
}

// Could the resource be known by an identity of that spelling that is not known yet? Not if it is already known by one,
// or by its ARN, from which the others follow.
std::array<bool, kSpellings> OpenSpellings(const Resource& r, const Target& target) {
  std::array<bool, kSpellings> open{true, true, true, true};
  for (const std::string_view known : Stack::Identities(r, target)) {
    const Spelling spelling = SpellingOf(known);
    if (spelling == Spelling::kArn) return {};
    open[static_cast<std::size_t>(spelling)] = false;
  }
  return open;
}

bool IsPlausible(const Stack& stack, const Resource& r, const Target& target, std::string_view literal) {
  return target.plausible == nullptr || target.plausible(stack, r, literal);
}

// What many references to a target ask again and again, found out once per stack. Thread-safe.
class Prospects {
 public:
  explicit Prospects(const Stack& stack) : stack_(stack) {}

  // The resources of the target that a component holds, kMostCandidates + 1 of them at most.
  std::span<const Resource* const> Inside(const Resource& component, const Target& target) const {
    OfTarget& of = Of(target);
    std::call_once(of.inside_once, [&] { FillInside(target, of); });
    const auto at = of.inside.find(component.urn);
    return at == of.inside.end() ? std::span<const Resource* const>() : std::span<const Resource* const>(at->second);
  }

  // Those that the stack manages and that may turn out to be known by a literal of that spelling.
  const Resources& Open(const Target& target, Spelling spelling) const {
    OfTarget& of = Of(target);
    std::call_once(of.open_once, [&] { FillOpen(target, of); });
    return of.open[static_cast<std::size_t>(spelling)];
  }

  // Those that the literal may be, kMostCandidates of them at most.
  const Resources& Possible(const Target& target, std::string_view literal) const {
    OfTarget& of = Of(target);
    {
      const std::lock_guard lock(mutex_);
      if (const auto at = of.possible.find(std::string(literal)); at != of.possible.end()) return at->second;
    }
    Resources found;
    for (const Resource* r : Open(target, SpellingOf(literal))) {
      if (found.size() == kMostCandidates) break;
      if (IsPlausible(stack_, *r, target, literal)) found.push_back(r);
    }
    const std::lock_guard lock(mutex_);
    return of.possible.emplace(literal, std::move(found)).first->second;
  }

 private:
  struct OfTarget {
    std::once_flag inside_once, open_once;
    std::unordered_map<std::string_view, Resources> inside;  // by the component's URN
    std::array<Resources, kSpellings> open;
    std::unordered_map<std::string, Resources> possible;  // by the literal, which may not live as long
  };

  OfTarget& Of(const Target& target) const {
    const std::lock_guard lock(mutex_);
    return targets_[&target];
  }

  // Upwards from each resource. A component that is full stands in others that are.
  void FillInside(const Target& target, OfTarget& out) const {
    for (const Resource* r : stack_.OfTypes(target))
      for (const Resource* at = stack_.Find(r->parent); at && !at->custom && !at->is_stack() && !IsOf(at->type, target);
           at = stack_.Find(at->parent)) {
        Resources& inside = out.inside[at->urn];
        const bool in_circle = !inside.empty() && inside.back() == r;
        if (in_circle || inside.size() > kMostCandidates) break;
        inside.push_back(r);
      }
  }

  void FillOpen(const Target& target, OfTarget& out) const {
    for (const Resource* r : stack_.OfTypes(target)) {
      if (r->external) continue;
      const auto open = OpenSpellings(*r, target);
      for (std::size_t i = 0; i < kSpellings; ++i)
        if (open[i]) out.open[i].push_back(r);
    }
  }

  const Stack& stack_;
  mutable std::mutex mutex_;
  mutable std::map<const Target*, OfTarget> targets_;
};

// What components hold of the target. Remote components stand beside the resources that a value really comes from:
// those then say which of it is meant.
void AddComponents(const std::vector<std::span<const Resource* const>>& components, Distinct& resources, Distinct& some_of) {
  for (const auto inside : components) {
    if (std::any_of(inside.begin(), inside.end(), [&](const Resource* r) { return resources.Has(r); })) continue;
    for (const Resource* r : inside) (inside.size() == 1 ? resources : some_of).Add(r);
  }
}

class Resolver {
 public:
  Resolver(const Stack& stack, const Resource& from, const Property& property, const Target& target)
      : stack_(stack), from_(from), target_(target), edges_(EdgeTargets(stack, from, property.path().root(), target)) {
    for (const auto* list : {&edges_.resources, &edges_.some_of})
      for (const Resource* r : *list) reached_.Add(r);
  }

  References List(const std::vector<Property>& elements) {
    for (const Property& element : elements) Element(element);
    return Explain();
  }

  References Scalar(const Property& property) {
    Element(property);
    return Explain();
  }

  // A whole list, or one reference, that is unknown: what its edges lead to, where they say enough.
  References WholeUnknown(const Property& property) {
    for (const Resource* r : edges_.resources) Prove(property, r);
    if (edges_.dangling) Dangling(property);
    if (!edges_.some_of.empty()) {
      Among(edges_.some_of);
    } else if (edges_.resources.empty() && !edges_.dangling) {
      out_.unknown = true;
    }
    // Some of it may be what the other stack knows, and the graph ends there.
    if (ComesFromOtherStack(from_, property.path().root())) out_.unknown = true, out_.bounded = false;
    return Done();
  }

 private:
  // There is more, which can only be some of these.
  void Among(const Resources& candidates) {
    out_.unknown = true;
    out_.bounded = !edges_.dangling;
    Perhaps(candidates);
  }

  void Perhaps(const Resources& candidates) {
    for (const Resource* r : candidates) {
      if (candidates_.list().size() == kMostCandidates) out_.bounded = false;
      if (candidates_.list().size() < kMostCandidates) candidates_.Add(r);
    }
  }

  void Prove(const Property& by, const Resource* r) {
    if (r->external) return out_.outside.push_back(by);
    resources_.Add(r);
  }

  // An edge to what the stack does not hold: a resource that is only read, or one that the file leaves out.
  void Dangling(const Property& by) {
    if (stack_.facts().partial) {
      out_.unknown = true;
    } else {
      out_.outside.push_back(by);
    }
  }

  void Element(const Property& element) {
    std::visit(Overloaded{
                   [](Absent) {},
                   [&](Unknown) { unknown_.push_back(element); },
                   [&](Mistyped) { out_.mistyped.push_back(element); },
                   [&](Known<std::string_view> text) { Literal(element, text.value); },
               },
               element.ReadString());
  }

  void Literal(const Property& element, std::string_view text) {
    if (const auto exact = stack_.KnownBy(target_, text); !exact.empty()) return Match(element, exact);
    if (const Resources by_end = KnownByEnd(text); !by_end.empty()) return Match(element, by_end);
    unmatched_.push_back(element);
  }

  static std::span<const Resource* const> Few(std::span<const Resource* const> known) {
    return known.first(std::min(known.size(), kMostCandidates));
  }

  // What is known by one text: names are unique in a region only. Edges choose, else the provider does.
  void Match(const Property& element, std::span<const Resource* const> known) {
    const auto few = Few(known);
    const auto edge = std::find_if(few.begin(), few.end(), [this](const Resource* r) { return reached_.Has(r); });
    const Resource* match = edge != few.end() ? *edge : Nearest(from_, few);
    if (match == nullptr) {
      out_.unknown = true;
      return Perhaps({few.begin(), few.end()});
    }
    matched_.Add(match);
    Prove(element, match);
  }

  // An ARN by its end, for resources whose own ARN is not known.
  Resources KnownByEnd(std::string_view text) const {
    Distinct out;
    for (const std::string_view part : {ArnResource(text), ArnTail(text)}) {
      if (part.empty()) continue;
      for (const Resource* r : Few(stack_.KnownBy(target_, part))) {
        const auto all = Stack::Identities(*r, target_);
        const bool has_arn = std::any_of(all.begin(), all.end(), [](auto id) { return SpellingOf(id) == Spelling::kArn; });
        if (!has_arn && IsPlausible(stack_, *r, target_, text)) out.Add(r);
      }
    }
    return out.Take();
  }

  References Explain() {
    ExplainUnknown();
    for (const Property& literal : unmatched_) ExplainLiteral(literal);
    return Done();
  }

  References Done() {
    out_.resources = resources_.Take();
    out_.candidates = candidates_.Take();
    return std::move(out_);
  }

  // Unknown elements are what the edges lead to, if there are as many of both.
  void ExplainUnknown() {
    if (unknown_.empty()) return;
    Resources left;
    for (const Resource* r : reached_.list())
      if (!matched_.Has(r)) left.push_back(r);
    if (MayBeOfOtherStack()) {
      out_.unknown = true;
      out_.bounded = false;
      Perhaps(left);
    } else if (left.size() == unknown_.size() && !edges_.dangling) {
      for (std::size_t i = 0; i < left.size(); ++i) Prove(unknown_[i], left[i]);
    } else if (left.empty() && edges_.dangling) {
      Dangling(unknown_.front());
    } else if (left.size() > unknown_.size() && !edges_.dangling) {
      Among(left);
    } else {
      out_.unknown = true;
      Perhaps(left);
    }
  }

  // One of the property's edges leads to another stack. Of an object's lists it may be any that needs that stack.
  bool MayBeOfOtherStack() const {
    const Path& path = unknown_.front().path();
    constexpr std::size_t kElement = 2;  // "subnetIds[0]"
    return path.segments().size() <= kElement && ComesFromOtherStack(from_, path.root());
  }

  // A literal that equals nothing is what an edge leads to, if that resource may still turn out to be known by it.
  void ExplainLiteral(const Property& element) {
    const std::string_view text = element.value().raw_string();
    Resources possible = PossiblyReached(text);
    if (possible.size() == 1) return Prove(element, possible.front());
    if (possible.empty()) possible = stack_.Knowledge<Prospects>().Possible(target_, text);
    if (possible.empty() && !stack_.facts().partial) return out_.outside.push_back(element);
    out_.unknown = true;
    out_.bounded = false;
    Perhaps(possible);
  }

  // What edges lead to, is not proved yet, and may be the literal; kMostCandidates at most.
  Resources PossiblyReached(std::string_view literal) {
    Resources out;
    for (const Resource* r : OpenlyReached(SpellingOf(literal))) {
      if (out.size() == kMostCandidates) break;
      if (!resources_.Has(r) && IsPlausible(stack_, *r, target_, literal)) out.push_back(r);
    }
    return out;
  }

  const Resources& OpenlyReached(Spelling spelling) {
    const auto i = static_cast<std::size_t>(spelling);
    std::optional<Resources>& open = openly_reached_[i];
    if (open) return *open;
    open.emplace();
    for (const Resource* r : reached_.list())
      if (OpenSpellings(*r, target_)[i]) open->push_back(r);
    return *open;
  }

  const Stack& stack_;
  const Resource& from_;
  const Target& target_;
  const Edges edges_;
  Distinct reached_;  // by edges, for certain or perhaps
  std::array<std::optional<Resources>, kSpellings> openly_reached_;
  References out_;
  Distinct resources_, candidates_;  // of out_
  Distinct matched_;
  std::vector<Property> unknown_;
  std::vector<Property> unmatched_;  // known literals that equal no known identity
};

}  // namespace

Edges EdgeTargets(const Stack& stack, const Resource& from, std::string_view property, const Target& target) {
  Distinct resources, some_of;
  bool dangling = false;
  std::vector<std::span<const Resource* const>> components;
  for (const std::string_view text : EdgesOf(from, property)) {
    if (const Resource* r = stack.Find(text)) {
      if (IsOf(r->type, target)) {
        resources.Add(r);
      } else if (!r->custom && !r->is_stack()) {
        components.push_back(stack.Knowledge<Prospects>().Inside(*r, target));
      }
    } else if (const auto urn = ParseUrn(text); urn && IsOf(urn->type, target)) {
      dangling = true;
    }
  }
  AddComponents(components, resources, some_of);
  return {.resources = resources.Take(), .some_of = some_of.Take(), .dangling = dangling};
}

const Resource* ReadBy(const Stack& stack, const Resource& from, const Property& at, const Target& target) {
  if (const auto known = stack.KnownBy(target, at.value().raw_string()); !known.empty()) return Nearest(from, known);
  const Edges edges = EdgeTargets(stack, from, at.path().root(), target);
  const bool only = edges.resources.size() == 1 && edges.some_of.empty() && !edges.dangling;
  return at.unknown() && only ? edges.resources.front() : nullptr;
}

Property Asked(const Stack& stack, const Resource& from, std::string_view property) {
  return Asked(stack, from, from[property]);
}

Property Asked(const Stack& stack, const Resource& from, const Property& at) {
  const bool computed = from.inputs.absent() && at.unknown() && stack.facts().has_edges;
  return computed && EdgesOf(from, at.path().root()).empty() ? Property(at.path(), Value()) : at;
}

std::vector<const Resource*> References::choices() const {
  if ((unknown && !bounded) || !outside.empty() || !mistyped.empty()) return {};
  Distinct all;
  for (const auto* list : {&resources, &candidates})
    for (const Resource* r : *list) all.Add(r);
  return all.Take();
}

References ResolveAll(const Stack& stack, const Resource& from, const Property& property, const Target& target) {
  if (property.absent()) {
    References out;
    out.absent = true;
    return out;
  }
  if (stack.facts().alone) {
    References out;
    out.unknown = true;
    return out;
  }
  Resolver resolver(stack, from, property, target);
  const auto list = property.ReadList();
  if (const auto* elements = IfKnown(list)) return resolver.List(*elements);
  return property.unknown() ? resolver.WholeUnknown(property) : resolver.Scalar(property);
}

Reference ResolveOne(const Stack& stack, const Resource& from, const Property& property, const Target& target) {
  using State = Reference::State;
  const References all = ResolveAll(stack, from, property, target);
  if (all.absent) return {State::kAbsent, nullptr};
  if (!all.mistyped.empty()) return {State::kMistyped, nullptr};
  if (all.unknown || all.resources.size() + all.outside.size() != 1) return {State::kUnknown, nullptr};
  if (!all.outside.empty()) return {State::kOutside, nullptr};
  return {State::kResource, all.resources.front()};
}

}  // namespace guardrails
