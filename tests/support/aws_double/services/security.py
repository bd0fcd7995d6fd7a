"""Security groups and their rules."""

from __future__ import annotations

from typing import Any, Callable

from ..aws import Aws, present
from ..kind import Kind, update
from ..wire import Props
from .ec2 import TAGS, only, tagged, tags_of

MANAGED = "Managed by Pulumi"
EVERYWHERE = [{"CidrIp": "0.0.0.0/0"}]


# --- Security group ----------------------------------------------------------


def _create_group(aws: Aws, props: Props) -> str:
    ec2 = aws.client("ec2")
    group = ec2.create_security_group(
        GroupName=props["name"],
        Description=props["description"],
        VpcId=props["vpcId"],
        TagSpecifications=tagged("security-group", props),
    )["GroupId"]
    # AWS opens a new group to the outside; the provider closes it, as it manages all rules.
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[{"IpProtocol": "-1", "IpRanges": EVERYWHERE}])
    _set_inline_rules(aws, group, {}, props)
    return group


def _set_inline_rules(aws: Aws, identity: str, old: Props, new: Props) -> None:
    ec2 = aws.client("ec2")
    sides = (
        ("ingress", ec2.revoke_security_group_ingress, ec2.authorize_security_group_ingress),
        ("egress", ec2.revoke_security_group_egress, ec2.authorize_security_group_egress),
    )
    for side, revoke, authorize in sides:
        for rule in old.get(side) or []:
            revoke(GroupId=identity, IpPermissions=[_inline_permission(rule)])
        for rule in new.get(side) or []:
            authorize(GroupId=identity, IpPermissions=[_inline_permission(rule)])


def _inline_permission(rule: Props) -> dict[str, Any]:
    return present(
        IpProtocol=rule["protocol"],
        FromPort=rule.get("fromPort"),
        ToPort=rule.get("toPort"),
        IpRanges=[{"CidrIp": block} for block in rule.get("cidrBlocks") or []] or None,
        Ipv6Ranges=[{"CidrIpv6": block} for block in rule.get("ipv6CidrBlocks") or []] or None,
        UserIdGroupPairs=[{"GroupId": group} for group in rule.get("securityGroups") or []] or None,
    )


def _read_group(aws: Aws, identity: str, _state: Props) -> Props:
    group = only(aws.client("ec2").describe_security_groups(GroupIds=[identity])["SecurityGroups"])
    return {
        "arn": aws.arn("ec2", f"security-group/{identity}"),
        "description": group["Description"],
        "egress": [_inline_rule(rule) for rule in group["IpPermissionsEgress"]],
        "ingress": [_inline_rule(rule) for rule in group["IpPermissions"]],
        "name": group["GroupName"],
        "namePrefix": "",
        "ownerId": group["OwnerId"],
        "vpcId": group["VpcId"],
        "tagsAll": tags_of(group),
    }


def _inline_rule(permission: dict[str, Any]) -> Props:
    return {
        "protocol": permission["IpProtocol"],
        "fromPort": permission.get("FromPort", 0),
        "toPort": permission.get("ToPort", 0),
        "cidrBlocks": [block["CidrIp"] for block in permission.get("IpRanges", [])],
        "ipv6CidrBlocks": [block["CidrIpv6"] for block in permission.get("Ipv6Ranges", [])],
        "securityGroups": [pair["GroupId"] for pair in permission.get("UserIdGroupPairs", [])],
    }


