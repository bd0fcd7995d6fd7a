"""ElastiCache replication groups and subnet groups."""

from __future__ import annotations

from typing import Any

from ..aws import Aws, tag_changes, tag_list, tag_map
from ..kind import Kind, Missing, update
from ..wire import Props

_MODIFIABLE = {
    "automaticFailoverEnabled": "AutomaticFailoverEnabled",
    "description": "ReplicationGroupDescription",
    "multiAzEnabled": "MultiAZEnabled",
    "nodeType": "CacheNodeType",
    "snapshotRetentionLimit": "SnapshotRetentionLimit",
}
"""What moto can change later: Pulumi's name and the API's."""

_FIXED = {
    "atRestEncryptionEnabled": "AtRestEncryptionEnabled",
    "authToken": "AuthToken",
    "engine": "Engine",
    "engineVersion": "EngineVersion",
    "kmsKeyId": "KmsKeyId",
    "parameterGroupName": "CacheParameterGroupName",
    "port": "Port",
    "preferredCacheClusterAzs": "PreferredCacheClusterAZs",
    "securityGroupIds": "SecurityGroupIds",
    "subnetGroupName": "CacheSubnetGroupName",
    "transitEncryptionEnabled": "TransitEncryptionEnabled",
    "transitEncryptionMode": "TransitEncryptionMode",
}
"""What is set at creation only."""

_HELD = frozenset(
    {
        "applyImmediately",
        "authToken",
        "authTokenUpdateStrategy",
        "autoMinorVersionUpgrade",
        "finalSnapshotIdentifier",
        "maintenanceWindow",
        "snapshotWindow",
    }
)


def _create_group(aws: Aws, props: Props) -> str:
    arguments = {api: props[name] for name, api in {**_MODIFIABLE, **_FIXED}.items() if name in props}
    made = aws.client("elasticache").create_replication_group(
        ReplicationGroupId=props["replicationGroupId"],
        NumNodeGroups=1,
        ReplicasPerNodeGroup=_replicas(props),
        Tags=tag_list(props.get("tagsAll")),
        **arguments,
    )
    return made["ReplicationGroup"]["ReplicationGroupId"]


def _replicas(props: Props) -> int:
    """Nodes beside the primary. moto does not heed NumCacheClusters, which says the same."""
    return props.get("replicasPerNodeGroup", props.get("numCacheClusters", 1) - 1)


def _modify_group(aws: Aws, identity: str, old: Props, new: Props) -> None:
    changed = {api: new[name] for name, api in _MODIFIABLE.items() if name in new and old.get(name) != new[name]}
    aws.client("elasticache").modify_replication_group(ReplicationGroupId=identity, ApplyImmediately=True, **changed)


def _retag(aws: Aws, _identity: str, old: Props, new: Props) -> None:
    wanted, unwanted = tag_changes(old, new)
    cache = aws.client("elasticache")
    if unwanted:
        cache.remove_tags_from_resource(ResourceName=new["arn"], TagKeys=unwanted)
    if wanted:
        cache.add_tags_to_resource(ResourceName=new["arn"], Tags=tag_list(wanted))


def _tags(aws: Aws, arn: str) -> dict[str, str]:
    return tag_map(aws.client("elasticache").list_tags_for_resource(ResourceName=arn)["TagList"])


