// Waivers over gRPC's calls: what is waived is an advisory, what lapsed says so, what matches nothing is told at the end.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/plugin/session.h"
#include "analyzer/waive/digest.h"
#include "tests/plugin/fake_pack.h"
#include "tests/plugin/requests.h"

namespace guardrails {
namespace {

using nlohmann::json;
using pulumirpc::AnalyzeResponse;
using testing::Inputs;
using testing::kBox;
using testing::kKey;
using testing::kUnknown;
using testing::Outputs;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr Date kToday = std::chrono::year(2026) / std::chrono::June / 1;

struct Waived {
  std::string rule, resource, value, expires = "2026-06-30";
};

// The digest of what `rule` finds at the property.
std::string DigestOf(std::string_view rule, std::string_view property, Value found, std::optional<Text> words = std::nullopt) {
  Finding f;
  for (const Guardrail* g : testing::FakePack().guardrails)
    if (g->name == rule) f.guardrail = g;
  if (!property.empty()) f.path = Path(property);
  f.found = found;
  f.found_text = std::move(words);
  return PlainDigest(f).value();
}
const std::string kNotEncrypted = DigestOf("box-encrypted", "encrypted", Value::Bool(false));
const std::string kHasNoKey = DigestOf("has-key", "", Value(), Text("has no key"));
const std::string kNoSuchKey = DigestOf("box-key", "key", Value::String("elsewhere"));

class WaiverTest : public ::testing::Test {
 protected:
  void Waive(const std::vector<Waived>& waivers) {
    text_ = "waivers:\n";
    for (const Waived& w : waivers)
      text_ += fmt::format("- {{rule: {}, resource: {}, value: '{}', expires: {}, owner: data team, reason: until the launch}}\n",
                           w.rule, w.resource, w.value, w.expires);
  }
  AnalyzeResponse Analyze(const std::string& name, const json& inputs) {
    return Parse(session_.Analyze(testing::Bytes(Inputs(kBox, name, inputs))));
  }
  AnalyzeResponse AnalyzeStack(const std::vector<pulumirpc::AnalyzerResource>& resources) {
    pulumirpc::AnalyzeStackRequest request;
    for (const auto& resource : resources) *request.add_resources() = resource;
    return Parse(session_.AnalyzeStack(testing::Bytes(request)));
  }
  static AnalyzeResponse Parse(const absl::StatusOr<std::string>& bytes) {
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    AnalyzeResponse out;
    EXPECT_TRUE(bytes.ok() && out.ParseFromString(*bytes));
    return out;
  }
  static std::vector<std::string> Said(const AnalyzeResponse& response) {
    std::vector<std::string> out;
    for (const auto& d : response.diagnostics())
      out.push_back(d.policyname() + " " + pulumirpc::EnforcementLevel_Name(d.enforcementlevel()) + ": " + d.message());
    return out;
  }

