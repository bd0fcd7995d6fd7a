#include "policies/aws/databases.h"

#include <algorithm>
#include <array>

#include "analyzer/model/references.h"
#include "policies/aws/private_subnets.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"

namespace fastcart {

using namespace guardrails;

Property AskedOrKnown(const Stack& stack, const Resource& r, std::string_view property) {
  Property asked = Asked(stack, r, property);
  const Value result = r.outputs[property];
  return asked.absent() && result.known() ? Property(asked.path(), result) : asked;
}

namespace {

bool IsGiven(const Resource& r, std::string_view property) { return !IsBlank(r[property]); }

constexpr std::array kSources = {"replicateSourceDb", "sourceDbInstanceIdentifier", "sourceDbClusterIdentifier"};
constexpr std::array kBackups = {"snapshotIdentifier",          "dbSnapshotIdentifier",
                                 "dbClusterSnapshotIdentifier", "sourceDbInstanceAutomatedBackupsArn",
                                 "sourceDbiResourceId",         "restoreToPointInTime"};

template <class Names>
bool IsGivenAny(const Resource& r, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&r](const char* name) { return IsGiven(r, name); });
}

}  // namespace

bool IsClusterMember(const Resource& instance) {
  return instance.type == "aws-native:rds:DbInstance" && IsGiven(instance, "dbClusterIdentifier");
}

Database::Database(const Stack& stack, const Resource& r)
    : native(IsNative(r)),
      engine(AskedOrKnown(stack, r, "engine")),
      instance_class(AskedOrKnown(stack, r, native ? "dbInstanceClass" : "instanceClass")),
      backup_days(Asked(stack, r, "backupRetentionPeriod")),
      logs(Asked(stack, r, native ? "enableCloudwatchLogsExports" : "enabledCloudwatchLogsExports")),
      is_public(Asked(stack, r, "publiclyAccessible")),
      group(Asked(stack, r, "dbSubnetGroupName")),
      replica(IsGivenAny(r, kSources)),
      restored(IsGivenAny(r, kBackups)),
      in_cluster(IsClusterMember(r)) {}

DatabasePlace PlaceOf(const Stack& stack, const Resource& instance, const Database& db) {
  if (IsBlank(db.group) && db.replica) return {};
  if (IsBlank(db.group) || db.group.value().raw_string() == "default") return {.no_group = true, .wrong = {}, .open = {}};
  const References named = ResolveAll(stack, instance, db.group, kRdsSubnetGroups);
  if (!named.mistyped.empty()) return {.wrong = "names no subnet group", .open = {}};
  const auto choices = named.choices();
  if (choices.size() != 1) {
    const Text why = named.outside.empty() ? Text("which subnet group it names is not known")
                                           : Text("its subnet group is not managed by the stack");
    return {.wrong = {}, .open = why, .missing = stack.facts().partial};
  }
  const Resource& group = *choices.front();
  const SubnetsVerdict subnets = JudgeSubnets(stack, group, Asked(stack, group, "subnetIds"), {});
  const Text names = Text("names ") + Text::Name(group) + ", which holds ";
  DatabasePlace out{.wrong = {}, .open = {}, .missing = subnets.missing};
  if (subnets.none || !subnets.wrong.empty()) out.wrong = names + (subnets.none ? Text("no subnets") : subnets.wrong);
  if (!subnets.open.empty()) out.open = Text("it ") + names + subnets.open;
  return out;
}

}  // namespace fastcart
