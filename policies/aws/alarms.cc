#include "policies/aws/alarms.h"

#include <algorithm>
#include <utility>

#include "analyzer/model/references.h"
#include "policies/aws/reads.h"
#include "policies/aws/region.h"

namespace fastcart {

using namespace guardrails;

namespace {

const Target kAlarms{.types = {"aws:cloudwatch/metricAlarm:MetricAlarm", "aws-native:cloudwatch:Alarm"},
                     .known_by = {"arn"}};

struct Metric {
  Property space, name, dimensions;
};

Metric MetricIn(const Property& at) { return {at["namespace"], at["metricName"], at["dimensions"]}; }

// The metric that the alarm names itself, and those of its queries.
std::vector<Metric> MetricsOf(const Resource& alarm) {
  std::vector<Metric> out = {{alarm["namespace"], alarm["metricName"], alarm["dimensions"]}};
  const bool native = IsNative(alarm);
  const Property queries = alarm[native ? "metrics" : "metricQueries"];
  if (queries.unknown()) out.push_back({queries, queries, queries});
  const auto read = queries.ReadList();
  if (const auto* list = IfKnown(read))
    for (const Property& query : *list)
      out.push_back(MetricIn(native ? query["metricStat"]["metric"] : query["metric"]));
  return out;
}

// {"StreamName": "orders"}, or [{"name": "StreamName", "value": "orders"}].
Property DimensionOf(const Property& dimensions, std::string_view name) {
  const auto list = dimensions.ReadList();
  const auto* elements = IfKnown(list);
  if (!elements) return dimensions[name];
  Property out(dimensions.path(), Value());
  for (const Property& element : *elements) {
    if (element["name"].value().raw_string() == name) return element["value"];
    if (element["name"].unknown()) out = Property(dimensions.path(), Value::Unknown());
  }
  return out;
}

bool MayBe(const Property& at, std::string_view text) { return at.unknown() || at.value().raw_string() == text; }

bool Before(const Watch& a, const Watch& b) {
  return a.alarm != b.alarm ? a.alarm->urn < b.alarm->urn : a.doubt.path().ToString() < b.doubt.path().ToString();
}

// One alarm's metric, matched with the things of the stack.
class Matcher {
 public:
  Matcher(const Stack& stack, const MetricOfThing& wanted, AlarmsOn& out) : stack_(stack), wanted_(wanted), out_(out) {}

  void Match(const Resource& alarm, const Metric& metric) {
    const Property dimension = DimensionOf(metric.dimensions, wanted_.dimension);
    if (!MayBe(metric.space, wanted_.space) || !MayBe(metric.name, wanted_.name)) return;
    if (!dimension.unknown() && dimension.value().kind() != Kind::kString) return;
    const bool sure = !metric.space.unknown() && !metric.name.unknown();
    const Property& doubt = metric.space.unknown() ? metric.space : sure ? dimension : metric.name;
    if (dimension.unknown() || !MatchName(alarm, dimension, sure, doubt)) MatchReference(alarm, dimension, sure, doubt);
  }

  void Finish() {
    if (of_open_)
      for (const Resource* thing : stack_.OfTypes(wanted_.things))
        if (!thing->external && IsNameOpen(*thing)) AddOpen(*thing);
  }

 private:
  // Where the region is not known, the first of all regions will do.
  void AddOpen(const Resource& thing) {
    auto& watches = out_.of[&thing];
    const std::string_view region = RegionOf(stack_, thing).raw_string();
    if (region.empty()) return watches.push_back(*of_open_);
    for (const std::string_view of : {region, std::string_view()})
      if (const auto at = of_open_in_.find(of); at != of_open_in_.end()) watches.push_back(*at->second);
  }

  // The things of that very name; several only in several regions.
  bool MatchName(const Resource& alarm, const Property& dimension, bool sure, const Property& doubt) {
    bool any = false;
    for (const Resource* thing : stack_.KnownBy(wanted_.things, dimension.value().raw_string())) {
      any = true;
      if (!IsOtherName(*thing, dimension)) Add(alarm, *thing, sure, doubt);
    }
    return any;
  }

  void MatchReference(const Resource& alarm, const Property& dimension, bool sure, const Property& doubt) {
    const References to = ResolveAll(stack_, alarm, dimension, wanted_.things);
    const bool only_one = to.complete() && to.resources.size() + to.outside.size() == 1;
    for (const Resource* thing : to.resources)
      if (!IsOtherName(*thing, dimension)) Add(alarm, *thing, sure && only_one, doubt);
    const bool any_open = !dimension.unknown() && to.resources.empty();
    if (any_open) MayWatchOpen({&alarm, false, doubt});
    for (const Resource* thing : to.candidates)
      if (!any_open || !IsNameOpen(*thing)) Add(alarm, *thing, false, doubt);
    if (to.unknown && !to.bounded && dimension.unknown()) MayWatchAny({&alarm, false, doubt});
  }

