#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/policy/remedy.h"
#include "policies/aws/databases.h"
#include "policies/aws/reads.h"
#include "policies/aws/targets.h"
#include "policies/aws/text_list.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

constexpr std::string_view kLog = "postgresql";
constexpr char kWhole[] = "every RDS instance in private subnets, and every read replica's source";

using Texts = std::vector<std::string_view>;
using Setting = Property Database::*;

bool IsReplica(const Database& db) { return db.replicated.is != CopySource::Is::kNone; }

Text OneOf(const Texts& wanted) {
  const Text list = JoinText(wanted, [](std::string_view text) { return Text::Setting(text); });
  return wanted.size() == 1 ? list : Text("one of ") + list;
}

class RdsOperations final : public Rule {
 public:
  explicit RdsOperations(const Config& config)
      : classes_(config.Strings("instanceClasses")), backup_days_(config.Integer("minimumBackupDays")) {}

  void CheckResource(const Subject& instance, Sink& out) const override {
    const Database db(instance.stack, instance.resource);
    if (db.in_cluster) return out.NotApplicable("it is a member of a cluster; Aurora clusters are not judged here");
    JudgeSource(db.replicated, out);
    JudgeEngine(instance.stack, db, out);
    JudgeClass(instance.stack, db, out);
    RequireAtLeast(out, db.backup_days, backup_days_, db.usual_backup_days(),
                   Text("set backup_retention_period=") + Text::Number(backup_days_) + ".");
    JudgeLogs(db.logs, out);
    RequireFalse(out, db.is_public, db.usual_access(), "set publicly_accessible=False.");
  }

  void CheckStack(const Stack& stack, Sink& out) const override {
    for (const Resource* instance : stack.OfTypes(kRdsInstances)) {
      const Database db(stack, *instance);
      if (instance->external || db.in_cluster) continue;
      Sink of_instance = out.On(instance);
      of_instance.Judged();
      JudgePlace(PlaceOf(stack, *instance, db), db.group, of_instance);
      const bool leaves = IsBlank(db.engine) || IsBlank(db.instance_class);
      if (leaves && db.replicated.is == CopySource::Is::kMissing) of_instance.Missing(kWhole);
    }
  }

  void Remediate(const Subject& instance, Remedy& out) const override {
    const Database db(instance.stack, instance.resource);
    if (db.in_cluster) return;
    if (!db.backup_days.unknown() && !IsAtLeast(db.backup_days, backup_days_, db.usual_backup_days()))
      out.Set(db.backup_days.path(), backup_days_, Text("backups are kept ") + Text::Number(backup_days_) + " days");
    if (auto logs = WithText(db.logs, kLog)) out.Set(db.logs.path(), *std::move(logs), "its log goes to CloudWatch");
    const bool open = db.is_public.absent() ? db.native : !SameKnown(db.is_public.value(), Value::Bool(false));
    if (open && !db.is_public.unknown()) out.Set(db.is_public.path(), false, "closed to the internet");
  }

 private:
  static void JudgeSource(const CopySource& source, Sink& out) {
    if (source.is == CopySource::Is::kMistyped)
      out.Violation(source.at, "the name of an RDS instance", "set replicate_source_db to the source's identifier or ARN.");
  }

  // A setting that a replica leaves to its source.
  static void JudgeLeft(const Stack& stack, const Database& db, Setting setting, const Texts& wanted, Sink& out) {
    using Is = CopySource::Is;
    const CopySource& source = db.replicated;
    const Property& at = db.*setting;
    if (IsInstanceOfStack(source) || source.is == Is::kMistyped || source.is == Is::kMissing) return;
    if (!source.resource) return out.Undecided(at, OneOf(wanted), Text("it is not set, and ") + WhyOpen(source));
    const Property there = Database(stack, *source.resource).*setting;
    const Text its = Text("its source ") + Text::Name(*source.resource);
    if (there.unknown() || IsBlank(there))
      return out.Undecided(at, OneOf(wanted), Text("it is not set, and that of ") + its + " is not known");
    if (std::find(wanted.begin(), wanted.end(), there.value().raw_string()) != wanted.end()) return;
    out.Violation(at.path(), Text("is that of ") + its + ", " + Text::Of(there.value()), OneOf(wanted),
                  "replicate a database that is run as agreed.");
  }

  static Text WhyNoEngine(const CopySource& from) {
    if (!from.resource) return "it is not set, and the backup that it is restored from is not in the stack";
    const Text which = Text::Name(*from.resource);
    return Text("it is not set, and the stack only reads ") + which + ", which it is restored from";
  }

  static void JudgeEngine(const Stack& stack, const Database& db, Sink& out) {
    if (IsBlank(db.engine) && IsReplica(db)) return JudgeLeft(stack, db, &Database::engine, {"postgres"}, out);
    if (IsBlank(db.engine) && db.restored_from.is == CopySource::Is::kManaged) return;
    if (IsBlank(db.engine) && db.restored) return out.Undecided(db.engine, "postgres", WhyNoEngine(db.restored_from));
    RequireText(out, db.engine, "postgres", nullptr, "set engine=\"postgres\".");
  }

