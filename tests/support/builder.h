// A stack in a few lines, for tests: resources with inputs, outputs, ids and edges.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/model/stack.h"
#include "analyzer/model/urn.h"

namespace guardrails::testing {

class TestStack {
 public:
  TestStack() {
    builder_.facts().project = "shop";
    builder_.facts().name = "dev";
  }

  // Starts a resource; the calls that follow speak of it. Returns its URN through urn().
  TestStack& Add(std::string_view type, std::string_view name) {
    Flush();
    type_ = type;
    name_ = name;
    urns_.push_back(MakeUrn("dev", "shop", "", type, name));
    started_ = true;
    return *this;
  }
  TestStack& Input(std::string_view key, Value value) { return Put(inputs_, key, value); }
  TestStack& Output(std::string_view key, Value value) { return Put(outputs_, key, value); }
  TestStack& Id(std::string_view id) {
    id_ = Value::String(Keep(id));
    return *this;
  }
  TestStack& Edge(std::string_view property, std::vector<std::string_view> urns) {
    for (std::string_view& urn : urns) urn = Keep(urn);
    edges_.push_back({Keep(property), builder_.arena().Copy(urns)});
    return *this;
  }
  TestStack& MadeAt(std::vector<std::string_view> frames) {
    for (std::string_view& frame : frames) frame = Keep(frame);
    created_at_ = builder_.arena().Copy(frames);
    return *this;
  }
  TestStack& Component() {
    custom_ = false;
    return *this;
  }
  TestStack& External() {
    external_ = true;
    return *this;
  }
  TestStack& Parent(std::string_view urn) {
    parent_ = Keep(urn);
    return *this;
  }
  // The provider of the package aws with that name.
  TestStack& Uses(std::string_view provider) {
    constexpr std::string_view kType = "pulumi:providers:aws";
    provider_ = {.urn = Keep(UrnOf(kType, provider)), .type = kType, .name = Keep(provider), .properties = {}};
    return *this;
  }
  StackFacts& facts() { return builder_.facts(); }
  Value Text(std::string_view text) { return Value::String(Keep(text)); }
  Value List(const std::vector<Value>& elements) { return Value::List(builder_.arena().Copy(elements)); }
  Value Object(const std::vector<Member>& members) { return Value::Object(builder_.arena().Copy(members)); }
  static std::string UrnOf(std::string_view type, std::string_view name) { return MakeUrn("dev", "shop", "", type, name); }

  std::unique_ptr<const Stack> Build() {
    Flush();
    return builder_.Build();
  }

 private:
  std::string_view Keep(std::string_view text) { return builder_.arena().Copy(text); }
  TestStack& Put(std::vector<Member>& to, std::string_view key, Value value) {
    to.push_back({Keep(key), value});
    return *this;
  }
  void Flush() {
    if (!std::exchange(started_, false)) return;
    const auto copy = [this](std::vector<Member>& from) { return Value::Object(builder_.arena().Copy(from)); };
    Resource& r = builder_.Add();
    r.urn = Keep(urns_.back());
    r.type = Keep(type_);
    r.name = Keep(name_);
    r.id = std::exchange(id_, Value());
    r.inputs = copy(inputs_);
    r.outputs = outputs_.empty() ? Value() : copy(outputs_);
    r.property_dependencies = builder_.arena().Copy(edges_);
    r.custom = std::exchange(custom_, true);
    r.external = std::exchange(external_, false);
    r.parent = std::exchange(parent_, std::string_view());
    r.provider = std::exchange(provider_, {});
    r.created_at = std::exchange(created_at_, {});
    inputs_.clear();
    outputs_.clear();
    edges_.clear();
  }

  StackBuilder builder_;
  bool started_ = false, custom_ = true, external_ = false;
  std::string type_, name_;
  std::string_view parent_;
  Provider provider_;
  std::span<const std::string_view> created_at_;
  std::vector<std::string> urns_;
  Value id_;
  std::vector<Member> inputs_, outputs_;
  std::vector<PropertyDependency> edges_;
};

}  // namespace guardrails::testing
