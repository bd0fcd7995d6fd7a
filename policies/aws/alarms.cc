#include "policies/aws/alarms.h"

#include <algorithm>

#include "analyzer/model/references.h"

namespace fastcart {

using namespace guardrails;

namespace {

struct Metric {
  Property space, name, dimensions;
};

Metric MetricIn(const Property& at) { return {at["namespace"], at["metricName"], at["dimensions"]}; }

// The metric that the alarm names itself, or those of its queries.
std::vector<Metric> MetricsOf(const Resource& alarm) {
  std::vector<Metric> out = {{alarm["namespace"], alarm["metricName"], alarm["dimensions"]}};
  const bool native = alarm.package() == "aws-native";
  const auto queries = alarm[native ? "metrics" : "metricQueries"].ReadList();
  if (const auto* list = IfKnown(queries))
    for (const Property& query : *list) out.push_back(MetricIn(native ? query["metricStat"]["metric"] : query["metric"]));
  return out;
}

// {"StreamName": "orders"}, or [{"name": "StreamName", "value": "orders"}].
Property DimensionOf(const Property& dimensions, std::string_view name) {
  const auto list = dimensions.ReadList();
  const auto* elements = IfKnown(list);
  if (!elements) return dimensions[name];
  const auto at = std::find_if(elements->begin(), elements->end(),
                               [name](const Property& d) { return d["name"].value().raw_string() == name; });
  return at == elements->end() ? Property(dimensions.path(), Value()) : (*at)["value"];
}

bool MayBe(const Property& at, std::string_view text) { return at.unknown() || at.value().raw_string() == text; }

// A literal by which the stack knows the thing, but which is not the name that the metric has: an RDS resource id.
bool IsOtherName(const MetricOfThing& metric, const Resource& thing, const Property& dimension) {
  const std::string_view literal = dimension.value().raw_string();
  bool other = false;
  for (const std::string_view property : metric.named_by) {
    const std::string_view name = thing.Result(property).value().raw_string();
    if (!literal.empty() && name == literal) return false;
    other = other || (!literal.empty() && !name.empty());
  }
  return other;
}

Works Judge(const Resource& alarm) {
  const Property actions = alarm["actionsEnabled"], threshold = alarm["threshold"], model = alarm["thresholdMetricId"];
  if (actions.value().kind() == Kind::kBool && !actions.value().raw_bool()) return Works::kNoActions;
  const bool set = threshold.unknown() || threshold.value().kind() == Kind::kNumber || model.unknown() ||
                   !model.value().raw_string().empty();
  if (!set) return Works::kNoThreshold;
  return actions.unknown() ? Works::kUnknown : Works::kYes;
}

void Add(const Stack& stack, const MetricOfThing& wanted, const Resource& alarm, const Metric& metric, AlarmsOn& out) {
  if (!MayBe(metric.space, wanted.space) || !MayBe(metric.name, wanted.name)) return;
  const Property dimension = DimensionOf(metric.dimensions, wanted.dimension);
  if (!dimension.unknown() && dimension.value().kind() != Kind::kString) return;
  const Reference to = ResolveOne(stack, alarm, dimension, wanted.things);
  const bool sure = !metric.space.unknown() && !metric.name.unknown();
  if (to.state == Reference::State::kResource && sure) {
    if (!IsOtherName(wanted, *to.resource, dimension)) out.of[to.resource].push_back({&alarm, Judge(alarm)});
  } else if (to.state == Reference::State::kUnknown || to.state == Reference::State::kResource) {
    out.perhaps_others = true;
  }
}

const Target kAlarms{.label = "CloudWatch alarm",
                     .types = {"aws:cloudwatch/metricAlarm:MetricAlarm", "aws-native:cloudwatch:Alarm"},
                     .known_by = {"arn"}};

}  // namespace

AlarmsOn FindAlarms(const Stack& stack, const MetricOfThing& metric) {
  AlarmsOn out;
  for (const Resource* alarm : stack.OfTypes(kAlarms))
    if (!alarm->external)
      for (const Metric& of_alarm : MetricsOf(*alarm)) Add(stack, metric, *alarm, of_alarm, out);
  return out;
}

}  // namespace fastcart
