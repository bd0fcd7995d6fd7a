// A stack: its resources, its configuration, and an index over both.
//
// Made by a StackBuilder, immutable after. All reading is thread-safe. What an index costs is paid when a rule
// first asks for it.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "analyzer/model/resource.h"
#include "analyzer/value/arena.h"

namespace guardrails {

class Stack;

// What a reference can lead to: the resource types, and the properties by which such a resource is known to
// others besides its id (for a KMS key: arn, keyId). Made once, as a constant: the index is kept per address.
struct Target {
  std::vector<std::string_view> types;
  std::vector<std::string_view> known_by;
  // Could this literal be an identity of a resource whose identity is not known yet? False when its kind, region
  // or account already differs. Null: always.
  bool (*plausible)(const Stack& stack, const Resource& resource, std::string_view literal) = nullptr;
};

struct StackFacts {
  std::string_view project, name;
  std::map<std::string_view, Value> config;  // "aws:region" → value, secret where the source says so
  Value outputs;                             // what the program exports; absent when the source does not say
  bool preview = false;      // unknown values will be known after the update
  bool alone = false;        // one resource without its stack (Analyze): references cannot be followed
  bool partial = false;      // the source counts resources that it does not show (preview JSON without --show-sames)
  bool has_config = false;  // the source says what the stack's config is, be it nothing
  bool has_edges = true;     // the source records dependencies at all
};

class Stack {
 public:
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;
  ~Stack();

  const StackFacts& facts() const { return facts_; }
  std::string_view name() const { return facts_.name; }
  std::string_view project() const { return facts_.project; }
  // Absent when the key is not set.
  Value Config(std::string_view key) const;

  std::span<const Resource> resources() const { return resources_; }
  const Resource* Find(std::string_view urn) const;
  // The stack's own resource, or nullptr when the source lacks it.
  const Resource* root() const;
  std::span<const Resource* const> OfType(std::string_view type) const;
  std::span<const Resource* const> OfTypes(const Target& target) const;
  std::span<const Resource* const> ChildrenOf(std::string_view urn) const;

  // What a rule set knows of this stack beyond single resources (routes, groups, keys), made once from the stack
  // when it is first asked for and shared by all rules. T is constructed from const Stack&.
  template <class T>
  const T& Knowledge() const {
    return *static_cast<const T*>(
        Shared(typeid(T), [](const Stack& stack) -> std::shared_ptr<const void> { return std::make_shared<const T>(stack); }));
  }

  // The resources of the target that are known by that id, ARN or name.
  std::span<const Resource* const> KnownBy(const Target& target, std::string_view identity) const;
  // Every known string by which `resource` is known as a target: its id and the target's properties.
  static std::vector<std::string_view> Identities(const Resource& resource, const Target& target);

 private:
  friend class StackBuilder;
  Stack();
  const void* Shared(std::type_index type, std::shared_ptr<const void> (*make)(const Stack&)) const;

  std::unique_ptr<Arena> arena_;
  std::vector<std::shared_ptr<const void>> keep_alive_;
  StackFacts facts_;
  std::vector<Resource> resources_;
  struct Indexes;  // each made when it is first asked for
  std::unique_ptr<Indexes> indexes_;
};

// Collects a stack. Not thread-safe. Sources (files, the wire, tests) fill it; Build() links what belongs
// together: resources to their providers, and the stack's outputs.
class StackBuilder {
 public:
  StackBuilder();
  Arena& arena();
  StackFacts& facts();
  // The reference is valid until the next Add.
  Resource& Add();
  std::vector<Resource>& resources();
  // Keeps a buffer that values are views of.
  void KeepAlive(std::shared_ptr<const void> buffer);
  // Takes the stack; the builder is spent.
  std::unique_ptr<const Stack> Build();

 private:
  std::unique_ptr<Stack> stack_;
};

}  // namespace guardrails
