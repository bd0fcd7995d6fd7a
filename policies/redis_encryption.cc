#include <algorithm>

#include "analyzer/model/references.h"
#include "analyzer/policy/remedy.h"
#include "analyzer/policy/require.h"
#include "policies/aws/reads.h"
#include "policies/aws/require_key.h"
#include "policies/controls.h"
#include "policies/guardrails.h"

namespace fastcart {
namespace {

using namespace guardrails;

constexpr char kKeyFix[] = "set kms_key_id=key.arn, with the stack's own aws.kms.Key.";

bool IsGroup(const Subject& cache) { return cache.resource.type.ends_with("eplicationGroup"); }
bool IsServerless(const Subject& cache) { return cache.resource.type.ends_with("erverlessCache"); }

// A text that is not empty; an unknown one counts as given.
bool IsGiven(const Property& at) {
  const auto text = at.ReadString();
  const auto* known = IfKnown(text);
  return known ? !known->empty() : at.unknown();
}

const Target kUserGroups{.types = {"aws:elasticache/userGroup:UserGroup", "aws-native:elasticache:UserGroup"},
                         .known_by = {}};

// A list of which something is given, or that is unknown and made of user groups.
bool IsGivenAny(const Subject& cache, const Property& groups) {
  const auto list = groups.ReadList();
  if (const auto* elements = IfKnown(list)) return std::any_of(elements->begin(), elements->end(), IsGiven);
  if (!groups.unknown() || cache.stack.facts().alone) return false;
  const Edges edges = EdgeTargets(cache.stack, cache.resource, groups.path().root(), kUserGroups);
  return !edges.resources.empty() || !edges.some_of.empty() || edges.dangling;
}

// Valkey encrypts at rest by itself, Redis does not.
AwsUses AtRestByDefault(const Subject& group) {
  return IsText(group["engine"], "valkey") ? AwsUses::kTrue : AwsUses::kFalse;
}

// Nothing is set, and what AWS then does is not known.
bool IsUpToEngine(const Subject& group, const Property& at_rest) {
  return at_rest.absent() && Asked(group, "engine").unknown();
}

bool IsOff(const Property& at, AwsUses absent) {
  if (at.unknown()) return false;
  return at.absent() ? absent == AwsUses::kFalse : !at.value().raw_bool();
}

class RedisEncryption final : public Rule {
 public:
  void CheckResource(const Subject& cache, Sink& out) const override {
    if (IsGroup(cache)) {
      JudgeGroup(cache, out);
    } else if (IsServerless(cache)) {
      RequireKmsKey(cache, out, cache["kmsKeyId"], AwsManagedKey::kPasses, kKeyFix);
    } else {
      JudgeCluster(cache, out);
    }
  }

  void Remediate(const Subject& cache, Remedy& out) const override {
    if (!IsGroup(cache)) return;
    const Property at_rest = Asked(cache, "atRestEncryptionEnabled");
    const Property in_transit = Asked(cache, "transitEncryptionEnabled");
    if (IsOff(at_rest, AtRestByDefault(cache)) && !IsUpToEngine(cache, at_rest))
      out.Set(at_rest.path(), true, "encrypted at rest");
    if (IsOff(in_transit, AwsUses::kFalse)) out.Set(in_transit.path(), true, "encrypted in transit");
  }

 private:
  static void JudgeGroup(const Subject& group, Sink& out) {
    JudgeAtRest(group, out);
    RequireTrue(out, Asked(group, "transitEncryptionEnabled"), AwsUses::kFalse, "set transit_encryption_enabled=True.");
    RequireText(out, Asked(group, "transitEncryptionMode"), "required", "required",
                "set transit_encryption_mode=\"required\".");
    RequireKmsKey(group, out, group["kmsKeyId"], AwsManagedKey::kPasses, kKeyFix);
    JudgeLogin(group, out);
  }

  static void JudgeAtRest(const Subject& group, Sink& out) {
    const Property at_rest = Asked(group, "atRestEncryptionEnabled");
    if (IsUpToEngine(group, at_rest))
      return out.Undecided(Asked(group, "engine"),
                           "valkey, which encrypts at rest by itself, or at_rest_encryption_enabled=True");
    RequireTrue(out, at_rest, AtRestByDefault(group), "set at_rest_encryption_enabled=True.");
  }

