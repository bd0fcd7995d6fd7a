// What must hold for every stack, shown on random ones with fixed seeds: all rules at once, many faults at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_replace.h"
#include "analyzer/evaluate/evaluate.h"
#include "analyzer/input/input.h"
#include "analyzer/policy/config.h"
#include "analyzer/report/format.h"
#include "analyzer/value/encoding.h"
#include "policies/pack.h"
#include "tests/random/engine.h"
#include "tests/random/normal.h"
#include "tests/random/programs.h"
#include "tests/random/stacks.h"

namespace fastcart::testing {
namespace {

using namespace guardrails;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

std::unique_ptr<const Stack> Read(const json& list) {
  InputOptions options;
  options.kind = InputKind::kResources;
  auto read = ReadStack(list.dump(), "stack", options);
  EXPECT_TRUE(read.ok()) << read.status();
  return read.ok() ? std::move(read->stack) : nullptr;
}

std::shared_ptr<const ConfiguredPack> Pack() {
  static const auto kPack = ConfiguredPack::Make(FastCartPack(), {}).value();
  return kPack;
}

// One verdict, without and with its words.
struct Word {
  std::string policy, urn, property;
  Verdict verdict;
  std::string message;
  auto Key() const { return std::tie(policy, urn, property, verdict, message); }
  bool operator<(const Word& other) const { return Key() < other.Key(); }
};
using Words = std::multiset<Word>;

Words Judge(const Stack& stack) {
  Words out;
  for (const Finding& f : EvaluateStack(*Pack(), stack, {}).findings)
    out.insert({std::string(f.guardrail->name), f.resource ? std::string(f.resource->urn) : "", f.path.ToString(),
                f.verdict, Message(f).str()});
  return out;
}
Words Judge(const json& list) { return Judge(*Read(list)); }

std::string Shown(const Words& words) {
  std::string out;
  for (const Word& w : words) out += w.policy + " " + w.urn + ": " + w.message + "\n";
  return out;
}

class Stacks : public ::testing::TestWithParam<unsigned> {
 protected:
  static constexpr unsigned kOfATest = 25;
  // Calls `each` with a random stack, and with what else is to be random.
  template <class Each>
  static void ForEach(Each each) {
    for (unsigned i = 0; i < kOfATest; ++i) {
      const unsigned seed = 100000 + GetParam() * kOfATest + i;
      const RandomStack stack = MakeRandomStack(seed);
      SCOPED_TRACE(stack.what);
      Random random(seed + 1);
      each(stack.list, random);
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Seeds, Stacks, ::testing::Range(0U, 5U));

TEST_P(Stacks, AreJudgedTheSameInAnyOrder) {
  ForEach([](json list, Random& random) {
    const std::string before = Shown(Judge(list));
    json& resources = list["resources"];
    for (std::size_t i = resources.size(); i > 1; --i) std::swap(resources[i - 1], resources[random.Below(i)]);
    EXPECT_EQ(Shown(Judge(list)), before);
  });
}

// Prefixes the logical name of all but providers, in every URN too. The order of names stays, and so does their end.
json Renamed(const json& list, const std::string& prefix) {
  std::vector<std::pair<std::string, std::string>> urns;
  json out = list;
  for (json& r : out["resources"]) {
    const std::string urn = r["urn"], name = r["name"];
    if (r["type"].get<std::string>().starts_with("pulumi:") || !urn.ends_with("::" + name)) continue;
    r["name"] = prefix + name;
    urns.emplace_back("\"" + urn + "\"", "\"" + urn.substr(0, urn.size() - name.size()) + prefix + name + "\"");
  }
  const json names = out["resources"];
  out = json::parse(absl::StrReplaceAll(out.dump(), urns));
  for (std::size_t i = 0; i < names.size(); ++i) out["resources"][i]["name"] = names[i]["name"];
  return out;
}

TEST_P(Stacks, AreJudgedTheSameWhateverTheirResourcesAreCalled) {
  const std::string prefix = "zz~";
  ForEach([&](const json& list, Random&) {
    const std::string renamed = Shown(Judge(Renamed(list, prefix)));
    EXPECT_EQ(absl::StrReplaceAll(renamed, {{prefix, ""}}), Shown(Judge(list)));
  });
}

bool IsViolation(const Word& word) { return word.verdict == Verdict::kViolation; }
bool IsOpen(const Word& word) { return word.verdict == Verdict::kUndecided; }

// What becomes unknown can leave a rule undecided; nothing new is wrong, and what was wrong does not pass: it is wrong
// or undecided, or something else is undecided that was not, on which it depends.
TEST_P(Stacks, NeverFindAValueWrongOrRightBecauseItIsUnknown) {
  ForEach([](const json& list, Random& random) {
    const Place place = RandomPlace(list, random);
    if (place.path.empty()) return;
    json veiled = list;
    Put(veiled, place, kUnknownString);
    SCOPED_TRACE("unknown: " + InWords(list, place));
    const Words before = Judge(list), after = Judge(veiled);
    std::set<std::pair<std::string, std::string>> wrong, still;
    std::set<std::string> opened;
    for (const Word& w : before) {
      if (IsViolation(w)) wrong.insert({w.policy, w.urn});
    }
    for (const Word& w : after) {
      if (w.verdict != Verdict::kViolation && w.verdict != Verdict::kUndecided) continue;
      if (IsViolation(w)) {
        EXPECT_TRUE(wrong.contains({w.policy, w.urn})) << "invented: " << w.message;
      }
      still.insert({w.policy, w.urn});
      if (IsOpen(w) && !before.contains(w)) opened.insert(w.policy);
    }
    for (const auto& [policy, urn] : wrong)
      EXPECT_TRUE(still.contains({policy, urn}) || opened.contains(policy)) << "hidden: " << policy << " " << urn;
  });
}

constexpr const char* kPlanted = "pLaNtEd-7f3a";

// Every format that a report has, and every word that the engine hears.
TEST_P(Stacks, NeverTellASecret) {
  ForEach([](json list, Random& random) {
    for (int i = 0; i < 8; ++i) {
      const Place place = RandomPlace(list, random);
      if (place.path.empty()) continue;
      const json value = At(list, place);
      const bool inside = value.is_string() && random.OneIn(2);
      Put(list, place, Secret(inside ? value.get<std::string>() + kPlanted : std::string(kPlanted)));
    }
    Report report{Pack(), FailOn::kMandatory, true, {}};
    FileReport file{"stack.json", "resources", Read(list), {}, {}, {}};
    ASSERT_NE(file.stack, nullptr);
    file.results = EvaluateStack(*Pack(), *file.stack, {});
    for (const Resource& r : file.stack->resources())
      file.fixes.push_back({&r, Remedies(*Pack(), *file.stack, r, true).value()});
    report.files.push_back(std::move(file));
    for (const Format& format : Formats())
      EXPECT_THAT(format.write(report, {}), Not(HasSubstr(kPlanted))) << format.name;
  });
}

// The properties in which two bags differ.
std::set<std::string> Changed(const json& before, const json& after) {
  std::set<std::string> out;
  for (const json* all : {&before, &after})
    for (const auto& [key, value] : all->items())
      if (!before.contains(key) || !after.contains(key) || before[key] != after[key]) out.insert(key);
  return out;
}

json RemediateAll() { return {{"all", "remediate"}}; }

// Through the protocol: each remediation changes what it names and nothing else, and a second one finds nothing to do.
TEST_P(Stacks, AreRemediatedOnceAndChangedNowhereElse) {
  ForEach([](const json& list, Random&) {
    Engine first(Boot(), list, RemediateAll());
    first.Judge();
    ASSERT_EQ(first.error(), "");
    for (const Remediated& r : first.remediated()) {
      EXPECT_NE(r.before, r.after) << r.policy;
      for (const std::string& key : Changed(r.before, r.after))
        EXPECT_THAT("; " + r.description, HasSubstr("; " + key)) << r.policy << " changed more than it says: " << r.urn;
    }
    Engine second(Boot(), first.list(), RemediateAll());
    second.Judge();
    for (const Remediated& r : second.remediated())
      ADD_FAILURE() << "remediated twice: " << r.policy << " " << r.urn << ": " << r.description;
  });
}

}  // namespace
}  // namespace fastcart::testing