  void JudgeClass(const Stack& stack, const Database& db, Sink& out) const {
    const Texts classes(classes_.begin(), classes_.end());
    if (IsBlank(db.instance_class) && IsReplica(db))
      return JudgeLeft(stack, db, &Database::instance_class, classes, out);
    RequireOneOf(out, db.instance_class, classes, nullptr, Text("set instance_class=\"") + Text::Setting(classes_.front()) + "\".");
  }

  static void JudgeLogs(const Property& logs, Sink& out) {
    const Text wanted = Text("a list that holds \"") + Text::Setting(kLog) + "\"";
    const auto read = logs.ReadList();
    const auto* elements = IfKnown(read);
    if (elements && Holds(*elements, kLog)) return;
    const bool open = elements && std::any_of(elements->begin(), elements->end(), [](auto& e) { return e.unknown(); });
    if (open || logs.unknown()) return out.Undecided(logs, wanted);
    out.Violation(logs, wanted, "set enabled_cloudwatch_logs_exports=[\"postgresql\"].", Text("no exports"));
  }

  static void JudgePlace(const DatabasePlace& place, const Property& group, Sink& out) {
    const Text wanted = "a subnet group of private subnets";
    const Text fix = "set db_subnet_group_name to an aws.rds.SubnetGroup whose subnets have no route to an internet gateway.";
    if (place.no_group) return out.Violation(group, wanted, fix, Text("the default VPC's, of public subnets"));
    if (!place.wrong.empty()) return out.Violation(group.path(), place.wrong, wanted, fix);
    if (place.missing) return out.Missing(kWhole);
    if (!place.open.empty()) out.Undecided(group, wanted, place.open);
  }

  const std::vector<std::string> classes_;
  const double backup_days_;
};

}  // namespace

const Guardrail kRdsOperations{
    .name = "rds-operations",
    .display_name = "RDS instances are run as agreed",
    .severity = Severity::kMedium,
    .scope = Scope::kBoth,
    .types = {"aws:rds/instance:Instance", "aws-native:rds:DbInstance"},
    .subject = "RDS instance",
    .description =
        "An RDS instance runs PostgreSQL on one of `instanceClasses`, keeps backups for at least `minimumBackupDays` "
        "days, exports its `postgresql` log to CloudWatch, is not publicly accessible, and stands in a subnet group of "
        "private subnets only. A read replica has the engine, the class and, in one region, the subnet group of its "
        "source where it names none. "
        "Aurora clusters and their members are not judged.",
    .why = "An order that is lost between two backups is lost for good, a slow query without a log is a guess, and a "
           "database that the internet can reach will be tried by it within the hour.",
    .how_to_fix = "On the `aws.rds.Instance` set `engine=\"postgres\"`, `instance_class=\"db.t3.micro\"`, "
                  "`backup_retention_period=7`, `enabled_cloudwatch_logs_exports=[\"postgresql\"]`, "
                  "`publicly_accessible=False` and `db_subnet_group_name` to an `aws.rds.SubnetGroup` of private subnets.",
    .undecided = "A subnet group or subnets outside the stack, whose routes it does not show; the engine of an instance "
                 "that is restored from a backup; what a read replica has from a source outside the stack; "
                 "settings that are computed from another resource's output.",
    .failing = R"py(
import pulumi_aws as aws

aws.rds.Instance("orders-dev", engine="postgres", instance_class="db.t3.micro", backup_retention_period=1)
)py",
    .passing = R"py(
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc-dev", cidr_block="10.0.0.0/16")
subnets = [aws.ec2.Subnet(f"data-{n}-dev", vpc_id=vpc.id, cidr_block=f"10.0.{n}.0/24") for n in (1, 2)]
aws.rds.Instance(
    "orders-dev",
    engine="postgres",
    instance_class="db.t3.micro",
    backup_retention_period=7,
    enabled_cloudwatch_logs_exports=["postgresql"],
    publicly_accessible=False,
    db_subnet_group_name=aws.rds.SubnetGroup("data-dev", subnet_ids=[subnet.id for subnet in subnets]).name,
)
)py",
    .url = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_BestPractices.html",
    .controls = {Fsbp("RDS.2"), Fsbp("RDS.9"), Fsbp("RDS.11"), Fsbp("RDS.36"), Fsbp("RDS.46"), Cis3("2.3.3"), Cis5("2.2.3"),
                 Pci("1.4.4"), Pci("10.2.1"), Pci("10.4.2"), Checkov("CKV_AWS_17"), Checkov("CKV_AWS_129"), Checkov("CKV_AWS_133")},
    .config = {{.name = "instanceClasses",
                .type = ConfigKey::Type::kStrings,
                .default_json = R"(["db.t3.micro"])",
                .description = "The instance classes that may be used."},
               {.name = "minimumBackupDays",
                .type = ConfigKey::Type::kInteger,
                .default_json = "7",
                .description = "The fewest days that automated backups are kept.",
                .minimum = 1,
                .maximum = 35}},
    .remediates = true,
    .make = Make<RdsOperations>,
};

}  // namespace fastcart
