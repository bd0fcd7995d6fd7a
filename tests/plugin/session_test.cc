#include "analyzer/plugin/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "analyzer/value/encoding.h"
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
using testing::Secret;
using testing::UrnOf;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

std::map<std::string, std::string>& FakeEnvironment() {
  static std::map<std::string, std::string> environment;
  return environment;
}
const char* Lookup(const char* name) {
  const auto at = FakeEnvironment().find(name);
  return at == FakeEnvironment().end() ? nullptr : at->second.c_str();
}

template <class Response>
Response Parse(const absl::StatusOr<std::string>& bytes) {
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  Response out;
  EXPECT_TRUE(bytes.ok() && out.ParseFromString(*bytes));
  return out;
}

// "policy LEVEL urn" of every diagnostic.
std::vector<std::string> Said(const AnalyzeResponse& response) {
  std::vector<std::string> out;
  for (const auto& d : response.diagnostics())
    out.push_back(d.policyname() + " " + pulumirpc::EnforcementLevel_Name(d.enforcementlevel()));
  return out;
}

template <class Response>
std::map<std::string, std::string> NotApplicable(const Response& response) {
  std::map<std::string, std::string> out;
  for (const auto& n : response.not_applicable()) out[n.policy_name()] = n.reason();
  return out;
}

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() { FakeEnvironment().clear(); }

  AnalyzeResponse Analyze(const pulumirpc::AnalyzeRequest& request) {
    return Parse<AnalyzeResponse>(session_.Analyze(testing::Bytes(request)));
  }
  AnalyzeResponse AnalyzeStack(const std::vector<pulumirpc::AnalyzerResource>& resources) {
    return Parse<AnalyzeResponse>(session_.AnalyzeStack(Stack(resources)));
  }
  pulumirpc::RemediateResponse Remediate(const pulumirpc::AnalyzeRequest& request) {
    return Parse<pulumirpc::RemediateResponse>(session_.Remediate(testing::Bytes(request)));
  }
  static RequestBytes Stack(const std::vector<pulumirpc::AnalyzerResource>& resources) {
    pulumirpc::AnalyzeStackRequest request;
    for (const auto& resource : resources) *request.add_resources() = resource;
    return testing::Bytes(request);
  }
  void Configure(const std::string& policy, pulumirpc::EnforcementLevel level,
                 const json& properties = json::object()) {
    pulumirpc::ConfigureAnalyzerRequest request;
    auto& config = (*request.mutable_policyconfig())[policy];
    config.set_enforcementlevel(level);
    *config.mutable_properties() = testing::ToStruct(properties);
    ASSERT_TRUE(session_.Configure(request).ok());
  }

  Session session_{testing::FakePack(), Lookup};
};

const json kGoodBox = {{"encrypted", true}, {"limit", 3}, {"owner", "me"}};
json Box(const json& changes) {
  json out = kGoodBox;
  out.update(changes);
  return out;
}

TEST_F(SessionTest, ACompliantResourceGetsNoDiagnostic) {
  EXPECT_THAT(Said(Analyze(Inputs(kKey, "k", {}))), IsEmpty());
}

TEST_F(SessionTest, AViolationIsADiagnosticWithAllItsFields) {
  const AnalyzeResponse response = Analyze(Inputs(kBox, "b", Box({{"encrypted", false}})));
  ASSERT_EQ(response.diagnostics_size(), 2);  // box-key: there is none
  const auto& d = response.diagnostics(0);
  EXPECT_EQ(d.policyname(), "box-encrypted");
  EXPECT_EQ(d.policypackname(), "fake-pack");
  EXPECT_EQ(d.policypackversion(), "1.2.3");
  EXPECT_EQ(d.description(), "Every box is encrypted.");
  EXPECT_EQ(d.message(), "b: encrypted is false; wanted: true. Fix: set encrypted=True");
  EXPECT_EQ(d.enforcementlevel(), pulumirpc::MANDATORY);
  EXPECT_EQ(d.severity(), pulumirpc::POLICY_SEVERITY_HIGH);
  EXPECT_EQ(d.urn(), UrnOf(kBox, "b"));
}

struct LevelCase {
  pulumirpc::EnforcementLevel configured;
  std::vector<std::string> said;
};
class LevelTest : public SessionTest, public ::testing::WithParamInterface<LevelCase> {};

