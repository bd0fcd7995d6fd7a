#include "analyzer/model/references.h"

#include <algorithm>

#include "analyzer/model/arn_tail.h"
#include "analyzer/model/urn.h"

namespace guardrails {
namespace {

using Resources = std::vector<const Resource*>;

bool Contains(const Resources& list, const Resource* r) { return std::find(list.begin(), list.end(), r) != list.end(); }

void AddOnce(Resources& list, const Resource* r) {
  if (!Contains(list, r)) list.push_back(r);
}

bool IsOf(std::string_view type, const Target& target) {
  return std::find(target.types.begin(), target.types.end(), type) != target.types.end();
}

// The resource itself if it is of the target, else those of its descendants that are.
void Collect(const Stack& stack, const Resource& r, const Target& target, Resources& out) {
  if (IsOf(r.type, target)) return AddOnce(out, &r);
  if (r.custom || r.is_stack()) return;
  for (const Resource* child : stack.ChildrenOf(r.urn)) Collect(stack, *child, target, out);
}

std::span<const std::string_view> EdgesOf(const Resource& from, std::string_view property) {
  const auto at = std::find_if(from.property_dependencies.begin(), from.property_dependencies.end(),
                               [property](const PropertyDependency& d) { return d.property == property; });
  return at == from.property_dependencies.end() ? std::span<const std::string_view>() : at->urns;
}

// What a component holds of the target. Remote components stand beside the resources that a value really comes
// from: those then say which of it is meant.
void AddComponent(const Resources& inside, Edges& out) {
  if (std::any_of(inside.begin(), inside.end(), [&out](const Resource* r) { return Contains(out.resources, r); })) return;
  for (const Resource* r : inside) AddOnce(inside.size() == 1 ? out.resources : out.some_of, r);
}

// How an identity is written. Two identities of one resource written alike are the same text.
enum class Spelling { kArn, kUrl, kPath, kPlain };

Spelling SpellingOf(std::string_view text) {
  if (text.starts_with("arn:")) return Spelling::kArn;
  if (text.starts_with("http")) return Spelling::kUrl;
  return text.find('/') != std::string_view::npos ? Spelling::kPath : Spelling::kPlain;
}

// Could the literal be an identity of `r` that is not known yet? Not if r is already known by one of that
// spelling, or by its ARN, from which the others follow.
bool MayBe(const Stack& stack, const Resource& r, const Target& target, std::string_view literal) {
  for (const std::string_view known : Stack::Identities(r, target))
    if (SpellingOf(known) == SpellingOf(literal) || SpellingOf(known) == Spelling::kArn) return false;
  return target.plausible == nullptr || target.plausible(stack, r, literal);
}

class Resolver {
 public:
  Resolver(const Stack& stack, const Resource& from, const Property& property, const Target& target)
      : stack_(stack), target_(target), edges_(EdgeTargets(stack, from, property.path().root(), target)) {
    reached_ = edges_.resources;
    reached_.insert(reached_.end(), edges_.some_of.begin(), edges_.some_of.end());
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
    return out_;
  }

 private:
  // There is more, which can only be some of these.
  void Among(const Resources& candidates) {
    out_.unknown = true;
    out_.bounded = !edges_.dangling;
    for (const Resource* r : candidates) AddOnce(out_.candidates, r);
  }

  void Prove(const Property& by, const Resource* r) {
    if (r->external) return out_.outside.push_back(by);
    AddOnce(out_.resources, r);
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
    Resources known = KnownBy(text);
    if (known.empty()) return unmatched_.push_back(element);
    // One id can name several resources only in made-up data; the edges then choose.
    const auto edge =
        std::find_if(known.begin(), known.end(), [this](const Resource* r) { return Contains(reached_, r); });
    matched_.push_back(edge != known.end() ? *edge : known.front());
    Prove(element, matched_.back());
  }

  // By the text itself; an ARN also by its end, for resources whose own ARN is not known.
  Resources KnownBy(std::string_view text) const {
    const auto exact = stack_.KnownBy(target_, text);
    if (!exact.empty()) return {exact.begin(), exact.end()};
    Resources out;
    for (const std::string_view part : {ArnResource(text), ArnTail(text)}) {
      if (part.empty()) continue;
      for (const Resource* r : stack_.KnownBy(target_, part)) {
        const auto all = Stack::Identities(*r, target_);
        const bool has_arn = std::any_of(all.begin(), all.end(), [](auto id) { return SpellingOf(id) == Spelling::kArn; });
        if (!has_arn && (!target_.plausible || target_.plausible(stack_, *r, text))) AddOnce(out, r);
      }
    }
    return out;
  }

  References Explain() {
    ExplainUnknown();
    for (const Property& literal : unmatched_) ExplainLiteral(literal);
    return out_;
  }

  // Unknown elements are what the edges lead to, if there are as many of both.
  void ExplainUnknown() {
    if (unknown_.empty()) return;
    Resources left;
    for (const Resource* r : reached_)
      if (!Contains(matched_, r)) left.push_back(r);
    if (left.size() == unknown_.size() && !edges_.dangling) {
      for (std::size_t i = 0; i < left.size(); ++i) Prove(unknown_[i], left[i]);
    } else if (left.empty() && edges_.dangling) {
      Dangling(unknown_.front());
    } else if (left.size() > unknown_.size() && !edges_.dangling) {
      Among(left);
    } else {
      out_.unknown = true;
      for (const Resource* r : left) AddOnce(out_.candidates, r);
    }
  }

  // A literal that equals nothing is what an edge leads to, if that resource may still turn out to be known by it.
  void ExplainLiteral(const Property& element) {
    const std::string_view text = element.value().raw_string();
    Resources possible;
    for (const Resource* r : reached_)
      if (!Contains(out_.resources, r) && MayBe(stack_, *r, target_, text)) possible.push_back(r);
    if (possible.size() == 1) return Prove(element, possible.front());
    if (possible.empty())
      for (const Resource* r : stack_.OfTypes(target_))
        if (!r->external && MayBe(stack_, *r, target_, text)) possible.push_back(r);
    if (possible.empty() && !stack_.facts().partial) return out_.outside.push_back(element);
    out_.unknown = true;
    out_.bounded = false;
    for (const Resource* r : possible) AddOnce(out_.candidates, r);
  }

  const Stack& stack_;
  const Target& target_;
  const Edges edges_;
  Resources reached_;  // by edges, for certain or perhaps
  References out_;
  Resources matched_;
  std::vector<Property> unknown_;
  std::vector<Property> unmatched_;  // known literals that equal no known identity
};

}  // namespace

Edges EdgeTargets(const Stack& stack, const Resource& from, std::string_view property, const Target& target) {
  Edges out;
  std::vector<Resources> components;
  for (const std::string_view text : EdgesOf(from, property)) {
    Urn urn;
    if (const Resource* r = stack.Find(text)) {
      if (IsOf(r->type, target)) {
        AddOnce(out.resources, r);
      } else {
        Collect(stack, *r, target, components.emplace_back());
      }
    } else if (ParseUrn(text, urn) && IsOf(urn.type, target)) {
      out.dangling = true;
    }
  }
  for (const Resources& inside : components) AddComponent(inside, out);
  return out;
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
  Resources all = resources;
  for (const Resource* r : candidates) AddOnce(all, r);
  return all;
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
