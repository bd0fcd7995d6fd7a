"""ECS clusters, task definitions and services."""

from __future__ import annotations

import json
from typing import Any

from ..aws import Aws, present, tag_changes, tag_list, tag_map
from ..kind import Kind, Missing, update
from ..wire import Props


def _tag_list(props: Props) -> list[dict[str, str]]:
    return tag_list(props.get("tagsAll"), "key", "value")


def _tag_map(tags: list[dict[str, str]] | None) -> dict[str, str]:
    return tag_map(tags, "key", "value")


def _retag(aws: Aws, _identity: str, old: Props, new: Props) -> None:
    wanted, unwanted = tag_changes(old, new)
    ecs = aws.client("ecs")
    ecs.untag_resource(resourceArn=new["arn"], tagKeys=unwanted)
    ecs.tag_resource(resourceArn=new["arn"], tags=tag_list(wanted, "key", "value"))


# --- Cluster -----------------------------------------------------------------


def _create_cluster(aws: Aws, props: Props) -> str:
    made = aws.client("ecs").create_cluster(
        clusterName=props["name"],
        tags=_tag_list(props),
        **present(settings=props.get("settings"), configuration=props.get("configuration")),
    )
    return made["cluster"]["clusterArn"]


def _set_cluster(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("ecs").update_cluster(
        cluster=identity, **present(settings=new.get("settings"), configuration=new.get("configuration"))
    )


def _read_cluster(aws: Aws, identity: str, state: Props) -> Props:
    include = ["CONFIGURATIONS", "SETTINGS", "TAGS"]
    clusters = aws.client("ecs").describe_clusters(clusters=[identity], include=include)["clusters"]
    if not clusters or clusters[0]["status"] != "ACTIVE":
        raise Missing
    cluster = clusters[0]
    return {
        "arn": identity,
        "configuration": cluster.get("configuration") or state.get("configuration"),
        "name": cluster["clusterName"],
        "settings": cluster.get("settings") or [{"name": "containerInsights", "value": "disabled"}],
        "tagsAll": _tag_map(cluster.get("tags")),
    }


def _delete_cluster(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("ecs").delete_cluster(cluster=identity)


def _put_capacity_providers(aws: Aws, props: Props) -> str:
    aws.client("ecs").put_cluster_capacity_providers(
        cluster=props["clusterName"],
        capacityProviders=props.get("capacityProviders") or [],
        defaultCapacityProviderStrategy=props.get("defaultCapacityProviderStrategies") or [],
    )
    return props["clusterName"]


def _set_capacity_providers(aws: Aws, _identity: str, _old: Props, new: Props) -> None:
    _put_capacity_providers(aws, new)


def _read_capacity_providers(aws: Aws, identity: str, _state: Props) -> Props:
    clusters = aws.client("ecs").describe_clusters(clusters=[identity])["clusters"]
    if not clusters:
        raise Missing
    return {"clusterName": identity, "capacityProviders": clusters[0].get("capacityProviders", [])}


def _drop_capacity_providers(aws: Aws, identity: str, _state: Props) -> None:
    _put_capacity_providers(aws, {"clusterName": identity})


# --- Task definition ---------------------------------------------------------


def _register(aws: Aws, props: Props) -> str:
    made = aws.client("ecs").register_task_definition(
        family=props["family"],
        containerDefinitions=json.loads(props["containerDefinitions"]),
        tags=_tag_list(props),
        **present(
            cpu=props.get("cpu"),
            executionRoleArn=props.get("executionRoleArn"),
            memory=props.get("memory"),
            networkMode=props.get("networkMode"),
            requiresCompatibilities=props.get("requiresCompatibilities"),
            runtimePlatform=props.get("runtimePlatform"),
            taskRoleArn=props.get("taskRoleArn"),
            volumes=[_volume(volume) for volume in props.get("volumes") or []],
        ),
    )
    return made["taskDefinition"]["family"]


def _volume(volume: Props) -> dict[str, Any]:
    return present(name=volume["name"], host={"sourcePath": volume["hostPath"]} if "hostPath" in volume else None)


def _read_task_definition(aws: Aws, identity: str, state: Props) -> Props:
    name = state.get("arn", identity)
    found = aws.client("ecs").describe_task_definition(taskDefinition=name, include=["TAGS"])
    definition = found["taskDefinition"]
    if definition["status"] != "ACTIVE":
        raise Missing
    arn: str = definition["taskDefinitionArn"]
    return {
        "arn": arn,
        "arnWithoutRevision": arn.rsplit(":", 1)[0],
        "enableFaultInjection": False,
        "family": identity,
        "networkMode": definition["networkMode"],
        "revision": definition["revision"],
        "tagsAll": _tag_map(found.get("tags")),
    }


def _deregister(aws: Aws, _identity: str, state: Props) -> None:
    aws.client("ecs").deregister_task_definition(taskDefinition=state["arn"])


# --- Service -----------------------------------------------------------------


def _network(props: Props) -> dict[str, Any] | None:
    block = props.get("networkConfiguration")
    if block is None:
        return None
    public = "ENABLED" if block.get("assignPublicIp") else "DISABLED"
    return {
        "awsvpcConfiguration": {
            "subnets": block["subnets"],
            "securityGroups": block.get("securityGroups") or [],
            "assignPublicIp": public,
        }
    }


def _create_service(aws: Aws, props: Props) -> str:
    made = aws.client("ecs").create_service(
        serviceName=props["name"],
        desiredCount=props.get("desiredCount", 0),
        schedulingStrategy=props["schedulingStrategy"],
        tags=_tag_list(props),
        **present(
            cluster=props.get("cluster"),
            taskDefinition=props.get("taskDefinition"),
            launchType=props.get("launchType"),
            platformVersion=props.get("platformVersion"),
            propagateTags=props.get("propagateTags"),
            networkConfiguration=_network(props),
        ),
    )
    return made["service"]["serviceArn"]


def _set_service(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("ecs").update_service(
        cluster=new["cluster"],
        service=identity,
        **present(
            desiredCount=new.get("desiredCount"),
            taskDefinition=new.get("taskDefinition"),
            networkConfiguration=_network(new),
        ),
    )


def _read_service(aws: Aws, identity: str, state: Props) -> Props:
    found = aws.client("ecs").describe_services(cluster=state["cluster"], services=[identity], include=["TAGS"])
    services = [service for service in found["services"] if service["status"] == "ACTIVE"]
    if not services:
        raise Missing
    service: dict[str, Any] = services[0]
    return {
        "arn": identity,
        "availabilityZoneRebalancing": state.get("availabilityZoneRebalancing", "ENABLED"),
        "cluster": service["clusterArn"],
        "desiredCount": service["desiredCount"],
        "iamRole": "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
        "launchType": service.get("launchType"),
        "name": service["serviceName"],
        "networkConfiguration": _network_read(service) or state.get("networkConfiguration"),
        "platformVersion": state.get("platformVersion", "LATEST"),
        "taskDefinition": service["taskDefinition"],
        "triggers": {},
        "tagsAll": _tag_map(service.get("tags")),
    }


def _network_read(service: dict[str, Any]) -> Props | None:
    block = (service.get("networkConfiguration") or {}).get("awsvpcConfiguration")
    if not block:
        return None
    return {
        "assignPublicIp": block.get("assignPublicIp") == "ENABLED",
        "securityGroups": block.get("securityGroups", []),
        "subnets": block["subnets"],
    }


def _delete_service(aws: Aws, identity: str, state: Props) -> None:
    ecs = aws.client("ecs")
    ecs.update_service(cluster=state["cluster"], service=identity, desiredCount=0)
    ecs.delete_service(cluster=state["cluster"], service=identity, force=True)


KINDS = (
    Kind(
        token="aws:ecs/cluster:Cluster",
        create=_create_cluster,
        read=_read_cluster,
        delete=_delete_cluster,
        updates=(update("settings", "configuration", apply=_set_cluster), update("tagsAll", apply=_retag)),
        replaced_by=frozenset({"name", "region"}),
    ),
    Kind(
        token="aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        create=_put_capacity_providers,
        read=_read_capacity_providers,
        delete=_drop_capacity_providers,
        updates=(
            update("capacityProviders", "defaultCapacityProviderStrategies", apply=_set_capacity_providers),
        ),
        replaced_by=frozenset({"clusterName", "region"}),
    ),
    Kind(
        token="aws:ecs/taskDefinition:TaskDefinition",
        create=_register,
        read=_read_task_definition,
        delete=_deregister,
        updates=(update("tagsAll", apply=_retag),),
        replaced_by=frozenset(
            {
                "containerDefinitions",
                "cpu",
                "ephemeralStorage",
                "executionRoleArn",
                "family",
                "memory",
                "networkMode",
                "region",
                "requiresCompatibilities",
                "runtimePlatform",
                "taskRoleArn",
                "volumes",
            }
        ),
        held=frozenset({"skipDestroy", "trackLatest"}),
        defaults={"skipDestroy": False, "trackLatest": False},
    ),
    Kind(
        token="aws:ecs/service:Service",
        create=_create_service,
        read=_read_service,
        delete=_delete_service,
        updates=(
            update("desiredCount", "taskDefinition", "networkConfiguration", apply=_set_service),
            update("tagsAll", apply=_retag),
        ),
        replaced_by=frozenset({"cluster", "name", "launchType", "schedulingStrategy", "region"}),
        held=frozenset(
            {
                "availabilityZoneRebalancing",
                "deploymentCircuitBreaker",
                "deploymentMaximumPercent",
                "deploymentMinimumHealthyPercent",
                "enableEcsManagedTags",
                "enableExecuteCommand",
                "forceDelete",
                "forceNewDeployment",
                "healthCheckGracePeriodSeconds",
                "platformVersion",
                "propagateTags",
                "sigintRollback",
                "waitForSteadyState",
            }
        ),
        defaults={
            "deploymentMaximumPercent": 200,
            "deploymentMinimumHealthyPercent": 100,
            "enableEcsManagedTags": False,
            "enableExecuteCommand": False,
            "schedulingStrategy": "REPLICA",
            "waitForSteadyState": False,
        },
        nested_defaults={"networkConfiguration": {"assignPublicIp": False}},
    ),
)
