#include "policies/aws/databases.h"

#include <algorithm>
#include <array>

#include "analyzer/model/references.h"
#include "policies/aws/private_subnets.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"

namespace fastcart {

using namespace guardrails;

namespace {

bool IsGiven(const Resource& r, std::string_view property) { return !IsBlank(r[property]); }

constexpr std::array kBackups = {"snapshotIdentifier",          "dbSnapshotIdentifier",
                                 "dbClusterSnapshotIdentifier", "sourceDbInstanceAutomatedBackupsArn",
                                 "sourceDbiResourceId",         "restoreToPointInTime"};

// A replica's is its source's where it names none, and what is only read has no inputs: there the result counts.
Property GroupOf(const Stack& stack, const Resource& r, bool is_result) {
  return is_result || r.external ? AskedOrKnown(stack, r, "dbSubnetGroupName") : Asked(stack, r, "dbSubnetGroupName");
}

DatabasePlace PlaceInGroup(const Stack& stack, const Resource& group) {
  const SubnetsVerdict subnets = JudgeSubnets(stack, group, Asked(stack, group, "subnetIds"), {});
  const Text names = Text("names ") + Text::Name(group) + ", which holds ";
  DatabasePlace out{.wrong = {}, .open = {}, .missing = subnets.missing};
  if (subnets.none || !subnets.wrong.empty()) out.wrong = names + (subnets.none ? Text("no subnets") : subnets.wrong);
  if (!subnets.open.empty()) out.open = Text("it ") + names + subnets.open;
  return out;
}

// One of the groups is meant, and nobody knows which: decided where it is the same with all.
DatabasePlace PlaceInOneOf(const Stack& stack, const std::vector<const Resource*>& groups) {
  if (groups.size() == 1) return PlaceInGroup(stack, *groups.front());
  bool all_right = true, all_wrong = true;
  for (const Resource* group : groups) {
    const DatabasePlace place = PlaceInGroup(stack, *group);
    all_right = all_right && place.wrong.empty() && place.open.empty() && !place.missing;
    all_wrong = all_wrong && !place.wrong.empty();
  }
  const Text names = JoinFew(groups, [](const Resource* r) { return Text::Name(*r); });
  if (all_right) return {.wrong = {}, .open = {}};
  if (all_wrong) return {.wrong = Text("names one of ") + names + ", none of them of private subnets", .open = {}};
  return {.wrong = {}, .open = Text("which of ") + names + " it names is not known", .missing = stack.facts().partial};
}

// Where a source stands that nothing else judges.
DatabasePlace PlaceInSource(const Stack& stack, const Resource& source) {
  const Database there(stack, source);
  const Text its = Text("its source ") + Text::Name(source);
  if (source.external && IsBlank(there.group))
    return {.wrong = {}, .open = Text("it is not set, and that of ") + its + " is not known"};
  DatabasePlace out = PlaceOf(stack, source, there);
  if (out.no_group) out = {.wrong = "is in the default VPC's, of public subnets", .open = {}};
  if (!out.wrong.empty()) out.wrong = Text("is not set, and ") + its + " " + out.wrong;
  if (!out.open.empty()) out.open = Text("it is that of ") + its + ", and " + out.open;
  return out;
}

// A replica without a group of its own stands where its source does, or in another region in the default VPC.
DatabasePlace PlaceOfReplica(const Stack& stack, const CopySource& source) {
  using Is = CopySource::Is;
  if (source.is == Is::kMistyped) return {};
  if (source.same_region == Certainty::kNo) return {.no_group = true, .wrong = {}, .open = {}};
  if (source.resource && source.same_region == Certainty::kYes)
    return IsInstanceOfStack(source) ? DatabasePlace{.wrong = {}, .open = {}} : PlaceInSource(stack, *source.resource);
  const Text why = source.resource ? Text("whether its source is in the same region is not known") : WhyOpen(source);
  return {.wrong = {}, .open = Text("it is not set, and ") + why, .missing = source.is == Is::kMissing};
}

}  // namespace

Property AskedOrKnown(const Stack& stack, const Resource& r, std::string_view property) {
  Property asked = Asked(stack, r, property);
  const Value result = r.outputs[property];
  return asked.absent() && result.known() ? Property(asked.path(), result) : asked;
}

bool IsClusterMember(const Resource& instance) {
  return instance.type == "aws-native:rds:DbInstance" && IsGiven(instance, "dbClusterIdentifier");
}

Database::Database(const Stack& stack, const Resource& r)
    : native(IsNative(r)),
      replicated(ReplicaSourceOf(stack, r)),
      restored_from(RestoredSourceOf(stack, r)),
      engine(AskedOrKnown(stack, r, "engine")),
      instance_class(AskedOrKnown(stack, r, native ? "dbInstanceClass" : "instanceClass")),
      backup_days(Asked(stack, r, "backupRetentionPeriod")),
      logs(Asked(stack, r, native ? "enableCloudwatchLogsExports" : "enabledCloudwatchLogsExports")),
      is_public(Asked(stack, r, "publiclyAccessible")),
      group(GroupOf(stack, r, replicated.is != CopySource::Is::kNone)),
      restored(std::any_of(kBackups.begin(), kBackups.end(), [&r](const char* name) { return IsGiven(r, name); })),
      in_cluster(IsClusterMember(r)) {}

DatabasePlace PlaceOf(const Stack& stack, const Resource& instance, const Database& db) {
  if (IsBlank(db.group) && db.replicated.is != CopySource::Is::kNone) return PlaceOfReplica(stack, db.replicated);
  if (IsBlank(db.group) || db.group.value().raw_string() == "default") return {.no_group = true, .wrong = {}, .open = {}};
  const References named = ResolveAll(stack, instance, db.group, kRdsSubnetGroups);
  if (!named.mistyped.empty()) return {.wrong = "names no subnet group", .open = {}};
  const auto choices = named.choices();
  if (choices.empty()) {
    const Text why = named.outside.empty() ? Text("which subnet group it names is not known")
                                           : Text("its subnet group is not managed by the stack");
    return {.wrong = {}, .open = why, .missing = stack.facts().partial};
  }
  return PlaceInOneOf(stack, choices);
}

}  // namespace fastcart
