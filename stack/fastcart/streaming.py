"""The Kinesis stream on which orders arrive."""

from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from .component import Component
from .naming import Names


@dataclass(frozen=True)
class StreamingArgs:
    """Size of the stream, how long (hours) it keeps orders, and its key."""

    shard_count: int
    retention_hours: int
    key_arn: pulumi.Input[str]


class Streaming(Component):
    """The order stream, encrypted with the shared key."""

    def __init__(self, names: Names, args: StreamingArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Streaming", names, "streaming", opts)
        self.stream = aws.kinesis.Stream(
            names.of("orders"),
            name=names.of("orders"),
            stream_mode_details={"stream_mode": "PROVISIONED"},
            shard_count=args.shard_count,
            retention_period=args.retention_hours,
            encryption_type="KMS",
            kms_key_id=args.key_arn,
            tags=names.tags("orders"),
            opts=self.child(),
        )
        self.register_outputs({"streamName": self.stream.name, "streamArn": self.stream.arn})
