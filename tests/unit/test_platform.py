"""What holds for the whole platform: one key, names, tags, region, logs and alarms."""

import json

import pytest
from offline.render import Request, render
from stack_view import StackView, statements, strings

KEY_USES = [
    ("kinesis/stream:Stream", lambda i: [i["kmsKeyId"]]),
    ("rds/instance:Instance", lambda i: [i["kmsKeyId"], i["performanceInsightsKmsKeyId"]]),
    ("replicationGroup:ReplicationGroup", lambda i: [i["kmsKeyId"]]),
    ("secret:Secret", lambda i: [i["kmsKeyId"]]),
    ("logGroup:LogGroup", lambda i: [i["kmsKeyId"]]),
    ("repository:Repository", lambda i: [i["encryptionConfigurations"][0]["kmsKey"]]),
    ("topic:Topic", lambda i: [i["kmsMasterKeyId"]]),
    (
        "cluster:Cluster",
        lambda i: [
            i["configuration"]["executeCommandConfiguration"]["kmsKeyId"],
            i["configuration"]["managedStorageConfiguration"]["kmsKeyId"],
            i["configuration"]["managedStorageConfiguration"]["fargateEphemeralStorageKmsKeyId"],
        ],
    ),
]


@pytest.mark.parametrize("kind,keys", KEY_USES, ids=[kind for kind, _ in KEY_USES])
def test_every_component_uses_the_one_key(applied, kind, keys):
    arn = applied.one("kms/key:Key")["outputs"]["arn"]
    assert applied.all(kind)
    for resource in applied.all(kind):
        assert set(keys(resource["inputs"])) == {arn}


def test_the_key_rotates_and_has_an_alias(applied):
    key = applied.one("kms/key:Key")
    assert key["inputs"]["enableKeyRotation"] is True
    alias = applied.inputs("kms/alias:Alias")
    assert (alias["name"], alias["targetKeyId"]) == ("alias/fastcart-dev", key["id"])


CLUSTER = {
    "kms:EncryptionContext:aws:ecs:clusterAccount": ["123456789012"],
    "kms:EncryptionContext:aws:ecs:clusterName": ["fastcart-dev"],
}
LOGS = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
FARGATE_GRANTS = {"StringEquals": CLUSTER, "ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt"]}}

KEY_POLICY = [
    ("AccountUsesIam", {"AWS": "arn:aws:iam::123456789012:root"}, "kms:*", None),
    ("LogGroups", {"Service": "logs.eu-central-1.amazonaws.com"}, LOGS, "ArnEquals"),
    (
        "AlarmNotifications",
        {"Service": "cloudwatch.amazonaws.com"},
        ["kms:Decrypt", "kms:GenerateDataKey*"],
        {"StringEquals": {"aws:SourceAccount": "123456789012"}},
    ),
    (
        "FargateDataKeys",
        {"Service": "fargate.amazonaws.com"},
        "kms:GenerateDataKeyWithoutPlaintext",
        {"StringEquals": CLUSTER},
    ),
    ("FargateGrants", {"Service": "fargate.amazonaws.com"}, "kms:CreateGrant", FARGATE_GRANTS),
]
"""Sid, principal, actions and condition of each statement; of the log groups' condition, tested below, its kind."""


def test_the_key_policy_has_no_other_statements(applied):
    sids = [statement["Sid"] for statement in statements(applied.inputs("kms/key:Key")["policy"])]
    assert sids == [sid for sid, *_ in KEY_POLICY]


@pytest.mark.parametrize("sid,principal,action,condition", KEY_POLICY, ids=[sid for sid, *_ in KEY_POLICY])
def test_the_key_policy_lets_each_in_for_its_own_data_only(applied, sid, principal, action, condition):
    (statement,) = [s for s in statements(applied.inputs("kms/key:Key")["policy"]) if s["Sid"] == sid]
    assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
    assert (statement["Principal"], statement["Action"]) == (principal, action)
    given = statement.get("Condition")
    assert (list(given) == [condition]) if isinstance(condition, str) else (given == condition)


