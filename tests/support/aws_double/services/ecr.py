"""ECR repositories and their lifecycle policies."""

from __future__ import annotations

from typing import Any

from ..aws import ACCOUNT, Aws, tag_changes, tag_list, tag_map
from ..kind import Kind, update
from ..wire import Props


def _encryption(props: Props) -> dict[str, str]:
    for block in props.get("encryptionConfigurations") or []:
        key = {"kmsKey": block["kmsKey"]} if block.get("kmsKey") else {}
        return {"encryptionType": block.get("encryptionType", "AES256"), **key}
    return {"encryptionType": "AES256"}


def _scanning(props: Props) -> dict[str, bool]:
    return {"scanOnPush": bool((props.get("imageScanningConfiguration") or {}).get("scanOnPush"))}


def _create(aws: Aws, props: Props) -> str:
    made = aws.client("ecr").create_repository(
        repositoryName=props["name"],
        imageTagMutability=props["imageTagMutability"],
        imageScanningConfiguration=_scanning(props),
        encryptionConfiguration=_encryption(props),
        tags=tag_list(props.get("tagsAll")),
    )
    return made["repository"]["repositoryName"]


def _set_mutability(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("ecr").put_image_tag_mutability(repositoryName=identity, imageTagMutability=new["imageTagMutability"])


def _set_scanning(aws: Aws, identity: str, _old: Props, new: Props) -> None:
    aws.client("ecr").put_image_scanning_configuration(
        repositoryName=identity, imageScanningConfiguration=_scanning(new)
    )


def _retag(aws: Aws, _identity: str, old: Props, new: Props) -> None:
    wanted, unwanted = tag_changes(old, new)
    ecr = aws.client("ecr")
    ecr.untag_resource(resourceArn=new["arn"], tagKeys=unwanted)
    ecr.tag_resource(resourceArn=new["arn"], tags=tag_list(wanted))


def _read(aws: Aws, identity: str, _state: Props) -> Props:
    ecr = aws.client("ecr")
    found: dict[str, Any] = ecr.describe_repositories(repositoryNames=[identity])["repositories"][0]
    encryption = found.get("encryptionConfiguration") or {}
    return {
        "arn": found["repositoryArn"],
        "encryptionConfigurations": [
            {"encryptionType": encryption.get("encryptionType", "AES256"), "kmsKey": encryption.get("kmsKey", "")}
        ],
        "imageScanningConfiguration": found["imageScanningConfiguration"],
        "imageTagMutability": found["imageTagMutability"],
        "name": identity,
        "registryId": found["registryId"],
        "repositoryUrl": f"{ACCOUNT}.dkr.ecr.{aws.region}.amazonaws.com/{identity}",
        "tagsAll": tag_map(ecr.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"]),
    }


def _delete(aws: Aws, identity: str, state: Props) -> None:
    aws.client("ecr").delete_repository(repositoryName=identity, force=bool(state.get("forceDelete")))


def _put_lifecycle(aws: Aws, props: Props) -> str:
    aws.client("ecr").put_lifecycle_policy(repositoryName=props["repository"], lifecyclePolicyText=props["policy"])
    return props["repository"]


def _set_lifecycle(aws: Aws, _identity: str, _old: Props, new: Props) -> None:
    _put_lifecycle(aws, new)


def _read_lifecycle(aws: Aws, identity: str, _state: Props) -> Props:
    found = aws.client("ecr").get_lifecycle_policy(repositoryName=identity)
    return {"policy": found["lifecyclePolicyText"], "registryId": found["registryId"], "repository": identity}


def _delete_lifecycle(aws: Aws, identity: str, _state: Props) -> None:
    aws.client("ecr").delete_lifecycle_policy(repositoryName=identity)


KINDS = (
    Kind(
        token="aws:ecr/repository:Repository",
        create=_create,
        read=_read,
        delete=_delete,
        updates=(
            update("imageTagMutability", apply=_set_mutability),
            update("imageScanningConfiguration", apply=_set_scanning),
            update("tagsAll", apply=_retag),
        ),
        replaced_by=frozenset({"name", "encryptionConfigurations", "region"}),
        held=frozenset({"forceDelete"}),
        defaults={"imageTagMutability": "MUTABLE"},
    ),
    Kind(
        token="aws:ecr/lifecyclePolicy:LifecyclePolicy",
        create=_put_lifecycle,
        read=_read_lifecycle,
        delete=_delete_lifecycle,
        updates=(update("policy", apply=_set_lifecycle),),
        replaced_by=frozenset({"repository", "region"}),
    ),
)