TEST_P(LevelTest, DecidesWhatIsSent) {
  Configure("box-encrypted", GetParam().configured);
  auto said = Said(Analyze(Inputs(kBox, "b", Box({{"encrypted", false}, {"key", kUnknown}}))));
  EXPECT_EQ(said, GetParam().said);
}
INSTANTIATE_TEST_SUITE_P(All, LevelTest,
                         ::testing::Values(LevelCase{pulumirpc::ADVISORY, {"box-encrypted ADVISORY"}},
                                           LevelCase{pulumirpc::MANDATORY, {"box-encrypted MANDATORY"}},
                                           LevelCase{pulumirpc::REMEDIATE, {"box-encrypted MANDATORY"}},
                                           LevelCase{pulumirpc::DISABLED, {}}));

TEST_F(SessionTest, ANoteIsAnAdvisoryOfAMandatoryRule) {
  Configure("box-limit", pulumirpc::MANDATORY);
  EXPECT_THAT(Said(Analyze(Inputs(kBox, "b", Box({{"debug", 1}, {"key", kUnknown}})))),
              ElementsAre("box-limit ADVISORY"));
}

TEST_F(SessionTest, PropertiesOfTheConfigurationAreObeyed) {
  Configure("box-limit", pulumirpc::MANDATORY, {{"minimum", 4}});
  EXPECT_THAT(Said(Analyze(Inputs(kBox, "b", Box({{"key", kUnknown}})))), ElementsAre("box-limit MANDATORY"));
}

TEST_F(SessionTest, TheEngineSendsNamesThatWeDoNotKnowAndAll) {
  Configure("all", pulumirpc::DISABLED, {{"minimum", "x"}});
  Configure("other", pulumirpc::ADVISORY, {{"minimum", "x"}});
  EXPECT_THAT(Said(Analyze(Inputs(kBox, "b", Box({{"encrypted", false}, {"key", kUnknown}})))),
              ElementsAre("box-encrypted MANDATORY"));
}

struct BadConfig {
  json properties;
  int level;
  std::string named;
};
class BadConfigTest : public SessionTest, public ::testing::WithParamInterface<BadConfig> {};

TEST_P(BadConfigTest, IsInvalidArgumentAndChangesNothing) {
  pulumirpc::ConfigureAnalyzerRequest request;
  auto& config = (*request.mutable_policyconfig())["box-limit"];
  config.set_enforcementlevel(static_cast<pulumirpc::EnforcementLevel>(GetParam().level));
  *config.mutable_properties() = testing::ToStruct(GetParam().properties);
  const absl::Status status = session_.Configure(request);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("box-limit"), HasSubstr(GetParam().named)));
  EXPECT_THAT(Said(Analyze(Inputs(kBox, "b", Box({{"limit", 2}, {"key", kUnknown}})))),
              ElementsAre("box-limit ADVISORY"));
}
INSTANTIATE_TEST_SUITE_P(All, BadConfigTest,
                         ::testing::Values(BadConfig{{{"minimum", "two"}}, 1, "minimum"},
                                           BadConfig{{{"minimum", 0}}, 1, "minimum"},
                                           BadConfig{{{"minimum", 1.5}}, 1, "minimum"},
                                           BadConfig{{{"maximum", 9}}, 1, "maximum"},
                                           BadConfig{json::object(), 7, "enforcementLevel"}));

TEST_F(SessionTest, WhatDoesNotApplyIsReportedWithTheReason) {
  EXPECT_THAT(NotApplicable(Analyze(Inputs(kKey, "k", {}))),
              UnorderedElementsAre(Pair("box-encrypted", "this is no box"), Pair("box-key", "this is no box"),
                                   Pair("box-limit", "this is no box"), Pair("breaks", "this is no box"),
                                   Pair("slow", "this is no box")));
  EXPECT_THAT(NotApplicable(Analyze(Inputs(kBox, "b", Box({{"lazy", true}})))),
              ElementsAre(Pair("box-limit", "a lazy box has no limit")));
  EXPECT_THAT(NotApplicable(AnalyzeStack({Outputs(kKey, "k", {})})), Contains(Pair("breaks", "the stack has no box")));
}

TEST_F(SessionTest, ADisabledRuleIsNotReportedAsNotApplicable) {
  Configure("box-key", pulumirpc::DISABLED);
  EXPECT_THAT(NotApplicable(Analyze(Inputs(kKey, "k", {}))), Not(Contains(Pair("box-key", ::testing::_))));
}

