"""What the EC2 resource types share: tags, and finding exactly one."""

from __future__ import annotations

from typing import Any

from ..aws import Aws, tag_changes, tag_list, tag_map
from ..kind import Missing, Update, update
from ..wire import Props


def tagged(kind: str, props: Props) -> list[dict[str, Any]]:
    """The TagSpecifications of a create call."""
    tags = tag_list(props.get("tagsAll"))
    return [{"ResourceType": kind, "Tags": tags}] if tags else []


def tags_of(item: dict[str, Any]) -> dict[str, str]:
    """The tags in a describe answer."""
    return tag_map(item.get("Tags"))


def only(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The one item of a describe answer; none means that the resource is gone."""
    if not items:
        raise Missing
    return items[0]


def alive(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The one item that is not deleted: EC2 keeps showing some for a while."""
    return only([item for item in items if item.get("State") not in ("deleted", "deleting")])


def _retag(aws: Aws, identity: str, old: Props, new: Props) -> None:
    ec2 = aws.client("ec2")
    wanted, unwanted = tag_changes(old, new)
    if unwanted:
        ec2.delete_tags(Resources=[identity], Tags=[{"Key": name} for name in unwanted])
    if wanted:
        ec2.create_tags(Resources=[identity], Tags=tag_list(wanted))


TAGS: Update = update("tagsAll", apply=_retag)
"""A change of tags, the same for every EC2 resource."""
