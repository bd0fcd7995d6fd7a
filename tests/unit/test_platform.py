"""What holds for the whole platform: one key, names, tags, region, logs and alarms."""

import json

import pytest
from stack_view import statements, strings

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


def test_the_key_policy_lets_services_in_only_under_conditions(applied):
    for statement in statements(applied.inputs("kms/key:Key")["policy"]):
        assert "*" not in strings(statement["Principal"])
        if "Service" in statement["Principal"]:
            assert statement["Condition"]


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


def test_no_arn_is_of_another_region(applied):
    for resource in applied.managed():
        for text in strings(resource["inputs"]):
            for arn in (part for part in text.replace('"', " ").split() if part.startswith("arn:aws:")):
                assert arn.split(":")[3] in ("", "eu-central-1"), arn


def test_log_groups_are_kept_for_a_month(applied):
    assert {group["inputs"]["retentionInDays"] for group in applied.all("logGroup:LogGroup")} == {30}


ALARMS = [
    ("iterator-age", "AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", {"StreamName": "fastcart-orders-dev"}, 60000),
    ("throttled-writes", "AWS/Kinesis", "WriteProvisionedThroughputExceeded", {"StreamName": "fastcart-orders-dev"}, 0),
    ("database-cpu", "AWS/RDS", "CPUUtilization", {"DBInstanceIdentifier": "fastcart-orders-db-dev"}, 80),
    ("database-storage", "AWS/RDS", "FreeStorageSpace", {"DBInstanceIdentifier": "fastcart-orders-db-dev"}, 2 * 1024**3),
]


@pytest.mark.parametrize("part,namespace,metric,dimensions,threshold", ALARMS, ids=[alarm[0] for alarm in ALARMS])
def test_alarms_watch_the_stream_and_the_database(applied, part, namespace, metric, dimensions, threshold):
    alarm = applied.inputs("metricAlarm:MetricAlarm", f"fastcart-{part}-dev")
    assert (alarm["namespace"], alarm["metricName"]) == (namespace, metric)
    assert (alarm["dimensions"], alarm["threshold"]) == (dimensions, threshold)
    assert alarm["actionsEnabled"] is True
    assert alarm["alarmActions"] == [applied.one("topic:Topic")["id"]]


def test_somebody_is_told_when_the_config_names_an_address(applied, everything_on):
    assert not applied.all("TopicSubscription")
    assert everything_on.inputs("topicSubscription:TopicSubscription")["endpoint"] == "orders@fastcart.example"
