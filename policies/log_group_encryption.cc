#include <algorithm>
#include <array>

#include "analyzer/model/references.h"
#include "analyzer/policy/remedy.h"
#include "policies/aws/container_logs.h"
#include "policies/aws/require_key.h"
#include "policies/aws/targets.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

// What CloudWatch Logs takes as retentionInDays (API reference, PutRetentionPolicy).
constexpr std::array kRetentions = {1,   3,   5,   7,    14,   30,   60,   90,   120,  150,  180, 365,
                                    400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};

bool IsTask(const Resource& resource) { return resource.type.ends_with("askDefinition"); }

class LogGroupEncryption final : public Rule {
 public:
  explicit LogGroupEncryption(const Config& config)
      : minimum_(config.Integer("minimumRetentionDays")), maximum_(config.Integer("maximumRetentionDays")) {}

  void CheckResource(const Subject& subject, Sink& out) const override {
    if (IsTask(subject.resource)) return JudgeTask(subject, out);
    RequireKmsKey(subject, out, subject["kmsKeyId"], AwsManagedKey::kPasses,
                  "set kms_key_id=key.arn, with the stack's own aws.kms.Key.");
    // Such groups keep everything for two days, whatever they say.
    if (subject["logGroupClass"].value().raw_string() != "DELIVERY") JudgeRetention(subject["retentionInDays"], out);
  }

  void Remediate(const Subject& subject, Remedy& out) const override {
    const Property days = subject["retentionInDays"];
    if (IsTask(subject.resource) || days.unknown() || Fits(days)) return;
    if (const int wanted = Nearest(days.value().raw_number()); wanted > 0) {
      out.Set(days.path(), double(wanted), Text("kept for ") + Text::Number(wanted) + " days");
    }
  }

 private:
  bool Fits(const Property& days) const {
    const double is = days.value().raw_number();
    return is >= minimum_ && is <= maximum_;
  }

  // The retention of AWS's list that changes least: never-expire is more than any. 0 if the list has none.
  int Nearest(double is) const {
    const auto* from = std::lower_bound(kRetentions.begin(), kRetentions.end(), minimum_);
    const auto* to = std::upper_bound(kRetentions.begin(), kRetentions.end(), maximum_);
    if (from >= to) return 0;
    return is > 0 && is < minimum_ ? *from : *(to - 1);
  }

  void JudgeRetention(const Property& days, Sink& out) const {
    const Text expected = Text::Number(minimum_) + " to " + Text::Number(maximum_) + " days";
    if (days.unknown()) return out.Undecided(days, expected);
    if (Fits(days)) return;
    Text fix = "set retention_in_days";
    if (const int wanted = Nearest(0); wanted > 0) fix += Text(", for example to ") + Text::Number(wanted);
    out.Violation(days, expected, fix + ".", Text("no end: nothing is ever deleted"));
  }

  static void JudgeTask(const Subject& task, Sink& out) {
    Arena arena;
    const ContainerLogs logs = ContainerLogsOf(arena, task.resource);
    for (const Property& at : logs.unknown) JudgeUnknown(task, at, out);
    for (const Property& at : logs.malformed) out.Violation(at, "a JSON list of containers", "use json.dumps([...]).");
    for (const Property& group : logs.groups) JudgeGroup(task, group, out);
  }

  // Definitions that depend on a log group of the stack log there.
  static void JudgeUnknown(const Subject& task, const Property& at, Sink& out) {
    const bool depends = !task.stack.facts().alone &&
                         !EdgeTargets(task.stack, task.resource, at.path().root(), kLogGroups).resources.empty();
    if (!depends) out.Undecided(at, "containers that log to a log group of the stack");
  }

  static void JudgeGroup(const Subject& task, const Property& group, Sink& out) {
    const Text expected = "a log group of the stack";
    // The text lives in the parsed document only: a finding has to do without it.
    const Property at(group.path(), group.unknown() ? group.value() : Value());
    switch (ResolveOne(task.stack, task.resource, group, kLogGroups).state) {
      case Reference::State::kResource: return;
      case Reference::State::kUnknown:
        if (group.unknown()) return out.Undecided(at, expected);
        if (task.stack.facts().partial) return out.Missing(expected);
        return out.Undecided(at, expected, "the log group that it may be has no name yet");
      case Reference::State::kAbsent:
      case Reference::State::kOutside:
      case Reference::State::kMistyped: break;
    }
    out.Violation(group.path(), group.absent() ? Text("is not set") : Text("is ") + Text::Of(group.value()), expected,
                  "name the aws.cloudwatch.LogGroup of the stack: \"awslogs-group\": log_group.name.");
  }

  const int minimum_, maximum_;
};

}  // namespace

const Guardrail kLogGroupEncryption{
    .name = "log-group-encryption",
    .display_name = "Logs are encrypted, and end",
    .severity = Severity::kMedium,
    .scope = Scope::kBoth,
    .types = {"aws:cloudwatch/logGroup:LogGroup", "aws-native:logs:LogGroup", "aws:ecs/taskDefinition:TaskDefinition",
              "aws-native:ecs:TaskDefinition"},
    .subject = "CloudWatch log group",
    .description = "Every log group is encrypted with a KMS key that is named and keeps its events for a time between "
                   "`minimumRetentionDays` and `maximumRetentionDays` (1 to 365 by default; 0 or nothing set is for "
                   "ever). Every ECS container that logs to CloudWatch logs to a log group of the stack.",
    .why = "Logs repeat what the orders hold. Kept for ever they cost more each month and outlive the customer's right "
           "to be forgotten; in a group that the agent made by itself they are neither encrypted nor ever deleted.",
    .how_to_fix = "Set `kms_key_id=key.arn` and `retention_in_days=30` on the `aws.cloudwatch.LogGroup`, and name that "
                  "group in the containers' `awslogs-group`.",
    .undecided = "A key id that is computed and depends on no KMS key; container definitions that are computed and "
                 "depend on no log group of the stack.",
    .failing = R"py(
aws.cloudwatch.LogGroup("orders-dev", name="/ecs/fastcart-dev")
)py",
    .passing = R"py(
key = aws.kms.Key("fastcart-dev")
aws.cloudwatch.LogGroup("orders-dev", name="/ecs/fastcart-dev", kms_key_id=key.arn, retention_in_days=30)
)py",
    .url = "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16",
    .controls = {Fsbp("CloudWatch.16"), Checkov("CKV_AWS_66"), Checkov("CKV_AWS_158")},
    .config = {{.name = "minimumRetentionDays",
                .type = ConfigKey::Type::kInteger,
                .default_json = "1",
                .description = "The fewest days for which a log group keeps its events.",
                .minimum = 1},
               {.name = "maximumRetentionDays",
                .type = ConfigKey::Type::kInteger,
                .default_json = "365",
                .description = "The most days for which a log group keeps its events.",
                .minimum = 1}},
    .remediates = true,
    .make = Make<LogGroupEncryption>,
};

}  // namespace fastcart
