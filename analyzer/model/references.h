// "Which resource does this property refer to", answered in one place.
//
// The evidence: a known value equal to an id, ARN or name of a resource; then the property's edges
// (propertyDependencies), filtered by the wanted type, an edge to a component standing for its descendants.
// A known literal that no resource is known by is outside the stack, unless a resource that it could mean is
// not created yet: then nobody can tell, and it is unknown. Resources that the program only reads are outside.
//
// Pure and thread-safe. Answers are valid while the stack lives, and their paths while those of the property do.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/model/stack.h"

namespace guardrails {

// What a list of references, or one reference, leads to.
struct References {
  bool absent = false;                       // the property is not set at all
  std::vector<const Resource*> resources;    // proved: these are referred to
  std::vector<Property> outside;             // proved: these belong to no resource that the stack manages
  std::vector<Property> mistyped;            // known values that are no text
  bool unknown = false;                      // there is more that cannot be told yet
  std::vector<const Resource*> candidates;   // some of what the unknown may be; not all
  bool bounded = false;                      // the candidates are all that the unknown may be

  // Everything is proved.
  bool complete() const { return !unknown && mistyped.empty(); }
  // Of a single reference: the resources that it may lead to, one of them for certain; empty where it may be another.
  std::vector<const Resource*> choices() const;
};

// What one reference leads to.
struct Reference {
  enum class State { kAbsent, kResource, kOutside, kMistyped, kUnknown };
  State state = State::kUnknown;
  const Resource* resource = nullptr;  // of kResource only
};

// In a stack that is one resource alone, everything that is set is unknown.
References ResolveAll(const Stack& stack, const Resource& from, const Property& property, const Target& target);
Reference ResolveOne(const Stack& stack, const Resource& from, const Property& property, const Target& target);

// The resources of the target that the edges of the top-level `property` lead to, without duplicates. An edge to a
// component stands for its only descendant of the target; where it has several, and no other edge says which, they
// are `some_of`: one or more of them are meant.
struct Edges {
  std::vector<const Resource*> resources;
  std::vector<const Resource*> some_of;
  bool dangling = false;  // an edge of such a type leads to no resource of the stack
};
Edges EdgeTargets(const Stack& stack, const Resource& from, std::string_view property, const Target& target);

// What one reference names where it is proved to belong to no resource that the stack manages: the resource that the
// stack reads, known by its value, or the only one that the edges of an unknown lead to. Null where there is none.
const Resource* ReadBy(const Stack& stack, const Resource& from, const Property& at, const Target& target);

// What the program asked for. Where a source shows outputs only (AnalyzeStack), an unknown output that nothing flows
// into is no input: the provider computes it, and the program set nothing.
Property Asked(const Stack& stack, const Resource& from, std::string_view property);
// The same of a property inside a top-level one, whose edges count.
Property Asked(const Stack& stack, const Resource& from, const Property& at);

}  // namespace guardrails
