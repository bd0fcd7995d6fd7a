#include "policies/aws/encrypted_types.h"

#include <algorithm>

namespace fastcart {
namespace {

constexpr KeyRow Key(std::string_view type, std::string_view path) {
  KeyRow row;
  row.type = type;
  row.path = path;
  return row;
}

// What Firehose leaves in S3: with a key of its own, else as the bucket says.
constexpr KeyRow Firehose(std::string_view path) {
  return Key("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", path).IfNamed();
}
constexpr KeyRow NativeFirehose(std::string_view path) {
  return Key("aws-native:kinesisfirehose:DeliveryStream", path).IfNamed();
}

constexpr std::string_view kStorage = "configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId";

constexpr auto kRows = std::to_array<KeyRow>({
    Key("aws-native:dynamodb:GlobalTable", "replicas[].sseSpecification.kmsMasterKeyId").Data(),
    Key("aws-native:dynamodb:Table", "sseSpecification.kmsMasterKeyId").Data().With("sseEnabled"),
    Key("aws-native:ec2:Instance", "blockDeviceMappings[].ebs.kmsKeyId").Data().InBlock().With("encrypted"),
    Key("aws-native:ec2:LaunchTemplate",
        "launchTemplateData.blockDeviceMappings[].ebs.kmsKeyId")
        .Data().InBlock().With("encrypted"),
    Key("aws-native:ec2:Volume", "kmsKeyId").Data().With("encrypted"),
    Key("aws-native:ecr:Repository", "encryptionConfiguration.kmsKey"),
    Key("aws-native:ecs:Cluster", "configuration.executeCommandConfiguration.kmsKeyId").InBlock(),
    Key("aws-native:ecs:Cluster", "configuration.managedStorageConfiguration.kmsKeyId").InBlock().Unless(kStorage),
    Key("aws-native:ecs:Cluster", kStorage).IfNamed(),
    Key("aws-native:ecs:Service", "volumeConfigurations[].managedEbsVolume.kmsKeyId").InBlock(),
    Key("aws-native:efs:FileSystem", "kmsKeyId").Data().With("encrypted"),
    Key("aws-native:efs:FileSystem", "replicationConfiguration.destinations[].kmsKeyId").Data().IfNamed(),
    Key("aws-native:elasticache:ReplicationGroup", "kmsKeyId").Data(),
    Key("aws-native:elasticache:ServerlessCache", "kmsKeyId").Data(),
    Key("aws-native:kinesis:Stream", "streamEncryption.keyId"),
    NativeFirehose("amazonOpenSearchServerlessDestinationConfiguration.s3Configuration"
                   ".encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    NativeFirehose("amazonopensearchserviceDestinationConfiguration.s3Configuration"
                   ".encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    NativeFirehose("elasticsearchDestinationConfiguration.s3Configuration"
                   ".encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    NativeFirehose("extendedS3DestinationConfiguration.encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    NativeFirehose("extendedS3DestinationConfiguration.s3BackupConfiguration"
                   ".encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    NativeFirehose("httpEndpointDestinationConfiguration.s3Configuration"
                   ".encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    NativeFirehose("icebergDestinationConfiguration.s3Configuration"
                   ".encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    NativeFirehose("redshiftDestinationConfiguration.s3BackupConfiguration"
                   ".encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    NativeFirehose("redshiftDestinationConfiguration.s3Configuration"
                   ".encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    NativeFirehose("s3DestinationConfiguration.encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    NativeFirehose("snowflakeDestinationConfiguration.s3Configuration"
                   ".encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    NativeFirehose("splunkDestinationConfiguration.s3Configuration"
                   ".encryptionConfiguration.kmsEncryptionConfig.awskmsKeyArn"),
    Key("aws-native:kinesisfirehose:DeliveryStream",
        "deliveryStreamEncryptionConfigurationInput.keyArn")
        .With("keyType", "CUSTOMER_MANAGED_CMK").Unless("kinesisStreamSourceConfiguration", "mskSourceConfiguration"),
    Key("aws-native:logs:LogGroup", "kmsKeyId"),
    Key("aws-native:rds:DbCluster", "kmsKeyId").Data(),
    Key("aws-native:rds:DbCluster", "masterUserSecret.kmsKeyId").Data().If("manageMasterUserPassword"),
    Key("aws-native:rds:DbCluster", "performanceInsightsKmsKeyId").Data().If("performanceInsightsEnabled"),
    Key("aws-native:rds:DbInstance", "kmsKeyId").Data().Unless("dbClusterIdentifier"),
    Key("aws-native:rds:DbInstance", "masterUserSecret.kmsKeyId").Data().If("manageMasterUserPassword"),
    Key("aws-native:rds:DbInstance", "performanceInsightsKmsKeyId").Data().If("enablePerformanceInsights"),
    Key("aws-native:s3:Bucket",
        "bucketEncryption.serverSideEncryptionConfiguration[].serverSideEncryptionByDefault.kmsMasterKeyId")
        .Data().With("sseAlgorithm", "aws:kms"),
    Key("aws-native:secretsmanager:Secret", "kmsKeyId"),
    Key("aws-native:secretsmanager:Secret", "replicaRegions[].kmsKeyId").InBlock(),
    Key("aws-native:sns:Topic", "kmsMasterKeyId"),
    Key("aws-native:sqs:Queue", "kmsMasterKeyId"),
    Key("aws:cloudwatch/logGroup:LogGroup", "kmsKeyId"),
    Key("aws:dynamodb/table:Table", "serverSideEncryption.kmsKeyArn").Data().With("enabled"),
    Key("aws:dynamodb/table:Table", "replicas[].kmsKeyArn").Data().InBlock(),
    Key("aws:dynamodb/tableReplica:TableReplica", "kmsKeyArn").Data(),
    Key("aws:ebs/defaultKmsKey:DefaultKmsKey", "keyArn").Data(),
    Key("aws:ebs/snapshotCopy:SnapshotCopy", "kmsKeyId").Data().If("encrypted"),
    Key("aws:ebs/volume:Volume", "kmsKeyId").Data().With("encrypted"),
    Key("aws:ec2/instance:Instance", "ebsBlockDevices[].kmsKeyId").Data().InBlock().With("encrypted"),
    Key("aws:ec2/instance:Instance", "rootBlockDevice.kmsKeyId").Data().InBlock().With("encrypted"),
    Key("aws:ec2/launchTemplate:LaunchTemplate",
        "blockDeviceMappings[].ebs.kmsKeyId")
        .Data().InBlock().With("encrypted"),
    Key("aws:ec2/spotInstanceRequest:SpotInstanceRequest", "ebsBlockDevices[].kmsKeyId")
        .Data().InBlock().With("encrypted"),
    Key("aws:ec2/spotInstanceRequest:SpotInstanceRequest", "rootBlockDevice.kmsKeyId")
        .Data().InBlock().With("encrypted"),
    Key("aws:ecr/repository:Repository", "encryptionConfigurations[].kmsKey"),
    Key("aws:ecs/cluster:Cluster", "configuration.executeCommandConfiguration.kmsKeyId").InBlock(),
    Key("aws:ecs/cluster:Cluster", "configuration.managedStorageConfiguration.kmsKeyId").InBlock().Unless(kStorage),
    Key("aws:ecs/cluster:Cluster", kStorage).IfNamed(),
    Key("aws:ecs/service:Service", "volumeConfiguration.managedEbsVolume.kmsKeyId").InBlock(),
    Key("aws:efs/fileSystem:FileSystem", "kmsKeyId").Data().With("encrypted"),
    Key("aws:efs/replicationConfiguration:ReplicationConfiguration", "destination.kmsKeyId")
        .Data().InBlock().Unless("destination.fileSystemId"),
    Key("aws:elasticache/replicationGroup:ReplicationGroup", "kmsKeyId").Data(),
    Key("aws:elasticache/serverlessCache:ServerlessCache", "kmsKeyId").Data(),
    Firehose("elasticsearchConfiguration.s3Configuration.kmsKeyArn"),
    Firehose("extendedS3Configuration.kmsKeyArn"),
    Firehose("extendedS3Configuration.s3BackupConfiguration.kmsKeyArn"),
    Firehose("httpEndpointConfiguration.s3Configuration.kmsKeyArn"),
    Firehose("icebergConfiguration.s3Configuration.kmsKeyArn"),
    Firehose("opensearchConfiguration.s3Configuration.kmsKeyArn"),
    Firehose("opensearchserverlessConfiguration.s3Configuration.kmsKeyArn"),
    Firehose("redshiftConfiguration.s3BackupConfiguration.kmsKeyArn"),
    Firehose("redshiftConfiguration.s3Configuration.kmsKeyArn"),
    Firehose("snowflakeConfiguration.s3Configuration.kmsKeyArn"),
    Firehose("splunkConfiguration.s3Configuration.kmsKeyArn"),
    Key("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        "serverSideEncryption.keyArn")
        .With("enabled").Unless("kinesisSourceConfiguration", "mskSourceConfiguration"),
    Key("aws:kinesis/stream:Stream", "kmsKeyId"),
    Key("aws:rds/cluster:Cluster", "kmsKeyId").Data(),
    Key("aws:rds/cluster:Cluster", "masterUserSecretKmsKeyId").Data().If("manageMasterUserPassword"),
    Key("aws:rds/cluster:Cluster", "performanceInsightsKmsKeyId").Data().If("performanceInsightsEnabled"),
    Key("aws:rds/clusterInstance:ClusterInstance",
        "performanceInsightsKmsKeyId")
        .Data().If("performanceInsightsEnabled"),
    Key("aws:rds/instance:Instance", "kmsKeyId").Data(),
    Key("aws:rds/instance:Instance", "masterUserSecretKmsKeyId").Data().If("manageMasterUserPassword"),
    Key("aws:rds/instance:Instance", "performanceInsightsKmsKeyId").Data().If("performanceInsightsEnabled"),
    Key("aws:s3/bucket:Bucket",
        "serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault.kmsMasterKeyId")
        .Data().With("sseAlgorithm", "aws:kms"),
    Key("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId")
        .Data().With("sseAlgorithm", "aws:kms"),
    Key("aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
        "rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId")
        .Data().With("sseAlgorithm", "aws:kms"),
    Key("aws:s3/bucketV2:BucketV2",
        "serverSideEncryptionConfigurations[].rules[].applyServerSideEncryptionByDefaults[].kmsMasterKeyId")
        .Data().With("sseAlgorithm", "aws:kms"),
    Key("aws:secretsmanager/secret:Secret", "kmsKeyId"),
    Key("aws:secretsmanager/secret:Secret", "replicas[].kmsKeyId").InBlock(),
    Key("aws:sns/topic:Topic", "kmsMasterKeyId"),
    Key("aws:sqs/queue:Queue", "kmsMasterKeyId"),
    Key("aws:ssm/parameter:Parameter", "keyId").If("type", "SecureString"),
});
static_assert(std::is_sorted(kRows.begin(), kRows.end(),
                             [](const KeyRow& a, const KeyRow& b) { return a.type < b.type; }));

}  // namespace

std::span<const KeyRow> KeyRows() { return kRows; }

}  // namespace fastcart
