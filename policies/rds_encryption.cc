#include <string_view>

#include "analyzer/model/references.h"
#include "analyzer/policy/remedy.h"
#include "analyzer/policy/require.h"
#include "policies/aws/arn.h"
#include "policies/aws/databases.h"
#include "policies/aws/reads.h"
#include "policies/aws/region.h"
#include "policies/aws/require_key.h"
#include "policies/aws/targets.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

enum class Inherits { kYes, kNo, kUnknown };

// A replica in its source's region has the source's encryption; one in another region says so itself.
Inherits FromRegion(const Value& own, std::string_view source) {
  const std::string_view region = own.raw_string();
  if (region.empty() || source.empty()) return Inherits::kYes;
  return region == source ? Inherits::kYes : Inherits::kNo;
}

constexpr std::string_view kSourceCluster = "sourceDbClusterIdentifier";

// The database that it replicates. A cluster that names a source is restored from it instead.
Property SourceOf(const Subject& database) {
  if (database.resource.package() == "aws") return database["replicateSourceDb"];
  const Property source = database["sourceDbInstanceIdentifier"];
  const bool of_cluster = IsBlank(source) && database.resource.type.ends_with(":DbInstance");
  return of_cluster ? database[kSourceCluster] : source;
}

Inherits FromSource(const Subject& database) {
  const Property source = SourceOf(database);
  if (IsBlank(source)) return Inherits::kNo;
  const Value own = RegionOf(database.stack, database.resource);
  const auto read = source.ReadString();
  if (const auto* text = IfKnown(read)) {
    return FromRegion(own, ParseArn(*text).value_or(Arn()).region);
  }
  const bool of_cluster = source.path().root() == kSourceCluster;
  const Reference to = ResolveOne(database.stack, database.resource, source, of_cluster ? kRdsClusters : kRdsInstances);
  if (to.state != Reference::State::kResource) return Inherits::kUnknown;
  return FromRegion(own, RegionOf(database.stack, *to.resource).raw_string());
}

class RdsEncryption final : public Rule {
 public:
  void CheckResource(const Subject& database, Sink& out) const override {
    if (IsClusterMember(database.resource)) return out.NotApplicable("a member of a cluster has the encryption of its cluster");
    const Inherits inherits = FromSource(database);
    if (inherits == Inherits::kYes) return out.NotApplicable("a read replica has the encryption of its source");
    if (inherits == Inherits::kUnknown) {
      return out.Undecided(SourceOf(database), "a source in the same region, or an encryption of its own",
                           "which database it replicates is not known");
    }
    RequireTrue(out, database["storageEncrypted"], AwsUses::kFalse, "set storage_encrypted=True.");
    RequireKmsKey(database, out, database["kmsKeyId"], AwsManagedKey::kPasses, "set kms_key_id=key.arn of the shared aws.kms.Key.");
  }

  void Remediate(const Subject& database, Remedy& out) const override {
    const Property encrypted = database["storageEncrypted"];
    if (IsClusterMember(database.resource) || FromSource(database) != Inherits::kNo || encrypted.unknown()) return;
    if (!SameKnown(encrypted.value(), Value::Bool(true))) out.Set(encrypted.path(), true, "encrypted its storage");
  }
};

}  // namespace

const Guardrail kRdsEncryption{
    .name = "rds-encryption",
    .display_name = "RDS storage is encrypted with a key",
    .severity = Severity::kHigh,
    .types = {"aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws-native:rds:DbInstance", "aws-native:rds:DbCluster"},
    .subject = "RDS instance or cluster",
    .description = "An RDS instance or cluster has `storageEncrypted` true and a `kmsKeyId`. A read replica in its "
                   "source's region has the source's encryption, and the source is judged; a cluster's instances have "
                   "the cluster's. A restore from a snapshot is judged like any other.",
    .why = "Snapshots and replicas of an unencrypted database are unencrypted too, and encryption cannot be switched on "
           "later: the database has to be replaced.",
    .how_to_fix = "Set `storage_encrypted=True` and `kms_key_id=key.arn`. On a database that exists this replaces it: "
                  "copy a snapshot with the key and restore from it.",
    .undecided = "A key that is unknown and depends on no KMS key or alias of the stack; a replica of an unknown source.",
    .failing = R"py(
import pulumi_aws as aws

key = aws.kms.Key("shared-dev", enable_key_rotation=True)
aws.rds.Instance("orders-dev", engine="postgres", instance_class="db.t3.micro", kms_key_id=key.arn)
)py",
    .passing = R"py(
import pulumi_aws as aws

key = aws.kms.Key("shared-dev", enable_key_rotation=True)
aws.rds.Instance("orders-dev", engine="postgres", instance_class="db.t3.micro", storage_encrypted=True, kms_key_id=key.arn)
)py",
    .url = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
    .controls = {Fsbp("RDS.3"), Fsbp("RDS.27"), Cis3("2.3.1"), Cis5("2.2.1"), Checkov("CKV_AWS_16"), Checkov("CKV_AWS_96")},
    .remediates = true,
    .make = Make<RdsEncryption>,
};

}  // namespace fastcart
