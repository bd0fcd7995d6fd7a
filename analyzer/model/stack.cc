#include "analyzer/model/stack.h"

#include <algorithm>
#include <utility>

#include "analyzer/model/arn_tail.h"

namespace guardrails {
namespace {

template <class Map>
std::span<const Resource* const> Lookup(const Map& map, std::string_view key) {
  const auto at = map.find(key);
  return at == map.end() ? std::span<const Resource* const>() : std::span<const Resource* const>(at->second);
}

void LinkProvider(Resource& resource, const absl::flat_hash_map<std::string_view, const Resource*>& by_urn) {
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

Value Stack::Config(std::string_view key) const {
  const auto at = facts_.config.find(key);
  return at == facts_.config.end() ? Value() : at->second;
}

const Resource* Stack::Find(std::string_view urn) const {
  std::call_once(by_urn_once_, [this] {
    by_urn_.reserve(resources_.size());
    for (const Resource& r : resources_) by_urn_.emplace(r.urn, &r);
  });
  const auto at = by_urn_.find(urn);
  return at == by_urn_.end() ? nullptr : at->second;
}

const Resource* Stack::root() const {
  const auto at = std::find_if(resources_.begin(), resources_.end(), [](const Resource& r) { return r.is_stack(); });
  return at == resources_.end() ? nullptr : &*at;
}

std::span<const Resource* const> Stack::OfType(std::string_view type) const {
  std::call_once(by_type_once_, [this] {
    for (const Resource& r : resources_) by_type_[r.type].push_back(&r);
  });
  return Lookup(by_type_, type);
}

std::span<const Resource* const> Stack::OfTypes(const Target& target) const { return IndexOf(target).all; }

std::span<const Resource* const> Stack::ChildrenOf(std::string_view urn) const {
  std::call_once(by_parent_once_, [this] {
    for (const Resource& r : resources_) by_parent_[r.parent].push_back(&r);
  });
  return Lookup(by_parent_, urn);
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

const Stack::TargetIndex& Stack::IndexOf(const Target& target) const {
  const std::lock_guard lock(targets_mutex_);
  std::unique_ptr<TargetIndex>& index = targets_[&target];
  if (index) return *index;
  index = std::make_unique<TargetIndex>();
  for (const std::string_view type : target.types)
    for (const Resource* r : OfType(type)) {
      index->all.push_back(r);
      for (const std::string_view identity : Identities(*r, target)) {
        index->by_identity[identity].push_back(r);
        if (const std::string_view tail = ArnTail(identity); !tail.empty()) index->by_identity[tail].push_back(r);
      }
    }
  return *index;
}

std::span<const Resource* const> Stack::KnownBy(const Target& target, std::string_view identity) const {
  return Lookup(IndexOf(target).by_identity, identity);
}

Stack::Shared& Stack::SharedFor(std::type_index type) const {
  const std::lock_guard lock(shared_mutex_);
  return shared_[type];
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
  for (Resource& r : stack.resources_) LinkProvider(r, stack.by_urn_);
  if (const Resource* root = stack.root(); root && stack.facts_.outputs.absent()) stack.facts_.outputs = root->outputs;
  return std::move(stack_);
}

}  // namespace guardrails
