"""Kinesis data streams."""

from __future__ import annotations

from ..aws import Aws, tag_changes, tag_map
from ..kind import Kind, update
from ..wire import Props


def _mode(props: Props) -> str:
    return (props.get("streamModeDetails") or {}).get("streamMode", "PROVISIONED")


def _create(aws: Aws, props: Props) -> str:
    kinesis = aws.client("kinesis")
    name, mode = props["name"], _mode(props)
    shards = {"ShardCount": props.get("shardCount", 1)} if mode == "PROVISIONED" else {}
    kinesis.create_stream(StreamName=name, StreamModeDetails={"StreamMode": mode}, **shards)
    kinesis.get_waiter("stream_exists").wait(StreamName=name)
    arn = aws.arn("kinesis", f"stream/{name}")
    _set_retention(aws, arn, {"retentionPeriod": 24}, props)
    _set_encryption(aws, arn, {}, props)
    _retag(aws, arn, {}, props)
    return arn


def _set_shards(aws: Aws, _identity: str, _old: Props, new: Props) -> None:
    aws.client("kinesis").update_shard_count(
        StreamName=new["name"], TargetShardCount=new["shardCount"], ScalingType="UNIFORM_SCALING"
    )


def _set_mode(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("kinesis").update_stream_mode(StreamARN=identity, StreamModeDetails={"StreamMode": _mode(new)})


def _set_retention(aws: Aws, _identity: str, old: Props, new: Props) -> None:
    kinesis = aws.client("kinesis")
    before, after = old["retentionPeriod"], new["retentionPeriod"]
    if after > before:
        kinesis.increase_stream_retention_period(StreamName=new["name"], RetentionPeriodHours=after)
    if after < before:
        kinesis.decrease_stream_retention_period(StreamName=new["name"], RetentionPeriodHours=after)


def _set_encryption(aws: Aws, _identity: str, old: Props, new: Props) -> None:
    kinesis = aws.client("kinesis")
    if new["encryptionType"] == "KMS":
        kinesis.start_stream_encryption(StreamName=new["name"], EncryptionType="KMS", KeyId=new["kmsKeyId"])
    elif old.get("encryptionType") == "KMS":
        kinesis.stop_stream_encryption(StreamName=new["name"], EncryptionType="KMS", KeyId=old["kmsKeyId"])


def _retag(aws: Aws, _identity: str, old: Props, new: Props) -> None:
    wanted, unwanted = tag_changes(old, new)
    kinesis = aws.client("kinesis")
    if unwanted:
        kinesis.remove_tags_from_stream(StreamName=new["name"], TagKeys=unwanted)
    if wanted:
        kinesis.add_tags_to_stream(StreamName=new["name"], Tags=wanted)


def _read(aws: Aws, identity: str, _state: Props) -> Props:
    kinesis = aws.client("kinesis")
    name = identity.rsplit("/", 1)[1]
    stream = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
    mode = stream.get("StreamModeDetails", {}).get("StreamMode", "PROVISIONED")
    encryption = stream.get("EncryptionType", "NONE")
    return {
        "arn": stream["StreamARN"],
        "encryptionType": encryption,
        "kmsKeyId": stream.get("KeyId") if encryption == "KMS" else None,
        "maxRecordSizeInKib": 1024,
        "name": name,
        "retentionPeriod": stream["RetentionPeriodHours"],
        "shardCount": stream["OpenShardCount"] if mode == "PROVISIONED" else None,
        "streamModeDetails": {"streamMode": mode},
        "warmThroughputMibPs": 0,
        "tagsAll": tag_map(kinesis.list_tags_for_stream(StreamName=name)["Tags"]),
    }


def _delete(aws: Aws, _identity: str, state: Props) -> None:
    aws.client("kinesis").delete_stream(StreamName=state["name"], EnforceConsumerDeletion=True)


KINDS = (
    Kind(
        token="aws:kinesis/stream:Stream",
        create=_create,
        read=_read,
        delete=_delete,
        updates=(
            update("shardCount", apply=_set_shards),
            update("streamModeDetails", apply=_set_mode),
            update("retentionPeriod", apply=_set_retention),
            update("encryptionType", "kmsKeyId", apply=_set_encryption),
            update("tagsAll", apply=_retag),
        ),
        replaced_by=frozenset({"name", "region"}),
        held=frozenset({"enforceConsumerDeletion"}),
        defaults={"encryptionType": "NONE", "enforceConsumerDeletion": False, "retentionPeriod": 24},
    ),
)
