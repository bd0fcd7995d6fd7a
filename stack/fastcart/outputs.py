"""The stack's outputs: names, meanings and values, in one place.

The program exports this table, ``docs/outputs.md`` is printed from it, and the outputs file holds exactly it.
Names are a contract with downstream teams. No output holds a secret: secrets are given by ARN and name.

    python -m fastcart.outputs > ../docs/outputs.md
"""

from dataclasses import dataclass
from typing import Any, Callable

from .alarms import Alarms
from .cache import Cache
from .compute import Compute
from .config import FastCartConfig
from .credentials import Credentials
from .database import Database
from .encryption import Encryption
from .logs import Logs
from .network import Network
from .registry import Registry
from .roles import Roles
from .security import Security
from .streaming import Streaming


@dataclass(frozen=True)
class Platform:
    """All components, from which the outputs are taken."""

    config: FastCartConfig
    network: Network
    security: Security
    encryption: Encryption
    streaming: Streaming
    database: Database
    cache: Cache
    credentials: Credentials
    registry: Registry
    logs: Logs
    roles: Roles
    compute: Compute
    alarms: Alarms


@dataclass(frozen=True)
class OutputSpec:
    """One output: its name, the kind of its value (string, number, list), what it is, and where it comes from."""

    name: str
    kind: str
    description: str
    value: Callable[[Platform], Any]