def _read_group(aws: Aws, identity: str, state: Props) -> Props:
    found = aws.client("elasticache").describe_replication_groups(ReplicationGroupId=identity)
    group: dict[str, Any] = found["ReplicationGroups"][0]
    if group["Status"] == "deleting":  # moto never gets further
        raise Missing
    primary: str = group["NodeGroups"][0]["PrimaryEndpoint"]["Address"]
    return {
        **_emulated(aws, state),
        "arn": group["ARN"],
        "atRestEncryptionEnabled": group["AtRestEncryptionEnabled"],
        "automaticFailoverEnabled": group["AutomaticFailover"] == "enabled",
        "clusterMode": group.get("ClusterMode", "disabled"),
        "description": group["Description"],
        "kmsKeyId": group.get("KmsKeyId") or None,
        "memberClusters": group["MemberClusters"],
        "multiAzEnabled": group["MultiAZ"] == "enabled",
        "nodeType": group["CacheNodeType"],
        "numCacheClusters": len(group["MemberClusters"]),
        "numNodeGroups": len(group["NodeGroups"]),
        "primaryEndpointAddress": primary,
        "readerEndpointAddress": primary.replace("master.", "replica.", 1),
        "replicasPerNodeGroup": len(group["MemberClusters"]) - 1,
        "replicationGroupId": identity,
        "snapshotRetentionLimit": group.get("SnapshotRetentionLimit", 0),
        "transitEncryptionEnabled": group["TransitEncryptionEnabled"],
        "transitEncryptionMode": group.get("TransitEncryptionMode"),
        "tagsAll": _tags(aws, group["ARN"]),
    }


def _emulated(aws: Aws, state: Props) -> Props:
    """What AWS computes and moto does not keep or show."""
    return {
        "autoMinorVersionUpgrade": state.get("autoMinorVersionUpgrade", True),
        "clusterEnabled": False,
        "dataTieringEnabled": False,
        "engine": state.get("engine", "redis"),
        "engineVersion": state.get("engineVersion"),
        "engineVersionActual": f"{state.get('engineVersion', '7.1')}.0",
        "ipDiscovery": "ipv4",
        "networkType": "ipv4",
        "parameterGroupName": state.get("parameterGroupName", "default.redis7"),
        "port": state.get("port"),
        "region": aws.region,
        "securityGroupIds": state.get("securityGroupIds"),
        "subnetGroupName": state.get("subnetGroupName"),
    }


def _delete_group(aws: Aws, identity: str, state: Props) -> None:
    snapshot = state.get("finalSnapshotIdentifier")
    aws.client("elasticache").delete_replication_group(
        ReplicationGroupId=identity, **({"FinalSnapshotIdentifier": snapshot} if snapshot else {})
    )


# --- Subnet group ------------------------------------------------------------


def _create_subnet_group(aws: Aws, props: Props) -> str:
    aws.client("elasticache").create_cache_subnet_group(
        CacheSubnetGroupName=props["name"],
        CacheSubnetGroupDescription=props["description"],
        SubnetIds=props["subnetIds"],
        Tags=tag_list(props.get("tagsAll")),
    )
    return props["name"]


def _read_subnet_group(aws: Aws, identity: str, _state: Props) -> Props:
    found = aws.client("elasticache").describe_cache_subnet_groups(CacheSubnetGroupName=identity)
    group = found["CacheSubnetGroups"][0]
    return {
        "arn": group["ARN"],
        "description": group["CacheSubnetGroupDescription"],
        "name": identity,
        "subnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
        "vpcId": group["VpcId"],
        "tagsAll": _tags(aws, group["ARN"]),
    }


def _keep_subnet_group(aws: Aws, identity: str, _state: Props) -> None:
    """moto cannot delete a cache subnet group: it stays behind, and the tests know it."""


KINDS = (
    Kind(
        token="aws:elasticache/replicationGroup:ReplicationGroup",
        create=_create_group,
        read=_read_group,
        delete=_delete_group,
        updates=(update(*_MODIFIABLE, apply=_modify_group), update("tagsAll", apply=_retag)),
        replaced_by=frozenset({*_FIXED, "numCacheClusters", "replicationGroupId", "region"} - {"authToken"}),
        held=_HELD,
        defaults={"automaticFailoverEnabled": False, "authTokenUpdateStrategy": "ROTATE", "multiAzEnabled": False},
        delete_first=True,
    ),
    Kind(
        token="aws:elasticache/subnetGroup:SubnetGroup",
        create=_create_subnet_group,
        read=_read_subnet_group,
        delete=_keep_subnet_group,
        updates=(update("tagsAll", apply=_retag),),
        replaced_by=frozenset({"name", "subnetIds", "description", "region"}),
        defaults={"description": "Managed by Pulumi"},
    ),
)