// box-key cannot be told from the box alone.
TEST_F(SessionTest, WhatAnalyzeCannotDecideIsSettledByTheStackWithoutAWordBetween) {
  const AnalyzeResponse alone = Analyze(Inputs(kBox, "b", Box({{"key", kUnknown}})));
  EXPECT_THAT(Said(alone), IsEmpty());
  EXPECT_THAT(NotApplicable(alone), ElementsAre(Pair("box-key", "decided later, with the whole stack")));

  auto box = Outputs(kBox, "b", Box({{"key", kUnknown}}));
  (*box.mutable_propertydependencies())["key"].add_urns(UrnOf(kKey, "k"));
  EXPECT_THAT(Said(AnalyzeStack({box, Outputs(kKey, "k", {})})), IsEmpty());
}

TEST_F(SessionTest, WhatTheStackDisprovesIsAViolation) {
  Analyze(Inputs(kBox, "b", Box({{"key", "outside"}})));
  EXPECT_THAT(Said(AnalyzeStack({Outputs(kBox, "b", Box({{"key", "outside"}})), Outputs(kKey, "k", {{"id", "k-1"}})})),
              ElementsAre("box-key MANDATORY"));
}

TEST_F(SessionTest, WhatStaysUnknownIsAnAdvisory) {
  Analyze(Inputs(kBox, "b", Box({{"key", kUnknown}})));
  const AnalyzeResponse response =
      AnalyzeStack({Outputs(kBox, "b", Box({{"key", kUnknown}})), Outputs(kKey, "k", {{"id", "k-1"}})});
  ASSERT_THAT(Said(response), ElementsAre("box-key ADVISORY"));
  EXPECT_THAT(response.diagnostics(0).message(), AllOf(HasSubstr("b: key"), HasSubstr("not decided")));
}

TEST_F(SessionTest, NothingIsSaidTwice) {
  json box = Box({{"key", kUnknown}});
  box.erase("owner");
  EXPECT_THAT(Said(Analyze(Inputs(kBox, "b", box))), ElementsAre("box-key MANDATORY"));
  EXPECT_THAT(Said(AnalyzeStack({Outputs(kBox, "b", box), Outputs(kKey, "k", {{"id", "k-1"}})})),
              ElementsAre("box-key ADVISORY"));  // the key, and not the owner again
}

TEST_F(SessionTest, ALaterAnalyzeOfTheSameResourceReplacesTheEarlier) {
  Analyze(Inputs(kBox, "b", Box({{"key", "outside"}})));
  EXPECT_THAT(Said(Analyze(Inputs(kBox, "b", kGoodBox))), ElementsAre("box-key MANDATORY"));  // now it is not set
  EXPECT_THAT(Said(AnalyzeStack({Outputs(kBox, "b", kGoodBox), Outputs(kKey, "k", {{"id", "k-1"}})})), IsEmpty());
}

TEST_F(SessionTest, AResourceThatIsGoneIsNotAskedAgain) {
  Analyze(Inputs(kBox, "b", Box({{"key", kUnknown}})));
  EXPECT_THAT(Said(AnalyzeStack({Outputs(kKey, "k", {})})), IsEmpty());
}

TEST_F(SessionTest, AStackRuleSpeaksOfTheStackWithoutAUrn) {
  const AnalyzeResponse response = AnalyzeStack({});
  ASSERT_THAT(Said(response), ElementsAre("has-key MANDATORY"));
  EXPECT_EQ(response.diagnostics(0).urn(), "");
}

TEST_F(SessionTest, TheStackPassSeesInputsAndOutputs) {
  // The provider's answer has a key that the program did not set.
  Analyze(Inputs(kBox, "b", Box({{"key", kUnknown}})));
  EXPECT_THAT(Said(AnalyzeStack({Outputs(kBox, "b", {{"id", "b-1"}, {"owner", nullptr}}), Outputs(kKey, "k", {})})),
              Not(Contains("box-key MANDATORY")));
}

TEST_F(SessionTest, InputsThatTheProviderFilledInAreKnownFromRemediate) {
  Remediate(Inputs(kBox, "b", Box({{"encrypted", false}, {"__defaults", {"encrypted"}}})));
  const AnalyzeResponse response = Analyze(Inputs(kBox, "b", Box({{"encrypted", false}, {"key", kUnknown}})));
  ASSERT_EQ(response.diagnostics_size(), 1);
  EXPECT_THAT(response.diagnostics(0).message(), HasSubstr("encrypted is not set"));
}

