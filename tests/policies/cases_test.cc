// Runs every case of tests/policies/cases (see README.md), each as a test of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "analyzer/input/input.h"
#include "analyzer/value/encoding.h"
#include "policies/pack.h"
#include "tests/policies/case_file.h"
#include "tests/policies/judge.h"

namespace fastcart::testing {
namespace {

using namespace guardrails;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kTellingLength = 6;  // shorter texts stand in messages by chance

const Guardrail* Find(const std::string& name) {
  for (const Guardrail* g : FastCartPack().guardrails)
    if (g->name == name) return g;
  return nullptr;
}

std::string Shown(const Findings& findings) {
  std::string out = findings.empty() ? "(a pass)\n" : "";
  for (const json& f : findings) out += f.dump() + "\n";
  return out;
}

// What a secret wraps, or the value itself.
json& Unwrap(json& value) {
  const bool secret = value.is_object() && value.value(std::string(kSignatureKey), "") == kSecretSignature;
  return secret ? Unwrap(value["value"]) : value;
}

void Set(json& at, std::span<const Path::Segment> rest, const json& to) {
  json& value = Unwrap(at);
  if (rest.empty()) {
    value = to;
  } else if (rest.front().is_index()) {
    Set(value[rest.front().index], rest.subspan(1), to);
  } else {
    Set(value[std::string(rest.front().key)], rest.subspan(1), to);
  }
}

json ToJson(const NewValue& value) {
  return std::visit([](const auto& v) { return json(v); }, value);
}

class CaseTest : public ::testing::Test {
 public:
  CaseTest(std::string rule, Case test) : rule_(std::move(rule)), case_(std::move(test)) {}

  void TestBody() override {
    const Guardrail* guardrail = Find(rule_);
    ASSERT_NE(guardrail, nullptr) << "the pack has no rule " << rule_;
    const auto pack = Only(*guardrail, case_.spec.value("config", json::object()));
    if (case_.spec.contains("configError")) {
      ASSERT_FALSE(pack.ok());
      EXPECT_EQ(std::string(pack.status().message()), case_.spec["configError"]);
      return;
    }
    ASSERT_TRUE(pack.ok()) << pack.status();
    pack_ = *pack;
    ASSERT_NO_FATAL_FAILURE(Evaluate());
  }

 private:
  void Evaluate() {
    stack_ = Read(case_.list);
    ASSERT_NE(stack_, nullptr);
    const Findings found = Judge(*pack_, *stack_);
    const json& expect = case_.spec.at("expect");
    EXPECT_EQ(Shown(found), Shown(Findings(expect.begin(), expect.end())));
    ExpectSameInAnyOrder(found);
    if (!case_.spec.contains("engine") && !stack_->facts().partial) {
      EXPECT_EQ(Shown(JudgeAsEngine(*pack_, *stack_)), Shown(WithoutNotApplicable(found))) << "as the engine asks";
    }
    ExpectSameInSecret(found);
    ExpectRemedied();
  }

  std::unique_ptr<const Stack> Read(const json& list) {
    InputOptions options;
    options.kind = InputKind::kResources;
    auto read = ReadStack(list.dump(), rule_, options);
    EXPECT_TRUE(read.ok()) << read.status();
    if (!read.ok()) return nullptr;
    keep_.push_back(std::move(read->stack));
    return Copied(*keep_.back(), 0, case_.spec.value("partial", false));
  }

  void ExpectSameInAnyOrder(const Findings& found) {
    for (const unsigned seed : {1u, 2u, 3u})
      EXPECT_EQ(Shown(Judge(*pack_, *Copied(*stack_, seed, false))), Shown(found)) << "in another order";
  }

  // Where each verdict is, without what secrets hide of the path.
  static std::set<std::string> Places(const Findings& findings) {
    std::set<std::string> out;
    for (const json& f : findings) {
      const std::string property = f.value("property", "");
      out.insert(f.value("verdict", "") + " " + f.value("resource", "") + " " +
                 property.substr(0, property.find_first_of(".[")));
    }
    return out;
  }

