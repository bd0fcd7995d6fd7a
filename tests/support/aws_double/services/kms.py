"""Keys and aliases."""

from __future__ import annotations

from ..aws import Aws, present, tag_changes, tag_list, tag_map
from ..kind import Kind, Missing, update
from ..wire import Props


def _create_key(aws: Aws, props: Props) -> str:
    made = aws.client("kms").create_key(
        KeyUsage=props["keyUsage"],
        KeySpec=props["customerMasterKeySpec"],
        Tags=tag_list(props.get("tagsAll"), "TagKey", "TagValue"),
        **present(Description=props.get("description"), Policy=props.get("policy"), MultiRegion=props.get("multiRegion")),
    )
    identity = made["KeyMetadata"]["KeyId"]
    _set_rotation(aws, identity, {}, props)
    _set_enabled(aws, identity, {}, props)
    return identity


def _set_rotation(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    kms = aws.client("kms")
    if new.get("enableKeyRotation"):
        kms.enable_key_rotation(KeyId=identity, **present(RotationPeriodInDays=new.get("rotationPeriodInDays")))
    elif new["customerMasterKeySpec"] == "SYMMETRIC_DEFAULT":
        kms.disable_key_rotation(KeyId=identity)


def _set_enabled(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    kms = aws.client("kms")
    (kms.enable_key if new["isEnabled"] else kms.disable_key)(KeyId=identity)


def _set_policy(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("kms").put_key_policy(KeyId=identity, PolicyName="default", Policy=new["policy"])


def _set_description(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("kms").update_key_description(KeyId=identity, Description=new.get("description", ""))


def _retag(aws: Aws, identity: str, old: Props, new: Props) -> None:
    wanted, unwanted = tag_changes(old, new)
    kms = aws.client("kms")
    kms.untag_resource(KeyId=identity, TagKeys=unwanted)
    kms.tag_resource(KeyId=identity, Tags=tag_list(wanted, "TagKey", "TagValue"))


def _read_key(aws: Aws, identity: str, _state: Props) -> Props:
    kms = aws.client("kms")
    key = kms.describe_key(KeyId=identity)["KeyMetadata"]
    if key["KeyState"] == "PendingDeletion":
        raise Missing
    live: Props = {
        "arn": key["Arn"],
        "customerMasterKeySpec": key["KeySpec"],
        "description": key["Description"],
        "isEnabled": key["Enabled"],
        "keyId": key["KeyId"],
        "keyUsage": key["KeyUsage"],
        "multiRegion": key.get("MultiRegion", False),
        "policy": kms.get_key_policy(KeyId=identity, PolicyName="default")["Policy"],
        "rotationPeriodInDays": 365,
        "tagsAll": tag_map(kms.list_resource_tags(KeyId=identity)["Tags"], "TagKey", "TagValue"),
    }
    if key["KeySpec"] == "SYMMETRIC_DEFAULT":
        live["enableKeyRotation"] = kms.get_key_rotation_status(KeyId=identity)["KeyRotationEnabled"]
    return live


def _delete_key(aws: Aws, identity: str, state: Props) -> None:
    """AWS keeps a deleted key for a while; from then on nobody can use it."""
    aws.client("kms").schedule_key_deletion(KeyId=identity, PendingWindowInDays=state.get("deletionWindowInDays", 30))


def _create_alias(aws: Aws, props: Props) -> str:
    aws.client("kms").create_alias(AliasName=props["name"], TargetKeyId=props["targetKeyId"])
    return props["name"]


def _retarget_alias(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("kms").update_alias(AliasName=identity, TargetKeyId=new["targetKeyId"])


def _read_alias(aws: Aws, identity: str, _state: Props) -> Props:
    pages = aws.client("kms").get_paginator("list_aliases").paginate()
    for alias in (alias for page in pages for alias in page["Aliases"]):
        if alias["AliasName"] == identity:
            key = alias["TargetKeyId"]
            return {
                "arn": alias["AliasArn"],
                "name": identity,
                "namePrefix": "",
                "targetKeyId": key,
                "targetKeyArn": aws.arn("kms", f"key/{key}"),
            }
    raise Missing


def _delete_alias(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("kms").delete_alias(AliasName=identity)


KINDS = (
    Kind(
        token="aws:kms/key:Key",
        create=_create_key,
        read=_read_key,
        delete=_delete_key,
        updates=(
            update("enableKeyRotation", "rotationPeriodInDays", apply=_set_rotation),
            update("isEnabled", apply=_set_enabled),
            update("policy", apply=_set_policy),
            update("description", apply=_set_description),
            update("tagsAll", apply=_retag),
        ),
        replaced_by=frozenset({"customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "region"}),
        held=frozenset({"deletionWindowInDays", "bypassPolicyLockoutSafetyCheck"}),
        defaults={
            "bypassPolicyLockoutSafetyCheck": False,
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
        },
    ),
    Kind(
        token="aws:kms/alias:Alias",
        create=_create_alias,
        read=_read_alias,
        delete=_delete_alias,
        updates=(update("targetKeyId", apply=_retarget_alias),),
        replaced_by=frozenset({"name", "namePrefix", "region"}),
        name_prefix="alias/",
    ),
)
