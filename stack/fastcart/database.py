"""The PostgreSQL database that keeps orders."""

from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from .component import Component
from .config import DatabaseConfig, LifecycleConfig
from .naming import Names

PORT = 5432
DATABASE = "orders"
LOGS = "postgresql"
"""The log that PostgreSQL writes to CloudWatch."""


def identifier(names: Names) -> str:
    """The instance's identifier, which its log group and alarms need as well."""
    return names.of("orders-db")


@dataclass(frozen=True)
class DatabaseArgs:
    """Size and care of the database, and where it lives. ``log_group`` takes its log, so it has to exist first."""

    database: DatabaseConfig
    lifecycle: LifecycleConfig
    subnet_ids: list[pulumi.Output[str]]
    security_group_id: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    log_group: aws.cloudwatch.LogGroup


class Database(Component):
    """An encrypted instance in the private subnets that accepts TLS connections only."""

    def __init__(self, names: Names, args: DatabaseArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Database", names, "database", opts)
        self.subnet_group = aws.rds.SubnetGroup(
            names.of("database-subnets"),
            name=names.of("database-subnets"),
            description=f"Private subnets of {names.base}",
            subnet_ids=args.subnet_ids,
            tags=names.tags("database-subnets"),
            opts=self.child(),
        )
        self.parameter_group = self._parameter_group(args.database.engine_version)
        self.instance = self._instance(args)
        self.register_outputs({"identifier": self.instance.identifier, "endpoint": self.instance.endpoint})

    def _parameter_group(self, engine_version: str) -> aws.rds.ParameterGroup:
        major = engine_version.split(".")[0]
        name = self.names.of(f"postgres{major}")
        return aws.rds.ParameterGroup(
            name,
            name=name,
            family=f"postgres{major}",
            description=f"TLS only, slow statements logged, for {self.names.base}",
            parameters=[
                {"name": "rds.force_ssl", "value": "1"},
                {"name": "log_min_duration_statement", "value": "1000"},
            ],
            tags={"Name": name},
            opts=self.child(),
        )

    def _instance(self, args: DatabaseArgs) -> aws.rds.Instance:
        name = identifier(self.names)
        database, lifecycle = args.database, args.lifecycle
        final_snapshot = self.names.of("orders-db-final") if lifecycle.final_snapshot else None
        # A rotated password is in the secret alone: the configured one would lock the tasks out.
        kept = ["password"] if database.rotation_lambda_arn else None
        return aws.rds.Instance(
            name,
            identifier=name,
            engine="postgres",
            engine_version=database.engine_version,
            # Not in the next maintenance window: until it is done, the parameter group of the old version cannot go.
            allow_major_version_upgrade=database.major_upgrade or None,
            apply_immediately=database.major_upgrade or None,
            instance_class=database.instance_class,
            db_name=DATABASE,
            port=PORT,
            username=database.username,
            password=database.password,
            storage_type="gp3",
            allocated_storage=database.storage_gib,
            max_allocated_storage=database.max_storage_gib,
            storage_encrypted=True,
            kms_key_id=args.key_arn,
            db_subnet_group_name=self.subnet_group.name,
            vpc_security_group_ids=[args.security_group_id],
            publicly_accessible=False,
            multi_az=database.multi_az,
            parameter_group_name=self.parameter_group.name,
            ca_cert_identifier="rds-ca-rsa2048-g1",
            backup_retention_period=database.backup_days,
            backup_window="02:00-03:00",
            maintenance_window="sun:03:30-sun:04:30",
            copy_tags_to_snapshot=True,
            auto_minor_version_upgrade=True,
            enabled_cloudwatch_logs_exports=[LOGS],
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args.key_arn,
            performance_insights_retention_period=7,
            deletion_protection=lifecycle.deletion_protection,
            skip_final_snapshot=not lifecycle.final_snapshot,
            final_snapshot_identifier=final_snapshot,
            tags=self.names.tags("orders-db"),
            opts=self.child(protect=lifecycle.deletion_protection, depends_on=[args.log_group], ignore_changes=kept),
        )
