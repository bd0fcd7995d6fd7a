"""Optional VPC endpoints: AWS traffic of the tasks stays in the VPC instead of passing the NAT gateway."""

from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from .component import Component
from .naming import Names
from .security import HTTPS

INTERFACES = ("kinesis-streams", "secretsmanager", "logs", "kms", "ecr.api", "ecr.dkr")
"""The services that the tasks talk to, as VPC endpoints name them. Image layers come from S3, by a gateway."""


@dataclass(frozen=True)
class EndpointsArgs:
    """Where the endpoints stand and who may use them."""

    region: str
    vpc_id: pulumi.Input[str]
    subnet_ids: list[pulumi.Output[str]]
    route_table_id: pulumi.Input[str]
    client_group_id: pulumi.Input[str]


class Endpoints(Component):
    """Interface endpoints in the private subnets and a gateway endpoint for S3."""

    def __init__(self, names: Names, args: EndpointsArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Endpoints", names, "endpoints", opts)
        group = self._group(args)
        self.interfaces = [self._interface(service, group, args) for service in INTERFACES]
        self.storage = aws.ec2.VpcEndpoint(
            names.of("s3-endpoint"),
            vpc_id=args.vpc_id,
            service_name=f"com.amazonaws.{args.region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[args.route_table_id],
            tags=names.tags("s3-endpoint"),
            opts=self.child(),
        )
        self.register_outputs({"endpointIds": [endpoint.id for endpoint in (*self.interfaces, self.storage)]})

    def _group(self, args: EndpointsArgs) -> aws.ec2.SecurityGroup:
        """The endpoints' own group: HTTPS from the tasks, nothing else."""
        name = self.names.of("endpoints-sg")
        group = aws.ec2.SecurityGroup(
            name,
            name=name,
            description=f"VPC endpoints of {self.names.base}",
            vpc_id=args.vpc_id,
            tags={"Name": name},
            opts=self.child(),
        )
        aws.vpc.SecurityGroupIngressRule(
            self.names.of("endpoints-from-service"),
            security_group_id=group.id,
            description="Order processor tasks",
            referenced_security_group_id=args.client_group_id,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            tags=self.names.tags("endpoints-from-service"),
            opts=self.child(),
        )
        return group

    def _interface(self, service: str, group: aws.ec2.SecurityGroup, args: EndpointsArgs) -> aws.ec2.VpcEndpoint:
        part = f"{service.replace('.', '-')}-endpoint"
        return aws.ec2.VpcEndpoint(
            self.names.of(part),
            vpc_id=args.vpc_id,
            service_name=f"com.amazonaws.{args.region}.{service}",
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=args.subnet_ids,
            security_group_ids=[group.id],
            tags=self.names.tags(part),
            opts=self.child(),
        )
