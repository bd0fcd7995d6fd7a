// One resource of a stack, as any of the sources gives it.
//
// Everything is a view into the stack's arena, valid while the stack lives; once the stack is built, safe to read from
// many threads. Inputs are what the program asked for, outputs what the provider answered; a source may have one of them
// only (Analyze has inputs, AnalyzeStack has outputs).
#pragma once

#include <span>
#include <string_view>

#include "analyzer/value/property.h"
#include "analyzer/value/value.h"

namespace guardrails {

struct Resource;

// A top-level input property and the URNs of the resources that its value was computed from.
struct PropertyDependency {
  std::string_view property;
  std::span<const std::string_view> urns;
};

// The provider that a resource uses. A default provider is often not a resource of the source.
struct Provider {
  std::string_view urn;   // empty: none (components, the stack, providers themselves)
  std::string_view type;  // pulumi:providers:aws
  std::string_view name;
  Value properties;                    // its inputs, when the source sends them along
  const Resource* resource = nullptr;  // when it is a resource of this stack
  // A provider that the engine made from the stack's config, not one that the program wrote: the engine calls it
  // "default" or, with its version, "default_7_51_1", and gives it no parent.
  bool is_default() const;
};

struct Resource {
  std::string_view urn, type, name;
  std::string_view parent;  // URN; empty for the stack itself
  Value id;                 // a known string, unknown (not created yet), or absent (the source does not say)
  Value inputs;             // an object; absent when the source has no inputs
  Value outputs;            // an object; absent when the source has no outputs
  std::span<const std::string_view> dependencies;
  // Where the program made it, innermost frame first, each as Pulumi writes it: "project:///fastcart/network.py#74",
  // relative to the program's folder. Empty where the source does not say (gRPC never does).
  std::span<const std::string_view> created_at;
  std::span<const PropertyDependency> property_dependencies;
  Provider provider;
  bool custom = true;     // false for components and the stack itself
  bool external = false;  // read, not managed: can be referred to, is not judged

  // What the program asked for; of a source that has outputs only, those. Absent where the program set nothing.
  Property operator[](std::string_view property) const {
    return {Path(property), inputs.absent() ? outputs[property] : inputs[property]};
  }
  // What is known of the result: the input if it is known, else the output, else whatever the input is.
  Property Result(std::string_view property) const {
    const Value asked = inputs[property], got = outputs[property];
    return {Path(property), asked.known() || got.absent() ? asked : got.AsSecretAs(asked)};
  }
  // The package of the type token: "aws" of aws:kms/key:Key.
  std::string_view package() const { return type.substr(0, type.find(':')); }
  bool is_provider() const { return type.starts_with("pulumi:providers:"); }
  bool is_stack() const { return type == "pulumi:pulumi:Stack"; }
};

inline bool Provider::is_default() const {
  constexpr std::string_view kWithVersion = "default_";
  const bool has_version = name.starts_with(kWithVersion) && name.size() > kWithVersion.size() &&
                           name[kWithVersion.size()] >= '0' && name[kWithVersion.size()] <= '9';
  const bool called_so = name == "default" || has_version;
  return called_so && (resource == nullptr || resource->parent.empty());
}

}  // namespace guardrails
