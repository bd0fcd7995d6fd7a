"""Every setting of the stack's config reaches the resources that it is about."""

import json
import re

import pytest
from offline.render import Request, render
from places import REPOSITORY
from stack_view import StackView

ALARM = "metricAlarm:MetricAlarm"
CACHE = "replicationGroup:ReplicationGroup"
DATABASE = "rds/instance:Instance"
LOGS = "logGroup:LogGroup"
SCALING = "appautoscaling/target:Target"
SECRET = "secretsmanager/secret:Secret"
SERVICE = "ecs/service:Service"
STREAM = "kinesis/stream:Stream"
SUBNET = "ec2/subnet:Subnet"
TASK = "taskDefinition:TaskDefinition"

ROTATE = "arn:aws:lambda:eu-central-1:123456789012:function:rotate"
IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/fastcart-order-processor-blue:2.5.0"

CHANGED = [
    ("environmentSuffix", "blue", [("ec2/vpc:Vpc", "vpc", "tags.Name", "fastcart-vpc-blue")]),
    ("vpcCidr", "10.40.0.0/20", [("ec2/vpc:Vpc", "vpc", "cidrBlock", "10.40.0.0/20")]),
    (
        "availabilityZones",
        "eu-central-1b,eu-central-1c",
        [
            (SUBNET, "public-1", "availabilityZone", "eu-central-1b"),
            (SUBNET, "public-2", "availabilityZone", "eu-central-1c"),
            (SUBNET, "private-1", "availabilityZone", "eu-central-1b"),
            (SUBNET, "private-2", "availabilityZone", "eu-central-1c"),
        ],
    ),
    ("vpcEndpoints", "true", [("VpcEndpoint", "s3-endpoint", "vpcEndpointType", "Gateway")]),
    ("streamShardCount", "4", [(STREAM, "orders", "shardCount", 4)]),
    ("streamRetentionHours", "48", [(STREAM, "orders", "retentionPeriod", 48)]),
    ("databasePassword", "a-changed-Password-1", [(DATABASE, "orders-db", "password.value", "a-changed-Password-1")]),
    ("databaseInstanceClass", "db.t4g.small", [(DATABASE, "orders-db", "instanceClass", "db.t4g.small")]),
    (
        "databaseEngineVersion",
        "17",
        [
            (DATABASE, "orders-db", "engineVersion", "17"),
            ("parameterGroup:ParameterGroup", "postgres17", "family", "postgres17"),
        ],
    ),
    (
        "databaseAllowMajorVersionUpgrade",
        "true",
        [(DATABASE, "orders-db", "allowMajorVersionUpgrade", True), (DATABASE, "orders-db", "applyImmediately", True)],
    ),
    ("databaseUsername", "orders_admin", [(DATABASE, "orders-db", "username", "orders_admin")]),
    ("databaseStorageGib", "40", [(DATABASE, "orders-db", "allocatedStorage", 40)]),
    ("databaseMaxStorageGib", "90", [(DATABASE, "orders-db", "maxAllocatedStorage", 90)]),
    ("databaseBackupDays", "14", [(DATABASE, "orders-db", "backupRetentionPeriod", 14)]),
    ("databaseMultiAz", "true", [(DATABASE, "orders-db", "multiAz", True)]),
    (
        "rotationLambdaArn",
        ROTATE,
        [("SecretRotation", "database-credentials-rotation", "rotationLambdaArn", ROTATE)],
    ),
    (
        "rotationDays",
        "9",
        [("SecretRotation", "database-credentials-rotation", "rotationRules.automaticallyAfterDays", 9)],
    ),
    ("redisAuthToken", "a-changed-token-12345", [(CACHE, "cache", "authToken.value", "a-changed-token-12345")]),
    ("cacheNodeType", "cache.t4g.small", [(CACHE, "cache", "nodeType", "cache.t4g.small")]),
    ("cacheNodeCount", "3", [(CACHE, "cache", "numCacheClusters", 3)]),
    ("cacheSnapshotDays", "9", [(CACHE, "cache", "snapshotRetentionLimit", 9)]),
    ("imageTag", "2.5.0", [(TASK, "task", "containerDefinitions.0.image", IMAGE)]),
    ("serviceCpu", "1024", [(TASK, "task", "cpu", "1024")]),
    ("serviceMemoryMib", "3072", [(TASK, "task", "memory", "3072")]),
    (
        "serviceDesiredCount",
        "3",
        [(SERVICE, "service", "desiredCount", 3), (SCALING, "scaling", "minCapacity", 3)],
    ),
    ("serviceMaximumCount", "12", [(SCALING, "scaling", "maxCapacity", 12)]),
    (
        "serviceScaleAtCpuPercent",
        "55",
        [("Policy", "scale-on-cpu", "targetTrackingScalingPolicyConfiguration.targetValue", 55)],
    ),
    ("healthCheckCommand", "/app/alive", [(TASK, "task", "containerDefinitions.0.healthCheck.command.1", "/app/alive")]),
    ("executeCommand", "true", [(SERVICE, "service", "enableExecuteCommand", True)]),
    ("waitForSteadyState", "true", [(SERVICE, "service", "waitForSteadyState", True)]),
    (
        "logRetentionDays",
        "90",
        [(LOGS, f"{part}-logs", "retentionInDays", 90) for part in ("task", "exec", "insights", "database")],
    ),
    ("alarmIteratorAgeMs", "45000", [(ALARM, "iterator-age", "threshold", 45000)]),
    ("alarmThrottledWrites", "25", [(ALARM, "throttled-writes", "threshold", 25)]),
    ("alarmDatabaseCpuPercent", "65", [(ALARM, "database-cpu", "threshold", 65)]),
    ("alarmDatabaseFreeStorageGib", "5", [(ALARM, "database-storage", "threshold", 5 * 1024**3)]),
    ("alarmEmail", "team@example.com", [("TopicSubscription", "alarm-email", "endpoint", "team@example.com")]),
    ("deletionProtection", "true", [(DATABASE, "orders-db", "deletionProtection", True)]),
    (
        "finalSnapshot",
        "true",
        [
            (DATABASE, "orders-db", "skipFinalSnapshot", False),
            (DATABASE, "orders-db", "finalSnapshotIdentifier", "fastcart-orders-db-final-blue"),
            (CACHE, "cache", "finalSnapshotIdentifier", "fastcart-cache-final-blue"),
        ],
    ),
    (
        "recoveryWindowDays",
        "9",
        [
            ("kms/key:Key", "key", "deletionWindowInDays", 9),
            (SECRET, "database-credentials", "recoveryWindowInDays", 9),
            (SECRET, "cache-credentials", "recoveryWindowInDays", 9),
        ],
    ),
]
"""Setting, another value than the dev stack's, and what follows: (type, name, path in the inputs, value)."""