  // What a message may hold although a property holds it too: names, settings, and the rule's own words.
  bool MayBeSaid(const std::string& text) const {
    const Guardrail& g = *Find(rule_);
    std::string sayable = case_.spec.value("config", json::object()).dump() + case_.list.value("stack", "");
    for (const auto* own : {&g.description, &g.how_to_fix, &g.failing, &g.passing}) sayable += *own;
    for (const ConfigKey& key : g.config) sayable += key.default_json;
    for (const Resource& r : stack_->resources()) sayable.append(r.name).append(" ").append(r.type).append(" ");
    return sayable.find(text) != std::string::npos;
  }

  void ExpectSameInSecret(const Findings& found) {
    const auto secret = Read(MadeSecret(case_.list));
    ASSERT_NE(secret, nullptr);
    const Findings judged = Judge(*pack_, *secret);
    if (!case_.spec.contains("openly")) {
      EXPECT_EQ(Places(judged), Places(found)) << "with secret values";
    }
    for (const std::string& text : TextsOf(case_.list, kTellingLength))
      if (!MayBeSaid(text)) {
        EXPECT_THAT(Shown(judged), Not(HasSubstr(text))) << "a secret is told";
      }
  }

  std::vector<RemedyOf> RemediesOf(const Stack& stack, const Resource& resource) const {
    auto remedies = Remedies(*pack_, stack, resource, true);
    EXPECT_TRUE(remedies.ok()) << remedies.status();
    return remedies.ok() ? *std::move(remedies) : std::vector<RemedyOf>();
  }

  void ExpectRemedied() {
    json remedied = case_.list, remedies = json::array();
    for (const Resource& r : stack_->resources())
      for (const RemedyOf& remedy : RemediesOf(*stack_, r))
        for (const Change& change : remedy.remedy.changes()) {
          remedies.push_back(Written(r, change));
          Apply(r, change, remedied);
        }
    if (case_.spec.contains("remedy")) {
      EXPECT_EQ(remedies.dump(1), case_.spec["remedy"].dump(1));
    }
    ExpectNothingLeft(remedied, remedies);
  }

  static json Written(const Resource& r, const Change& change) {
    return {{"resource", r.name},
            {"property", change.path.ToString()},
            {"value", ToJson(change.value)},
            {"why", change.why.str()}};
  }

  static void Apply(const Resource& r, const Change& change, json& list) {
    for (json& resource : list["resources"])
      if (resource["urn"] == r.urn)
        Set(resource[resource.contains("properties") ? "properties" : "inputs"], change.path.segments(),
            ToJson(change.value));
  }

  void ExpectNothingLeft(const json& remedied, const json& remedies) {
    const auto stack = Read(remedied);
    ASSERT_NE(stack, nullptr);
    for (const Resource& r : stack->resources())
      EXPECT_TRUE(RemediesOf(*stack, r).empty()) << "remedied twice: " << r.name;
    for (const json& f : Judge(*pack_, *stack))
      for (const json& change : remedies)
        EXPECT_FALSE(f["verdict"] == "violation" && f.value("resource", "") == change["resource"] &&
                     f.value("property", "") == change["property"])
            << "remedied, and still wrong: " << f;
  }

  const std::string rule_;
  const Case case_;
  ConfiguredPackPtr pack_;
  std::vector<std::unique_ptr<const Stack>> keep_;
  std::unique_ptr<const Stack> stack_;
};

class BrokenFile : public ::testing::Test {
 public:
  explicit BrokenFile(std::string error) : error_(std::move(error)) {}
  void TestBody() override { FAIL() << error_; }

 private:
  const std::string error_;
};

std::string AsTestName(std::string text) {
  for (char& c : text)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return text;
}

template <class Make>
void Register(const std::string& rule, const std::string& name, Make make) {
  ::testing::RegisterTest(AsTestName(rule).c_str(), AsTestName(name).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [make]() -> ::testing::Test* { return make(); });
}

[[maybe_unused]] const bool kRegistered = [] {
  for (const CaseFile& file : CaseFiles()) {
    if (!file.error.empty()) {
      Register(file.rule, "can be read", [error = file.error] { return new BrokenFile(error); });
    }
    for (const Case& test : file.cases)
      Register(file.rule, test.name, [rule = file.rule, test] { return new CaseTest(rule, test); });
  }
  return true;
}();

}  // namespace
}  // namespace fastcart::testing
