// CloudWatch alarms and what they watch, in the words of both providers.
//
// Source: docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html. Pure and thread-safe; valid
// while the stack lives.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/model/stack.h"
#include "policies/aws/certainty.h"

namespace fastcart {

// A metric of one thing: CPUUtilization of AWS/RDS, of the instance that the dimension DBInstanceIdentifier names.
struct MetricOfThing {
  std::string_view space, name, dimension;
  const guardrails::Target& things;
  std::vector<std::string_view> named_by;  // the properties of a thing that hold what the dimension wants
};

// What an alarm has to do with a thing.
struct Watch {
  const guardrails::Resource* alarm;
  bool certain;                // the alarm is on the metric of that thing
  guardrails::Property doubt;  // if not: the property of the alarm that may say so
  bool only_where = false;     // or it is, if both are in one region, which nobody knows
};

struct AlarmsOn {
  std::map<const guardrails::Resource*, std::vector<Watch>> of;  // by the thing that they watch, or may watch
  std::optional<Watch> of_any;                                   // the first that can go off and may watch any of them

  // All that may matter to the thing, in the order of their URNs.
  std::vector<Watch> On(const guardrails::Resource& thing) const;
};

// The stack's alarms on the metric: on it alone, or in a metric query. Alarms that are only read do not count, nor do
// those of another region than the thing's: CloudWatch has metrics and alarms by region.
AlarmsOn FindAlarms(const guardrails::Stack& stack, const MetricOfThing& metric);

// Whether an alarm can go off and tell: actionsEnabled is not false, and a threshold, or a model of one
// (thresholdMetricId), is set. `at` is the property that speaks against it, or that is unknown.
struct Alert {
  Certainty is;
  guardrails::Property at;
};
Alert AlertOf(const guardrails::Resource& alarm);

}  // namespace fastcart