  static void JudgeLogin(const Subject& group, Sink& out) {
    const Property token = Asked(group, "authToken"), groups = Asked(group, "userGroupIds");
    if (IsGiven(token) || IsGivenAny(group, groups)) return;
    const Text wanted = "an auth token or a user group";
    const Text fix = "set auth_token to a secret, for example random.RandomPassword(...).result.";
    if (groups.unknown()) return out.Undecided(groups, wanted);
    // Whatever stands there, somebody took it for a token: it is not told.
    if (!IsBlank(token)) return out.ViolationInWords({token.path(), token.value().AsSecret()}, "is no text", wanted, fix);
    out.Violation(token, wanted, fix);
  }

  // Only a replication group of Redis or Valkey can be encrypted at rest.
  static void JudgeCluster(const Subject& cluster, Sink& out) {
    if (IsGiven(Asked(cluster, "replicationGroupId"))) return out.NotApplicable("its replication group is judged");
    const Property engine = Asked(cluster, "engine");
    if (IsText(engine, "memcached")) return out.NotApplicable("Memcached keeps nothing at rest");
    if (engine.unknown()) return out.Undecided(engine, "memcached, or a member of a replication group");
    out.Violation(engine, "memcached, or a member of a replication group",
                  "make it an aws.elasticache.ReplicationGroup with at_rest_encryption_enabled=True: a cluster by itself "
                  "cannot be encrypted at rest.");
  }
};

}  // namespace

const Guardrail kRedisEncryption{
    .name = "redis-encryption",
    .display_name = "Redis is encrypted at rest and in transit, and asks who you are",
    .severity = Severity::kHigh,
    .types = {"aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/cluster:Cluster",
              "aws:elasticache/serverlessCache:ServerlessCache", "aws-native:elasticache:ReplicationGroup",
              "aws-native:elasticache:CacheCluster", "aws-native:elasticache:ServerlessCache"},
    .subject = "ElastiCache resource",
    .description = "A replication group is encrypted at rest with a KMS key that is named, encrypted in transit with no "
                   "way around it, and protected by an auth token or a user group. A Redis or Valkey cluster outside a "
                   "replication group cannot be encrypted at rest: a violation. A serverless cache, which is always "
                   "encrypted, names its key.",
    .why = "The hot data in the cache is the same orders and sessions as in the database. Without TLS and a token, "
           "whoever reaches the port reads and changes them.",
    .how_to_fix = "On the `aws.elasticache.ReplicationGroup` set `at_rest_encryption_enabled=True`, "
                  "`transit_encryption_enabled=True`, `kms_key_id=key.arn` and `auth_token` to a secret.",
    .undecided = "A switch or an engine that is computed by another resource; a key id that is computed and "
                 "depends on no KMS key; user groups that are computed and depend on none. An auth token that is "
                 "not known yet counts as set: the program gave one.",
    .failing = R"py(
import pulumi_aws as aws

aws.elasticache.ReplicationGroup("cache-dev", description="Hot orders", node_type="cache.t4g.micro")
)py",
    .passing = R"py(
import pulumi
import pulumi_aws as aws

key = aws.kms.Key("fastcart-dev")
aws.elasticache.ReplicationGroup("cache-dev", description="Hot orders", node_type="cache.t4g.micro",
                                 at_rest_encryption_enabled=True, transit_encryption_enabled=True,
                                 kms_key_id=key.arn, auth_token=pulumi.Output.secret("only-for-this-example"))
)py",
    .url = "https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html#elasticache-4",
    .controls = {Fsbp("ElastiCache.4"), Fsbp("ElastiCache.5"), Fsbp("ElastiCache.6"), Pci("4.2.1"), Pci("8.3.1"),
                 Checkov("CKV_AWS_29"), Checkov("CKV_AWS_30"), Checkov("CKV_AWS_31"), Checkov("CKV_AWS_191")},
    .remediates = true,
    .make = Make<RedisEncryption>,
};

}  // namespace fastcart
