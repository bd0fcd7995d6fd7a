#include "policies/aws/resource_types.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fastcart {
namespace {

TEST(ResourceTypes, AreSortedAndOnce) {
  const auto all = ResourceTypes();
  EXPECT_GT(all.size(), 2000u);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](auto& a, auto& b) { return a.type <= b.type; }) ||
              std::adjacent_find(all.begin(), all.end(), [](auto& a, auto& b) { return a.type >= b.type; }) == all.end());
}

struct Named {
  const char *type, *name;
};

TEST(ResourceTypes, KnowTheNameOfEachType) {
  for (const Named& n : {
           Named{"aws:kinesis/stream:Stream", "name"},
           Named{"aws:rds/instance:Instance", "identifier"},
           Named{"aws:rds/cluster:Cluster", "clusterIdentifier"},
           Named{"aws:rds/clusterInstance:ClusterInstance", "identifier"},
           Named{"aws:elasticache/replicationGroup:ReplicationGroup", "replicationGroupId"},
           Named{"aws:elasticache/cluster:Cluster", "clusterId"},
           Named{"aws:ecs/taskDefinition:TaskDefinition", "family"},
           Named{"aws:s3/bucket:Bucket", "bucket"},
           Named{"aws:kms/alias:Alias", "name"},
           Named{"aws:cloudwatch/logGroup:LogGroup", "name"},
           Named{"aws:cloudwatch/metricAlarm:MetricAlarm", "name"},
           Named{"aws:secretsmanager/secret:Secret", "name"},
           Named{"aws:iam/role:Role", "name"},
           Named{"aws:ec2/securityGroup:SecurityGroup", "name"},
           Named{"aws:ec2/keyPair:KeyPair", "keyName"},
           Named{"aws:ec2/vpc:Vpc", ""},
           Named{"aws:kms/key:Key", ""},
           Named{"aws:route53/zone:Zone", ""},
           Named{"aws-native:rds:DbInstance", "dbInstanceIdentifier"},
           Named{"aws-native:logs:LogGroup", "logGroupName"},
       }) {
    const ResourceType* type = FindResourceType(n.type);
    ASSERT_NE(type, nullptr) << n.type;
    EXPECT_EQ(type->name, n.name) << n.type;
  }
}

TEST(ResourceTypes, KnowHowEachTypeTakesTags) {
  EXPECT_EQ(FindResourceType("aws:ec2/vpc:Vpc")->tags, Tags::kMap);
  EXPECT_EQ(FindResourceType("aws:autoscaling/group:Group")->tags, Tags::kList);
  EXPECT_EQ(FindResourceType("aws-native:ec2:Vpc")->tags, Tags::kList);
  EXPECT_EQ(FindResourceType("aws:kms/alias:Alias")->tags, Tags::kNone);
}

TEST(ResourceTypes, KnowWhatHasNeitherNameNorTags) {
  for (const char* name : {"aws:ec2/route:Route", "aws:ec2/routeTableAssociation:RouteTableAssociation",
                           "aws:s3/bucketPolicy:BucketPolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                           "aws-native:ec2:SubnetRouteTableAssociation"}) {
    const ResourceType* type = FindResourceType(name);
    ASSERT_NE(type, nullptr) << name;
    EXPECT_EQ(type->name, "") << name;
    EXPECT_EQ(type->tags, Tags::kNone) << name;
  }
}

TEST(ResourceTypes, KnowNothingOfOthers) {
  for (const char* type : {"random:index/randomPassword:RandomPassword", "aws-native:future:Thing", ""})
    EXPECT_EQ(FindResourceType(type), nullptr) << type;
}

}  // namespace
}  // namespace fastcart
