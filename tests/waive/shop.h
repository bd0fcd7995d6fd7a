// A pack of few rules and a day, for tests of what is accepted.
#pragma once

#include <array>

#include "analyzer/policy/require.h"
#include "analyzer/waive/date.h"

namespace guardrails::testing {

using namespace std::chrono_literals;
inline constexpr Date kToday = std::chrono::year(2026) / std::chrono::June / 1;
inline constexpr std::string_view kStream = "aws:kinesis/stream:Stream";

class CountShards final : public Rule {
 public:
  void CheckResource(const Subject& stream, Sink& out) const override {
    RequireAtLeast(out, stream["shardCount"], 2, 1, "set shard_count=2.");
    if (!stream["retentionPeriod"].absent()) out.Note(stream["retentionPeriod"], "a day is short");
  }
};

class NeedsAlarm final : public Rule {
 public:
  void CheckStack(const Stack& stack, Sink& out) const override {
    if (stack.OfType("aws:cloudwatch/metricAlarm:MetricAlarm").empty())
      out.Violation(Path(), "has no alarm", "an alarm", "add an alarm.");
  }
};

// Whatever is there is wrong.
class NoPassword final : public Rule {
 public:
  void CheckResource(const Subject& stream, Sink& out) const override {
    if (!stream["password"].absent()) out.Violation(stream["password"], "none", "leave it out.");
  }
};

inline Guardrail NewRule(std::string_view name, std::string_view type, decltype(Guardrail::make) make) {
  Guardrail g;
  g.name = name;
  g.scope = type.empty() ? Scope::kStack : Scope::kResource;
  if (!type.empty()) g.types = {type};
  g.subject = "stream";
  g.make = make;
  return g;
}
inline const Guardrail kAlarm = NewRule("alarm", "", Make<NeedsAlarm>), kNames = NewRule("names", kStream, Make<NoPassword>),
                       kShards = NewRule("shards", kStream, Make<CountShards>);
inline constexpr std::array<const Guardrail*, 3> kShopRules{&kAlarm, &kNames, &kShards};
inline constexpr Pack kShop{.name = "shop", .display_name = "Shop", .version = "1", .description = "", .repository = "",
                            .guardrails = kShopRules};

}  // namespace guardrails::testing
