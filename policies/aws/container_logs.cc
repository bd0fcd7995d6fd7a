#include "policies/aws/container_logs.h"

#include <algorithm>
#include <utility>

#include "analyzer/model/references.h"
#include "policies/aws/json_text.h"
#include "policies/aws/reads.h"
#include "policies/aws/region.h"
#include "policies/aws/targets.h"

namespace fastcart {

using namespace guardrails;

namespace {

using Goes = ContainerLog::Goes;

// Where one container says that it logs.
struct Settings {
  Property group;   // a name
  Property region;  // absent: where the task runs
  Property driver;  // or FireLens's output: where it is unknown, so is whether the container logs to CloudWatch at all
};

bool IsSomethingElse(const Property& at) { return at.value().kind() != Kind::kObject && !at.absent() && !at.unknown(); }

Text Is(const Property& at) { return at.absent() ? Text("is not set") : Text("is ") + Text::Of(at.value()); }

class Reader {
 public:
  Reader(const Stack& stack, const Resource& task) : stack_(stack), task_(task) {}

  std::vector<ContainerLog> Read() {
    const Property definitions = Definitions();
    std::visit(Overloaded{
                   [](Absent) {},
                   [&](Unknown) { Judge({definitions, Nothing(definitions), Nothing(definitions)}); },
                   [&](Mistyped) { NotReadable(task_["containerDefinitions"]); },
                   [&](const Known<std::vector<Property>>& list) {
                     for (const Property& container : list.value) ReadContainer(container);
                   },
               },
               definitions.ReadList());
    return std::move(out_);
  }

 private:
  static Property Nothing(const Property& at) { return {at.path(), Value()}; }

  // The provider aws has the definitions as JSON text, aws-native as a list.
  Property Definitions() {
    Property at = task_["containerDefinitions"];
    if (at.value().kind() != Kind::kString) return at;
    const Value parsed = ParseJsonText(arena_, at.value().raw_string());
    return {at.path(), at.secret() ? parsed.AsSecret() : parsed};
  }

  void ReadContainer(const Property& container) {
    const Property logs = container["logConfiguration"], driver = logs["logDriver"], options = logs["options"];
    if (IsSomethingElse(container) || container.absent()) return NotReadable(container);
    if (IsSomethingElse(logs)) return NotReadable(logs);
    const std::string_view name = driver.value().raw_string();
    if (driver.unknown() || name == "awslogs") Judge({options["awslogs-group"], RegionIn(options, "awslogs-region"), driver});
    if (name == "awsfirelens") ReadFireLens(options);
  }

  // Options that are unknown as a whole say no region, as definitions that are.
  static Property RegionIn(const Property& options, std::string_view name) {
    const Property region = options[name];
    return options.unknown() ? Nothing(region) : region;
  }

  // Fluent Bit's output, in either spelling of its key, else Fluentd's.
  static Property OutputOf(const Property& options) {
    for (const std::string_view key : {"Name", "name"})
      if (!options[key].absent()) return options[key];
    return options["@type"];
  }

  void ReadFireLens(const Property& options) {
    if (IsSomethingElse(options)) return NotReadable(options);
    const Property group = options["log_group_name"], output = OutputOf(options);
    const std::string_view name = output.value().raw_string();
    if (!output.unknown() && name != "cloudwatch" && name != "cloudwatch_logs") return;
    const bool complete = group.value().raw_string().find("$(") == std::string_view::npos;
    if (complete) return Judge({group, RegionIn(options, "region"), output});
    out_.push_back({Goes::kUnknown, group.path(), {}, "the container completes the name when it runs"});
  }

  void NotReadable(const Property& at) { out_.push_back({Goes::kNotReadable, at.path(), Is(at)}); }

  void Judge(const Settings& s) {
    const std::vector<const Resource*> same_name = ManagedBy(s.group);
    const Certainty nearest = Nearest(s, same_name);
    if (nearest == Certainty::kYes) return ToTheStack(s);
    if (nearest == Certainty::kUnknown) return WhereIsNotKnown(s, *same_name.front());
    if (!same_name.empty())
      return Elsewhere(s, s.region, Is(s.region) + ", where log group " + Text::Name(*same_name.front()) + " is not");
    const References to = ResolveAll(stack_, task_, s.group, kLogGroups);
    const auto choices = to.choices();
    const auto at_least = [&](Certainty wanted) {
      const auto ours = [&](const Resource* group) { return !group->external && IsWhere(s, *group) >= wanted; };
      return !choices.empty() && std::all_of(choices.begin(), choices.end(), ours);
    };
    if (at_least(Certainty::kYes)) return ToTheStack(s);
    if (at_least(Certainty::kUnknown)) return WhereIsNotKnown(s, *choices.front());
    if (!choices.empty() || !to.resources.empty() || to.unknown) return NotKnown(s);
    Elsewhere(s, s.group, s.group.unknown() ? Text("leads to no log group that the stack manages") : Is(s.group));
  }

  // The stack's groups of that name; several only in several regions.
  std::vector<const Resource*> ManagedBy(const Property& name) const {
    std::vector<const Resource*> out;
    for (const Resource* group : stack_.KnownBy(kLogGroups, name.value().raw_string()))
      if (!group->external) out.push_back(group);
    return out;
  }

  // Whether the container logs to the region of the group.
  Certainty IsWhere(const Settings& s, const Resource& group) const {
    return IsBlank(s.region) ? InOneRegion(stack_, task_, group) : SameRegion(s.region.value(), RegionOf(stack_, group));
  }

  // The best of these answers; no for no groups.
  Certainty Nearest(const Settings& s, const std::vector<const Resource*>& groups) const {
    Certainty out = Certainty::kNo;
    for (const Resource* group : groups) out = std::max(out, IsWhere(s, *group));
    return out;
  }

  void WhereIsNotKnown(const Settings& s, const Resource& group) {
    const Text which = Text("whether log group ") + Text::Name(group);
    const Text why = which + " is in the region that the container logs to is not known";
    out_.push_back({Goes::kUnknown, s.region.path(), {}, why});
  }

  void ToTheStack(const Settings& s) { out_.push_back({Goes::kToTheStack, s.group.path()}); }

  void Elsewhere(const Settings& s, const Property& at, Text found) {
    if (s.driver.unknown()) return out_.push_back({Goes::kUnknown, s.driver.path(), {}, "whether it logs to CloudWatch is not known"});
    out_.push_back({Goes::kElsewhere, at.path(), std::move(found)});
  }

  void NotKnown(const Settings& s) {
    const bool dangling = EdgeTargets(stack_, task_, s.group.path().root(), kLogGroups).dangling;
    const bool missing = stack_.facts().partial && (dangling || !s.group.unknown());
    out_.push_back({missing ? Goes::kMissing : Goes::kUnknown, s.group.path(), {}, Why(s.group)});
  }

  static Text Why(const Property& group) {
    if (!group.unknown()) return "the name of the log group that it may be is not known before the update";
    return (group.value().kind() == Kind::kHidden ? Text("its value is a secret that the file withholds")
                                                  : Text("its value is not known before the update")) +
           ", and it depends on no single log group of the stack";
  }

  const Stack& stack_;
  const Resource& task_;
  Arena arena_;  // of what is read from JSON text
  std::vector<ContainerLog> out_;
};

}  // namespace

std::vector<ContainerLog> ContainerLogsOf(const Stack& stack, const Resource& task_definition) {
  return Reader(stack, task_definition).Read();
}

}  // namespace fastcart
