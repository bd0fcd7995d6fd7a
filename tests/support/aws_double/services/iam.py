"""IAM roles, their inline policies, managed policies and attachments. IAM has no region."""

from __future__ import annotations

import json
from typing import Any

from ..aws import Aws, present, tag_changes, tag_list, tag_map
from ..kind import Kind, Missing, update
from ..wire import Props


# --- Role --------------------------------------------------------------------


def _create_role(aws: Aws, props: Props) -> str:
    aws.client("iam").create_role(
        RoleName=props["name"],
        Path=props["path"],
        AssumeRolePolicyDocument=props["assumeRolePolicy"],
        MaxSessionDuration=props["maxSessionDuration"],
        Tags=tag_list(props.get("tagsAll")),
        **present(Description=props.get("description"), PermissionsBoundary=props.get("permissionsBoundary")),
    )
    return props["name"]


def _set_trust(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("iam").update_assume_role_policy(RoleName=identity, PolicyDocument=new["assumeRolePolicy"])


def _set_role(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("iam").update_role(
        RoleName=identity, Description=new.get("description", ""), MaxSessionDuration=new["maxSessionDuration"]
    )


def _retag_role(aws: Aws, identity: str, old: Props, new: Props) -> None:
    wanted, unwanted = tag_changes(old, new)
    iam = aws.client("iam")
    iam.untag_role(RoleName=identity, TagKeys=unwanted)
    iam.tag_role(RoleName=identity, Tags=tag_list(wanted))


def _read_role(aws: Aws, identity: str, _state: Props) -> Props:
    iam = aws.client("iam")
    role: dict[str, Any] = iam.get_role(RoleName=identity)["Role"]
    attached = iam.list_attached_role_policies(RoleName=identity)["AttachedPolicies"]
    return {
        "arn": role["Arn"],
        "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
        "createDate": role["CreateDate"].isoformat(),
        "description": role.get("Description"),
        "inlinePolicies": [{"name": name} for name in iam.list_role_policies(RoleName=identity)["PolicyNames"]],
        "managedPolicyArns": [policy["PolicyArn"] for policy in attached],
        "maxSessionDuration": role["MaxSessionDuration"],
        "name": identity,
        "namePrefix": "",
        "path": role["Path"],
        "uniqueId": role["RoleId"],
        "tagsAll": tag_map(role.get("Tags")),
    }


def _delete_role(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("iam").delete_role(RoleName=identity)


# --- Inline policy of a role -------------------------------------------------


def _put_role_policy(aws: Aws, props: Props) -> str:
    aws.client("iam").put_role_policy(
        RoleName=props["role"], PolicyName=props["name"], PolicyDocument=props["policy"]
    )
    return f"{props['role']}:{props['name']}"


def _set_role_policy(aws: Aws, _identity: str, _old: Props, new: Props) -> None:
    _put_role_policy(aws, new)


def _read_role_policy(aws: Aws, identity: str, _state: Props) -> Props:
    role, name = identity.split(":", 1)
    found = aws.client("iam").get_role_policy(RoleName=role, PolicyName=name)
    return {"name": name, "namePrefix": "", "policy": json.dumps(found["PolicyDocument"]), "role": role}


def _delete_role_policy(aws: Aws, identity: str, _state: Props) -> None:
    role, name = identity.split(":", 1)
    aws.client("iam").delete_role_policy(RoleName=role, PolicyName=name)


# --- Managed policy and attachment -------------------------------------------


def _create_policy(aws: Aws, props: Props) -> str:
    made = aws.client("iam").create_policy(
        PolicyName=props["name"],
        Path=props["path"],
        PolicyDocument=props["policy"],
        Tags=tag_list(props.get("tagsAll")),
        **present(Description=props.get("description")),
    )
    return made["Policy"]["Arn"]


def _set_policy(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("iam").create_policy_version(PolicyArn=identity, PolicyDocument=new["policy"], SetAsDefault=True)


def _retag_policy(aws: Aws, identity: str, old: Props, new: Props) -> None:
    wanted, unwanted = tag_changes(old, new)
    iam = aws.client("iam")
    iam.untag_policy(PolicyArn=identity, TagKeys=unwanted)
    iam.tag_policy(PolicyArn=identity, Tags=tag_list(wanted))


def _read_policy(aws: Aws, identity: str, _state: Props) -> Props:
    iam = aws.client("iam")
    policy = iam.get_policy(PolicyArn=identity)["Policy"]
    version = iam.get_policy_version(PolicyArn=identity, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    return {
        "arn": identity,
        "attachmentCount": policy["AttachmentCount"],
        "name": policy["PolicyName"],
        "namePrefix": "",
        "path": policy["Path"],
        "policy": json.dumps(version["Document"]),
        "policyId": policy["PolicyId"],
        "tagsAll": tag_map(policy.get("Tags")),
    }


def _delete_policy(aws: Aws, identity: str, _state: Props) -> None:
    iam = aws.client("iam")
    for version in iam.list_policy_versions(PolicyArn=identity)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=identity, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=identity)


def _attach(aws: Aws, props: Props) -> str:
    aws.client("iam").attach_role_policy(RoleName=props["role"], PolicyArn=props["policyArn"])
    return f"{props['role']}/{props['policyArn']}"


def _read_attachment(aws: Aws, identity: str, _state: Props) -> Props:
    role, policy = identity.split("/", 1)
    attached = aws.client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    if policy not in (entry["PolicyArn"] for entry in attached):
        raise Missing
    return {"role": role, "policyArn": policy}


def _detach(aws: Aws, identity: str, _state: Props) -> None:
    role, policy = identity.split("/", 1)
    aws.client("iam").detach_role_policy(RoleName=role, PolicyArn=policy)


KINDS = (
    Kind(
        token="aws:iam/role:Role",
        create=_create_role,
        read=_read_role,
        delete=_delete_role,
        updates=(
            update("assumeRolePolicy", apply=_set_trust),
            update("description", "maxSessionDuration", apply=_set_role),
            update("tagsAll", apply=_retag_role),
        ),
        replaced_by=frozenset({"name", "namePrefix", "path"}),
        held=frozenset({"forceDetachPolicies"}),
        defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
    ),
    Kind(
        token="aws:iam/rolePolicy:RolePolicy",
        create=_put_role_policy,
        read=_read_role_policy,
        delete=_delete_role_policy,
        updates=(update("policy", apply=_set_role_policy),),
        replaced_by=frozenset({"name", "namePrefix", "role"}),
    ),
    Kind(
        token="aws:iam/policy:Policy",
        create=_create_policy,
        read=_read_policy,
        delete=_delete_policy,
        updates=(update("policy", apply=_set_policy), update("tagsAll", apply=_retag_policy)),
        replaced_by=frozenset({"name", "namePrefix", "path", "description"}),
        defaults={"path": "/"},
    ),
    Kind(
        token="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        create=_attach,
        read=_read_attachment,
        delete=_detach,
        replaced_by=frozenset({"role", "policyArn"}),
    ),
)
