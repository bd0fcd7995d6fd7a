"""Security groups of the tasks, the database and the cache, with the few rules they need."""

from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from .cache import PORT as CACHE_PORT
from .component import Component
from .database import PORT as DATABASE_PORT
from .naming import Names
from .network import EVERYWHERE

HTTPS = 443


@dataclass(frozen=True)
class SecurityArgs:
    """The VPC that the groups belong to."""

    vpc_id: pulumi.Input[str]


class Security(Component):
    """Tasks accept nothing and may reach the database, the cache and HTTPS; the stores accept only the tasks."""

    def __init__(self, names: Names, args: SecurityArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Security", names, "security", opts)
        self.service = self._group("service", "Order processor tasks", args.vpc_id)
        self.database = self._group("database", "Order database", args.vpc_id)
        self.cache = self._group("cache", "Hot data cache", args.vpc_id)
        to_stores = (
            *self._let_service_reach("database", self.database, DATABASE_PORT),
            *self._let_service_reach("cache", self.cache, CACHE_PORT),
        )
        to_https = aws.vpc.SecurityGroupEgressRule(
            names.of("service-to-https"),
            security_group_id=self.service.id,
            description="AWS APIs and image pulls",
            cidr_ipv4=EVERYWHERE,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            tags=names.tags("service-to-https"),
            opts=self.child(),
        )
        self.rules: list[pulumi.Resource] = [*to_stores, to_https]
        """All rules: before they are there, the tasks reach nothing."""
        self.register_outputs(
            {
                "serviceGroupId": self.service.id,
                "databaseGroupId": self.database.id,
                "cacheGroupId": self.cache.id,
            }
        )

    def _group(self, part: str, purpose: str, vpc_id: pulumi.Input[str]) -> aws.ec2.SecurityGroup:
        name = self.names.of(f"{part}-sg")
        return aws.ec2.SecurityGroup(
            name,
            name=name,
            description=f"{purpose} of {self.names.base}",
            vpc_id=vpc_id,
            tags={"Name": name},
            opts=self.child(),
        )

    def _let_service_reach(self, part: str, store: aws.ec2.SecurityGroup, port: int) -> tuple[pulumi.Resource, ...]:
        """One port from the tasks to a store: out of the one group, into the other."""
        into = aws.vpc.SecurityGroupIngressRule(
            self.names.of(f"{part}-from-service"),
            security_group_id=store.id,
            description="Order processor tasks",
            referenced_security_group_id=self.service.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self.names.tags(f"{part}-from-service"),
            opts=self.child(),
        )
        out_of = aws.vpc.SecurityGroupEgressRule(
            self.names.of(f"service-to-{part}"),
            security_group_id=self.service.id,
            description=f"The {part}",
            referenced_security_group_id=store.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self.names.tags(f"service-to-{part}"),
            opts=self.child(),
        )
        return into, out_of
