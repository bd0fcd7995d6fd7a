"""Names, Name tags and ARNs: the one place that knows how FastCart calls things."""

from dataclasses import dataclass

import pulumi

PROJECT = "fastcart"


@dataclass(frozen=True)
class Names:
    """Gives every resource its name, ending in the environment suffix: ``fastcart-orders-dev``."""

    suffix: str

    def of(self, part: str) -> str:
        """The logical and physical name of one resource."""
        return f"{PROJECT}-{part}-{self.suffix}"

    @property
    def base(self) -> str:
        """The name of the platform itself in this environment: ``fastcart-dev``."""
        return f"{PROJECT}-{self.suffix}"

    def tags(self, part: str) -> dict[str, str]:
        """The Name tag for a resource to which AWS gives no name of its own."""
        return {"Name": self.of(part)}

    def default_tags(self) -> dict[str, str]:
        """The tags that the provider puts on everything it creates."""
        return {"Environment": self.suffix, "Project": PROJECT, "ManagedBy": "pulumi"}


@dataclass(frozen=True)
class Arns:
    """Builds the ARNs that follow from a name.

    Physical names are explicit, so these ARNs are known before the resources exist. A policy made of
    them can be read, and judged, at the first preview; built from ``resource.arn`` it would be unknown.
    """

    region: str
    account_id: pulumi.Input[str]

    def regional(self, service: str, resource: pulumi.Input[str]) -> pulumi.Output[str]:
        """The ARN of ``resource`` of ``service`` in the stack's region and account."""
        return pulumi.Output.concat("arn:aws:", service, ":", self.region, ":", self.account_id, ":", resource)

    def account_root(self) -> pulumi.Output[str]:
        """The principal that stands for the account, and lets IAM policies decide."""
        return pulumi.Output.concat("arn:aws:iam::", self.account_id, ":root")

    def registry(self, repository: pulumi.Input[str]) -> pulumi.Output[str]:
        """The address from which images of an ECR repository are pulled."""
        return pulumi.Output.concat(self.account_id, ".dkr.ecr.", self.region, ".amazonaws.com/", repository)
