"""Log groups, encrypted with the shared key and kept for a set time.

AWS would create some of these by itself on first use, unencrypted and kept for ever; so they are created first.
"""

from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from . import database
from .component import Component
from .naming import Names


def task_group(names: Names) -> str:
    """Where the containers log."""
    return f"/ecs/{names.base}"


def exec_group(names: Names) -> str:
    """Where commands run in a container through ECS Exec are recorded."""
    return f"/ecs/exec/{names.base}"


def insights_group(names: Names) -> str:
    """Where Container Insights puts the cluster's metrics; the path is ECS's own."""
    return f"/aws/ecs/containerinsights/{names.base}/performance"


def database_group(names: Names) -> str:
    """Where RDS exports the PostgreSQL log; the path is RDS's own."""
    return f"/aws/rds/instance/{database.identifier(names)}/{database.LOGS}"


def group_names(names: Names) -> list[str]:
    """Every log group of the platform, for the key policy."""
    return [task_group(names), exec_group(names), insights_group(names), database_group(names)]


@dataclass(frozen=True)
class LogsArgs:
    """How long (days) to keep logs, and the key that encrypts them."""

    retention_days: int
    key_arn: pulumi.Input[str]


class Logs(Component):
    """All log groups of the platform."""

    def __init__(self, names: Names, args: LogsArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Logs", names, "logs", opts)
        self.tasks = self._group("task-logs", task_group(names), args)
        self.exec = self._group("exec-logs", exec_group(names), args)
        self.insights = self._group("insights-logs", insights_group(names), args)
        self.database = self._group("database-logs", database_group(names), args)
        self.register_outputs({"taskLogGroupName": self.tasks.name, "databaseLogGroupName": self.database.name})

    def _group(self, part: str, name: str, args: LogsArgs) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            self.names.of(part),
            name=name,
            retention_in_days=args.retention_days,
            kms_key_id=args.key_arn,
            opts=self.child(),
        )
