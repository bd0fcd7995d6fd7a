"""CloudWatch log groups."""

from __future__ import annotations

from ..aws import Aws, present, tag_changes
from ..kind import Kind, Missing, update
from ..wire import Props


def _arn(aws: Aws, name: str) -> str:
    return aws.arn("logs", f"log-group:{name}")


def _create(aws: Aws, props: Props) -> str:
    name = props["name"]
    aws.client("logs").create_log_group(
        logGroupName=name, tags=props.get("tagsAll") or {}, **present(kmsKeyId=props.get("kmsKeyId"))
    )
    _set_retention(aws, name, {}, props)
    return name


def _set_retention(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    logs = aws.client("logs")
    if new["retentionInDays"]:
        logs.put_retention_policy(logGroupName=identity, retentionInDays=new["retentionInDays"])
    else:
        logs.delete_retention_policy(logGroupName=identity)


def _set_key(aws: Aws, identity: str, old: Props, new: Props) -> None:
    """moto cannot change the key of a group, so the group is made anew."""
    _delete(aws, identity, old)
    _create(aws, new)


def _retag(aws: Aws, identity: str, old: Props, new: Props) -> None:
    wanted, unwanted = tag_changes(old, new)
    logs = aws.client("logs")
    if unwanted:
        logs.untag_resource(resourceArn=_arn(aws, identity), tagKeys=unwanted)
    if wanted:
        logs.tag_resource(resourceArn=_arn(aws, identity), tags=wanted)


def _read(aws: Aws, identity: str, _state: Props) -> Props:
    logs = aws.client("logs")
    for group in logs.describe_log_groups(logGroupNamePrefix=identity)["logGroups"]:
        if group["logGroupName"] == identity:
            return {
                "arn": _arn(aws, identity),
                "deletionProtectionEnabled": False,
                "kmsKeyId": group.get("kmsKeyId"),
                "logGroupClass": group.get("logGroupClass", "STANDARD"),
                "name": identity,
                "namePrefix": "",
                "retentionInDays": group.get("retentionInDays", 0),
                "tagsAll": logs.list_tags_for_resource(resourceArn=_arn(aws, identity))["tags"],
            }
    raise Missing


def _delete(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("logs").delete_log_group(logGroupName=identity)


KINDS = (
    Kind(
        token="aws:cloudwatch/logGroup:LogGroup",
        create=_create,
        read=_read,
        delete=_delete,
        updates=(
            update("retentionInDays", apply=_set_retention),
            update("kmsKeyId", apply=_set_key),
            update("tagsAll", apply=_retag),
        ),
        replaced_by=frozenset({"name", "namePrefix", "logGroupClass", "region"}),
        held=frozenset({"skipDestroy"}),
        defaults={"retentionInDays": 0, "skipDestroy": False},
    ),
)