  std::string text_ = "waivers: []";
  Session session_{testing::FakePack(), [](const char*) -> const char* { return nullptr; },
                   [this] { return ParseWaivers(text_, "pack/waivers.yaml", testing::FakePack(), kToday); }};
};

const json kBadBox = {{"encrypted", false}, {"limit", 3}, {"owner", "me"}, {"key", kUnknown}};

TEST_F(WaiverTest, AWaivedViolationIsAnAdvisoryThatSaysWho) {
  Waive({{"box-encrypted", "b", kNotEncrypted}});
  EXPECT_THAT(Said(Analyze("b", kBadBox)),
              ElementsAre("box-encrypted ADVISORY: b: encrypted is false; wanted: true. Fix: set encrypted=True "
                          "Waived until 2026-06-30 by data team (until the launch)."));
  EXPECT_THAT(Said(Analyze("other", kBadBox)), ElementsAre(HasSubstr("box-encrypted MANDATORY: other: ")));
}

TEST_F(WaiverTest, OneThatLapsedSaysSoOnWhatItCovered) {
  struct Case {
    Waived waived;
    const char* words;
  };
  for (const Case& c : {Case{{"box-encrypted", "b", kNotEncrypted, "2026-05-31"}, "(waivers.yaml:2) expired on 2026-05-31."},
                        Case{{"box-encrypted", "b", kNoSuchKey}, "(waivers.yaml:2) was granted for another value."}}) {
    Waive({c.waived});
    Session session(testing::FakePack(), [](const char*) -> const char* { return nullptr; },
                    [this] { return ParseWaivers(text_, "pack/waivers.yaml", testing::FakePack(), kToday); });
    const auto said = Said(Parse(session.Analyze(testing::Bytes(Inputs(kBox, "b", kBadBox)))));
    ASSERT_EQ(said.size(), 1u);
    EXPECT_THAT(said[0], ::testing::StartsWith("box-encrypted MANDATORY: "));
    EXPECT_THAT(said[0], EndsWith(c.words));
  }
}

TEST_F(WaiverTest, WhatTheStackPassFindsIsWaivedAsWell) {
  Waive({{"has-key", "shop-dev", kHasNoKey}, {"box-key", "b", kNoSuchKey}});
  json box = kBadBox;
  box["encrypted"] = true;
  box["key"] = "elsewhere";
  Analyze("b", box);
  for (const std::string& said : Said(AnalyzeStack({Outputs(kBox, "b", box)}))) {
    EXPECT_THAT(said, HasSubstr(" ADVISORY: "));
    EXPECT_THAT(said, EndsWith("Waived until 2026-06-30 by data team (until the launch)."));
  }
}

TEST_F(WaiverTest, OneThatMatchesNothingInTheWholeRunIsToldOnce) {
  Waive({{"box-encrypted", "b", kNotEncrypted}, {"box-encrypted", "nobody", kNotEncrypted}, {"has-key", "shop-dev", kHasNoKey}});
  EXPECT_THAT(Said(Analyze("b", kBadBox)), ElementsAre(Not(HasSubstr("matches nothing"))));
  EXPECT_THAT(Said(Analyze("c", kBadBox)), ElementsAre(Not(HasSubstr("matches nothing"))));
  const auto said = Said(AnalyzeStack({Outputs(kKey, "k", {})}));
  EXPECT_THAT(said, UnorderedElementsAre(
                        "box-encrypted ADVISORY: The waiver of data team (waivers.yaml:3) matches nothing; remove it.",
                        "has-key ADVISORY: The waiver of data team (waivers.yaml:4) matches nothing; remove it."));
}

TEST_F(WaiverTest, ARuleThatAllowsNoWaiversFailsAllTheSame) {
  Waive({{"box-encrypted", "b", kNotEncrypted}});
  pulumirpc::ConfigureAnalyzerRequest request;
  auto& config = (*request.mutable_policyconfig())["box-encrypted"];
  config.set_enforcementlevel(pulumirpc::MANDATORY);
  *config.mutable_properties() = testing::ToStruct({{"waivable", false}});
  ASSERT_TRUE(session_.Configure(request).ok());
  EXPECT_THAT(Said(Analyze("b", kBadBox)),
              ElementsAre(EndsWith("does not count: the policy configuration allows none from box-encrypted.")));
}

TEST_F(WaiverTest, ABadFileStopsTheConfiguration) {
  text_ = "waivers:\n- {rule: box-encripted}\n";
  const absl::Status status = session_.Configure({});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("pack/waivers.yaml:2: \"box-encripted\" is no guardrail"));
  EXPECT_FALSE(session_.Analyze(testing::Bytes(Inputs(kBox, "b", kBadBox))).ok()) << "it is never ignored";
  text_ = "waivers: []";
  EXPECT_TRUE(session_.Configure({}).ok());
}

// A rule in the middle of whose work something else happens, once.
class Meanwhile final : public Rule {
 public:
  static inline std::function<void()> happens;
  void CheckResource(const Subject&, Sink&) const override {
    if (happens) std::exchange(happens, nullptr)();
  }
};

TEST_F(WaiverTest, ACallThatBeganWithOtherWaiversLeavesNoStateOfThem) {
  Guardrail meanwhile;
  meanwhile.name = "meanwhile";
  meanwhile.types = {kBox};
  meanwhile.subject = "box";
  meanwhile.make = Make<Meanwhile>;
  std::vector<const Guardrail*> guardrails(testing::FakePack().guardrails.begin(), testing::FakePack().guardrails.end());
  guardrails.push_back(&meanwhile);
  Pack pack = testing::FakePack();
  pack.guardrails = guardrails;
  Session session(pack, [](const char*) -> const char* { return nullptr; },
                  [&] { return ParseWaivers(text_, "pack/waivers.yaml", pack, kToday); });
  Waive({{"box-encrypted", "nobody", kNotEncrypted}, {"box-encrypted", "nobody-else", kNotEncrypted}});
  ASSERT_TRUE(session.Configure({}).ok());
  Meanwhile::happens = [&] {
    Waive({{"box-encrypted", "new", kNotEncrypted}});
    EXPECT_TRUE(session.Configure({}).ok());
  };
  Parse(session.Analyze(testing::Bytes(Inputs(kBox, "b", kBadBox))));
  ASSERT_EQ(Meanwhile::happens, nullptr) << "it happened";
  pulumirpc::AnalyzeStackRequest request;
  *request.add_resources() = Outputs(kKey, "k", {});
  EXPECT_THAT(Said(Parse(session.AnalyzeStack(testing::Bytes(request)))),
              ::testing::Contains("box-encrypted ADVISORY: The waiver of data team (waivers.yaml:2) matches nothing; remove it."));
  EXPECT_THAT(Said(Parse(session.AnalyzeStack(testing::Bytes(request)))), Not(::testing::Contains(HasSubstr("waivers.yaml:3"))));
}

TEST_F(WaiverTest, WhatAnalyzeSaidOfAWaivedResourceIsNotSaidAgain) {
  Waive({{"box-key", "b", DigestOf("box-key", "owner", Value())}});
  json box = kBadBox;
  box["encrypted"] = true;
  box.erase("owner");
  EXPECT_THAT(Said(Analyze("b", box)), ElementsAre(HasSubstr("Waived until")));
  EXPECT_THAT(Said(AnalyzeStack({Outputs(kKey, "k", {}), Outputs(kBox, "b", box)})),
              ElementsAre(HasSubstr("box-key ADVISORY: b: key: not decided")));
}

}  // namespace
}  // namespace guardrails