TEST_F(SessionTest, OnlyResourcesOfAProviderOfTheirPackageAreJudged) {
  auto component = Inputs(kBox, "b", {});
  component.mutable_provider()->set_type("pulumi:providers:other");
  EXPECT_THAT(Said(Analyze(component)), IsEmpty());
  auto misspelt = Inputs(kBox, "b", {});
  for (const char* type : {"pulumi:provider:test", ""}) {
    misspelt.mutable_provider()->set_urn("urn:pulumi:dev::shop::pulumi:providers:test::default");
    misspelt.mutable_provider()->set_type(type);
    EXPECT_EQ(session_.Analyze(testing::Bytes(misspelt)).status().message(), "provider.type: it is not the type of a provider");
  }
  auto no_provider = Inputs("cloud:Box", "b", {});
  no_provider.clear_provider();
  EXPECT_THAT(Said(Analyze(no_provider)), IsEmpty());
  auto token_of_a_provider = Inputs(kBox, "b", Box({{"key", kUnknown}, {"encrypted", false}}));
  token_of_a_provider.clear_provider();
  EXPECT_THAT(Said(Analyze(token_of_a_provider)), ElementsAre("box-encrypted MANDATORY"));
}

TEST_F(SessionTest, ARuleThatBreaksIsAnErrorThatNamesItAndTheResource) {
  const auto reply = session_.Analyze(testing::Bytes(Inputs(kBox, "bomb", kGoodBox)));
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(reply.status().message()),
              AllOf(HasSubstr("breaks"), HasSubstr(UrnOf(kBox, "bomb")), Not(HasSubstr("hunter2"))));
}

TEST_F(SessionTest, AStackRuleThatBreaksIsAnError) {
  auto root = Outputs("pulumi:pulumi:Stack", "shop-dev", {{"bomb", 1}});
  root.clear_provider();
  const auto reply = session_.AnalyzeStack(Stack({root}));
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(reply.status().message()), AllOf(HasSubstr("breaks"), HasSubstr("the stack")));
}

TEST_F(SessionTest, ARemediationThatBreaksIsAnError) {
  Configure("box-encrypted", pulumirpc::REMEDIATE);
  const auto reply = session_.Remediate(testing::Bytes(Inputs(kBox, "bomb", kGoodBox)));
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(reply.status().message()), AllOf(HasSubstr("box-encrypted"), HasSubstr("bomb")));
}

TEST_F(SessionTest, RemediatesOnlyAtThatLevel) {
  EXPECT_EQ(Remediate(Inputs(kBox, "b", {})).remediations_size(), 0);
  Configure("box-encrypted", pulumirpc::REMEDIATE);
  EXPECT_EQ(Remediate(Inputs(kBox, "b", {})).remediations_size(), 1);
  EXPECT_EQ(Remediate(Inputs(kKey, "k", {})).remediations_size(), 0);
}

TEST_F(SessionTest, ARemediationKeepsEverythingElseAsItCame) {
  Configure("box-encrypted", pulumirpc::REMEDIATE);
  const json before = {{"encrypted", Secret(false)}, {"labels", {"a"}},   {"password", Secret("x")},
                       {"later", kUnknown},          {"nothing", nullptr}, {"__defaults", {"later"}},
                       {"__internal", "y"},          {"list", {1, Secret(2), kUnknown}}};
  const auto response = Remediate(Inputs(kBox, "b", before));
  ASSERT_EQ(response.remediations_size(), 1);
  json after = before;
  after["encrypted"] = Secret(true);
  after["labels"] = {"a", "b"};
  after["options"] = {{"mode", "strict"}};
  EXPECT_EQ(ToJson(response.remediations(0).properties()), after);
  EXPECT_EQ(response.remediations(0).policyname(), "box-encrypted");
  EXPECT_EQ(response.remediations(0).policypackname(), "fake-pack");
  EXPECT_EQ(response.remediations(0).policypackversion(), "1.2.3");
  EXPECT_EQ(response.remediations(0).diagnostic(), "");
  EXPECT_EQ(response.remediations(0).description(),
            "encrypted: encrypted; options.mode: made strict; labels: labelled");
}

