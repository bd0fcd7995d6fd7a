"""One customer-managed key on everything that is encrypted."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from deployed import Cloud, Outputs, log_group


def _stream(cloud: Cloud, outputs: Outputs) -> list[Any]:
    stream = cloud.client("kinesis").describe_stream_summary(StreamName=outputs["streamName"])
    assert stream["StreamDescriptionSummary"]["EncryptionType"] == "KMS"
    return [stream["StreamDescriptionSummary"]["KeyId"]]


def _database(cloud: Cloud, outputs: Outputs) -> list[Any]:
    found = cloud.client("rds").describe_db_instances(DBInstanceIdentifier=outputs["databaseIdentifier"])
    assert found["DBInstances"][0]["StorageEncrypted"]
    return [found["DBInstances"][0]["KmsKeyId"]]


def _cache(cloud: Cloud, outputs: Outputs) -> list[Any]:
    found = cloud.client("elasticache").describe_replication_groups(
        ReplicationGroupId=outputs["cacheReplicationGroupId"]
    )
    assert found["ReplicationGroups"][0]["AtRestEncryptionEnabled"]
    return [found["ReplicationGroups"][0]["KmsKeyId"]]


def _log_groups(cloud: Cloud, outputs: Outputs) -> list[Any]:
    names = (outputs["logGroupName"], outputs["databaseLogGroupName"])
    return [log_group(cloud, name).get("kmsKeyId") for name in names]


def _secrets(cloud: Cloud, outputs: Outputs) -> list[Any]:
    arns = (outputs["databaseSecretArn"], outputs["cacheSecretArn"])
    return [cloud.client("secretsmanager").describe_secret(SecretId=arn).get("KmsKeyId") for arn in arns]


def _repository(cloud: Cloud, outputs: Outputs) -> list[Any]:
    found = cloud.client("ecr").describe_repositories(repositoryNames=[outputs["repositoryName"]])
    encryption = found["repositories"][0]["encryptionConfiguration"]
    assert encryption["encryptionType"] == "KMS"
    return [encryption["kmsKey"]]


def _topic(cloud: Cloud, outputs: Outputs) -> list[Any]:
    found = cloud.client("sns").get_topic_attributes(TopicArn=outputs["alarmTopicArn"])
    return [found["Attributes"].get("KmsMasterKeyId")]


COMPONENTS: dict[str, Callable[[Cloud, Outputs], list[Any]]] = {
    "stream": _stream,
    "database": _database,
    "cache": _cache,
    "log groups": _log_groups,
    "secrets": _secrets,
    "repository": _repository,
    "alarm topic": _topic,
}


@pytest.mark.parametrize("component", COMPONENTS)
def test_component_is_encrypted_with_the_one_key(component: str, cloud: Cloud, outputs: Outputs) -> None:
    assert set(COMPONENTS[component](cloud, outputs)) == {outputs["kmsKeyArn"]}


def test_key_is_customer_managed_enabled_and_rotated(cloud: Cloud, outputs: Outputs) -> None:
    kms = cloud.client("kms")
    key = kms.describe_key(KeyId=outputs["kmsKeyId"])["KeyMetadata"]
    assert (key["KeyManager"], key["KeyState"], key["Arn"]) == ("CUSTOMER", "Enabled", outputs["kmsKeyArn"])
    assert kms.get_key_rotation_status(KeyId=outputs["kmsKeyId"])["KeyRotationEnabled"]


def test_alias_leads_to_the_key(cloud: Cloud, outputs: Outputs) -> None:
    aliases = cloud.client("kms").list_aliases(KeyId=outputs["kmsKeyId"])["Aliases"]
    assert outputs["kmsKeyAlias"] in [alias["AliasName"] for alias in aliases]


def test_cache_speaks_tls_and_asks_for_a_token(cloud: Cloud, outputs: Outputs) -> None:
    (group,) = cloud.client("elasticache").describe_replication_groups(
        ReplicationGroupId=outputs["cacheReplicationGroupId"]
    )["ReplicationGroups"]
    assert (group["TransitEncryptionEnabled"], group["AuthTokenEnabled"]) == (True, True)


@pytest.mark.parametrize("store", ["database", "cache"])
def test_secret_of_a_store_has_a_current_value(store: str, cloud: Cloud, outputs: Outputs) -> None:
    """By its versions, without reading it. A rotated one is pending as well, for a while."""
    versions = cloud.client("secretsmanager").list_secret_version_ids(SecretId=outputs[f"{store}SecretArn"])
    assert [version for version in versions["Versions"] if "AWSCURRENT" in version["VersionStages"]]