REACHES = [
    pytest.param(kind, name, path, value, id=f"{key}-{name}.{path}")
    for key, _, reached in CHANGED
    for kind, name, path, value in reached
]


@pytest.fixture(scope="module")
def changed() -> StackView:
    """The stack with every setting changed."""
    return StackView(render(Request(config={f"fastcart:{key}": value for key, value, _ in CHANGED})))


def at(stack: StackView, suffix: str, kind: str, name: str, path: str):
    """The value at a path in a resource's inputs, JSON texts looked into; None where there is nothing."""
    found = [resource for resource in stack.all(kind) if resource["name"] == f"fastcart-{name}-{suffix}"]
    value = found[0]["inputs"] if found else None
    for step in path.split("."):
        value = json.loads(value) if isinstance(value, str) else value
        if value is None:
            return None
        value = value[int(step)] if isinstance(value, list) else value.get(step)
    return value


@pytest.mark.parametrize("kind,name,path,value", REACHES)
def test_changed_setting_reaches_its_resource(changed, applied, kind, name, path, value):
    assert at(changed, "blue", kind, name, path) == value
    assert at(applied, "dev", kind, name, path) != value


def test_every_setting_is_seen_to_reach_something():
    documented = re.findall(r"^\| `(\w+)` \|", (REPOSITORY / "stack/README.md").read_text(), re.MULTILINE)
    assert sorted(key for key, _, reached in CHANGED if reached) == sorted(documented)


def test_every_alarm_has_a_threshold_from_the_config(changed, applied):
    thresholds = {alarm["name"].removesuffix("-dev"): alarm["inputs"]["threshold"] for alarm in applied.all(ALARM)}
    for alarm in changed.all(ALARM):
        assert alarm["inputs"]["threshold"] != thresholds.pop(alarm["name"].removesuffix("-blue"))
    assert thresholds == {}


def test_secret_of_a_throwaway_stack_is_gone_at_once_and_its_key_after_the_shortest_time(applied):
    assert {secret["inputs"]["recoveryWindowInDays"] for secret in applied.all(SECRET)} == {0}
    assert applied.inputs("kms/key:Key")["deletionWindowInDays"] == 7