TEST_F(SessionTest, ASecondRemediationSendsNothing) {
  Configure("box-encrypted", pulumirpc::REMEDIATE);
  auto request = Inputs(kBox, "b", {{"labels", json::array()}});
  *request.mutable_properties() = Remediate(request).remediations(0).properties();
  EXPECT_EQ(Remediate(request).remediations_size(), 0);
  EXPECT_THAT(NotApplicable(Remediate(request)), Not(Contains(Pair("box-encrypted", ::testing::_))));
}

TEST_F(SessionTest, WhatARemediationSetIsNoDefaultAnyMore) {
  Configure("box-encrypted", pulumirpc::REMEDIATE);
  Remediate(Inputs(kBox, "b", Box({{"encrypted", false}, {"limit", 2}, {"__defaults", {"encrypted", "limit"}}})));
  // Another pack undid it: then it was set, not filled in.
  const AnalyzeResponse response = Analyze(Inputs(kBox, "b", Box({{"encrypted", false}, {"limit", 2}, {"key", "k"}})));
  ASSERT_EQ(response.diagnostics_size(), 2);
  EXPECT_THAT(response.diagnostics(0).message(), HasSubstr("encrypted is false"));
  EXPECT_THAT(response.diagnostics(1).message(), HasSubstr("limit is not set"));
}

TEST_F(SessionTest, AValueCannotColourTheTerminal) {
  const AnalyzeResponse response = Analyze(Inputs(kBox, "b", Box({{"limit", "<{%red%}>"}, {"key", "k"}})));
  ASSERT_EQ(response.diagnostics_size(), 1);
  EXPECT_THAT(response.diagnostics(0).message(), AllOf(HasSubstr("red"), Not(HasSubstr("<{%")), Not(HasSubstr("%}>"))));
}

TEST_F(SessionTest, ASecretIsJudgedButNotShown) {
  const AnalyzeResponse response = Analyze(Inputs(kBox, "b", Box({{"limit", Secret(2)}, {"key", Secret("hunter2")}})));
  ASSERT_THAT(Said(response), ElementsAre("box-limit ADVISORY"));
  EXPECT_THAT(response.diagnostics(0).message(), HasSubstr("limit is [secret]"));
  EXPECT_THAT(response.SerializeAsString(), Not(HasSubstr("hunter2")));
}

struct BadRequest {
  const char* what;
  void (*spoil)(pulumirpc::AnalyzeRequest&);
  std::string field;
};
class BadRequestTest : public SessionTest, public ::testing::WithParamInterface<BadRequest> {};

TEST_P(BadRequestTest, IsInvalidArgumentWithTheFieldsName) {
  auto request = Inputs(kBox, "b", {{"secret", Secret("hunter2")}});
  GetParam().spoil(request);
  for (const auto& reply : {session_.Analyze(testing::Bytes(request)), session_.Remediate(testing::Bytes(request))}) {
    EXPECT_EQ(reply.status().code(), absl::StatusCode::kInvalidArgument) << GetParam().what;
    EXPECT_THAT(std::string(reply.status().message()),
                AllOf(::testing::StartsWith(GetParam().field + ": "), Not(HasSubstr("hunter2"))));
  }
}
INSTANTIATE_TEST_SUITE_P(
    All, BadRequestTest,
    ::testing::Values(
        BadRequest{"no type", [](pulumirpc::AnalyzeRequest& r) { r.clear_type(); }, "type"},
        BadRequest{"no URN", [](pulumirpc::AnalyzeRequest& r) { r.clear_urn(); }, "urn"},
        BadRequest{"no such URN", [](pulumirpc::AnalyzeRequest& r) { r.set_urn("b"); }, "urn"},
        BadRequest{"a signature that nobody knows",
                   [](pulumirpc::AnalyzeRequest& r) {
                     *r.mutable_properties() = testing::ToStruct({{"x", {{std::string(kSignatureKey), "?"}}}});
                   },
                   "properties"},
        BadRequest{"properties that are no object",
                   [](pulumirpc::AnalyzeRequest& r) { *r.mutable_properties() = testing::ToStruct(Secret("hunter2")); },
                   "properties"},
        BadRequest{"a provider's property",
                   [](pulumirpc::AnalyzeRequest& r) {
                     *r.mutable_provider()->mutable_properties() =
                         testing::ToStruct({{"x", {{std::string(kSignatureKey), "?"}}}});
                   },
                   "provider.properties"}));