def _delete_group(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("ec2").delete_security_group(GroupId=identity)


# --- Default security group: adopted and emptied, never created or deleted ---


def _adopt_group(aws: Aws, props: Props) -> str:
    ec2 = aws.client("ec2")
    default = [
        {"Name": "vpc-id", "Values": [props["vpcId"]]},
        {"Name": "group-name", "Values": ["default"]},
    ]
    group = only(ec2.describe_security_groups(Filters=default)["SecurityGroups"])
    if group["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=group["IpPermissions"])
    if group["IpPermissionsEgress"]:
        ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"])
    _set_inline_rules(aws, group["GroupId"], {}, props)
    TAGS.apply(aws, group["GroupId"], {}, props)
    return group["GroupId"]


def _leave_group(aws: Aws, identity: str, _state: Props) -> None:
    """A VPC's default group cannot be deleted; the provider only forgets it."""


# --- Rules of their own ------------------------------------------------------


def _rule_permission(props: Props) -> dict[str, Any]:
    note = present(Description=props.get("description"))
    lists = {
        "IpRanges": [{"CidrIp": props.get("cidrIpv4"), **note}],
        "Ipv6Ranges": [{"CidrIpv6": props.get("cidrIpv6"), **note}],
        "UserIdGroupPairs": [{"GroupId": props.get("referencedSecurityGroupId"), **note}],
        "PrefixListIds": [{"PrefixListId": props.get("prefixListId"), **note}],
    }
    sources = {key: value for key, value in lists.items() if next(iter(value[0].values()))}
    return {**present(IpProtocol=props["ipProtocol"], FromPort=props.get("fromPort"), ToPort=props.get("toPort")), **sources}


def _create_rule(call: str) -> Callable[[Aws, Props], str]:
    def create(aws: Aws, props: Props) -> str:
        ec2 = aws.client("ec2")
        made = getattr(ec2, call)(
            GroupId=props["securityGroupId"],
            IpPermissions=[_rule_permission(props)],
            TagSpecifications=tagged("security-group-rule", props),
        )
        return made["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    return create


_RULE_PARTS = {
    "cidrIpv4": "CidrIpv4",
    "cidrIpv6": "CidrIpv6",
    "description": "Description",
    "fromPort": "FromPort",
    "ipProtocol": "IpProtocol",
    "prefixListId": "PrefixListId",
    "referencedSecurityGroupId": "ReferencedGroupId",
    "toPort": "ToPort",
}
"""What a rule says: Pulumi's name and the API's."""


def _modify_rule(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    rule = {api: new[name] for name, api in _RULE_PARTS.items() if name in new}
    aws.client("ec2").modify_security_group_rules(
        GroupId=new["securityGroupId"],
        SecurityGroupRules=[{"SecurityGroupRuleId": identity, "SecurityGroupRule": rule}],
    )


def _read_rule(aws: Aws, identity: str, _state: Props) -> Props:
    found = aws.client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[identity])["SecurityGroupRules"]
    rule = only(found)
    return {
        "arn": aws.arn("ec2", f"security-group-rule/{identity}"),
        "cidrIpv4": rule.get("CidrIpv4"),
        "cidrIpv6": rule.get("CidrIpv6"),
        "description": rule.get("Description") or None,
        "fromPort": rule.get("FromPort"),
        "ipProtocol": rule["IpProtocol"],
        "referencedSecurityGroupId": rule.get("ReferencedGroupInfo", {}).get("GroupId"),
        "securityGroupId": rule["GroupId"],
        "securityGroupRuleId": identity,
        "toPort": rule.get("ToPort"),
        "tagsAll": tags_of(rule),
    }


def _delete_rule(call: str) -> Callable[[Aws, str, Props], None]:
    def delete(aws: Aws, identity: str, state: Props) -> None:
        getattr(aws.client("ec2"), call)(GroupId=state["securityGroupId"], SecurityGroupRuleIds=[identity])

    return delete


def _rule_kind(side: str) -> Kind:
    """Ingress and egress rules differ in their calls only."""
    lower = side.lower()
    name = f"SecurityGroup{side}Rule"
    return Kind(
        token=f"aws:vpc/s{name[1:]}:{name}",
        create=_create_rule(f"authorize_security_group_{lower}"),
        read=_read_rule,
        delete=_delete_rule(f"revoke_security_group_{lower}"),
        updates=(update(*_RULE_PARTS, apply=_modify_rule), TAGS),
        replaced_by=frozenset({"securityGroupId", "region"}),
    )


KINDS = (
    Kind(
        token="aws:ec2/securityGroup:SecurityGroup",
        create=_create_group,
        read=_read_group,
        delete=_delete_group,
        updates=(update("ingress", "egress", apply=_set_inline_rules), TAGS),
        replaced_by=frozenset({"name", "namePrefix", "description", "vpcId", "region"}),
        held=frozenset({"revokeRulesOnDelete"}),
        defaults={"description": MANAGED, "revokeRulesOnDelete": False},
    ),
    Kind(
        token="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        create=_adopt_group,
        read=_read_group,
        delete=_leave_group,
        updates=(update("ingress", "egress", apply=_set_inline_rules), TAGS),
        replaced_by=frozenset({"vpcId", "region"}),
        held=frozenset({"revokeRulesOnDelete"}),
        defaults={"revokeRulesOnDelete": False},
    ),
    _rule_kind("Ingress"),
    _rule_kind("Egress"),
)
