"""Secrets Manager: secrets, their versions and their rotation."""

from __future__ import annotations

from ..aws import Aws, present, tag_changes, tag_list, tag_map
from ..kind import Kind, Missing, update
from ..wire import Props


def _create_secret(aws: Aws, props: Props) -> str:
    made = aws.client("secretsmanager").create_secret(
        Name=props["name"],
        Tags=tag_list(props.get("tagsAll")),
        **present(Description=props.get("description"), KmsKeyId=props.get("kmsKeyId")),
    )
    return made["ARN"]


def _set_secret(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("secretsmanager").update_secret(
        SecretId=identity, Description=new.get("description", ""), **present(KmsKeyId=new.get("kmsKeyId"))
    )


def _retag(aws: Aws, identity: str, old: Props, new: Props) -> None:
    wanted, unwanted = tag_changes(old, new)
    secrets = aws.client("secretsmanager")
    secrets.untag_resource(SecretId=identity, TagKeys=unwanted)
    secrets.tag_resource(SecretId=identity, Tags=tag_list(wanted))


def _read_secret(aws: Aws, identity: str, _state: Props) -> Props:
    secret = aws.client("secretsmanager").describe_secret(SecretId=identity)
    if "DeletedDate" in secret:
        raise Missing
    return {
        "arn": secret["ARN"],
        "description": secret.get("Description"),
        "kmsKeyId": secret.get("KmsKeyId"),
        "name": secret["Name"],
        "namePrefix": "",
        "policy": "",
        "tagsAll": tag_map(secret.get("Tags")),
    }


def _delete_secret(aws: Aws, identity: str, state: Props) -> None:
    """AWS keeps a deleted secret for its recovery window; 0 days means at once."""
    days = state["recoveryWindowInDays"]
    how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    aws.client("secretsmanager").delete_secret(SecretId=identity, **how)


# --- Version -----------------------------------------------------------------


def _put_version(aws: Aws, props: Props) -> str:
    made = aws.client("secretsmanager").put_secret_value(
        SecretId=props["secretId"], **present(SecretString=props.get("secretString"))
    )
    return f"{made['ARN']}|{made['VersionId']}"


def _read_version(aws: Aws, identity: str, _state: Props) -> Props:
    arn, version = identity.rsplit("|", 1)
    found = aws.client("secretsmanager").get_secret_value(SecretId=arn, VersionId=version)
    return {
        "arn": arn,
        "hasSecretStringWo": False,
        "secretArn": arn,
        "secretString": found["SecretString"],
        "versionId": version,
        "versionStages": found.get("VersionStages", []),
    }


def _forget_version(aws: Aws, identity: str, _state: Props) -> None:
    """A version goes with its secret; the current one cannot be removed alone."""


# --- Rotation: moto would run the Lambda function, so the double only remembers it ---


def _start_rotation(_aws: Aws, props: Props) -> str:
    return props["secretId"]


def _read_rotation(_aws: Aws, identity: str, state: Props) -> Props:
    return {"rotationEnabled": True, "secretId": identity, "rotationLambdaArn": state["rotationLambdaArn"]}


def _cancel_rotation(_aws: Aws, _identity: str, _state: Props) -> None:
    """Nothing was started."""


KINDS = (
    Kind(
        token="aws:secretsmanager/secret:Secret",
        create=_create_secret,
        read=_read_secret,
        delete=_delete_secret,
        updates=(update("description", "kmsKeyId", apply=_set_secret), update("tagsAll", apply=_retag)),
        replaced_by=frozenset({"name", "namePrefix", "region"}),
        held=frozenset({"forceOverwriteReplicaSecret", "recoveryWindowInDays"}),
        defaults={"forceOverwriteReplicaSecret": False, "recoveryWindowInDays": 30},
    ),
    Kind(
        token="aws:secretsmanager/secretVersion:SecretVersion",
        create=_put_version,
        read=_read_version,
        delete=_forget_version,
        replaced_by=frozenset({"secretId", "secretString", "secretBinary", "region"}),
    ),
    Kind(
        token="aws:secretsmanager/secretRotation:SecretRotation",
        create=_start_rotation,
        read=_read_rotation,
        delete=_cancel_rotation,
        replaced_by=frozenset({"secretId", "region"}),
        held=frozenset({"rotateImmediately", "rotationLambdaArn", "rotationRules"}),
        defaults={"rotateImmediately": True},
    ),
)