TEST_F(SessionTest, AMemberThatIsGivenTwiceIsRefused) {
  const auto twice = [this](auto add) {
    pulumirpc::AnalyzeRequest more;
    add(more);
    const auto request = Inputs(kBox, "b", kGoodBox).SerializeAsString() + more.SerializeAsString();
    return std::string(session_.Analyze(testing::Bytes(request + more.SerializeAsString())).status().message());
  };
  EXPECT_EQ(twice([](auto& more) { more.mutable_provider(); }), "provider: it is given twice");
  EXPECT_EQ(twice([](auto& more) { more.mutable_options()->set_parent(""); }), "options: it is given twice");
  EXPECT_EQ(twice([](auto& more) { more.mutable_properties(); }), "properties: it is given twice");
}

TEST_F(SessionTest, AnEscapeSequenceInANameDoesNotReachTheTerminal) {
  const AnalyzeResponse response = Analyze(Inputs(kBox, "b\x1b[2J", Box({{"encrypted", false}})));
  ASSERT_GT(response.diagnostics_size(), 0);
  for (const auto& d : response.diagnostics()) EXPECT_THAT(d.message(), AllOf(HasSubstr("b [2J"), Not(HasSubstr("\x1b"))));
}

TEST_F(SessionTest, GarbageIsInvalidArgument) {
  for (const char* bytes : {"\xff", "\x0a\x7f", "\x08\x01", "\x0b"}) {
    const RequestBytes request = testing::Bytes(std::string(bytes));
    for (const auto& reply : {session_.Analyze(request), session_.Remediate(request), session_.AnalyzeStack(request)})
      EXPECT_EQ(reply.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST_F(SessionTest, AResourceOfAStackIsNamedByItsPlace) {
  auto bad = Outputs(kBox, "b", {});
  bad.clear_urn();
  const auto reply = session_.AnalyzeStack(Stack({Outputs(kKey, "k", {}), bad}));
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(reply.status().message()), ::testing::StartsWith("resources[1]: urn: "));
}

TEST_F(SessionTest, AStackMayComeInPieces) {
  const RequestBytes whole = Stack({Outputs(kBox, "b", kGoodBox), Outputs(kBox, "c", {{"id", "c-1"}})});
  const auto expected = session_.AnalyzeStack(whole);
  ASSERT_TRUE(expected.ok());
  for (std::size_t size = 1; size < whole.bytes.size(); size += 7) {
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < whole.bytes.size(); at += size) pieces.push_back(whole.bytes.substr(at, size));
    InFlight call = session_.Begin();
    EXPECT_EQ(session_.AnalyzeStack({whole.owner, pieces}, call).value(), *expected) << size;
    EXPECT_TRUE(call.spent);
  }
}

TEST_F(SessionTest, EachResourceHasTheProviderThatIsWrittenThere) {
  auto first = Outputs(kBox, "b", kGoodBox), second = Outputs(kBox, "c", kGoodBox);
  *second.mutable_provider()->mutable_properties() = testing::ToStruct({{"x", "\xff"}});
  const auto reply = session_.AnalyzeStack(Stack({first, second}));
  EXPECT_THAT(std::string(reply.status().message()), ::testing::StartsWith("resources[1]: provider.properties: "));
}

TEST_F(SessionTest, PropertiesMayBeMissing) {
  auto request = Inputs("pulumi:pulumi:Stack", "shop-dev", {});
  request.clear_properties();
  request.clear_provider();
  EXPECT_THAT(Said(Analyze(request)), IsEmpty());
}

TEST_F(SessionTest, ABrokenEnvironmentIsAnError) {
  FakeEnvironment()["PULUMI_CONFIG"] = "{";
  const auto reply = session_.Analyze(testing::Bytes(Inputs(kBox, "b", kGoodBox)));
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(reply.status().message()), HasSubstr("PULUMI_CONFIG"));
}

