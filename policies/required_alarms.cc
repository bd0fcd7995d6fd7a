#include "policies/aws/alarms.h"
#include "policies/aws/databases.h"
#include "policies/aws/targets.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

Text MetricName(const MetricOfThing& metric) { return Text::Setting(metric.space) + " " + Text::Setting(metric.name); }

Text Found(const Property& at) {
  return Text::Where(at.path()) + (at.absent() ? Text(" is not set") : Text(" is ") + Text::Of(at.value()));
}

Text Hidden(const Property& at) {
  if (at.value().kind() == Kind::kHidden) return Text::Where(at.path()) + " is a secret that the file withholds";
  if (at.unknown()) return Text::Where(at.path()) + " is not known before the update";
  return Text::Where(at.path()) + " may be its name, which is not known before the update";
}

class RequiredAlarms final : public Rule {
 public:
  void CheckStack(const Stack& stack, Sink& out) const override {
    Judge(stack, {"AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "StreamName", kKinesisStreams, {"name"}},
          "add aws.cloudwatch.MetricAlarm(namespace=\"AWS/Kinesis\", "
          "metric_name=\"GetRecords.IteratorAgeMilliseconds\", dimensions={\"StreamName\": stream.name}, "
          "threshold=60000).",
          out);
    Judge(stack,
          {"AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", kRdsInstances, {"identifier", "dbInstanceIdentifier"}},
          "add aws.cloudwatch.MetricAlarm(namespace=\"AWS/RDS\", metric_name=\"CPUUtilization\", "
          "dimensions={\"DBInstanceIdentifier\": database.identifier}, threshold=80).",
          out);
    PassOver(stack, out);
  }

 private:
  static void Judge(const Stack& stack, const MetricOfThing& metric, const Text& fix, Sink& out) {
    const AlarmsOn alarms = FindAlarms(stack, metric);
    for (const Resource* thing : stack.OfTypes(metric.things))
      if (!thing->external && !IsClusterMember(*thing)) JudgeThing(stack, metric, alarms.On(*thing), fix, out.On(thing));
  }

  static void PassOver(const Stack& stack, Sink& out) {
    for (const Resource* r : stack.OfTypes(kRdsInstances))
      if (!r->external && IsClusterMember(*r)) out.On(r).NotApplicable("it is a member of a cluster; Aurora clusters are not judged here");
  }

  // One alarm that alerts is enough.
  static void JudgeThing(const Stack& stack, const MetricOfThing& metric, const std::vector<Watch>& watches,
                         const Text& fix, Sink out) {
    const Watch* silent = nullptr;
    const Watch* doubtful = nullptr;
    for (const Watch& watch : watches) {
      const Certainty alerts = AlertOf(*watch.alarm).is;
      if (watch.certain && alerts == Certainty::kYes) return;
      const Watch*& kind = alerts == Certainty::kNo ? silent : doubtful;
      if (kind == nullptr && (watch.certain || alerts != Certainty::kNo)) kind = &watch;
    }
    const Text wanted = Text("an alarm on ") + MetricName(metric);
    const Text expected = "one with a threshold and enabled actions";
    if (doubtful) return out.Undecided({{}, {}}, wanted, WhyDoubtful(*doubtful));
    if (stack.facts().partial) return out.Missing(wanted);
    if (silent == nullptr) return out.Violation(Path(), Text("has no alarm on ") + MetricName(metric), expected, fix);
    const Text found = Text("has alarm ") + Text::Name(*silent->alarm) + ", whose " + Found(AlertOf(*silent->alarm).at);
    out.Violation(Path(), found, expected, "set a threshold on the alarm, and do not switch its actions off.");
  }

  static Text WhyDoubtful(const Watch& watch) {
    const Text alarm = Text("alarm ") + Text::Name(*watch.alarm);
    if (watch.certain) return alarm + " watches it, but its " + Hidden(AlertOf(*watch.alarm).at);
    if (watch.only_where) return alarm + " may watch it: whether both are in one region is not known";
    return alarm + " may watch it: its " + Hidden(watch.doubt);
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
    .description = "Each Kinesis stream has a CloudWatch alarm on `GetRecords.IteratorAgeMilliseconds` of "
                   "`AWS/Kinesis`, each RDS instance one on `CPUUtilization` of `AWS/RDS`, for that very stream or "
                   "instance, in its region, with a threshold or an anomaly model, and with actions that are not "
                   "disabled. Alarms by metric queries count as well. The instances of Aurora clusters are not judged.",
    .why = "A growing iterator age is orders that wait, a busy database is orders that fail: both are known here "
           "first, before customers tell.",
    .how_to_fix = "Add an `aws.cloudwatch.MetricAlarm` for the stream with `dimensions={\"StreamName\": stream.name}`, "
                  "and one for the database with `dimensions={\"DBInstanceIdentifier\": database.identifier}`.",
    .undecided = "An alarm whose metric is computed, or whose dimensions are and depend on no stream or instance, or "
                 "on several: it may be the one that is missed; so may one of a provider that does not say its "
                 "region. A threshold that is computed.",
    .failing = R"py(
import pulumi_aws as aws

aws.kinesis.Stream("orders-dev", name="fastcart-orders-dev", shard_count=2)
)py",
    .passing = R"py(
import pulumi_aws as aws

stream = aws.kinesis.Stream("orders-dev", name="fastcart-orders-dev", shard_count=2)
aws.cloudwatch.MetricAlarm(
    "orders-age-dev",
    namespace="AWS/Kinesis",
    metric_name="GetRecords.IteratorAgeMilliseconds",
    dimensions={"StreamName": stream.name},
    comparison_operator="GreaterThanThreshold",
    statistic="Maximum",
    period=60,
    evaluation_periods=5,
    threshold=60000,
)
)py",
    .url = "https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html",
    .controls = {SecurityHub("CloudWatch.17"), Checkov("CKV_AWS_319")},
    .make = Make<RequiredAlarms>,
};

}  // namespace fastcart
