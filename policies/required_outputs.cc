#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "policies/aws/json_text.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

// Shorter texts are alike by chance; shorter than the second, they stand in others by chance.
constexpr std::size_t kTelling = 8, kTellingInside = 12;

// Properties that are secret whether or not the source marks them so.
bool IsPassword(std::string_view property) {
  for (const std::string_view name : {"password", "masterPassword", "masterUserPassword", "authToken", "secretString"})
    if (property == name) return true;
  return false;
}

// Of what a secret holds, beside hosts and names.
bool IsPasswordInside(std::string_view key) {
  const std::string name = absl::AsciiStrToLower(std::string(key));
  for (const std::string_view end : {"password", "passphrase", "token", "secret", "apikey", "api_key", "secretkey",
                                     "secret_key", "accesskey", "access_key", "privatekey", "private_key"})
    if (name.ends_with(end)) return true;
  return false;
}

// The texts that a stack marks as secret, or that are passwords. Immutable; valid while the stack lives.
class Secrets {
 public:
  explicit Secrets(const Stack& stack) : stack_(stack) {
    for (const auto& [key, value] : stack.facts().config) Collect(value, false, false);
    for (const Resource& r : stack.resources())
      for (const Value& bag : {r.inputs, r.is_stack() ? Value() : r.outputs})
        for (const Member& m : bag.members()) Collect(m.value, false, IsPassword(m.key));
    std::sort(all_.begin(), all_.end());
    all_.erase(std::unique(all_.begin(), all_.end()), all_.end());
  }

  bool ToldBy(std::string_view text) const {
    return std::any_of(all_.begin(), all_.end(), [&](const auto& secret) { return IsToldBy(text, secret); });
  }

 private:
  using Secret = std::pair<std::string_view, bool>;  // the text, and whether it is a password

  void Collect(const Value& value, bool secret, bool password) {
    secret = secret || password || value.secret();
    if (secret) Add(value.raw_string(), password);
    for (const Value& v : value.elements()) Collect(v, secret, password);
    for (const Member& m : value.members()) Collect(m.value, secret, password || (secret && IsPasswordInside(m.key)));
  }

  void Add(std::string_view text, bool password) {
    if (text.size() < kTelling) return;
    all_.emplace_back(text, password);
    if (text.front() == '{' || text.front() == '[') CollectJson(ParseJsonText(arena_, text), false);
  }

  void CollectJson(const Value& value, bool password) {
    if (password && value.raw_string().size() >= kTelling) all_.emplace_back(value.raw_string(), true);
    for (const Value& v : value.elements()) CollectJson(v, password);
    for (const Member& m : value.members()) CollectJson(m.value, IsPasswordInside(m.key));
  }

  bool IsToldBy(std::string_view text, const Secret& secret) const {
    const auto& [hidden, password] = secret;
    if (text.find(hidden) == std::string_view::npos) return false;
    const bool telling = password || text == hidden || hidden.size() >= kTellingInside;
    return telling && (password || !IsInAName(hidden));
  }

  // A user name may be the project's, which no output can do without.
  bool IsInAName(std::string_view text) const {
    const auto holds = [text](std::string_view name) { return name.find(text) != std::string_view::npos; };
    const auto all = stack_.resources();
    return holds(stack_.project()) || holds(stack_.name()) ||
           std::any_of(all.begin(), all.end(), [&](const Resource& r) { return holds(r.name); });
  }

  const Stack& stack_;
  Arena arena_;  // of what stands in JSON
  std::vector<Secret> all_;
};

void CollectTexts(const Value& value, std::vector<std::string_view>& out) {
  if (value.secret()) return;
  if (value.raw_string().size() >= kTelling) out.push_back(value.raw_string());
  for (const Value& v : value.elements()) CollectTexts(v, out);
  for (const Member& m : value.members()) CollectTexts(m.value, out);
}

class RequiredOutputs final : public Rule {
 public:
  explicit RequiredOutputs(const Config& config) : names_(config.Strings("outputs")) {}

  void CheckStack(const Stack& stack, Sink& to) const override {
    Sink out = to.On(stack.root());
    const auto all = stack.resources();
    const auto is_managed = [](const Resource& r) { return r.custom && !r.external && r.package() != "pulumi"; };
    if (std::none_of(all.begin(), all.end(), is_managed))
      return out.NotApplicable("the stack manages no resource");
    const Value outputs = stack.facts().outputs;
    if (outputs.kind() != Kind::kObject)
      return out.Undecided({{}, outputs}, "the documented outputs", "the input does not show what the stack exports");
    out.Judged();
    for (const std::string& name : names_)
      if (outputs[name].absent())
        out.Violation({Path(name), Value()}, "an output of the stack",
                      Text("pulumi.export(\"") + Text::Setting(name) + "\", ...).");
    JudgeSecrets(stack, outputs, out);
  }

