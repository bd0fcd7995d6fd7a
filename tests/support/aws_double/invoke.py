"""The data sources that the stack may call. All answer without an API call, so that previews need no emulator."""

from __future__ import annotations

import json
from typing import Any, Callable

from .aws import ACCOUNT, PARTITION
from .wire import Props


class UnknownFunction(Exception):
    """A data source that the double does not have."""


def _caller_identity(_args: Props, region: str) -> Props:
    user = f"arn:{PARTITION}:iam::{ACCOUNT}:user/e2e"
    return {"accountId": ACCOUNT, "arn": user, "id": ACCOUNT, "userId": "AIDACKCEVSQ6C2EXAMPLE", "region": region}


def _region(args: Props, region: str) -> Props:
    name = args.get("region") or args.get("name") or region
    return {
        "description": name,
        "endpoint": f"ec2.{name}.amazonaws.com",
        "id": name,
        "name": name,
        "region": name,
    }


def _partition(_args: Props, _region_name: str) -> Props:
    return {
        "dnsSuffix": "amazonaws.com",
        "id": PARTITION,
        "partition": PARTITION,
        "reverseDnsPrefix": "com.amazonaws",
    }


def _availability_zones(_args: Props, region: str) -> Props:
    zones = [f"{region}{letter}" for letter in "abc"]
    return {"groupNames": [region], "id": region, "names": zones, "zoneIds": zones, "region": region}


def _policy_document(args: Props, _region_name: str) -> Props:
    document: dict[str, Any] = {"Version": args.get("version", "2012-10-17")}
    if "policyId" in args:
        document["Id"] = args["policyId"]
    document["Statement"] = [_statement(statement) for statement in args.get("statements") or []]
    return {"id": "0", "json": json.dumps(document, indent=2), "minifiedJson": json.dumps(document)}


def _statement(args: Props) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": args.get("effect", "Allow")}
    if "sid" in args:
        statement["Sid"] = args["sid"]
    lists = {"actions": "Action", "notActions": "NotAction", "resources": "Resource", "notResources": "NotResource"}
    for name, key in lists.items():
        if values := args.get(name):
            statement[key] = values[0] if len(values) == 1 else values
    for name, key in {"principals": "Principal", "notPrincipals": "NotPrincipal"}.items():
        if args.get(name):
            statement[key] = _principals(args[name])
    if args.get("conditions"):
        statement["Condition"] = _conditions(args["conditions"])
    return statement


def _principals(principals: list[Props]) -> Any:
    if any(principal["type"] == "*" for principal in principals):
        return "*"
    return {principal["type"]: principal["identifiers"] for principal in principals}


def _conditions(conditions: list[Props]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for condition in conditions:
        merged.setdefault(condition["test"], {})[condition["variable"]] = condition["values"]
    return merged


_FUNCTIONS: dict[str, Callable[[Props, str], Props]] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
}


def invoke(token: str, args: Props, region: str) -> Props:
    """The answer of a data source, arguments included, as the real provider gives it."""
    if token not in _FUNCTIONS:
        raise UnknownFunction(f"the test double does not know the function {token}")
    return {**args, **_FUNCTIONS[token](args, region)}
