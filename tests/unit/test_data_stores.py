"""The stream, the database, the cache and their credentials."""

import json

import pytest
from offline.render import Request, render
from stack_view import StackView, is_secret


def test_the_stream_has_two_shards_and_is_encrypted(applied):
    stream = applied.inputs("kinesis/stream:Stream")
    assert stream["shardCount"] == 2
    assert stream["encryptionType"] == "KMS"
    assert stream["streamModeDetails"] == {"streamMode": "PROVISIONED"}


DATABASE = {
    "engine": "postgres",
    "instanceClass": "db.t3.micro",
    "storageEncrypted": True,
    "publiclyAccessible": False,
    "backupRetentionPeriod": 7,
    "enabledCloudwatchLogsExports": ["postgresql"],
    "performanceInsightsEnabled": True,
    "copyTagsToSnapshot": True,
}


@pytest.mark.parametrize("key,value", DATABASE.items())
def test_the_database_is_set_up_as_required(applied, key, value):
    assert applied.inputs("rds/instance:Instance")[key] == value


def test_the_database_and_the_cache_live_in_the_private_subnets(applied):
    private = [applied.one("ec2/subnet:Subnet", f"fastcart-private-{index}-dev")["id"] for index in (1, 2)]
    database = applied.inputs("rds/subnetGroup:SubnetGroup")
    cache = applied.inputs("elasticache/subnetGroup:SubnetGroup")
    assert database["subnetIds"] == private and cache["subnetIds"] == private
    assert applied.inputs("rds/instance:Instance")["dbSubnetGroupName"] == database["name"]
    assert applied.inputs("elasticache/replicationGroup:ReplicationGroup")["subnetGroupName"] == cache["name"]


def test_the_database_accepts_only_tls(applied):
    group = applied.inputs("rds/parameterGroup:ParameterGroup")
    assert {"name": "rds.force_ssl", "value": "1"} in group["parameters"]
    assert group["family"] == "postgres16"
    assert applied.inputs("rds/instance:Instance")["parameterGroupName"] == group["name"]


def test_each_store_has_the_security_group_of_its_own(applied):
    def group_id(part):
        return applied.one("ec2/securityGroup:SecurityGroup", f"fastcart-{part}-sg-dev")["id"]

    assert applied.inputs("rds/instance:Instance")["vpcSecurityGroupIds"] == [group_id("database")]
    cache = applied.inputs("elasticache/replicationGroup:ReplicationGroup")
    assert cache["securityGroupIds"] == [group_id("cache")]


def test_the_log_of_the_database_is_ours_before_rds_would_make_it(applied):
    instance = applied.one("rds/instance:Instance")
    assert any(urn.endswith("fastcart-database-logs-dev") for urn in instance["dependencies"])


@pytest.mark.parametrize(
    "environment,protection,snapshot", [("applied", False, None), ("everything_on", True, "fastcart-orders-db-final-prod")]
)
def test_protection_and_final_snapshot_follow_the_environment(request, environment, protection, snapshot):
    stack = request.getfixturevalue(environment)
    database = stack.one("rds/instance:Instance")
    assert database["inputs"]["deletionProtection"] is protection
    assert database["inputs"]["skipFinalSnapshot"] is not protection
    assert database["inputs"].get("finalSnapshotIdentifier") == snapshot
    for resource in (database, stack.one("kms/key:Key")):
        assert resource.get("options", {}).get("protect", False) is protection


@pytest.mark.parametrize("snapshot", ["true", "false"])
def test_the_key_outlives_the_stack_if_the_last_snapshots_do(snapshot):
    stack = StackView(render(Request(config={"fastcart:finalSnapshot": snapshot})))
    kept = [resource["name"] for resource in stack.resources if resource.get("options", {}).get("retainOnDelete")]
    assert kept == (["fastcart-key-dev"] if snapshot == "true" else [])


CACHE = {
    "engine": "redis",
    "engineVersion": "7.1",
    "port": 6379,
    "atRestEncryptionEnabled": True,
    "transitEncryptionEnabled": True,
    "transitEncryptionMode": "required",
    "automaticFailoverEnabled": True,
    "multiAzEnabled": True,
    "numCacheClusters": 2,
}


@pytest.mark.parametrize("key,value", CACHE.items())
def test_the_cache_is_set_up_as_required(applied, key, value):
    assert applied.inputs("elasticache/replicationGroup:ReplicationGroup")[key] == value


def test_passwords_are_secrets_wherever_they_stand(applied):
    assert is_secret(applied.inputs("rds/instance:Instance")["password"])
    assert is_secret(applied.inputs("elasticache/replicationGroup:ReplicationGroup")["authToken"])
    for version in applied.all("secretVersion:SecretVersion"):
        assert is_secret(version["inputs"]["secretString"])


def test_the_database_secret_holds_what_a_client_needs(applied):
    version = applied.inputs("secretVersion:SecretVersion", "fastcart-database-credentials-version-dev")
    database = applied.one("rds/instance:Instance")
    content = json.loads(version["secretString"]["value"])
    assert content == {
        "engine": "postgres",
        "host": database["outputs"]["address"],
        "port": 5432,
        "dbname": "orders",
        "dbInstanceIdentifier": "fastcart-orders-db-dev",
        "username": database["inputs"]["username"],
        "password": database["inputs"]["password"]["value"],
    }
    secret = applied.one("secret:Secret", "fastcart-database-credentials-dev")
    assert version["secretId"] == secret["id"]


def test_the_cache_secret_holds_what_a_client_needs(applied):
    version = applied.inputs("secretVersion:SecretVersion", "fastcart-cache-credentials-version-dev")
    cache = applied.one("elasticache/replicationGroup:ReplicationGroup")
    assert json.loads(version["secretString"]["value"]) == {
        "host": cache["outputs"]["primaryEndpointAddress"],
        "readerHost": cache["outputs"]["readerEndpointAddress"],
        "port": 6379,
        "authToken": cache["inputs"]["authToken"]["value"],
    }
    assert version["secretId"] == applied.one("secret:Secret", "fastcart-cache-credentials-dev")["id"]


def test_rotation_is_optional_and_keeps_what_it_rotated(applied, everything_on):
    assert not applied.all("SecretRotation")
    rotation = everything_on.inputs("secretRotation:SecretRotation")
    assert rotation["rotationRules"] == {"automaticallyAfterDays": 30}
    version = everything_on.one("SecretVersion", "fastcart-database-credentials-version-prod")
    assert version["options"]["ignoreChanges"] == ["secretString", "versionStages"]
    assert everything_on.one("rds/instance:Instance")["options"]["ignoreChanges"] == ["password"]


def test_without_rotation_a_changed_password_reaches_the_database_and_its_secret(applied):
    version = applied.one("SecretVersion", "fastcart-database-credentials-version-dev")
    assert "ignoreChanges" not in version.get("options", {})
    assert "ignoreChanges" not in applied.one("rds/instance:Instance")["options"]


def test_rotation_starts_after_the_credentials_and_the_database_are_there(everything_on):
    dependencies = {urn.split("::")[-1] for urn in everything_on.one("SecretRotation")["dependencies"]}
    assert {"fastcart-database-credentials-version-prod", "fastcart-orders-db-prod"} <= dependencies
