"""The core services and what watches them."""

from __future__ import annotations

from typing import Any

import pytest
from deployed import Cloud, Outputs, log_group

MINIMUM_SHARDS = 2
MINIMUM_TASKS = 2
MINIMUM_BACKUP_DAYS = 7
LONGEST_RETENTION_DAYS = 365


def test_stream_has_at_least_two_open_shards(cloud: Cloud, outputs: Outputs) -> None:
    stream = cloud.client("kinesis").describe_stream_summary(StreamName=outputs["streamName"])
    shards = stream["StreamDescriptionSummary"]["OpenShardCount"]
    assert shards >= MINIMUM_SHARDS
    assert shards == outputs["streamShardCount"]


def database(cloud: Cloud, outputs: Outputs) -> dict[str, Any]:
    found = cloud.client("rds").describe_db_instances(DBInstanceIdentifier=outputs["databaseIdentifier"])
    return found["DBInstances"][0]


def test_database_is_a_backed_up_postgres_of_the_required_class(cloud: Cloud, outputs: Outputs) -> None:
    instance = database(cloud, outputs)
    assert (instance["Engine"], instance["DBInstanceClass"]) == ("postgres", "db.t3.micro")
    assert instance["BackupRetentionPeriod"] >= MINIMUM_BACKUP_DAYS
    assert "postgresql" in instance["EnabledCloudwatchLogsExports"]


def test_database_is_reachable_from_the_private_subnets_only(cloud: Cloud, outputs: Outputs) -> None:
    instance = database(cloud, outputs)
    placed = {subnet["SubnetIdentifier"] for subnet in instance["DBSubnetGroup"]["Subnets"]}
    groups = [group["VpcSecurityGroupId"] for group in instance["VpcSecurityGroups"]]
    assert not instance["PubliclyAccessible"]
    assert placed == set(outputs["privateSubnetIds"])
    assert groups == [outputs["databaseSecurityGroupId"]]


def service(cloud: Cloud, outputs: Outputs) -> dict[str, Any]:
    found = cloud.client("ecs").describe_services(cluster=outputs["clusterArn"], services=[outputs["serviceName"]])
    (active,) = [entry for entry in found["services"] if entry["status"] == "ACTIVE"]
    return active


def test_service_wants_at_least_two_fargate_tasks(cloud: Cloud, outputs: Outputs) -> None:
    found = service(cloud, outputs)
    assert found["launchType"] == "FARGATE"
    assert found["desiredCount"] >= MINIMUM_TASKS
    assert found["taskDefinition"] == outputs["taskDefinitionArn"]


def test_tasks_run_in_the_private_subnets_without_public_addresses(cloud: Cloud, outputs: Outputs) -> None:
    network = service(cloud, outputs)["networkConfiguration"]["awsvpcConfiguration"]
    assert set(network["subnets"]) == set(outputs["privateSubnetIds"])
    assert network["securityGroups"] == [outputs["serviceSecurityGroupId"]]
    assert network["assignPublicIp"] == "DISABLED"


def test_scaling_never_goes_below_two_tasks(cloud: Cloud, outputs: Outputs) -> None:
    resource = f"service/{outputs['clusterName']}/{outputs['serviceName']}"
    found = cloud.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="ecs", ResourceIds=[resource]
    )
    (target,) = found["ScalableTargets"]
    assert target["MinCapacity"] == outputs["serviceMinimumCount"] >= MINIMUM_TASKS
    assert target["MaxCapacity"] == outputs["serviceMaximumCount"]


def test_containers_log_to_the_encrypted_group(cloud: Cloud, outputs: Outputs) -> None:
    found = cloud.client("ecs").describe_task_definition(taskDefinition=outputs["taskDefinitionArn"])
    for container in found["taskDefinition"]["containerDefinitions"]:
        assert container["logConfiguration"]["options"]["awslogs-group"] == outputs["logGroupName"]


@pytest.mark.parametrize("output", ["logGroupName", "databaseLogGroupName"])
def test_logs_are_kept_for_a_set_time(output: str, cloud: Cloud, outputs: Outputs) -> None:
    assert 1 <= log_group(cloud, outputs[output]).get("retentionInDays", 0) <= LONGEST_RETENTION_DAYS


def test_repository_scans_images_and_keeps_tags(cloud: Cloud, outputs: Outputs) -> None:
    found = cloud.client("ecr").describe_repositories(repositoryNames=[outputs["repositoryName"]])
    repository = found["repositories"][0]
    assert repository["imageScanningConfiguration"]["scanOnPush"]
    assert repository["imageTagMutability"] == "IMMUTABLE"


ALARMS = {
    "iteratorAge": (
        ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "Maximum"),
        ("StreamName", "streamName"),
        range(1_000, 86_400_001),
    ),
    "databaseCpu": (
        ("AWS/RDS", "CPUUtilization", "Average"),
        ("DBInstanceIdentifier", "databaseIdentifier"),
        range(1, 101),
    ),
}
"""Output prefix: what is watched; dimension and the output that is its value; thresholds within its reach."""


@pytest.mark.parametrize("alarm", ALARMS)
def test_alarm_watches_its_resource_and_tells_somebody(alarm: str, cloud: Cloud, outputs: Outputs) -> None:
    watched, (dimension, output), thresholds = ALARMS[alarm]
    name = outputs[f"{alarm}AlarmName"]
    (found,) = cloud.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert (found["Namespace"], found["MetricName"], found["Statistic"]) == watched
    assert found["Dimensions"] == [{"Name": dimension, "Value": outputs[output]}]
    assert found["ActionsEnabled"]
    assert found["AlarmActions"] == [outputs["alarmTopicArn"]]
    assert found["ComparisonOperator"] == "GreaterThanThreshold"
    assert found["Threshold"] in thresholds
