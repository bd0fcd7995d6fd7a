"""The order processor on ECS Fargate: cluster, task definition, service and scaling."""

from dataclasses import dataclass
from typing import Any, Optional

import pulumi
import pulumi_aws as aws

from .component import Component
from .config import ServiceConfig
from .logs import Logs
from .naming import Arns, Names
from .roles import Roles

CONTAINER = "order-processor"
SCRATCH = {"sourceVolume": "scratch", "containerPath": "/tmp", "readOnly": False}
"""The only writable folder: the container's own file system is read-only, unless ECS Exec has to write to it."""


@dataclass(frozen=True)
class ComputeArgs:
    """The processor's size and image, where it runs, and what it works with.

    ``needs`` is what a task uses without naming it, so has to be there before the first one: its way to the stores and
    to AWS, and the values of its secrets.
    """

    service: ServiceConfig
    arns: Arns
    subnet_ids: list[pulumi.Output[str]]
    security_group_id: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    repository: aws.ecr.Repository
    stream: aws.kinesis.Stream
    database_secret: aws.secretsmanager.Secret
    cache_secret: aws.secretsmanager.Secret
    logs: Logs
    roles: Roles
    needs: list[pulumi.Resource]


class Compute(Component):
    """Tasks in the private subnets, replaced only by healthy ones and rolled back otherwise."""

    def __init__(self, names: Names, args: ComputeArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Compute", names, "compute", opts)
        self.cluster = self._cluster(args)
        self.task_definition = self._task_definition(args)
        self.service = self._service(args)
        self.scaling_target = self._scaling(args.service)
        self.register_outputs({"clusterArn": self.cluster.arn, "serviceName": self.service.name})

    def _cluster(self, args: ComputeArgs) -> aws.ecs.Cluster:
        name = self.names.base
        return aws.ecs.Cluster(
            self.names.of("cluster"),
            name=name,
            settings=[{"name": "containerInsights", "value": "enabled"}],
            configuration={
                "execute_command_configuration": {
                    "kms_key_id": args.key_arn,
                    "logging": "OVERRIDE",
                    "log_configuration": {
                        "cloud_watch_encryption_enabled": True,
                        "cloud_watch_log_group_name": args.logs.exec.name,
                    },
                },
                "managed_storage_configuration": {
                    "kms_key_id": args.key_arn,
                    "fargate_ephemeral_storage_kms_key_id": args.key_arn,
                },
            },
            tags={"Name": name},
            opts=self.child(depends_on=[args.logs.insights]),
        )

    def _task_definition(self, args: ComputeArgs) -> aws.ecs.TaskDefinition:
        name = self.names.of("order-processor")
        return aws.ecs.TaskDefinition(
            self.names.of("task"),
            family=name,
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(args.service.cpu),
            memory=str(args.service.memory_mib),
            runtime_platform={"operating_system_family": "LINUX", "cpu_architecture": "X86_64"},
            execution_role_arn=args.roles.execution.arn,
            task_role_arn=args.roles.task.arn,
            volumes=[{"name": SCRATCH["sourceVolume"]}],
            container_definitions=pulumi.Output.json_dumps([_container(args)]),
            tags={"Name": name},
            opts=self.child(),
        )

    def _service(self, args: ComputeArgs) -> aws.ecs.Service:
        name = self.names.of("order-processor")
        return aws.ecs.Service(
            self.names.of("service"),
            name=name,
            cluster=self.cluster.arn,
            task_definition=self.task_definition.arn,
            launch_type="FARGATE",
            platform_version="LATEST",
            desired_count=args.service.desired_count,
            network_configuration={
                "subnets": args.subnet_ids,
                "security_groups": [args.security_group_id],
                "assign_public_ip": False,
            },
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            deployment_circuit_breaker={"enable": True, "rollback": True},
            availability_zone_rebalancing="ENABLED",
            enable_execute_command=args.service.execute_command,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=args.service.wait_for_steady_state,
            tags={"Name": name},
            # Tasks need all this from the first second. Afterwards, scaling owns the number of tasks.
            opts=self.child(
                depends_on=[args.roles.task_policy, args.roles.execution_policy, *args.needs],
                ignore_changes=["desiredCount"],
            ),
        )

    def _scaling(self, service: ServiceConfig) -> aws.appautoscaling.Target:
        """Between the desired and the maximum number of tasks, follow the CPU load."""
        target = aws.appautoscaling.Target(
            self.names.of("scaling"),
            service_namespace="ecs",
            scalable_dimension="ecs:service:DesiredCount",
            resource_id=pulumi.Output.concat("service/", self.cluster.name, "/", self.service.name),
            min_capacity=service.desired_count,
            max_capacity=service.maximum_count,
            tags=self.names.tags("scaling"),
            opts=self.child(),
        )
        name = self.names.of("scale-on-cpu")
        aws.appautoscaling.Policy(
            name,
            name=name,
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration={
                "predefined_metric_specification": {"predefined_metric_type": "ECSServiceAverageCPUUtilization"},
                "target_value": float(service.scale_at_cpu_percent),
                "scale_in_cooldown": 300,
                "scale_out_cooldown": 60,
            },
            opts=self.child(),
        )
        return target


def _container(args: ComputeArgs) -> dict[str, Any]:
    """The order processor's container.

    It gets the names of its secrets, not their contents: it reads them at run time, and so sees a
    rotated password without a new deployment, and no secret stands in the task definition.
    """
    return {
        "name": CONTAINER,
        "image": pulumi.Output.concat(args.arns.registry(args.repository.name), ":", args.service.image_tag),
        "essential": True,
        # The agent of ECS Exec writes to the container's file system, and cannot start on a read-only one.
        "readonlyRootFilesystem": not args.service.execute_command,
        "linuxParameters": {"initProcessEnabled": True},
        "mountPoints": [SCRATCH],
        "stopTimeout": 60,
        "environment": [
            {"name": "AWS_REGION", "value": args.arns.region},
            {"name": "CACHE_SECRET_NAME", "value": args.cache_secret.name},
            {"name": "DATABASE_SECRET_NAME", "value": args.database_secret.name},
            {"name": "ORDER_STREAM_NAME", "value": args.stream.name},
        ],
        "healthCheck": {
            "command": ["CMD-SHELL", args.service.health_check_command],
            "interval": 30,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 60,
        },
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": args.logs.tasks.name,
                "awslogs-region": args.arns.region,
                "awslogs-stream-prefix": CONTAINER,
            },
        },
    }
