#include "analyzer/model/stack.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "analyzer/model/arn_tail.h"

namespace guardrails {
namespace {

// Of most keys there is one resource, which then needs no memory of its own.
using Index = absl::flat_hash_map<std::string_view, absl::InlinedVector<const Resource*, 2>>;
using ByUrn = absl::flat_hash_map<std::string_view, const Resource*>;

struct TargetIndex {
  std::vector<const Resource*> all;
  Index by_identity;
};

struct SharedKnowledge {
  std::once_flag once;
  std::shared_ptr<const void> value;
};

template <class Map>
std::span<const Resource* const> Lookup(const Map& map, std::string_view key) {
  const auto at = map.find(key);
  return at == map.end() ? std::span<const Resource* const>() : std::span<const Resource* const>(at->second);
}

void LinkProvider(Resource& resource, const ByUrn& by_urn) {
  Provider& provider = resource.provider;
  if (provider.urn.empty()) return;
  const auto at = by_urn.find(provider.urn);
  if (at != by_urn.end()) {
    provider.resource = at->second;
    provider.type = at->second->type;
    provider.name = at->second->name;
    if (provider.properties.absent()) provider.properties = at->second->inputs;
  }
}

}  // namespace

struct Stack::Indexes {
  std::once_flag by_urn_once, by_type_once, by_parent_once;
  ByUrn by_urn;
  Index by_type, by_parent;
  std::mutex targets_mutex;
  std::map<const Target*, std::unique_ptr<TargetIndex>> targets;
  std::mutex shared_mutex;
  std::map<std::type_index, SharedKnowledge> shared;

  const TargetIndex& Of(const Stack& stack, const Target& target);
};

Stack::Stack() : arena_(std::make_unique<Arena>()), indexes_(std::make_unique<Indexes>()) {}
Stack::~Stack() = default;

Value Stack::Config(std::string_view key) const {
  const auto at = facts_.config.find(key);
  return at == facts_.config.end() ? Value() : at->second;
}

const Resource* Stack::Find(std::string_view urn) const {
  std::call_once(indexes_->by_urn_once, [this] {
    indexes_->by_urn.reserve(resources_.size());
    for (const Resource& r : resources_) indexes_->by_urn.emplace(r.urn, &r);
  });
  const auto at = indexes_->by_urn.find(urn);
  return at == indexes_->by_urn.end() ? nullptr : at->second;
}

const Resource* Stack::root() const {
  const auto at = std::find_if(resources_.begin(), resources_.end(), [](const Resource& r) { return r.is_stack(); });
  return at == resources_.end() ? nullptr : &*at;
}

std::span<const Resource* const> Stack::OfType(std::string_view type) const {
  std::call_once(indexes_->by_type_once, [this] {
    for (const Resource& r : resources_) indexes_->by_type[r.type].push_back(&r);
  });
  return Lookup(indexes_->by_type, type);
}

std::span<const Resource* const> Stack::OfTypes(const Target& target) const { return indexes_->Of(*this, target).all; }

std::span<const Resource* const> Stack::ChildrenOf(std::string_view urn) const {
  std::call_once(indexes_->by_parent_once, [this] {
    for (const Resource& r : resources_) indexes_->by_parent[r.parent].push_back(&r);
  });
  return Lookup(indexes_->by_parent, urn);
}

std::vector<std::string_view> Stack::Identities(const Resource& resource, const Target& target) {
  std::vector<std::string_view> out;
  const auto add = [&out](const Value& value) {
    if (const std::string_view text = value.raw_string();
        !text.empty() && std::find(out.begin(), out.end(), text) == out.end())
      out.push_back(text);
  };
  add(resource.id);
  for (const std::string_view property : target.known_by) {
    add(resource.inputs[property]);
    add(resource.outputs[property]);
  }
  return out;
}

const TargetIndex& Stack::Indexes::Of(const Stack& stack, const Target& target) {
  const std::lock_guard lock(targets_mutex);
  std::unique_ptr<TargetIndex>& index = targets[&target];
  if (index) return *index;
  index = std::make_unique<TargetIndex>();
  for (const std::string_view type : target.types)
    for (const Resource* r : stack.OfType(type)) {
      index->all.push_back(r);
      for (const std::string_view identity : Identities(*r, target)) {
        index->by_identity[identity].push_back(r);
        if (const std::string_view tail = ArnTail(identity); !tail.empty()) index->by_identity[tail].push_back(r);
      }
    }
  return *index;
}

std::span<const Resource* const> Stack::KnownBy(const Target& target, std::string_view identity) const {
  return Lookup(indexes_->Of(*this, target).by_identity, identity);
}

const void* Stack::Shared(std::type_index type, std::shared_ptr<const void> (*make)(const Stack&)) const {
  SharedKnowledge& shared = [&]() -> SharedKnowledge& {
    const std::lock_guard lock(indexes_->shared_mutex);
    return indexes_->shared[type];
  }();
  std::call_once(shared.once, [&] { shared.value = make(*this); });
  return shared.value.get();
}

StackBuilder::StackBuilder() : stack_(new Stack()) {}
Arena& StackBuilder::arena() { return *stack_->arena_; }
StackFacts& StackBuilder::facts() { return stack_->facts_; }
Resource& StackBuilder::Add() { return stack_->resources_.emplace_back(); }
std::vector<Resource>& StackBuilder::resources() { return stack_->resources_; }
void StackBuilder::KeepAlive(std::shared_ptr<const void> buffer) { stack_->keep_alive_.push_back(std::move(buffer)); }

std::unique_ptr<const Stack> StackBuilder::Build() {
  Stack& stack = *stack_;
  stack.Find({});  // builds the index by URN
  for (Resource& r : stack.resources_) LinkProvider(r, stack.indexes_->by_urn);
  if (const Resource* root = stack.root(); root && stack.facts_.outputs.absent()) stack.facts_.outputs = root->outputs;
  return std::move(stack_);
}

}  // namespace guardrails
