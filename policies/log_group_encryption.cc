#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "analyzer/policy/remedy.h"
#include "policies/aws/container_logs.h"
#include "policies/aws/reads.h"
#include "policies/aws/require_key.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

// What CloudWatch Logs takes as retentionInDays (API reference, PutRetentionPolicy).
constexpr std::array kRetentions = {1,   3,   5,   7,    14,   30,   60,   90,   120,  150,  180, 365,
                                    400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};

bool IsTask(const Resource& resource) { return resource.type.ends_with(":TaskDefinition"); }

// Groups of this class keep everything for two days, whatever they say.
constexpr double kDeliveryDays = 2;
bool IsForDelivery(const Property& group_class) { return group_class.value().raw_string() == "DELIVERY"; }
Property ClassOf(const Subject& group) { return Asked(group, "logGroupClass"); }

class LogGroupEncryption final : public Rule {
 public:
  explicit LogGroupEncryption(const Config& config)
      : minimum_(config.Integer("minimumRetentionDays")), maximum_(config.Integer("maximumRetentionDays")) {}

  void CheckResource(const Subject& subject, Sink& out) const override {
    if (IsTask(subject.resource)) return JudgeTask(subject, out);
    RequireKmsKey(subject, out, subject["kmsKeyId"], AwsManagedKey::kPasses,
                  "set kms_key_id=key.arn, with the stack's own aws.kms.Key.");
    JudgeRetention(subject["retentionInDays"], ClassOf(subject), out);
  }

  void Remediate(const Subject& subject, Remedy& out) const override {
    if (IsTask(subject.resource)) return;
    const Property days = subject["retentionInDays"], group_class = ClassOf(subject);
    const bool perhaps_for_delivery = group_class.unknown() && Fits(kDeliveryDays);
    if (IsForDelivery(group_class) || perhaps_for_delivery || days.unknown() || Fits(days)) return;
    if (const int wanted = Nearest(days.value().raw_number()); wanted > 0) {
      out.Set(days.path(), double(wanted), Text("kept for ") + Text::Number(wanted) + " days");
    }
  }

 private:
  bool Fits(double days) const { return std::trunc(days) == days && days >= minimum_ && days <= maximum_; }
  bool Fits(const Property& days) const { return Fits(days.value().raw_number()); }

  // The retention of AWS's list that changes least: never-expire is more than any. 0 if the list has none.
  int Nearest(double is) const {
    const auto* from = std::lower_bound(kRetentions.begin(), kRetentions.end(), minimum_);
    const auto* to = std::upper_bound(kRetentions.begin(), kRetentions.end(), maximum_);
    if (from >= to) return 0;
    return is > 0 && is < minimum_ ? *from : *(to - 1);
  }

  void JudgeRetention(const Property& days, const Property& group_class, Sink& out) const {
    const Text expected = Text::Number(minimum_) + " to " + Text::Number(maximum_) + " days";
    const bool for_delivery = IsForDelivery(group_class);
    if (for_delivery ? Fits(kDeliveryDays) : Fits(days)) return;
    if (for_delivery)
      return out.Violation(group_class.path(), Text("is ") + Text::Of(group_class.value()) + ", which keeps two days",
                           expected, "choose another log_group_class.");
    if (days.unknown()) return out.Undecided(days, expected);
    if (group_class.unknown() && Fits(kDeliveryDays)) return out.Undecided(group_class, expected);
    Text fix = "set retention_in_days";
    if (const int wanted = Nearest(days.value().raw_number()); wanted > 0) fix += Text("=") + Text::Number(wanted);
    out.Violation(days, expected, fix + ".", Text("no end: nothing is ever deleted"));
  }

  static void JudgeTask(const Subject& task, Sink& out) {
    const std::vector<ContainerLog> logs = ContainerLogsOf(task.stack, task.resource);
    if (logs.empty()) return out.NotApplicable("no container logs to CloudWatch");
    for (const ContainerLog& log : logs) JudgeLog(log, out);
  }

  static void JudgeLog(const ContainerLog& log, Sink& out) {
    using Goes = ContainerLog::Goes;
    const Text expected = "a log group of the stack";
    switch (log.goes) {
      case Goes::kToTheStack: return;
      case Goes::kMissing: return out.Missing("every container to log to a log group of the stack");
      case Goes::kUnknown: return out.Undecided({log.at, Value::Unknown()}, expected, log.why);
      case Goes::kNotReadable:
        return out.Violation(log.at, log.found, "a list of containers", "write it with json.dumps([{...}]).");
      case Goes::kElsewhere:
        return out.Violation(log.at, log.found, expected, "set \"awslogs-group\": log_group.name in its log options.");
    }
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
    .subject = "CloudWatch log group or ECS task definition",
    .description = "Every log group names a KMS key and keeps its events for `minimumRetentionDays` to "
                   "`maximumRetentionDays` days (0 or nothing set is for ever, a DELIVERY group two days). Every ECS "
                   "container that logs to CloudWatch, by awslogs or by FireLens, logs to a log group of the stack.",
    .why = "Logs repeat what the orders hold. Kept for ever they cost more each month and outlive the customer's right "
           "to be forgotten; in a group that the agent made by itself they are neither encrypted nor ever deleted.",
    .how_to_fix = "Set `kms_key_id=key.arn` and `retention_in_days=30` on the `aws.cloudwatch.LogGroup`, and name that "
                  "group in the containers' `awslogs-group`.",
    .undecided = "A key id that is computed and depends on no KMS key; container definitions that are computed and "
                 "depend on no log group of the stack; where FireLens sends logs whose output is computed; a "
                 "group's name that FireLens completes at run time; a region that nobody knows.",
    .failing = R"py(
import pulumi_aws as aws

aws.cloudwatch.LogGroup("orders-dev", name="/ecs/fastcart-dev")
)py",
    .passing = R"py(
import pulumi_aws as aws

key = aws.kms.Key("shared-dev", enable_key_rotation=True)
aws.cloudwatch.LogGroup("orders-dev", name="/ecs/fastcart-dev", kms_key_id=key.arn, retention_in_days=30)
)py",
    .url = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    .controls = {SecurityHub("CloudWatch.16"), Checkov("CKV_AWS_66"), Checkov("CKV_AWS_158")},
    .config = {{.name = "minimumRetentionDays",
                .type = ConfigKey::Type::kInteger,
                .default_json = "1",
                .description = "The fewest days for which a log group keeps its events.",
                .minimum = 1},
               {.name = "maximumRetentionDays",
                .type = ConfigKey::Type::kInteger,
                .default_json = "365",
                .description = "The most days for which a log group keeps its events.",
                .minimum = 1,
                .not_below = "minimumRetentionDays"}},
    .remediates = true,
    .make = Make<LogGroupEncryption>,
};

}  // namespace fastcart
