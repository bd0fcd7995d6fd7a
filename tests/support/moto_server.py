"""An AWS emulator (moto) on a free loopback port, and what is in it."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Callable, Iterator
from urllib.request import Request, urlopen

import boto3
from moto.server import ThreadedMotoServer

REGION = "eu-central-1"

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
"""What every client of the emulator sends. moto accepts any."""


class Emulator:
    """A running moto server."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator, whatever the environment says."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    def environment(self) -> dict[str, str]:
        """The variables that lead an AWS client to the emulator."""
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": self.endpoint}

    def reset(self) -> None:
        """Forget everything."""
        with urlopen(Request(f"{self.endpoint}/moto-api/reset", method="POST")) as answer:
            answer.read()

    def inventory(self) -> dict[str, list[str]]:
        """What exists, by kind, default VPC and AWS's own keys included. Empty kinds are left out."""
        found = {listing.kind: listing.names(self.client(listing.service)) for listing in _LISTINGS}
        return {kind: names for kind, names in found.items() if names}


@contextmanager
def running_emulator() -> Iterator[Emulator]:
    """An empty emulator for the length of the block."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it logs every request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    emulator = Emulator(f"http://{host}:{port}")
    emulator.reset()  # moto's memory is the process's: an earlier server may have left something
    try:
        yield emulator
    finally:
        server.stop()


@dataclass(frozen=True)
class Listing:
    """How to list one kind of thing."""

    kind: str
    service: str
    method: str
    listed: str
    """The key of the list in the answer."""

    name: str = ""
    """The key of an item's name; none when the items are names."""

    status: str = ""
    """The key of an item's status, for things that stay listed for a while after their end."""

    arguments: Callable[[Any], dict[str, Any]] = lambda client: {}

    def names(self, client: Any) -> list[str]:
        """The names of what exists."""
        items = getattr(client, self.method)(**self.arguments(client))[self.listed]
        alive = [item for item in items if not self.status or item[self.status] not in _GONE]
        return sorted(item[self.name] if self.name else item for item in alive)


_GONE = frozenset({"deleted", "deleting", "INACTIVE"})


def _all_clusters(ecs: Any) -> dict[str, Any]:
    return {"clusters": ecs.list_clusters()["clusterArns"]}


_LISTINGS = (
    Listing("vpc", "ec2", "describe_vpcs", "Vpcs", "VpcId"),
    Listing("subnet", "ec2", "describe_subnets", "Subnets", "SubnetId"),
    Listing("internet gateway", "ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    Listing("address", "ec2", "describe_addresses", "Addresses", "AllocationId"),
    Listing("nat gateway", "ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId", "State"),
    Listing("route table", "ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    Listing("security group", "ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    Listing("vpc endpoint", "ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", "State"),
    Listing("network interface", "ec2", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    Listing("key alias", "kms", "list_aliases", "Aliases", "AliasName"),
    Listing("stream", "kinesis", "list_streams", "StreamNames"),
    Listing("database", "rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    Listing("snapshot", "rds", "describe_db_snapshots", "DBSnapshots", "DBSnapshotIdentifier"),
    Listing("subnet group", "rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName"),
    Listing("parameter group", "rds", "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName"),
    Listing("cache", "elasticache", "describe_replication_groups", "ReplicationGroups", "ReplicationGroupId", "Status"),
    Listing("secret", "secretsmanager", "list_secrets", "SecretList", "Name"),
    Listing("repository", "ecr", "describe_repositories", "repositories", "repositoryName"),
    Listing("cluster", "ecs", "describe_clusters", "clusters", "clusterName", "status", _all_clusters),
    Listing("task definition", "ecs", "list_task_definitions", "taskDefinitionArns"),
    Listing("role", "iam", "list_roles", "Roles", "RoleName"),
    Listing("log group", "logs", "describe_log_groups", "logGroups", "logGroupName"),
    Listing("alarm", "cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    Listing("topic", "sns", "list_topics", "Topics", "TopicArn"),
    Listing("subscription", "sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
)
"""Everything that the stack makes but what AWS keeps for a while: deleted keys and secrets, and the cache's
subnet group, which moto cannot delete."""
