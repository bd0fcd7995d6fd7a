"""Application Auto Scaling: targets and policies."""

from __future__ import annotations

from typing import Any

from ..aws import Aws, present
from ..kind import Kind, Missing, update
from ..wire import Props


def _scope(props: Props) -> dict[str, str]:
    return {
        "ServiceNamespace": props["serviceNamespace"],
        "ResourceId": props["resourceId"],
        "ScalableDimension": props["scalableDimension"],
    }


def _register(aws: Aws, props: Props) -> str:
    aws.client("application-autoscaling").register_scalable_target(
        **_scope(props), MinCapacity=props["minCapacity"], MaxCapacity=props["maxCapacity"]
    )
    return props["resourceId"]


def _set_capacity(aws: Aws, _identity: str, _old: Props, new: Props) -> None:
    _register(aws, new)


def _read_target(aws: Aws, identity: str, state: Props) -> Props:
    targets = aws.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace=state["serviceNamespace"], ResourceIds=[identity]
    )["ScalableTargets"]
    if not targets:
        raise Missing
    target: dict[str, Any] = targets[0]
    return {
        "arn": target.get("ScalableTargetARN", ""),
        "maxCapacity": target["MaxCapacity"],
        "minCapacity": target["MinCapacity"],
        "roleArn": target.get("RoleARN", ""),
        "suspendedState": {
            "dynamicScalingInSuspended": False,
            "dynamicScalingOutSuspended": False,
            "scheduledScalingSuspended": False,
        },
        "tagsAll": state.get("tagsAll") or {},
    }


def _deregister(aws: Aws, _identity: str, state: Props) -> None:
    aws.client("application-autoscaling").deregister_scalable_target(**_scope(state))


def _tracking(props: Props) -> dict[str, Any] | None:
    block = props.get("targetTrackingScalingPolicyConfiguration")
    if block is None:
        return None
    metric = block.get("predefinedMetricSpecification") or {}
    return present(
        TargetValue=float(block["targetValue"]),
        PredefinedMetricSpecification={"PredefinedMetricType": metric["predefinedMetricType"]} if metric else None,
        ScaleInCooldown=block.get("scaleInCooldown"),
        ScaleOutCooldown=block.get("scaleOutCooldown"),
    )


def _put_policy(aws: Aws, props: Props) -> str:
    aws.client("application-autoscaling").put_scaling_policy(
        PolicyName=props["name"],
        PolicyType=props["policyType"],
        **_scope(props),
        **present(TargetTrackingScalingPolicyConfiguration=_tracking(props)),
    )
    return props["name"]


def _set_policy(aws: Aws, _identity: str, _old: Props, new: Props) -> None:
    _put_policy(aws, new)


def _read_policy(aws: Aws, identity: str, state: Props) -> Props:
    policies = aws.client("application-autoscaling").describe_scaling_policies(
        ServiceNamespace=state["serviceNamespace"], PolicyNames=[identity]
    )["ScalingPolicies"]
    if not policies:
        raise Missing
    policy = policies[0]
    return {
        "alarmArns": [alarm["AlarmARN"] for alarm in policy.get("Alarms", [])],
        "arn": policy["PolicyARN"],
        "name": identity,
        "policyType": policy["PolicyType"],
    }


def _delete_policy(aws: Aws, identity: str, state: Props) -> None:
    aws.client("application-autoscaling").delete_scaling_policy(PolicyName=identity, **_scope(state))


KINDS = (
    Kind(
        token="aws:appautoscaling/target:Target",
        create=_register,
        read=_read_target,
        delete=_deregister,
        updates=(update("minCapacity", "maxCapacity", apply=_set_capacity),),
        replaced_by=frozenset({"resourceId", "scalableDimension", "serviceNamespace", "region"}),
        held=frozenset({"tagsAll"}),
    ),
    Kind(
        token="aws:appautoscaling/policy:Policy",
        create=_put_policy,
        read=_read_policy,
        delete=_delete_policy,
        updates=(
            update("policyType", "targetTrackingScalingPolicyConfiguration", apply=_set_policy),
        ),
        replaced_by=frozenset({"name", "resourceId", "scalableDimension", "serviceNamespace", "region"}),
        defaults={"policyType": "StepScaling"},
    ),
)