TEST(StackSettingsTest, ComeFromConfigureStack) {
  pulumirpc::AnalyzerStackConfigureRequest request;
  request.set_stack("dev");
  request.set_project("shop");
  request.set_dry_run(true);
  (*request.mutable_config())["aws:region"] = "here";
  (*request.mutable_config())["shop:password"] = "hunter2";
  request.add_config_secret_keys("shop:password");
  const StackSettings settings = SettingsOf(request);
  StackFacts facts;
  settings.Describe(facts);
  EXPECT_EQ(facts.name, "dev");
  EXPECT_EQ(facts.project, "shop");
  EXPECT_TRUE(facts.preview);
  EXPECT_TRUE(facts.has_config);
  EXPECT_EQ(facts.config.at("aws:region").raw_string(), "here");
  EXPECT_FALSE(facts.config.at("aws:region").secret());
  EXPECT_TRUE(facts.config.at("shop:password").secret());
}

TEST(StackSettingsTest, ComeFromTheEnvironmentOfAnOlderCli) {
  FakeEnvironment() = {{"PULUMI_STACK", "dev"},
                       {"PULUMI_PROJECT", "shop"},
                       {"PULUMI_DRY_RUN", "true"},
                       {"PULUMI_CONFIG", R"({"aws:region": "here"})"}};
  const auto settings = SettingsFromEnvironment(Lookup);
  ASSERT_TRUE(settings.ok());
  StackFacts facts;
  settings->Describe(facts);
  EXPECT_EQ(facts.name, "dev");
  EXPECT_EQ(facts.project, "shop");
  EXPECT_TRUE(facts.preview);
  EXPECT_TRUE(facts.has_config);
  EXPECT_EQ(facts.config.at("aws:region").raw_string(), "here");
  EXPECT_TRUE(facts.config.at("aws:region").secret());  // nobody says which are
}

TEST(StackSettingsTest, AnEmptyEnvironmentSaysNothing) {
  FakeEnvironment().clear();
  const auto settings = SettingsFromEnvironment(Lookup);
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->stack, "");
  EXPECT_FALSE(settings->preview);
  EXPECT_FALSE(settings->given);
}

TEST_F(SessionTest, CancelEndsAStackPassThatCameBeforeAndStillWaits) {
  InFlight call = session_.Begin();
  session_.Cancel();
  EXPECT_EQ(session_.AnalyzeStack(Stack({}), call).status().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(session_.AnalyzeStack(Stack({})).ok());
}

TEST_F(SessionTest, CancelEndsAStackPassInFlightAndNoLaterOne) {
  testing::during_stack_pass = [this] { session_.Cancel(); };
  EXPECT_EQ(session_.AnalyzeStack(Stack({})).status().code(), absl::StatusCode::kCancelled);
  testing::during_stack_pass = nullptr;
  EXPECT_THAT(Said(AnalyzeStack({})), ElementsAre("has-key MANDATORY"));
}

// Enough resources for several threads.
std::vector<pulumirpc::AnalyzerResource> ManyBoxes() {
  std::vector<pulumirpc::AnalyzerResource> boxes;
  for (int i = 0; i < 5000; ++i) boxes.push_back(Outputs(kBox, "b" + std::to_string(i), {{"id", std::to_string(i)}}));
  return boxes;
}

TEST_F(SessionTest, ALargeStackIsReadWhole) {
  auto boxes = ManyBoxes();
  boxes.push_back(Outputs(kKey, "k", {}));
  EXPECT_THAT(Said(AnalyzeStack(boxes)), IsEmpty());
}

TEST_F(SessionTest, TheFirstBadResourceOfALargeStackIsNamed) {
  auto boxes = ManyBoxes();
  boxes[1234].clear_type();
  boxes[4321].clear_type();
  EXPECT_EQ(session_.AnalyzeStack(Stack(boxes)).status(),
            absl::InvalidArgumentError("resources[1234]: type: it is missing"));
}

TEST_F(SessionTest, ConcurrentCallsOfAllKindsAgree) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([this, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string name = "b" + std::to_string(t) + "-" + std::to_string(i);
        const json box = Box({{"encrypted", i % 2 == 0}, {"key", kUnknown}, {"__defaults", {"limit"}}});
        Configure("box-encrypted", i % 3 == 0 ? pulumirpc::REMEDIATE : pulumirpc::MANDATORY);
        Remediate(Inputs(kBox, name, box));
        EXPECT_EQ(Analyze(Inputs(kBox, name, box)).diagnostics_size(), i % 2);
        EXPECT_THAT(Said(AnalyzeStack({Outputs(kBox, name, box)})), Contains("has-key MANDATORY"));
        if (i % 10 == 0) session_.ConfigureStack({});
      }
    });
}

}  // namespace
}  // namespace guardrails