  // Of alarms that say nothing of what they watch, the first that can go off speaks for all.
  void MayWatchAny(const Watch& watch) {
    if (AlertOf(*watch.alarm).is != Certainty::kNo) KeepFirst(watch, out_.of_any);
  }

  // Nor of alarms on a name of nothing, which may be any that is not known yet: the first of their region.
  void MayWatchOpen(const Watch& watch) {
    if (AlertOf(*watch.alarm).is == Certainty::kNo) return;
    KeepFirst(watch, of_open_);
    KeepFirst(watch, of_open_in_[RegionOf(stack_, *watch.alarm).raw_string()]);
  }

  static void KeepFirst(const Watch& watch, std::optional<Watch>& first) {
    if (!first || Before(watch, *first)) first = watch;
  }

  // A literal that leads to the thing, but which is not the name that the metric has: an RDS resource id.
  bool IsOtherName(const Resource& thing, const Property& dimension) const {
    const std::string_view literal = dimension.value().raw_string();
    bool other = false;
    for (const std::string_view property : wanted_.named_by) {
      const std::string_view name = thing.Result(property).value().raw_string();
      if (literal.empty() || name == literal) return false;
      other = other || !name.empty();
    }
    return other;
  }

  // Also of a thing that exists: its id is known, and its name is about to change.
  bool IsNameOpen(const Resource& thing) const {
    return std::any_of(wanted_.named_by.begin(), wanted_.named_by.end(),
                       [&](std::string_view property) { return thing.Result(property).unknown(); });
  }

  void Add(const Resource& alarm, const Resource& thing, bool certain, const Property& doubt) {
    const Certainty here = InOneRegion(stack_, alarm, thing);
    if (thing.external || here == Certainty::kNo) return;
    const bool only_where = certain && here == Certainty::kUnknown;
    out_.of[&thing].push_back({&alarm, certain && !only_where, doubt, only_where});
  }

  const Stack& stack_;
  const MetricOfThing& wanted_;
  AlarmsOn& out_;
  std::optional<Watch> of_open_;
  std::map<std::string_view, std::optional<Watch>> of_open_in_;  // by region, empty where it is not known
};

Alert ThresholdOf(const Resource& alarm) {
  const Property threshold = alarm["threshold"], model = alarm["thresholdMetricId"];
  if (threshold.unknown()) return {Certainty::kUnknown, threshold};
  if (threshold.value().kind() == Kind::kNumber) return {Certainty::kYes, threshold};
  if (!threshold.absent()) return {Certainty::kNo, threshold};
  if (model.unknown()) return {Certainty::kUnknown, model};
  return {model.value().raw_string().empty() ? Certainty::kNo : Certainty::kYes, threshold};
}

}  // namespace

std::vector<Watch> AlarmsOn::On(const Resource& thing) const {
  std::vector<Watch> out;
  if (of_any) out.push_back(*of_any);
  if (const auto at = of.find(&thing); at != of.end()) out.insert(out.end(), at->second.begin(), at->second.end());
  std::sort(out.begin(), out.end(), Before);
  return out;
}

AlarmsOn FindAlarms(const Stack& stack, const MetricOfThing& metric) {
  AlarmsOn out;
  Matcher matcher(stack, metric, out);
  for (const Resource* alarm : stack.OfTypes(kAlarms))
    if (!alarm->external)
      for (const Metric& of_alarm : MetricsOf(*alarm)) matcher.Match(*alarm, of_alarm);
  matcher.Finish();
  return out;
}

Alert AlertOf(const Resource& alarm) {
  const Property actions = alarm["actionsEnabled"];
  Alert threshold = ThresholdOf(alarm);
  if (threshold.is == Certainty::kNo) return threshold;
  return std::visit(Overloaded{
                        [&](Absent) { return threshold; },
                        [&](Unknown) { return Alert{Certainty::kUnknown, actions}; },
                        [&](Mistyped) { return Alert{Certainty::kNo, actions}; },
                        [&](Known<bool> on) { return on.value ? threshold : Alert{Certainty::kNo, actions}; },
                    },
                    actions.ReadBool());
}

}  // namespace fastcart