 private:
  // An output without the mark of a secret whose text is one that the stack marks elsewhere.
  static void JudgeSecrets(const Stack& stack, const Value& outputs, Sink& out) {
    const Secrets secrets(stack);
    for (const Member& m : outputs.members()) {
      std::vector<std::string_view> texts;
      CollectTexts(m.value, texts);
      if (std::any_of(texts.begin(), texts.end(), [&](std::string_view text) { return secrets.ToldBy(text); }))
        out.ViolationInWords({Path(m.key), m.value.AsSecret()}, "is a secret in plain text", "no plain secret",
                             "export the ARN of the secret, or pulumi.Output.secret(...).");
    }
  }

  const std::vector<std::string> names_;
};

}  // namespace

const Guardrail kRequiredOutputs{
    .name = "required-outputs",
    .display_name = "The stack exports what others build on",
    .severity = Severity::kLow,
    .level = Level::kAdvisory,
    .scope = Scope::kStack,
    .types = {"pulumi:pulumi:Stack"},
    .subject = "stack output",
    .description = "The stack exports the outputs that downstream teams rely on, by default those that docs/outputs.md "
                   "documents, and none of its outputs is a secret in plain text. A secret of fewer than twelve "
                   "characters that is no password is looked for as the whole of an output only, and none that is part "
                   "of the name of the project, the stack or a resource.",
    .why = "Integration tests and other stacks read these names; a missing one breaks them after the deployment. "
           "Outputs are shown to everyone who may see the stack, so a secret does not belong there.",
    .how_to_fix = "Add `pulumi.export(\"streamArn\", stream.arn)` for each name, and give a secret by its ARN.",
    .undecided = "An input that does not show what the stack exports: the JSON of a preview, whose step of the stack is "
                 "written before the program exports anything.",
    .failing = R"py(
import pulumi
import pulumi_aws as aws

stream = aws.kinesis.Stream("orders-dev", shard_count=2)
pulumi.export("stream", stream.arn)
)py",
    .passing = R"py(
import pulumi
import pulumi_aws as aws

NAMES = """
environmentSuffix region vpcId vpcCidr availabilityZones publicSubnetIds privateSubnetIds internetGatewayId
natGatewayId natPublicIp publicRouteTableId privateRouteTableId serviceSecurityGroupId databaseSecurityGroupId
cacheSecurityGroupId kmsKeyId kmsKeyArn kmsKeyAlias taskRoleArn executionRoleArn streamName streamArn
streamShardCount databaseIdentifier databaseArn databaseAddress databasePort databaseEndpoint databaseName
databaseSecretArn databaseSecretName cacheReplicationGroupId cacheArn cachePrimaryEndpoint cacheReaderEndpoint
cachePort cacheSecretArn cacheSecretName repositoryName repositoryArn repositoryUrl clusterName clusterArn
serviceName serviceArn taskDefinitionArn serviceMinimumCount serviceMaximumCount logGroupName logGroupArn
databaseLogGroupName iteratorAgeAlarmName iteratorAgeAlarmArn databaseCpuAlarmName databaseCpuAlarmArn alarmTopicArn
"""
stream = aws.kinesis.Stream("orders-dev", shard_count=2)
for name in NAMES.split():
    pulumi.export(name, stream.name)
)py",
    .url = "https://www.pulumi.com/docs/iac/concepts/stacks/#outputs",
    .config = {{.name = "outputs", .type = ConfigKey::Type::kStrings,
                .default_json = R"(["environmentSuffix", "region", "vpcId", "vpcCidr", "availabilityZones",
                    "publicSubnetIds", "privateSubnetIds", "internetGatewayId", "natGatewayId", "natPublicIp",
                    "publicRouteTableId", "privateRouteTableId", "serviceSecurityGroupId", "databaseSecurityGroupId",
                    "cacheSecurityGroupId", "kmsKeyId", "kmsKeyArn", "kmsKeyAlias", "taskRoleArn", "executionRoleArn",
                    "streamName", "streamArn", "streamShardCount", "databaseIdentifier", "databaseArn",
                    "databaseAddress", "databasePort", "databaseEndpoint", "databaseName", "databaseSecretArn",
                    "databaseSecretName", "cacheReplicationGroupId", "cacheArn", "cachePrimaryEndpoint",
                    "cacheReaderEndpoint", "cachePort", "cacheSecretArn", "cacheSecretName", "repositoryName",
                    "repositoryArn", "repositoryUrl", "clusterName", "clusterArn", "serviceName", "serviceArn",
                    "taskDefinitionArn", "serviceMinimumCount", "serviceMaximumCount", "logGroupName", "logGroupArn",
                    "databaseLogGroupName", "iteratorAgeAlarmName", "iteratorAgeAlarmArn", "databaseCpuAlarmName",
                    "databaseCpuAlarmArn", "alarmTopicArn"])",
                .description = "The names that the stack has to export.",
                .may_be_empty = true}},
    .make = Make<RequiredOutputs>,
};

}  // namespace fastcart