def test_the_key_policy_covers_every_log_group(applied):
    (statement,) = [s for s in statements(applied.inputs("kms/key:Key")["policy"]) if s["Sid"] == "LogGroups"]
    allowed = statement["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
    assert sorted(allowed) == sorted(group["outputs"]["arn"] for group in applied.all("logGroup:LogGroup"))


PHYSICAL_NAMES = ("name", "identifier", "replicationGroupId")


def ends_in_suffix(name: str, suffix: str) -> bool:
    return any(segment.endswith(f"-{suffix}") for segment in name.split("/"))


@pytest.mark.parametrize("environment,suffix", [("applied", "dev"), ("everything_on", "prod")])
def test_every_name_ends_in_the_suffix(request, environment, suffix):
    for resource in request.getfixturevalue(environment).managed():
        names = [resource["name"]]
        names += [resource["inputs"][key] for key in PHYSICAL_NAMES if key in resource["inputs"]]
        names += [value for key, value in resource["inputs"].get("tags", {}).items() if key == "Name"]
        if resource["type"].endswith("taskDefinition:TaskDefinition"):
            names.append(resource["inputs"]["family"])
        assert all(ends_in_suffix(name, suffix) for name in names), names


def test_no_logical_name_occurs_twice_for_a_type(applied):
    urns = [resource["urn"] for resource in applied.resources]
    assert len(set(urns)) == len(urns)


def test_everything_goes_through_the_one_provider_with_region_and_tags(applied):
    provider = applied.one("pulumi:providers:aws")
    assert provider["inputs"]["region"] == "eu-central-1"
    tags = json.loads(provider["inputs"]["defaultTags"])["tags"]
    assert tags == {"Environment": "dev", "Project": "fastcart", "ManagedBy": "pulumi"}
    assert {resource["provider"] for resource in applied.managed()} == {provider["urn"]}


def test_the_provider_takes_profile_and_accounts_from_the_config(applied):
    # Pulumi makes a number of what looks like one when it sets a member of a list.
    given = {"aws:profile": "fastcart", "aws:allowedAccountIds": '[123456789012, "012345678901"]'}
    inputs = StackView(render(Request(config=given))).one("pulumi:providers:aws")["inputs"]
    assert inputs["profile"] == "fastcart"
    assert json.loads(inputs["allowedAccountIds"]) == ["123456789012", "012345678901"]
    assert not {"profile", "allowedAccountIds"} & set(applied.one("pulumi:providers:aws")["inputs"])


def test_no_arn_is_of_another_region(applied):
    for resource in applied.managed():
        for text in strings(resource["inputs"]):
            for arn in (part for part in text.replace('"', " ").split() if part.startswith("arn:aws:")):
                assert arn.split(":")[3] in ("", "eu-central-1"), arn


def test_log_groups_are_kept_for_a_month(applied):
    assert {group["inputs"]["retentionInDays"] for group in applied.all("logGroup:LogGroup")} == {30}


STREAM = {"StreamName": "fastcart-orders-dev"}
DATABASE = {"DBInstanceIdentifier": "fastcart-orders-db-dev"}

ALARMS = [
    (
        "iterator-age",
        ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", STREAM),
        ("Maximum", "GreaterThanThreshold", 60000),
        (60, 5, "breaching"),
    ),
    (
        "throttled-writes",
        ("AWS/Kinesis", "WriteProvisionedThroughputExceeded", STREAM),
        ("Sum", "GreaterThanThreshold", 0),
        (60, 5, "notBreaching"),
    ),
    (
        "database-cpu",
        ("AWS/RDS", "CPUUtilization", DATABASE),
        ("Average", "GreaterThanThreshold", 80),
        (300, 3, "missing"),
    ),
    (
        "database-storage",
        ("AWS/RDS", "FreeStorageSpace", DATABASE),
        ("Minimum", "LessThanThreshold", 2 * 1024**3),
        (300, 3, "missing"),
    ),
]
"""What is watched, when it is bad, and for how long: seconds, times in a row, and what silence means."""


def test_there_are_no_other_alarms(applied):
    assert sorted(alarm["name"] for alarm in applied.all("metricAlarm:MetricAlarm")) == sorted(
        f"fastcart-{part}-dev" for part, *_ in ALARMS
    )


@pytest.mark.parametrize("part,watched,bad,how_long", ALARMS, ids=[alarm[0] for alarm in ALARMS])
def test_alarms_watch_the_stream_and_the_database(applied, part, watched, bad, how_long):
    alarm = applied.inputs("metricAlarm:MetricAlarm", f"fastcart-{part}-dev")
    assert (alarm["namespace"], alarm["metricName"], alarm["dimensions"]) == watched
    assert (alarm["statistic"], alarm["comparisonOperator"], alarm["threshold"]) == bad
    assert (alarm["period"], alarm["evaluationPeriods"], alarm["treatMissingData"]) == how_long
    assert alarm["actionsEnabled"] is True
    assert alarm["alarmActions"] == alarm["okActions"] == [applied.one("topic:Topic")["id"]]


def test_somebody_is_told_when_the_config_names_an_address(applied, everything_on):
    assert not applied.all("TopicSubscription")
    assert everything_on.inputs("topicSubscription:TopicSubscription")["endpoint"] == "orders@fastcart.example"
