"""Changes behind Pulumi's back, through the API: for every integration test at least one that makes it fail.

    for drift in DRIFTS:
        outputs = dict(...)                  # of the outputs file
        undo = drift.plant(emulator, outputs)
        ...                                  # exactly the tests ``drift.noticed_by`` fail now, on these outputs
        undo()

What AWS cannot change on a living resource is made a second time, wrong, and ``outputs`` is changed to name it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from moto_server import Emulator

Outputs = dict[str, Any]
Undo = Callable[[], Any]


@dataclass(frozen=True)
class Drift:
    """One change and the integration tests that have to notice it, each by the end of its node id."""

    name: str
    plant: Callable[[Emulator, Outputs], Undo]
    noticed_by: frozenset[str]


WORLD = "0.0.0.0/0"


def _open(output: str, port: int) -> Callable[[Emulator, Outputs], Undo]:
    def plant(emulator: Emulator, outputs: Outputs) -> Undo:
        ec2 = emulator.client("ec2")
        rule = {
            "GroupId": outputs[output],
            "IpPermissions": [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": WORLD}]}],
        }
        ec2.authorize_security_group_ingress(**rule)
        return lambda: ec2.revoke_security_group_ingress(**rule)

    return plant


def _open_the_default_group(emulator: Emulator, outputs: Outputs) -> Undo:
    filters = [{"Name": "vpc-id", "Values": [outputs["vpcId"]]}, {"Name": "group-name", "Values": ["default"]}]
    (group,) = emulator.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
    return _open("default", 22)(emulator, {"default": group["GroupId"]})


def _hand_out_addresses(emulator: Emulator, outputs: Outputs) -> Undo:
    def hand_out(whether: bool) -> None:
        emulator.client("ec2").modify_subnet_attribute(
            SubnetId=outputs["privateSubnetIds"][0], MapPublicIpOnLaunch={"Value": whether}
        )

    hand_out(True)
    return lambda: hand_out(False)


def _reroute(table: str, now: dict[str, str], wrong: dict[str, str]) -> Callable[[Emulator, Outputs], Undo]:
    """Lead the default route of a table elsewhere. Both targets by the names of their argument and output."""

    def plant(emulator: Emulator, outputs: Outputs) -> Undo:
        def lead(target: dict[str, str]) -> None:
            emulator.client("ec2").replace_route(
                RouteTableId=outputs[table],
                DestinationCidrBlock=WORLD,
                **{argument: outputs[output] for argument, output in target.items()},
            )

        lead(wrong)
        return lambda: lead(now)

    return plant


INTERNET = {"GatewayId": "internetGatewayId"}
NAT = {"NatGatewayId": "natGatewayId"}


def _crowd(kind: str) -> Callable[[Emulator, Outputs], Undo]:
    """A second subnet of the kind in the zone of the first; the outputs name these two."""

    def plant(emulator: Emulator, outputs: Outputs) -> Undo:
        ec2 = emulator.client("ec2")
        first = outputs[f"{kind}SubnetIds"][0]
        (like,) = ec2.describe_subnets(SubnetIds=[first])["Subnets"]
        made = ec2.create_subnet(
            VpcId=outputs["vpcId"],
            CidrBlock="10.20.255.0/24",
            AvailabilityZone=like["AvailabilityZone"],
            TagSpecifications=[{"ResourceType": "subnet", "Tags": like["Tags"]}],
        )
        subnet = made["Subnet"]["SubnetId"]
        table = ec2.associate_route_table(RouteTableId=outputs[f"{kind}RouteTableId"], SubnetId=subnet)
        outputs[f"{kind}SubnetIds"] = [first, subnet]

        def undo() -> None:
            ec2.disassociate_route_table(AssociationId=table["AssociationId"])
            ec2.delete_subnet(SubnetId=subnet)

        return undo

    return plant


def _second_nat_gateway(emulator: Emulator, outputs: Outputs) -> Undo:
    ec2 = emulator.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=outputs["publicSubnetIds"][1], AllocationId=address)["NatGateway"]

    def undo() -> None:
        ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
        ec2.release_address(AllocationId=address)

    return undo


def _detach_the_internet(emulator: Emulator, outputs: Outputs) -> Undo:
    ec2 = emulator.client("ec2")
    pair = {"InternetGatewayId": outputs["internetGatewayId"], "VpcId": outputs["vpcId"]}
    ec2.detach_internet_gateway(**pair)
    return lambda: ec2.attach_internet_gateway(**pair)


def _untag(emulator: Emulator, outputs: Outputs) -> Undo:
    ec2, vpc, key = emulator.client("ec2"), [outputs["vpcId"]], "Environment"
    ec2.delete_tags(Resources=vpc, Tags=[{"Key": key}])
    return lambda: ec2.create_tags(Resources=vpc, Tags=[{"Key": key, "Value": outputs["environmentSuffix"]}])


def remove_a_shard(emulator: Emulator, outputs: Outputs) -> Undo:
    def resize(shards: int) -> None:
        emulator.client("kinesis").update_shard_count(
            StreamName=outputs["streamName"], TargetShardCount=shards, ScalingType="UNIFORM_SCALING"
        )

    resize(1)
    return lambda: resize(outputs["streamShardCount"])


def _stop_encrypting_the_stream(emulator: Emulator, outputs: Outputs) -> Undo:
    kinesis = emulator.client("kinesis")
    encryption = {"StreamName": outputs["streamName"], "EncryptionType": "KMS", "KeyId": outputs["kmsKeyArn"]}
    kinesis.stop_stream_encryption(**encryption)
    return lambda: kinesis.start_stream_encryption(**encryption)


def _key_of_the_log(emulator: Emulator, outputs: Outputs) -> Undo:
    logs, name = emulator.client("logs"), outputs["logGroupName"]
    (group,) = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    tags = logs.list_tags_for_resource(resourceArn=outputs["logGroupArn"])["tags"]

    def make_anew(key: str) -> None:
        logs.delete_log_group(logGroupName=name)
        logs.create_log_group(logGroupName=name, kmsKeyId=key, tags=tags)
        logs.put_retention_policy(logGroupName=name, retentionInDays=group["retentionInDays"])

    make_anew(f"{outputs['kmsKeyArn']}-of-somebody-else")
    return lambda: make_anew(outputs["kmsKeyArn"])


def _key_of_the_secret(emulator: Emulator, outputs: Outputs) -> Undo:
    def use(key: str) -> None:
        emulator.client("secretsmanager").update_secret(SecretId=outputs["cacheSecretArn"], KmsKeyId=key)

    use("alias/aws/secretsmanager")
    return lambda: use(outputs["kmsKeyArn"])


def _key_of_the_topic(emulator: Emulator, outputs: Outputs) -> Undo:
    def use(key: str) -> None:
        emulator.client("sns").set_topic_attributes(
            TopicArn=outputs["alarmTopicArn"], AttributeName="KmsMasterKeyId", AttributeValue=key
        )

    use("alias/aws/sns")
    return lambda: use(outputs["kmsKeyArn"])


def _another_key(emulator: Emulator, outputs: Outputs) -> Undo:
    made = emulator.client("kms").create_key()["KeyMetadata"]
    outputs["kmsKeyArn"] = made["Arn"]
    return lambda: emulator.client("kms").schedule_key_deletion(KeyId=made["KeyId"])


def _stop_rotating(emulator: Emulator, outputs: Outputs) -> Undo:
    kms = emulator.client("kms")
    kms.disable_key_rotation(KeyId=outputs["kmsKeyId"])
    return lambda: kms.enable_key_rotation(KeyId=outputs["kmsKeyId"])


def _drop_the_alias(emulator: Emulator, outputs: Outputs) -> Undo:
    kms = emulator.client("kms")
    kms.delete_alias(AliasName=outputs["kmsKeyAlias"])
    return lambda: kms.create_alias(AliasName=outputs["kmsKeyAlias"], TargetKeyId=outputs["kmsKeyId"])


def _cache_without_tls(emulator: Emulator, outputs: Outputs) -> Undo:
    cache = emulator.client("elasticache")
    outputs["cacheReplicationGroupId"] = "bare"
    cache.create_replication_group(
        ReplicationGroupId="bare",
        ReplicationGroupDescription="neither TLS nor a token",
        AtRestEncryptionEnabled=True,
        KmsKeyId=outputs["kmsKeyArn"],
    )
    return lambda: cache.delete_replication_group(ReplicationGroupId="bare")


def _empty_secret(output: str) -> Callable[[Emulator, Outputs], Undo]:
    def plant(emulator: Emulator, outputs: Outputs) -> Undo:
        secrets = emulator.client("secretsmanager")
        made = secrets.create_secret(Name="empty", KmsKeyId=outputs["kmsKeyArn"])["ARN"]
        outputs[output] = made
        return lambda: secrets.delete_secret(SecretId=made, ForceDeleteWithoutRecovery=True)

    return plant


def _database(wrong: dict[str, Any], right: dict[str, Any]) -> Callable[[Emulator, Outputs], Undo]:
    def plant(emulator: Emulator, outputs: Outputs) -> Undo:
        def set_to(settings: dict[str, Any]) -> None:
            emulator.client("rds").modify_db_instance(
                DBInstanceIdentifier=outputs["databaseIdentifier"], ApplyImmediately=True, **settings
            )

        set_to(wrong)
        return lambda: set_to(right)

    return plant


def _service(emulator: Emulator, outputs: Outputs, **settings: Any) -> None:
    emulator.client("ecs").update_service(cluster=outputs["clusterArn"], service=outputs["serviceName"], **settings)


def _stop_a_task(emulator: Emulator, outputs: Outputs) -> Undo:
    _service(emulator, outputs, desiredCount=1)
    return lambda: _service(emulator, outputs, desiredCount=outputs["serviceMinimumCount"])


def _give_tasks_addresses(emulator: Emulator, outputs: Outputs) -> Undo:
    def network(public: str) -> dict[str, Any]:
        groups, subnets = [outputs["serviceSecurityGroupId"]], outputs["privateSubnetIds"]
        return {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": groups, "assignPublicIp": public}}

    _service(emulator, outputs, networkConfiguration=network("ENABLED"))
    return lambda: _service(emulator, outputs, networkConfiguration=network("DISABLED"))


def _log_elsewhere(emulator: Emulator, outputs: Outputs) -> Undo:
    ecs = emulator.client("ecs")
    right = outputs["taskDefinitionArn"]
    running = ecs.describe_task_definition(taskDefinition=right)["taskDefinition"]
    kept = ("networkMode", "containerDefinitions", "requiresCompatibilities", "cpu", "memory")
    for container in running["containerDefinitions"]:
        container["logConfiguration"]["options"]["awslogs-group"] = "/somewhere/else"
    made = ecs.register_task_definition(family="elsewhere", **{name: running[name] for name in kept})
    outputs["taskDefinitionArn"] = made["taskDefinition"]["taskDefinitionArn"]
    _service(emulator, outputs, taskDefinition=outputs["taskDefinitionArn"])

    def undo() -> None:
        _service(emulator, outputs, taskDefinition=right)
        ecs.deregister_task_definition(taskDefinition=outputs["taskDefinitionArn"])

    return undo


def _scale_to_one(emulator: Emulator, outputs: Outputs) -> Undo:
    def at_least(tasks: int) -> None:
        emulator.client("application-autoscaling").register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId=f"service/{outputs['clusterName']}/{outputs['serviceName']}",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=tasks,
            MaxCapacity=outputs["serviceMaximumCount"],
        )

    at_least(1)
    return lambda: at_least(outputs["serviceMinimumCount"])


def _keep_for_ever(output: str) -> Callable[[Emulator, Outputs], Undo]:
    def plant(emulator: Emulator, outputs: Outputs) -> Undo:
        logs = emulator.client("logs")
        (group,) = logs.describe_log_groups(logGroupNamePrefix=outputs[output])["logGroups"]
        logs.delete_retention_policy(logGroupName=outputs[output])
        return lambda: logs.put_retention_policy(logGroupName=outputs[output], retentionInDays=group["retentionInDays"])

    return plant


def _move_image_tags(emulator: Emulator, outputs: Outputs) -> Undo:
    def make(mutability: str) -> None:
        emulator.client("ecr").put_image_tag_mutability(
            repositoryName=outputs["repositoryName"], imageTagMutability=mutability
        )

    make("MUTABLE")
    return lambda: make("IMMUTABLE")


def _silence(output: str) -> Callable[[Emulator, Outputs], Undo]:
    def plant(emulator: Emulator, outputs: Outputs) -> Undo:
        cloudwatch = emulator.client("cloudwatch")
        cloudwatch.disable_alarm_actions(AlarmNames=[outputs[output]])
        return lambda: cloudwatch.enable_alarm_actions(AlarmNames=[outputs[output]])

    return plant


_OF_AN_ALARM = (
    "AlarmName",
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "MetricName",
    "Namespace",
    "Statistic",
    "Dimensions",
    "Period",
    "EvaluationPeriods",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
)
"""What the API shows of an alarm and takes to overwrite it."""


def _alarm(output: str, **wrong: Any) -> Callable[[Emulator, Outputs], Undo]:
    def plant(emulator: Emulator, outputs: Outputs) -> Undo:
        cloudwatch = emulator.client("cloudwatch")
        (alarm,) = cloudwatch.describe_alarms(AlarmNames=[outputs[output]])["MetricAlarms"]
        right = {name: alarm[name] for name in _OF_AN_ALARM}
        cloudwatch.put_metric_alarm(**{**right, **wrong})
        return lambda: cloudwatch.put_metric_alarm(**right)

    return plant


def _drift(name: str, plant: Callable[[Emulator, Outputs], Undo], *noticed_by: str) -> Drift:
    return Drift(name, plant, frozenset(noticed_by))


COMPONENT = "test_component_is_encrypted_with_the_one_key[{}]".format
KEY = "test_key_is_customer_managed_enabled_and_rotated"
ZONES = "test_two_subnets_of_each_kind_in_distinct_zones[{}]".format
STORE = "test_store_accepts_the_tasks_on_its_port_and_nobody_else[{}]".format
RETENTION = "test_logs_are_kept_for_a_set_time[{}]".format
CURRENT = "test_secret_of_a_store_has_a_current_value[{}]".format
ALARM = "test_alarm_watches_its_resource_and_tells_somebody[{}]".format
PLACED = "test_database_is_reachable_from_the_private_subnets_only"
PRIVATE_TASKS = "test_tasks_run_in_the_private_subnets_without_public_addresses"

COMPONENTS = ("stream", "database", "cache", "log groups", "secrets", "repository", "alarm topic")

DRIFTS: tuple[Drift, ...] = (
    _drift("both public subnets in one zone", _crowd("public"), ZONES("public")),
    _drift("both private subnets in one zone", _crowd("private"), ZONES("private"), PLACED, PRIVATE_TASKS),
    _drift("a subnet hands out addresses", _hand_out_addresses, "test_no_subnet_gives_out_public_addresses"),
    _drift(
        "public subnets routed to the NAT gateway",
        _reroute("publicRouteTableId", INTERNET, NAT),
        "test_public_subnets_lead_to_the_internet_gateway",
    ),
    _drift(
        "private subnets routed to the internet",
        _reroute("privateRouteTableId", NAT, INTERNET),
        "test_private_subnets_lead_to_the_nat_gateway_only",
    ),
    _drift("a second NAT gateway", _second_nat_gateway, "test_one_nat_gateway_in_a_public_subnet"),
    _drift("the internet gateway detached", _detach_the_internet, "test_internet_gateway_is_attached"),
    _drift("a tag removed", _untag, "test_network_carries_the_tags_and_names_of_its_environment"),
    _drift("the database opened to the world", _open("databaseSecurityGroupId", 5432), STORE("database")),
    _drift("the cache opened to the world", _open("cacheSecurityGroupId", 6379), STORE("cache")),
    _drift("the tasks opened to the world", _open("serviceSecurityGroupId", 443), "test_tasks_accept_no_connections"),
    _drift("the default group opened", _open_the_default_group, "test_default_security_group_is_closed"),
    _drift("the stream no longer encrypted", _stop_encrypting_the_stream, COMPONENT("stream")),
    _drift("a log under another key", _key_of_the_log, COMPONENT("log groups")),
    _drift("a secret under AWS's key", _key_of_the_secret, COMPONENT("secrets")),
    _drift("the topic under AWS's key", _key_of_the_topic, COMPONENT("alarm topic")),
    _drift("everything under another key than the stack's", _another_key, KEY, *map(COMPONENT, COMPONENTS)),
    _drift("the key no longer rotated", _stop_rotating, KEY),
    _drift("the alias gone", _drop_the_alias, "test_alias_leads_to_the_key"),
    _drift("a cache without TLS and token", _cache_without_tls, "test_cache_speaks_tls_and_asks_for_a_token"),
    _drift("an empty secret of the database", _empty_secret("databaseSecretArn"), CURRENT("database")),
    _drift("an empty secret of the cache", _empty_secret("cacheSecretArn"), CURRENT("cache")),
    _drift("a shard removed", remove_a_shard, "test_stream_has_at_least_two_open_shards"),
    _drift(
        "backups switched off",
        _database({"BackupRetentionPeriod": 0}, {"BackupRetentionPeriod": 7}),
        "test_database_is_a_backed_up_postgres_of_the_required_class",
    ),
    _drift(
        "the database made public",
        _database({"PubliclyAccessible": True}, {"PubliclyAccessible": False}),
        PLACED,
    ),
    _drift("a task stopped", _stop_a_task, "test_service_wants_at_least_two_fargate_tasks"),
    _drift("tasks with public addresses", _give_tasks_addresses, PRIVATE_TASKS),
    _drift("scaling down to one task", _scale_to_one, "test_scaling_never_goes_below_two_tasks"),
    _drift("containers log elsewhere", _log_elsewhere, "test_containers_log_to_the_encrypted_group"),
    _drift("the containers' log kept for ever", _keep_for_ever("logGroupName"), RETENTION("logGroupName")),
    _drift(
        "the database's log kept for ever",
        _keep_for_ever("databaseLogGroupName"),
        RETENTION("databaseLogGroupName"),
    ),
    _drift("image tags may be moved", _move_image_tags, "test_repository_scans_images_and_keeps_tags"),
    _drift("the iterator age alarm silenced", _silence("iteratorAgeAlarmName"), ALARM("iteratorAge")),
    _drift("the CPU alarm silenced", _silence("databaseCpuAlarmName"), ALARM("databaseCpu")),
    _drift(
        "the iterator age alarm turned round",
        _alarm("iteratorAgeAlarmName", ComparisonOperator="LessThanThreshold"),
        ALARM("iteratorAge"),
    ),
    _drift("a CPU alarm out of reach", _alarm("databaseCpuAlarmName", Threshold=1000.0), ALARM("databaseCpu")),
)
