#include "tests/plugin/fake_pack.h"

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "analyzer/model/references.h"
#include "analyzer/policy/remedy.h"
#include "analyzer/policy/require.h"

namespace guardrails::testing {
namespace {

const Target kKeys{.types = {kKey}, .known_by = {"arn"}};

class BoxEncrypted final : public Rule {
 public:
  void CheckResource(const Subject& box, Sink& out) const override {
    RequireTrue(out, box["encrypted"], AwsUses::kFalse, "set encrypted=True");
  }
  void Remediate(const Subject& box, Remedy& out) const override {
    if (box.resource.name == "bomb") throw std::runtime_error("hunter2");
    out.Set(Path("encrypted"), true, "encrypted");
    out.Set(Path("options") / "mode", std::string("strict"), "made strict");
    if (!box["labels"].absent()) out.Set(Path("labels"), std::vector<std::string>{"a", "b"}, "labelled");
  }
};

class BoxKey final : public Rule {
 public:
  void CheckResource(const Subject& box, Sink& out) const override {
    const Property key = box["key"];
    if (box["owner"].absent()) out.Violation(box["owner"], "an owner", "set owner");
    switch (ResolveOne(box.stack, box.resource, key, kKeys).state) {
      case Reference::State::kResource: return;
      case Reference::State::kUnknown: return out.Undecided(key, "a key of the stack");
      default: return out.Violation(key, "a key of the stack", "set key");
    }
  }
};

class BoxLimit final : public Rule {
 public:
  explicit BoxLimit(const Config& config) : minimum_(config.Integer("minimum")) {}
  void CheckResource(const Subject& box, Sink& out) const override {
    if (!box["lazy"].absent()) return out.NotApplicable("a lazy box has no limit");
    if (!box["debug"].absent()) out.Note(box["debug"], "a debugged box is slow");
    RequireAtLeast(out, box["limit"], minimum_, 5, "raise limit");
  }

 private:
  int minimum_;
};

class Breaks final : public Rule {
 public:
  void CheckResource(const Subject& box, Sink&) const override {
    if (box.resource.name == "bomb") throw std::runtime_error("hunter2");
  }
  void CheckStack(const Stack& stack, Sink&) const override {
    if (!stack.facts().outputs["bomb"].absent()) throw std::runtime_error("hunter2");
  }
};

class HasKey final : public Rule {
 public:
  void CheckStack(const Stack& stack, Sink& out) const override {
    if (during_stack_pass) during_stack_pass();
    if (stack.OfType(kKey).empty()) out.Violation(Path(), "has no key", "a key", "add a key");
  }
};

class Slow final : public Rule {
 public:
  void CheckResource(const Subject& box, Sink&) const override {
    if (box.resource.name == "slow") std::this_thread::sleep_for(std::chrono::minutes(1));
  }
};

template <class R>
Guardrail Plain(std::string_view name, Scope scope = Scope::kResource) {
  Guardrail g;
  g.name = name;
  g.scope = scope;
  g.subject = scope == Scope::kStack ? "key" : "box";
  if (scope != Scope::kStack) g.types = {kBox};
  g.make = Make<R>;
  return g;
}

Guardrail WithMetadata(Guardrail g) {
  g.display_name = "Boxes are encrypted";
  g.severity = Severity::kHigh;
  g.description = "Every box is encrypted.";
  g.why = "Because.";
  g.how_to_fix = "Set encrypted.";
  g.url = "https://example.com/box";
  g.controls = {{"Standard", "Box.1"}, {"Other", "2"}};
  g.remediates = true;
  return g;
}

Guardrail WithMinimum(Guardrail g) {
  g.level = Level::kAdvisory;
  g.config = {{.name = "minimum",
               .type = ConfigKey::Type::kInteger,
               .default_json = "3",
               .description = "The least.",
               .minimum = 1}};
  return g;
}

}  // namespace

const Pack& FakePack() {
  static const Guardrail kGuardrails[] = {WithMetadata(Plain<BoxEncrypted>("box-encrypted")),
                                          Plain<BoxKey>("box-key"),
                                          WithMinimum(Plain<BoxLimit>("box-limit")),
                                          Plain<Breaks>("breaks", Scope::kBoth),
                                          Plain<HasKey>("has-key", Scope::kStack),
                                          Plain<Slow>("slow")};
  static const Guardrail* const kAll[] = {&kGuardrails[0], &kGuardrails[1], &kGuardrails[2],
                                          &kGuardrails[3], &kGuardrails[4], &kGuardrails[5]};
  static const Pack kPack{.name = "fake-pack",
                              .display_name = "Fake Pack",
                              .version = "1.2.3",
                              .description = "For tests",
                              .repository = "https://example.com/fake",
                              .guardrails = kAll};
  return kPack;
}

}  // namespace guardrails::testing
