#include "policies/aws/alarms.h"
#include "policies/aws/targets.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

Text MetricName(const MetricOfThing& metric) { return Text::Setting(metric.space) + " " + Text::Setting(metric.name); }

Text Problem(Works works) {
  return works == Works::kNoActions ? Text(" whose actions are not enabled") : Text(" without a threshold");
}

class RequiredAlarms final : public Rule {
 public:
  void CheckStack(const Stack& stack, Sink& out) const override {
    Judge(stack, {"AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "StreamName", kKinesisStreams, {"name"}},
          "add an aws.cloudwatch.MetricAlarm with namespace=\"AWS/Kinesis\", "
          "metric_name=\"GetRecords.IteratorAgeMilliseconds\", dimensions={\"StreamName\": stream.name} and a threshold.",
          out);
    Judge(stack, {"AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", kRdsInstances, {"identifier", "dbInstanceIdentifier"}},
          "add an aws.cloudwatch.MetricAlarm with namespace=\"AWS/RDS\", metric_name=\"CPUUtilization\", "
          "dimensions={\"DBInstanceIdentifier\": database.identifier} and a threshold.",
          out);
  }

 private:
  static void Judge(const Stack& stack, const MetricOfThing& metric, const Text& fix, Sink& out) {
    const AlarmsOn alarms = FindAlarms(stack, metric);
    bool missing = false;
    for (const Resource* thing : stack.OfTypes(metric.things)) {
      if (thing->external) continue;
      const auto at = alarms.of.find(thing);
      if (at != alarms.of.end()) {
        JudgeAlarms(metric, at->second, alarms.perhaps_others, fix, out.On(thing));
      } else if (alarms.perhaps_others) {
        Undecided(metric, out.On(thing));
      } else if (stack.facts().partial) {
        missing = true;
      } else {
        out.On(thing).Violation(Path(), Text("has no alarm on ") + MetricName(metric), "an alarm on it", fix);
      }
    }
    if (missing) out.Missing(Text("an alarm on ") + MetricName(metric));
  }

  // One that works is enough.
  static void JudgeAlarms(const MetricOfThing& metric, const std::vector<AlarmsOn::Alarm>& alarms, bool others,
                          const Text& fix, Sink out) {
    const AlarmsOn::Alarm* broken = nullptr;
    for (const AlarmsOn::Alarm& a : alarms) {
      if (a.works == Works::kYes) return;
      if (a.works == Works::kUnknown) others = true;
      if (a.works != Works::kUnknown) broken = &a;
    }
    if (others || broken == nullptr) return Undecided(metric, out);
    out.Violation(Path(), Text("has the alarm ") + Text::Name(*broken->alarm) + Problem(broken->works),
                  Text("an alarm on ") + MetricName(metric) + " with a threshold and with its actions enabled", fix);
  }

  static void Undecided(const MetricOfThing& metric, Sink out) {
    out.Undecided(Property(Path(), Value()), Text("an alarm on ") + MetricName(metric),
                  "the stack has an alarm of which is not known yet what it watches, or whether it acts");
  }
};

}  // namespace

const Guardrail kRequiredAlarms{
    .name = "required-alarms",
    .display_name = "Streams and databases are watched",
    .severity = Severity::kMedium,
    .scope = Scope::kStack,
    .types = {"aws:kinesis/stream:Stream", "aws-native:kinesis:Stream", "aws:rds/instance:Instance",
              "aws-native:rds:DbInstance"},
    .subject = "Kinesis stream or RDS instance",
    .description = "Each Kinesis stream has a CloudWatch alarm on `GetRecords.IteratorAgeMilliseconds` of `AWS/Kinesis`, "
                   "each RDS instance one on `CPUUtilization` of `AWS/RDS`, for that very stream or instance, with a "
                   "threshold and with actions that are not disabled. Alarms by metric queries count as well. The "
                   "instances of Aurora clusters are not judged.",
    .why = "A growing iterator age is orders that wait, a busy database is orders that fail: both are known here first, "
           "before customers tell.",
    .how_to_fix = "Add an `aws.cloudwatch.MetricAlarm` for the stream with `dimensions={\"StreamName\": stream.name}`, and "
                  "one for the database with `dimensions={\"DBInstanceIdentifier\": database.identifier}`.",
    .undecided = "An alarm whose dimensions are computed from more than one stream or instance, or whose metric is "
                 "computed: it may be the one that is missed.",
    .failing = R"py(
aws.kinesis.Stream("orders-dev", name="fastcart-orders-dev", shard_count=2)
)py",
    .passing = R"py(
stream = aws.kinesis.Stream("orders-dev", name="fastcart-orders-dev", shard_count=2)
aws.cloudwatch.MetricAlarm("orders-age-dev", namespace="AWS/Kinesis",
                           metric_name="GetRecords.IteratorAgeMilliseconds", dimensions={"StreamName": stream.name},
                           comparison_operator="GreaterThanThreshold", evaluation_periods=1, period=60,
                           statistic="Maximum", threshold=60000)
)py",
    .url = "https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html",
    .make = Make<RequiredAlarms>,
};

}  // namespace fastcart
