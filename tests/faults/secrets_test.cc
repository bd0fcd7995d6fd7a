// A secret of its own in every property of every resource of the FastCart stack, in its configuration and its tags:
// none of them, no six characters of one and no base64 of one comes out anywhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

#include "absl/strings/escaping.h"
#include "analyzer/input/input.h"
#include "analyzer/plugin/session.h"
#include "analyzer/plugin/struct_json.h"
#include "analyzer/policy/config.h"
#include "analyzer/report/format.h"
#include "analyzer/value/encoding.h"
#include "policies/pack.h"
#include "tests/cli/program.h"
#include "tests/support/fastcart_list.h"

namespace guardrails {
namespace {

using namespace testing;
using nlohmann::json;

constexpr std::size_t kPart = 6;  // that many characters of a secret must not come out

json Secret(json value) {
  return {{std::string(kSignatureKey), std::string(kSecretSignature)}, {"value", std::move(value)}};
}

// Makes secrets and knows them again.
class Secrets {
 public:
  std::string New() {
    static constexpr std::string_view kAlphabet = "QWXYZ0123456789JKVBGPH";
    std::string out;
    for (int i = 0; i < 24; ++i) out += kAlphabet[random_() % kAlphabet.size()];
    Know(out);
    return out;
  }
  double NewNumber() {
    const double out = 1e8 + static_cast<double>(random_() % 800'000'000);
    Know(std::to_string(static_cast<std::int64_t>(out)));
    return out;
  }
  // What `text` contains anyway is no evidence.
  void Forget(std::string_view text) {
    ForEachPart(text, [this](const std::string& part) { parts_.erase(part); });
  }
  // The first part of a secret in the text, empty if there is none. Fingerprints and digests are left out: 64 hexadecimal
  // digits hold six given decimal ones by chance. What they are made of is tested in tests/waive.
  std::string In(std::string_view text) const {
    static const RE2 digest("[0-9a-f]{64}");
    std::string rest(text);
    RE2::GlobalReplace(&rest, digest, "");
    std::string found;
    ForEachPart(rest, [&](const std::string& part) {
      if (found.empty() && parts_.contains(part)) found = part;
    });
    return found;
  }
  std::size_t size() const { return parts_.size(); }

 private:
  template <class Each>
  static void ForEachPart(std::string_view text, Each each) {
    for (std::size_t i = 0; i + kPart <= text.size(); ++i) each(std::string(text.substr(i, kPart)));
  }
  void Know(const std::string& secret) {
    ForEachPart(secret, [this](const std::string& part) { parts_.insert(part); });
    // Base64 of the secret wherever it may stand in what is encoded; the ends depend on the neighbours.
    for (int before = 0; before < 3; ++before) {
      const std::string encoded = absl::Base64Escape(std::string(static_cast<std::size_t>(before), 'x') + secret);
      ForEachPart(std::string_view(encoded).substr(4, encoded.size() - 8), [this](const std::string& part) { parts_.insert(part); });
    }
  }

