#include "policies/aws/targets.h"

#include <algorithm>

#include "policies/aws/account.h"
#include "policies/aws/arn.h"
#include "policies/aws/region.h"

namespace fastcart {
namespace {

using namespace guardrails;

// How the identities of a kind look. Source: the service authorization reference (ARN formats) and the EC2 id prefixes.
struct Shape {
  std::string_view service;     // of its ARNs
  std::string_view arn_prefix;  // what their resource part begins with
  std::string_view id_prefix;   // what every id begins with; empty: it is identified by a name
  std::string_view name;        // the property that holds that name
  std::string_view behind = ":/";  // what may follow the name in an ARN
};

bool Names(const Shape& shape, std::string_view arn_tail, std::string_view name) {
  if (!arn_tail.starts_with(name)) return false;
  return arn_tail.size() == name.size() || shape.behind.find(arn_tail[name.size()]) != std::string_view::npos;
}

bool HasOtherPlace(const Stack& stack, const Resource& r, const Arn& arn) {
  const Value region = RegionOf(stack, r);
  const bool known = region.kind() == Kind::kString && !arn.region.empty() && !IsWildcard(arn.region);
  return (known && region.raw_string() != arn.region) || IsOtherAccount(stack, r, arn.account);
}

bool MayBe(const Shape& shape, const Stack& stack, const Resource& r, std::string_view literal) {
  const std::string_view name = shape.name.empty() ? std::string_view() : r[shape.name].value().raw_string();
  if (const auto arn = ParseArn(literal)) {
    if (arn->service != shape.service || !arn->resource.starts_with(shape.arn_prefix)) return false;
    const std::string_view named = arn->resource.substr(shape.arn_prefix.size());
    return !HasOtherPlace(stack, r, *arn) && (name.empty() || Names(shape, named, name));
  }
  return shape.id_prefix.empty() ? name.empty() : literal.starts_with(shape.id_prefix);
}

template <const Shape& kShape>
bool Plausible(const Stack& stack, const Resource& r, std::string_view literal) {
  return MayBe(kShape, stack, r, literal);
}

bool IsKeyId(std::string_view text) {
  return text.starts_with("mrk-") || (text.size() == 36 && std::count(text.begin(), text.end(), '-') == 4);
}

constexpr Shape kKeyShape{"kms", "key/", {}, {}};
constexpr Shape kAliasShape{"kms", {}, {}, "name"};  // whose names begin with "alias/"

bool PlausibleKey(const Stack& stack, const Resource& r, std::string_view literal) {
  return (literal.starts_with("arn:") || IsKeyId(literal)) && MayBe(kKeyShape, stack, r, literal);
}

// alias/aws/… are AWS's own. An alias of aws-native never tells its ARN, which its name ends.
bool PlausibleAlias(const Stack& stack, const Resource& r, std::string_view literal) {
  if (literal.find("alias/aws/") != std::string_view::npos) return false;
  const Value native = r["aliasName"].value();
  const Arn arn = ParseArn(literal).value_or(Arn());
  if (native.known() && (arn.service.empty() || arn.resource != native.raw_string())) return false;
  return (literal.find(":alias/") != std::string_view::npos || literal.starts_with("alias/")) && MayBe(kAliasShape, stack, r, literal);
}

bool PlausibleKeyOrAlias(const Stack& stack, const Resource& r, std::string_view literal) {
  return (r.type.ends_with(":Alias") ? PlausibleAlias : PlausibleKey)(stack, r, literal);
}

constexpr Shape kStreamShape{"kinesis", "stream/", {}, "name"};
constexpr Shape kVpcShape{"ec2", "vpc/", "vpc-", {}};
constexpr Shape kSubnetShape{"ec2", "subnet/", "subnet-", {}};
constexpr Shape kRouteTableShape{"ec2", "route-table/", "rtb-", {}};
constexpr Shape kInternetGatewayShape{"ec2", "internet-gateway/", "igw-", {}};
constexpr Shape kNatShape{"ec2", "natgateway/", "nat-", {}};
constexpr Shape kGroupShape{"ec2", "security-group/", "sg-", {}};
constexpr Shape kClusterShape{"ecs", "cluster/", {}, "name"};
constexpr Shape kServiceShape{"ecs", "service/", {}, {}};
constexpr Shape kLogGroupShape{"logs", "log-group:", {}, "name"};
constexpr Shape kDbShape{"rds", "db:", {}, "identifier"};
constexpr Shape kDbClusterShape{"rds", "cluster:", {}, "clusterIdentifier"};
constexpr Shape kDbSubnetsShape{"rds", "subgrp:", {}, "name"};
constexpr Shape kCacheSubnetsShape{"elasticache", "subnetgroup:", {}, "name"};
constexpr Shape kPolicyShape{"iam", "policy/", {}, {}};
constexpr Shape kSecretShape{"secretsmanager", "secret:", {}, "name", "-"};
constexpr Shape kBucketShape{"s3", {}, {}, "bucket"};

}  // namespace

const Target kKmsKeys{
    .types = {"aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/externalKey:ExternalKey",
              "aws:kms/replicaExternalKey:ReplicaExternalKey", "aws-native:kms:Key", "aws-native:kms:ReplicaKey"},
    .known_by = {"arn", "keyId"},
    .plausible = PlausibleKey};
const Target kKmsAliases{.types = {"aws:kms/alias:Alias", "aws-native:kms:Alias"},
                         .known_by = {"arn", "name", "aliasName"},
                         .plausible = PlausibleAlias};
const Target kKmsKeysOrAliases{
    .types = {"aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/externalKey:ExternalKey",
              "aws:kms/replicaExternalKey:ReplicaExternalKey", "aws-native:kms:Key", "aws-native:kms:ReplicaKey",
              "aws:kms/alias:Alias", "aws-native:kms:Alias"},
    .known_by = {"arn", "keyId", "name", "aliasName"},
    .plausible = PlausibleKeyOrAlias};

const Target kKinesisStreams{.types = {"aws:kinesis/stream:Stream", "aws-native:kinesis:Stream"},
                             .known_by = {"arn", "name"},
                             .plausible = Plausible<kStreamShape>};

const Target kVpcs{.types = {"aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc", "aws-native:ec2:Vpc"},
                   .known_by = {"arn", "vpcId"},
                   .plausible = Plausible<kVpcShape>};
const Target kSubnets{
    .types = {"aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet", "aws-native:ec2:Subnet"},
    .known_by = {"arn", "subnetId"},
    .plausible = Plausible<kSubnetShape>};
const Target kRouteTables{.types = {"aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable",
                                    "aws-native:ec2:RouteTable"},
                          .known_by = {"arn", "routeTableId"},
                          .plausible = Plausible<kRouteTableShape>};
const Target kInternetGateways{
    .types = {"aws:ec2/internetGateway:InternetGateway", "aws-native:ec2:InternetGateway"},
    .known_by = {"arn", "internetGatewayId"},
    .plausible = Plausible<kInternetGatewayShape>};
const Target kNatGateways{.types = {"aws:ec2/natGateway:NatGateway", "aws-native:ec2:NatGateway"},
                          .known_by = {"natGatewayId"},
                          .plausible = Plausible<kNatShape>};
const Target kSecurityGroups{
    .types = {"aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
              "aws-native:ec2:SecurityGroup"},
    .known_by = {"arn", "groupId"},
    .plausible = Plausible<kGroupShape>};

const Target kEcsClusters{.types = {"aws:ecs/cluster:Cluster", "aws-native:ecs:Cluster"},
                          .known_by = {"arn", "name", "clusterName"},
                          .plausible = Plausible<kClusterShape>};
const Target kEcsServices{.types = {"aws:ecs/service:Service", "aws-native:ecs:Service"},
                          .known_by = {"arn", "name", "serviceArn", "serviceName"},
                          .plausible = Plausible<kServiceShape>};
const Target kLogGroups{.types = {"aws:cloudwatch/logGroup:LogGroup", "aws-native:logs:LogGroup"},
                        .known_by = {"arn", "name", "logGroupName"},
                        .plausible = Plausible<kLogGroupShape>};

const Target kRdsInstances{.types = {"aws:rds/instance:Instance", "aws-native:rds:DbInstance"},
                           .known_by = {"arn", "identifier", "resourceId", "dbInstanceArn", "dbInstanceIdentifier"},
                           .plausible = Plausible<kDbShape>};
const Target kRdsClusters{.types = {"aws:rds/cluster:Cluster", "aws-native:rds:DbCluster"},
                          .known_by = {"arn", "clusterIdentifier", "dbClusterArn", "dbClusterIdentifier"},
                          .plausible = Plausible<kDbClusterShape>};
const Target kRdsSubnetGroups{.types = {"aws:rds/subnetGroup:SubnetGroup", "aws-native:rds:DbSubnetGroup"},
                              .known_by = {"arn", "name", "dbSubnetGroupName"},
                              .plausible = Plausible<kDbSubnetsShape>};
const Target kCacheSubnetGroups{
    .types = {"aws:elasticache/subnetGroup:SubnetGroup", "aws-native:elasticache:SubnetGroup"},
    .known_by = {"arn", "name", "cacheSubnetGroupName"},
    .plausible = Plausible<kCacheSubnetsShape>};

const Target kIamPolicies{.types = {"aws:iam/policy:Policy", "aws-native:iam:ManagedPolicy"},
                          .known_by = {"arn", "policyArn"},
                          .plausible = Plausible<kPolicyShape>};
const Target kSecrets{.types = {"aws:secretsmanager/secret:Secret", "aws-native:secretsmanager:Secret"},
                      .known_by = {"arn", "name"},
                      .plausible = Plausible<kSecretShape>};
const Target kBuckets{.types = {"aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", "aws-native:s3:Bucket"},
                      .known_by = {"arn", "bucket", "bucketName"},
                      .plausible = Plausible<kBucketShape>};

}  // namespace fastcart
