"""The ECR repository of the order processor's image."""

import json
from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from .component import Component
from .naming import Names

KEPT_IMAGES = 30


@dataclass(frozen=True)
class RegistryArgs:
    """The key that encrypts images."""

    key_arn: pulumi.Input[str]


class Registry(Component):
    """A repository whose tags never change and whose images are scanned on push; old untagged images expire."""

    def __init__(self, names: Names, args: RegistryArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("Registry", names, "registry", opts)
        name = names.of("order-processor")
        self.repository = aws.ecr.Repository(
            name,
            name=name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "KMS", "kms_key": args.key_arn}],
            tags={"Name": name},
            opts=self.child(),
        )
        aws.ecr.LifecyclePolicy(
            names.of("order-processor-lifecycle"),
            repository=self.repository.name,
            policy=json.dumps(_expire_untagged_images()),
            opts=self.child(),
        )
        self.register_outputs({"repositoryUrl": self.repository.repository_url})


def _expire_untagged_images() -> dict[str, object]:
    """Keep the newest images without a tag, drop the rest."""
    rule = {
        "rulePriority": 1,
        "description": f"Keep {KEPT_IMAGES} untagged images",
        "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": KEPT_IMAGES},
        "action": {"type": "expire"},
    }
    return {"rules": [rule]}
