"""VPC, two public and two private subnets, an internet gateway and one NAT gateway."""

import ipaddress
from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from .component import Component
from .config import ZONES
from .naming import Names

EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class NetworkArgs:
    """The address block (CIDR) of the VPC and the zones to spread over."""

    vpc_cidr: str
    zones: tuple[str, ...]


class Network(Component):
    """One public and one private subnet in each zone; private ones reach the internet through one NAT gateway."""

    def __init__(self, names: Names, args: NetworkArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Network", names, "network", opts)
        blocks = _subnet_blocks(args.vpc_cidr)
        self.ways_out: list[pulumi.Resource] = []
        """Routes and their subnets: before all of them are there, nothing private reaches the internet."""
        self.vpc = aws.ec2.Vpc(
            names.of("vpc"),
            cidr_block=args.vpc_cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=names.tags("vpc"),
            opts=self.child(),
        )
        self._close_default_group()
        self.public_subnets = [
            self._subnet("public", index, zone, blocks[index]) for index, zone in enumerate(args.zones)
        ]
        self.private_subnets = [
            self._subnet("private", index, zone, blocks[ZONES + index]) for index, zone in enumerate(args.zones)
        ]
        self.internet_gateway = aws.ec2.InternetGateway(
            names.of("igw"), vpc_id=self.vpc.id, tags=names.tags("igw"), opts=self.child()
        )
        self.nat_address, self.nat_gateway = self._nat(self.public_subnets[0])
        self.public_routes = self._route_table("public", self.public_subnets)
        self._default_route("public", self.public_routes, gateway_id=self.internet_gateway.id)
        self.private_routes = self._route_table("private", self.private_subnets)
        self._default_route("private", self.private_routes, nat_gateway_id=self.nat_gateway.id)
        self.register_outputs(
            {
                "vpcId": self.vpc.id,
                "publicSubnetIds": self.public_subnet_ids,
                "privateSubnetIds": self.private_subnet_ids,
            }
        )

    @property
    def public_subnet_ids(self) -> list[pulumi.Output[str]]:
        """Ids of the public subnets, in the order of the zones."""
        return [subnet.id for subnet in self.public_subnets]

    @property
    def private_subnet_ids(self) -> list[pulumi.Output[str]]:
        """Ids of the private subnets, in the order of the zones."""
        return [subnet.id for subnet in self.private_subnets]

    def _close_default_group(self) -> None:
        """Adopt the VPC's default security group without any rule, so that nothing gets access by default."""
        aws.ec2.DefaultSecurityGroup(
            self.names.of("default-sg"), vpc_id=self.vpc.id, tags=self.names.tags("default-sg"), opts=self.child()
        )

    def _subnet(self, kind: str, index: int, zone: str, block: str) -> aws.ec2.Subnet:
        part = f"{kind}-{index + 1}"
        return aws.ec2.Subnet(
            self.names.of(part),
            vpc_id=self.vpc.id,
            cidr_block=block,
            availability_zone=zone,
            map_public_ip_on_launch=False,
            tags=self.names.tags(part),
            opts=self.child(),
        )

    def _nat(self, subnet: aws.ec2.Subnet) -> tuple[aws.ec2.Eip, aws.ec2.NatGateway]:
        """The NAT gateway with its public address; AWS wants the internet gateway attached first."""
        after_gateway = self.child(depends_on=[self.internet_gateway])
        address = aws.ec2.Eip(
            self.names.of("nat-ip"), domain="vpc", tags=self.names.tags("nat-ip"), opts=after_gateway
        )
        gateway = aws.ec2.NatGateway(
            self.names.of("nat"),
            allocation_id=address.allocation_id,
            subnet_id=subnet.id,
            tags=self.names.tags("nat"),
            opts=after_gateway,
        )
        return address, gateway

    def _route_table(self, kind: str, subnets: list[aws.ec2.Subnet]) -> aws.ec2.RouteTable:
        """A route table with its subnets."""
        part = f"{kind}-routes"
        table = aws.ec2.RouteTable(
            self.names.of(part), vpc_id=self.vpc.id, tags=self.names.tags(part), opts=self.child()
        )
        for index, subnet in enumerate(subnets):
            association = aws.ec2.RouteTableAssociation(
                self.names.of(f"{kind}-{index + 1}-routes"),
                route_table_id=table.id,
                subnet_id=subnet.id,
                opts=self.child(),
            )
            self.ways_out.append(association)
        return table

    def _default_route(self, kind: str, table: aws.ec2.RouteTable, **target: pulumi.Input[str]) -> None:
        route = aws.ec2.Route(
            self.names.of(f"{kind}-default"),
            route_table_id=table.id,
            destination_cidr_block=EVERYWHERE,
            **target,
            opts=self.child(),
        )
        self.ways_out.append(route)


def _subnet_blocks(vpc_cidr: str) -> list[str]:
    """Address blocks for the subnets, each a sixteenth of the VPC: the public ones first, then the private ones."""
    blocks = ipaddress.IPv4Network(vpc_cidr).subnets(prefixlen_diff=4)
    return [str(block) for block, _ in zip(blocks, range(2 * ZONES))]
