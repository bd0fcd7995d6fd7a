"""IAM: what the containers may do, and what ECS may do to start them."""

from dataclasses import dataclass
from typing import Any, Optional

import pulumi
import pulumi_aws as aws

from .component import Component
from .naming import Arns, Names

Statement = dict[str, Any]


@dataclass(frozen=True)
class RolesArgs:
    """The things that the roles give access to, by name.

    ``execute_command`` lets people open a shell in a container (ECS Exec), which the containers must allow.
    """

    arns: Arns
    key_alias: pulumi.Input[str]
    stream_name: pulumi.Input[str]
    secret_names: list[pulumi.Output[str]]
    repository_name: pulumi.Input[str]
    task_log_group: pulumi.Input[str]
    exec_log_group: pulumi.Input[str]
    execute_command: bool


class Roles(Component):
    """Two roles, each with one inline policy of statements that name their resources."""

    def __init__(self, names: Names, args: RolesArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Roles", names, "roles", opts)
        self.task = self._role("task", "The order processor's containers", args.arns)
        self.task_policy = self._policy("task", self.task, _task_statements(args))
        self.execution = self._role("execution", "ECS, to start the order processor", args.arns)
        self.execution_policy = self._policy("execution", self.execution, _execution_statements(args))
        self.register_outputs({"taskRoleArn": self.task.arn, "executionRoleArn": self.execution.arn})

    def _role(self, part: str, purpose: str, arns: Arns) -> aws.iam.Role:
        name = self.names.of(f"{part}-role")
        return aws.iam.Role(
            name,
            name=name,
            description=purpose,
            assume_role_policy=_assumed_by_tasks(arns),
            tags={"Name": name},
            opts=self.child(),
        )

    def _policy(self, part: str, role: aws.iam.Role, statements: list[Statement]) -> aws.iam.RolePolicy:
        name = self.names.of(f"{part}-policy")
        return aws.iam.RolePolicy(
            name, name=name, role=role.name, policy=_document(statements), opts=self.child()
        )


def _document(statements: list[Statement]) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


def _allow(sid: str, actions: list[str], resources: list[Any], condition: Optional[dict[str, Any]] = None) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
    if condition is not None:
        statement["Condition"] = condition
    return statement


def _assumed_by_tasks(arns: Arns) -> pulumi.Output[str]:
    """ECS may take the role for tasks of this account and region only (no confused deputy)."""
    return _document(
        [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": arns.account_id},
                    "ArnLike": {"aws:SourceArn": arns.regional("ecs", "*")},
                },
            }
        ]
    )


def _task_statements(args: RolesArgs) -> list[Statement]:
    """Read the stream and the secrets; decrypt both, through their services, with the shared key alone."""
    arns = args.arns
    services = [f"{service}.{arns.region}.amazonaws.com" for service in ("kinesis", "secretsmanager")]
    statements = [
        _allow(
            "ReadOrders",
            [
                "kinesis:DescribeStream",
                "kinesis:DescribeStreamSummary",
                "kinesis:GetRecords",
                "kinesis:GetShardIterator",
                "kinesis:ListShards",
            ],
            [arns.regional("kinesis", pulumi.Output.concat("stream/", args.stream_name))],
        ),
        _allow(
            "ReadCredentials",
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            # AWS ends a secret's ARN with a hyphen and six random characters.
            [arns.regional("secretsmanager", pulumi.Output.concat("secret:", name, "-??????")) for name in args.secret_names],
        ),
        _allow(
            "DecryptOrdersAndCredentials",
            ["kms:Decrypt"],
            [arns.regional("kms", "key/*")],
            _with_shared_key(args) | {"StringEquals": {"kms:ViaService": services}},
        ),
    ]
    return statements + (_execute_command_statements(args) if args.execute_command else [])


def _with_shared_key(args: RolesArgs) -> Statement:
    """Names the key by its alias: unlike its ARN, that is known before the key exists."""
    return {"ForAnyValue:StringEquals": {"kms:ResourceAliases": [args.key_alias]}}


def _execute_command_statements(args: RolesArgs) -> list[Statement]:
    """What the ECS Exec agent in a container needs. AWS cannot scope the channel actions to a resource."""
    arns = args.arns
    return [
        _allow(
            "ExecChannels",
            [
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            ["*"],
        ),
        _allow("ExecSessionKey", ["kms:Decrypt"], [arns.regional("kms", "key/*")], _with_shared_key(args)),
        _allow(
            "ExecLog",
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [arns.regional("logs", pulumi.Output.concat("log-group:", args.exec_log_group, ":*"))],
        ),
        _allow("ExecFindLog", ["logs:DescribeLogGroups"], [arns.regional("logs", "log-group:*")]),
    ]


def _execution_statements(args: RolesArgs) -> list[Statement]:
    """Pull the image and write the log. The registry's token belongs to no resource."""
    arns = args.arns
    return [
        _allow("RegistryToken", ["ecr:GetAuthorizationToken"], ["*"]),
        _allow(
            "PullImage",
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            [arns.regional("ecr", pulumi.Output.concat("repository/", args.repository_name))],
        ),
        _allow(
            "WriteLog",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [arns.regional("logs", pulumi.Output.concat("log-group:", args.task_log_group, ":*"))],
        ),
    ]