  std::mt19937 random_{20};
  std::unordered_set<std::string> parts_;
};

// What a secret is dressed as, so that rules read on.
enum class Shape { kPlain, kLikeTheOriginal };

json Planted(const json& value, Shape shape, Secrets& secrets) {
  if (value.is_object() && value.contains(kSignatureKey)) return secrets.New();
  if (value.is_object()) {
    json out = json::object();
    for (const auto& [key, member] : value.items()) out[key] = key.starts_with("__") ? member : Planted(member, shape, secrets);
    return out;
  }
  if (value.is_array()) {
    json out = json::array();
    for (const json& element : value) out.push_back(Planted(element, shape, secrets));
    return out;
  }
  if (value.is_number()) return secrets.NewNumber();
  if (!value.is_string()) return value;
  const auto& text = value.get_ref<const std::string&>();
  const std::string secret = secrets.New();
  if (shape == Shape::kPlain) return secret;
  if (text.starts_with("arn:")) return text.substr(0, text.find_last_of(":/") + 1) + secret;
  if (text.find("Statement") != std::string::npos)
    return json{{"Statement", {{{"Sid", secret}, {"Effect", "Allow"}, {"Action", {secrets.New() + ":*", "*"}},
                                {"Principal", "*"}, {"Resource", {"*", secrets.New()}}}}}}.dump();
  if (text.starts_with("{") || text.starts_with("["))
    return json::array({{{"name", secret}, {"image", secrets.New()}, {"environment", {{{"name", "A"}, {"value", secrets.New()}}}}}}).dump();
  if (text.find("/") != std::string::npos && text.find(".") != std::string::npos) return secret + "/0";
  return text.substr(0, text.find('-')) + "-" + secret;
}

// Every property of every resource for -1, else the n-th of each, as secrets.
json PlantedList(int nth, Shape shape, Secrets& secrets) {
  json list = FastCartList();
  for (json& resource : list["resources"])
    for (const char* bag : {"inputs", "outputs"}) {
      if (!resource.contains(bag)) continue;
      int i = 0;
      for (auto& [key, value] : resource[bag].items())
        if (!key.starts_with("__") && (nth < 0 || i++ == nth)) value = Secret(Planted(value, shape, secrets));
    }
  for (const char* key : {"aws:region", "fastcart:suffix", "fastcart:password"}) list["config"][key] = Secret(secrets.New());
  return list;
}

// Everything that is said of a stack in a file.
std::string SaidOfFile(const json& list) {
  const auto pack = ConfiguredPack::Make(fastcart::FastCartPack(), {}).value();
  auto read = ReadStack(list.dump(), "FILE", {});
  EXPECT_TRUE(read.ok()) << read.status();
  Report report{.pack = pack, .fix_plan = true, .files = {}};
  FileReport& file = report.files.emplace_back();
  file.file = "FILE";
  file.stack = std::move(read->stack);
  file.results = EvaluateStack(*pack, *file.stack, {});
  for (const Resource& resource : file.stack->resources()) {
    auto remedies = Remedies(*pack, *file.stack, resource, /*all_levels=*/true);
    EXPECT_TRUE(remedies.ok()) << remedies.status();
    if (remedies.ok() && !remedies->empty()) file.fixes.push_back({&resource, *std::move(remedies)});
  }
  std::string out;
  for (const Format& format : Formats())
    for (const bool terminal : {false, true})
      out += format.write(report, {.colour = terminal, .unicode = terminal, .width = terminal ? 60u : 0u});
  return out;
}

template <class Message>
Message Described(const json& resource, const char* bag) {
  Message out;
  out.set_type(resource.at("type"));
  out.set_urn(resource.at("urn"));
  const std::string urn = resource.at("urn");
  out.set_name(urn.substr(urn.rfind("::") + 2));
  FromJson(resource.value(bag, json::object()), *out.mutable_properties());
  if (!resource.contains("provider")) return out;
  const std::string reference = resource.at("provider");
  out.mutable_provider()->set_urn(reference.substr(0, reference.rfind("::")));
  out.mutable_provider()->set_type("pulumi:providers:" + out.type().substr(0, out.type().find(':')));
  out.mutable_provider()->set_name("default");
  return out;
}

RequestBytes Bytes(const google::protobuf::Message& message) {
  auto owner = std::make_shared<const std::string>(message.SerializeAsString());
  const std::string_view view = *owner;
  return {std::move(owner), view};
}

// The reply, or the error. Properties go back to where they came from, still marked; they are no message.
template <class Response>
std::string Said(const absl::StatusOr<std::string>& reply) {
  Response response;
  if (!reply.ok()) return std::string(reply.status().message());
  EXPECT_TRUE(response.ParseFromString(*reply));
  if constexpr (std::is_same_v<Response, pulumirpc::RemediateResponse>)
    for (auto& remediation : *response.mutable_remediations()) remediation.clear_properties();
  return response.SerializeAsString();
}

const char* NoEnvironment(const char*) { return nullptr; }

pulumirpc::AnalyzerStackConfigureRequest Settings(const json& list) {
  pulumirpc::AnalyzerStackConfigureRequest out;
  out.set_stack("dev");
  out.set_project("fastcart");
  for (const auto& [key, value] : list["config"].items()) {
    (*out.mutable_config())[key] = value.is_object() ? value["value"] : value;
    if (value.is_object()) out.add_config_secret_keys(key);
  }
  return out;
}

// Everything that is said in one operation of the engine.
std::string SaidInCalls(const json& list) {
  Session session(fastcart::FastCartPack(), NoEnvironment);
  session.ConfigureStack(Settings(list));
  pulumirpc::ConfigureAnalyzerRequest configure;
  for (const Guardrail* guardrail : fastcart::FastCartPack().guardrails)
    if (guardrail->remediates)
      (*configure.mutable_policyconfig())[std::string(guardrail->name)].set_enforcementlevel(pulumirpc::REMEDIATE);
  EXPECT_TRUE(session.Configure(configure).ok());
  std::string out;
  pulumirpc::AnalyzeStackRequest stack;
  for (const json& resource : list["resources"]) {
    const auto inputs = Bytes(Described<pulumirpc::AnalyzeRequest>(resource, "inputs"));
    out += Said<pulumirpc::RemediateResponse>(session.Remediate(inputs));
    out += Said<pulumirpc::AnalyzeResponse>(session.Analyze(inputs));
    // A request that is cut short is an error, and says no more.
    const RequestBytes cut{inputs.owner, inputs.bytes.substr(0, inputs.bytes.size() * 2 / 3)};
    out += Said<pulumirpc::AnalyzeResponse>(session.Analyze(cut));
    *stack.add_resources() = Described<pulumirpc::AnalyzerResource>(resource, "outputs");
  }
  return out + Said<pulumirpc::AnalyzeResponse>(session.AnalyzeStack(Bytes(stack)));
}

class SecretsTest : public ::testing::TestWithParam<Shape> {};
INSTANTIATE_TEST_SUITE_P(Shapes, SecretsTest, ::testing::Values(Shape::kPlain, Shape::kLikeTheOriginal),
                         [](const auto& of) { return of.param == Shape::kPlain ? "plain" : "like_the_original"; });

// All properties at once, and one by one: what is wrong with one hides what would be said of another.
TEST_P(SecretsTest, NoneComesOutInAnyFormatOrReply) {
  const json list = FastCartList();
  const std::string usual = list.dump() + SaidOfFile(list) + SaidInCalls(list);
  std::size_t planted = 0, said = 0;
  for (int nth = -1; nth < 24; ++nth) {
    Secrets secrets;
    const json with = PlantedList(nth, GetParam(), secrets);
    secrets.Forget(usual);
    planted += secrets.size();
    const std::string as_file = SaidOfFile(with), as_calls = SaidInCalls(with);
    said += as_file.size() + as_calls.size();
    EXPECT_EQ(secrets.In(as_file), "") << nth;
    EXPECT_EQ(secrets.In(as_calls), "") << nth;
    ASSERT_NE(secrets.In(with.dump()), "") << "they were planted";
  }
  EXPECT_GT(planted, 10'000u);
  EXPECT_GT(said, 100'000u);
}

// The same through the executable, its errors included.
TEST_P(SecretsTest, NoneComesOutOfTheProgram) {
  const Folder folder;
  Secrets secrets;
  const json list = FastCartList();
  const std::string text = PlantedList(-1, GetParam(), secrets).dump();
  secrets.Forget(list.dump() + SaidOfFile(list));
  const std::string file = folder.Write("stack.json", text), report = folder.Path("report");
  const std::string config = folder.Write("Pulumi.dev.yaml", "config:\n  fastcart:a:\n    secure: v1:" + secrets.New() + "\n");
  for (const Format& format : Formats()) {
    const Finished run = RunProgram({"check", file, "--fix-plan", "--stack-config", config, "--format", std::string(format.name), "--output", report});
    EXPECT_EQ(run.exit_code, 1) << run.err;
    EXPECT_EQ(secrets.In(run.out + run.err + ContentOf(report)), "") << format.name;
  }
  for (std::size_t size = 1; size < text.size(); size += text.size() / 50) {
    const Finished run = RunProgram({"check", folder.Write("cut.json", text.substr(0, size))});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_EQ(secrets.In(run.out + run.err), "") << "cut at byte " << size;
  }
}

std::map<std::string, std::string>& FakeEnvironment() {
  static std::map<std::string, std::string> environment;
  return environment;
}
const char* Lookup(const char* name) {
  const auto at = FakeEnvironment().find(name);
  return at == FakeEnvironment().end() ? nullptr : at->second.c_str();
}

// With an old engine the configuration stands in the environment, decrypted.
TEST(SecretConfigTest, OfTheEnvironmentDoesNotComeOut) {
  Secrets secrets;
  const json list = FastCartList();
  for (const std::string& config : {json{{"aws:region", secrets.New()}, {"fastcart:suffix", secrets.New()}}.dump(),
                                    "{\"aws:region\": " + secrets.New(), json{{"a", {secrets.New()}}}.dump()}) {
    FakeEnvironment() = {{"PULUMI_STACK", "dev"}, {"PULUMI_PROJECT", "fastcart"}, {"PULUMI_CONFIG", config}};
    Session session(fastcart::FastCartPack(), Lookup);
    std::string said;
    pulumirpc::AnalyzeStackRequest stack;
    for (const json& resource : list["resources"]) {
      said += Said<pulumirpc::AnalyzeResponse>(session.Analyze(Bytes(Described<pulumirpc::AnalyzeRequest>(resource, "inputs"))));
      *stack.add_resources() = Described<pulumirpc::AnalyzerResource>(resource, "outputs");
    }
    said += Said<pulumirpc::AnalyzeResponse>(session.AnalyzeStack(Bytes(stack)));
    EXPECT_GT(said.size(), 1000u);
    EXPECT_EQ(secrets.In(said), "");
  }
}

TEST(SecretsInTest, APartAndItsBase64AreKnownAgain) {
  Secrets secrets;
  const std::string secret = secrets.New();
  EXPECT_EQ(secrets.In("nothing of it"), "");
  EXPECT_NE(secrets.In("…" + secret.substr(9, 6) + "…"), "");
  EXPECT_EQ(secrets.In(secret.substr(9, 5)), "");
  for (const char* before : {"", "a", "ab", "abc", "{\"password\": \""})
    EXPECT_NE(secrets.In(absl::Base64Escape(before + secret + "\"}")), "") << before;
}

}  // namespace
}  // namespace guardrails
