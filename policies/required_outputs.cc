#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

// Shorter texts are alike by chance.
constexpr std::size_t kTelling = 8;

// Properties that are secret whether or not the source marks them so.
bool IsPassword(std::string_view property) {
  for (const std::string_view name : {"password", "masterPassword", "masterUserPassword", "authToken", "secretString"})
    if (property == name) return true;
  return false;
}

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
    const auto secrets = SecretsOf(stack);
    for (const Member& m : outputs.members()) {
      std::vector<std::string_view> texts;
      CollectTexts(m.value, texts);
      const bool told = std::any_of(texts.begin(), texts.end(), [&](std::string_view text) {
        const auto holds = [text](std::string_view secret) { return text.find(secret) != std::string_view::npos; };
        return std::any_of(secrets.begin(), secrets.end(), holds);
      });
      if (told)
        out.Violation(Path(m.key), "is a secret in plain text", "no plain secret",
                      "export the ARN of the secret, or pulumi.Output.secret(...).");
    }
  }

  static std::vector<std::string_view> SecretsOf(const Stack& stack) {
    std::vector<std::string_view> out;
    const auto add = [&out](const Value& value, bool secret) {
      if ((secret || value.secret()) && value.raw_string().size() >= kTelling) out.push_back(value.raw_string());
    };
    for (const auto& [key, value] : stack.facts().config) add(value, false);
    for (const Resource& r : stack.resources())
      for (const Value& bag : {r.inputs, r.is_stack() ? Value() : r.outputs})
        for (const Member& m : bag.members()) add(m.value, IsPassword(m.key));
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
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
                   "documents, and none of its outputs is a secret in plain text.",
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
