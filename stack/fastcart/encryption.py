"""The one customer-managed KMS key that encrypts every component of the platform."""

from dataclasses import dataclass
from typing import Any, Optional

import pulumi
import pulumi_aws as aws

from .component import Component
from .naming import Arns, Names


SHORTEST_WINDOW_DAYS = 7


@dataclass(frozen=True)
class EncryptionArgs:
    """What the key policy has to know, and the care of the key. AWS keeps a deleted key for a week at least.

    With ``outlive``, the key is left when the stack is destroyed: for snapshots that nobody could read without it.
    """

    arns: Arns
    cluster_name: str
    log_group_names: list[str]
    recovery_days: int
    protect: bool
    outlive: bool


class Encryption(Component):
    """The shared key and its alias."""

    def __init__(self, names: Names, args: EncryptionArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Encryption", names, "encryption", opts)
        self.key = aws.kms.Key(
            names.of("key"),
            description=f"Encrypts every component of {names.base}",
            enable_key_rotation=True,
            deletion_window_in_days=max(args.recovery_days, SHORTEST_WINDOW_DAYS),
            policy=_key_policy(args),
            tags=names.tags("key"),
            opts=self.child(protect=args.protect, retain_on_delete=args.outlive),
        )
        self.alias = aws.kms.Alias(
            names.of("alias"),
            name=f"alias/{names.base}",
            target_key_id=self.key.key_id,
            opts=self.child(),
        )
        self.register_outputs({"keyArn": self.key.arn, "aliasName": self.alias.name})


def _key_policy(args: EncryptionArgs) -> pulumi.Output[str]:
    """The account decides through IAM; three services that call on their own behalf are let in, each for its own data."""
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "AccountUsesIam",
                    "Effect": "Allow",
                    "Principal": {"AWS": args.arns.account_root()},
                    "Action": "kms:*",
                    "Resource": "*",
                },
                _log_groups(args),
                _alarms_to_topic(args),
                *_fargate_storage(args),
            ],
        }
    )


def _log_groups(args: EncryptionArgs) -> dict[str, Any]:
    """CloudWatch Logs, for this platform's log groups."""
    return {
        "Sid": "LogGroups",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{args.arns.region}.amazonaws.com"},
        "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        "Resource": "*",
        "Condition": {
            "ArnEquals": {
                "kms:EncryptionContext:aws:logs:arn": [
                    args.arns.regional("logs", f"log-group:{name}") for name in args.log_group_names
                ]
            }
        },
    }


def _alarms_to_topic(args: EncryptionArgs) -> dict[str, Any]:
    """CloudWatch alarms of this account, which publish to the encrypted topic."""
    return {
        "Sid": "AlarmNotifications",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": args.arns.account_id}},
    }


def _fargate_storage(args: EncryptionArgs) -> list[dict[str, Any]]:
    """Fargate, for the ephemeral storage of tasks in this platform's cluster."""
    cluster = {
        "kms:EncryptionContext:aws:ecs:clusterAccount": [args.arns.account_id],
        "kms:EncryptionContext:aws:ecs:clusterName": [args.cluster_name],
    }
    return [
        {
            "Sid": "FargateDataKeys",
            "Effect": "Allow",
            "Principal": {"Service": "fargate.amazonaws.com"},
            "Action": "kms:GenerateDataKeyWithoutPlaintext",
            "Resource": "*",
            "Condition": {"StringEquals": cluster},
        },
        {
            "Sid": "FargateGrants",
            "Effect": "Allow",
            "Principal": {"Service": "fargate.amazonaws.com"},
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {
                "StringEquals": cluster,
                "ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt"]},
            },
        },
    ]