OUTPUTS: dict[str, tuple[OutputSpec, ...]] = {
    "Environment": (
        OutputSpec("environmentSuffix", "string", "Suffix of every name in this stack", lambda p: p.config.suffix),
        OutputSpec("region", "string", "AWS region of the stack", lambda p: p.config.region),
    ),
    "Network": (
        OutputSpec("vpcId", "string", "Id of the VPC", lambda p: p.network.vpc.id),
        OutputSpec("vpcCidr", "string", "Address block of the VPC", lambda p: p.network.vpc.cidr_block),
        OutputSpec(
            "availabilityZones", "list", "Zones of the subnets", lambda p: list(p.config.network.availability_zones)
        ),
        OutputSpec(
            "publicSubnetIds", "list", "Ids of the public subnets, by zone", lambda p: p.network.public_subnet_ids
        ),
        OutputSpec(
            "privateSubnetIds", "list", "Ids of the private subnets, by zone", lambda p: p.network.private_subnet_ids
        ),
        OutputSpec(
            "internetGatewayId", "string", "Id of the internet gateway", lambda p: p.network.internet_gateway.id
        ),
        OutputSpec("natGatewayId", "string", "Id of the only NAT gateway", lambda p: p.network.nat_gateway.id),
        OutputSpec(
            "natPublicIp",
            "string",
            "Address that the platform's traffic to the internet comes from",
            lambda p: p.network.nat_address.public_ip,
        ),
        OutputSpec(
            "publicRouteTableId", "string", "Route table of the public subnets", lambda p: p.network.public_routes.id
        ),
        OutputSpec(
            "privateRouteTableId", "string", "Route table of the private subnets", lambda p: p.network.private_routes.id
        ),
    ),
    "Security": (
        OutputSpec(
            "serviceSecurityGroupId", "string", "Security group of the ECS tasks", lambda p: p.security.service.id
        ),
        OutputSpec(
            "databaseSecurityGroupId", "string", "Security group of the database", lambda p: p.security.database.id
        ),
        OutputSpec("cacheSecurityGroupId", "string", "Security group of the cache", lambda p: p.security.cache.id),
        OutputSpec("kmsKeyId", "string", "Id of the key that encrypts everything", lambda p: p.encryption.key.key_id),
        OutputSpec("kmsKeyArn", "string", "ARN of that key", lambda p: p.encryption.key.arn),
        OutputSpec("kmsKeyAlias", "string", "Alias of that key", lambda p: p.encryption.alias.name),
        OutputSpec("taskRoleArn", "string", "Role of the order processor's containers", lambda p: p.roles.task.arn),
        OutputSpec(
            "executionRoleArn", "string", "Role with which ECS starts the containers", lambda p: p.roles.execution.arn
        ),
    ),
    "Order stream": (
        OutputSpec("streamName", "string", "Name of the Kinesis stream", lambda p: p.streaming.stream.name),
        OutputSpec("streamArn", "string", "ARN of the Kinesis stream", lambda p: p.streaming.stream.arn),
        OutputSpec("streamShardCount", "number", "Shards of the stream", lambda p: p.streaming.stream.shard_count),
    ),
    "Database": (
        OutputSpec(
            "databaseIdentifier", "string", "Identifier of the RDS instance", lambda p: p.database.instance.identifier
        ),
        OutputSpec("databaseArn", "string", "ARN of the RDS instance", lambda p: p.database.instance.arn),
        OutputSpec("databaseAddress", "string", "Host name of the database", lambda p: p.database.instance.address),
        OutputSpec("databasePort", "number", "Port of the database", lambda p: p.database.instance.port),
        OutputSpec(
            "databaseEndpoint", "string", "Host name and port of the database", lambda p: p.database.instance.endpoint
        ),
        OutputSpec("databaseName", "string", "Name of the database to connect to", lambda p: p.database.instance.db_name),
        OutputSpec(
            "databaseSecretArn", "string", "ARN of the secret with the credentials", lambda p: p.credentials.database.arn
        ),
        OutputSpec(
            "databaseSecretName", "string", "Name of the secret with the credentials", lambda p: p.credentials.database.name
        ),
    ),
    "Cache": (
        OutputSpec(
            "cacheReplicationGroupId",
            "string",
            "Id of the Redis replication group",
            lambda p: p.cache.group.replication_group_id,
        ),
        OutputSpec("cacheArn", "string", "ARN of the Redis replication group", lambda p: p.cache.group.arn),
        OutputSpec(
            "cachePrimaryEndpoint", "string", "Host name for reads and writes", lambda p: p.cache.group.primary_endpoint_address
        ),
        OutputSpec(
            "cacheReaderEndpoint", "string", "Host name for reads only", lambda p: p.cache.group.reader_endpoint_address
        ),
        OutputSpec("cachePort", "number", "Port of the cache (TLS)", lambda p: p.cache.group.port),
        OutputSpec("cacheSecretArn", "string", "ARN of the secret with the auth token", lambda p: p.credentials.cache.arn),
        OutputSpec(
            "cacheSecretName", "string", "Name of the secret with the auth token", lambda p: p.credentials.cache.name
        ),
    ),
    "Order processor": (
        OutputSpec("repositoryName", "string", "Name of the ECR repository", lambda p: p.registry.repository.name),
        OutputSpec("repositoryArn", "string", "ARN of the ECR repository", lambda p: p.registry.repository.arn),
        OutputSpec(
            "repositoryUrl", "string", "Address to push images to", lambda p: p.registry.repository.repository_url
        ),
        OutputSpec("clusterName", "string", "Name of the ECS cluster", lambda p: p.compute.cluster.name),
        OutputSpec("clusterArn", "string", "ARN of the ECS cluster", lambda p: p.compute.cluster.arn),
        OutputSpec("serviceName", "string", "Name of the ECS service", lambda p: p.compute.service.name),
        OutputSpec("serviceArn", "string", "ARN of the ECS service", lambda p: p.compute.service.arn),
        OutputSpec(
            "taskDefinitionArn",
            "string",
            "ARN of the task definition, with its revision",
            lambda p: p.compute.task_definition.arn,
        ),
        OutputSpec(
            "serviceMinimumCount", "number", "Tasks that always run", lambda p: p.compute.scaling_target.min_capacity
        ),
        OutputSpec(
            "serviceMaximumCount", "number", "Tasks at most under load", lambda p: p.compute.scaling_target.max_capacity
        ),
    ),
    "Observability": (
        OutputSpec("logGroupName", "string", "Log group of the containers", lambda p: p.logs.tasks.name),
        OutputSpec("logGroupArn", "string", "ARN of that log group", lambda p: p.logs.tasks.arn),
        OutputSpec(
            "databaseLogGroupName", "string", "Log group of the PostgreSQL log", lambda p: p.logs.database.name
        ),
        OutputSpec(
            "iteratorAgeAlarmName", "string", "Alarm on consumers that lag", lambda p: p.alarms.iterator_age.name
        ),
        OutputSpec("iteratorAgeAlarmArn", "string", "ARN of that alarm", lambda p: p.alarms.iterator_age.arn),
        OutputSpec("databaseCpuAlarmName", "string", "Alarm on a busy database", lambda p: p.alarms.database_cpu.name),
        OutputSpec("databaseCpuAlarmArn", "string", "ARN of that alarm", lambda p: p.alarms.database_cpu.arn),
        OutputSpec("alarmTopicArn", "string", "SNS topic that alarms notify", lambda p: p.alarms.topic.arn),
    ),
}


def specs() -> list[OutputSpec]:
    """All outputs, in the order of the documentation."""
    return [spec for group in OUTPUTS.values() for spec in group]


def stack_outputs(platform: Platform) -> dict[str, Any]:
    """What the program exports: every documented output, and nothing else."""
    return {spec.name: spec.value(platform) for spec in specs()}


def markdown() -> str:
    """The text of ``docs/outputs.md``."""
    lines = [
        "# Stack outputs",
        "",
        "<!-- Generated from stack/fastcart/outputs.py: cd stack && python -m fastcart.outputs > ../docs/outputs.md -->",
        "",
        "What `pulumi stack output` shows, and what `cfn-outputs/flat-outputs.json` holds after",
        "",
        "```sh",
        "cd stack && pulumi stack output --json | python -m fastcart.flat_outputs",
        "```",
        "",
        "The file is one flat JSON object with sorted keys; a value is a string, a number or a list of strings.",
        "Secrets are never in it: a consumer reads them from Secrets Manager by the ARN or name given here.",
    ]
    for title, group in OUTPUTS.items():
        lines += ["", f"## {title}", "", "| output | value | what it is |", "| --- | --- | --- |"]
        lines += [f"| `{spec.name}` | {spec.kind} | {spec.description} |" for spec in group]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(markdown(), end="")
