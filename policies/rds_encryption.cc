#include <string_view>

#include "analyzer/policy/remedy.h"
#include "analyzer/policy/require.h"
#include "policies/aws/database_sources.h"
#include "policies/aws/databases.h"
#include "policies/aws/reads.h"
#include "policies/aws/require_key.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

class RdsEncryption final : public Rule {
 public:
  void CheckResource(const Subject& database, Sink& out) const override {
    if (IsClusterMember(database.resource)) return out.NotApplicable("a member of a cluster has the encryption of its cluster");
    const CopySource source = ReplicaSourceOf(database.stack, database.resource);
    if (source.is == CopySource::Is::kMistyped) return Mistyped(source.at, out);
    if (source.is != CopySource::Is::kNone && source.same_region != Certainty::kNo) return JudgeSource(database.stack, source, out);
    RequireTrue(out, Asked(database, "storageEncrypted"), AwsUses::kFalse, "set storage_encrypted=True.");
    RequireKmsKey(database, out, database["kmsKeyId"], AwsManagedKey::kPasses,
                  "set kms_key_id=key.arn of the shared aws.kms.Key.");
  }

  void Remediate(const Subject& database, Remedy& out) const override {
    const Property encrypted = Asked(database, "storageEncrypted");
    const CopySource source = ReplicaSourceOf(database.stack, database.resource);
    const bool by_itself = source.is == CopySource::Is::kNone || source.same_region == Certainty::kNo;
    if (IsClusterMember(database.resource) || !by_itself || encrypted.unknown()) return;
    if (!SameKnown(encrypted.value(), Value::Bool(true))) out.Set(encrypted.path(), true, "encrypted its storage");
  }

 private:
  static void Mistyped(const Property& source, Sink& out) {
    out.Violation(source, "the name of a database", "set replicate_source_db to the source's identifier or ARN.");
  }

  // A replica in its source's region has the source's encryption; one in another region says so itself.
  static void JudgeSource(const Stack& stack, const CopySource& source, Sink& out) {
    using Is = CopySource::Is;
    const Text wanted = "a source in the same region, or an encryption of its own";
    const auto open = [&](const Text& why) { out.Undecided(source.at, wanted, why); };
    if (source.is == Is::kUnknown) return open(WhyOpen(source));
    if (source.same_region == Certainty::kUnknown) return open("whether its source is in the same region is not known");
    if (source.is == Is::kMissing) return out.Missing("every read replica's source with encrypted storage");
    if (source.is == Is::kOutside) return open(WhyOpen(source));
    if (source.is == Is::kRead) return JudgeRead(stack, source, out);
    out.NotApplicable("a read replica has the encryption of its source");
  }

  // Nothing else judges a database that is only read.
  static void JudgeRead(const Stack& stack, const CopySource& source, Sink& out) {
    const Property encrypted = AskedOrKnown(stack, *source.resource, "storageEncrypted");
    const Text wanted = "an encrypted source", name = Text::Name(*source.resource);
    if (SameKnown(encrypted.value(), Value::Bool(true))) return out.NotApplicable("a read replica has the encryption of its source");
    if (encrypted.absent() || encrypted.unknown())
      return out.Undecided(source.at, wanted, Text("whether the storage of ") + name + " is encrypted is not known");
    out.Violation(source.at.path(), Text("names ") + name + ", whose storage is not encrypted", wanted,
                  "restore an encrypted copy from a snapshot of it, and replicate that.");
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
                   "source's region has the source's encryption, and the source is judged, also one that is only "
                   "read; a cluster's instances have the cluster's. A restore from a snapshot is judged like any other.",
    .why = "Snapshots and replicas of an unencrypted database are unencrypted too, and encryption cannot be switched on "
           "later: the database has to be replaced.",
    .how_to_fix = "Set `storage_encrypted=True` and `kms_key_id=key.arn`. On a database that exists this replaces it: "
                  "copy a snapshot with the key and restore from it.",
    .undecided = "A key that is unknown and depends on no KMS key or alias of the stack; a replica of a "
                 "source that is unknown, outside the stack, or perhaps in another region.",
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
