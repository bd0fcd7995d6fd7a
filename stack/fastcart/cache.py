"""The Redis cache for hot data."""

from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from .component import Component
from .config import CacheConfig, LifecycleConfig
from .naming import Names

PORT = 6379


@dataclass(frozen=True)
class CacheArgs:
    """Size and care of the cache, and where it lives."""

    cache: CacheConfig
    lifecycle: LifecycleConfig
    subnet_ids: list[pulumi.Output[str]]
    security_group_id: pulumi.Input[str]
    key_arn: pulumi.Input[str]


class Cache(Component):
    """A replication group over both zones, encrypted at rest and in transit, opened by a token."""

    def __init__(self, names: Names, args: CacheArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Cache", names, "cache", opts)
        self.subnet_group = aws.elasticache.SubnetGroup(
            names.of("cache-subnets"),
            name=names.of("cache-subnets"),
            description=f"Private subnets of {names.base}",
            subnet_ids=args.subnet_ids,
            tags=names.tags("cache-subnets"),
            opts=self.child(),
        )
        self.group = self._group(args)
        self.register_outputs({"primaryEndpoint": self.group.primary_endpoint_address, "port": self.group.port})

    def _group(self, args: CacheArgs) -> aws.elasticache.ReplicationGroup:
        name = self.names.of("cache")
        lifecycle = args.lifecycle
        return aws.elasticache.ReplicationGroup(
            name,
            replication_group_id=name,
            description=f"Hot order data of {self.names.base}",
            engine="redis",
            engine_version="7.1",
            node_type=args.cache.node_type,
            num_cache_clusters=args.cache.node_count,
            port=PORT,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
            at_rest_encryption_enabled=True,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            kms_key_id=args.key_arn,
            auth_token=args.cache.auth_token,
            auth_token_update_strategy="ROTATE",
            subnet_group_name=self.subnet_group.name,
            security_group_ids=[args.security_group_id],
            snapshot_retention_limit=args.cache.snapshot_days,
            snapshot_window="02:00-03:00",
            maintenance_window="sun:03:30-sun:04:30",
            auto_minor_version_upgrade=True,
            final_snapshot_identifier=self.names.of("cache-final") if lifecycle.final_snapshot else None,
            tags=self.names.tags("cache"),
            opts=self.child(),
        )
