// CloudWatch alarms and what they watch, in the words of both providers.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "analyzer/model/stack.h"

namespace fastcart {

// A metric of one thing: CPUUtilization of AWS/RDS, of the instance that the dimension DBInstanceIdentifier names.
struct MetricOfThing {
  std::string_view space, name, dimension;
  const guardrails::Target& things;
  std::vector<std::string_view> named_by;  // the properties of a thing that hold what the dimension wants
};

// Whether an alarm can go off.
enum class Works { kYes, kNoActions, kNoThreshold, kUnknown };

struct AlarmsOn {
  struct Alarm {
    const guardrails::Resource* alarm;
    Works works;
  };
  std::map<const guardrails::Resource*, std::vector<Alarm>> of;  // by the thing that they watch
  bool perhaps_others = false;  // there is an alarm of which it is not known what it watches
};

// The stack's alarms on the metric, by thing. Alarms that are only read do not count.
AlarmsOn FindAlarms(const guardrails::Stack& stack, const MetricOfThing& metric);

}  // namespace fastcart
