"""What all FastCart components share."""

from typing import Optional

import pulumi

from .naming import Names


class Component(pulumi.ComponentResource):
    """A group of resources with one purpose. Children are made with ``self.child()`` as options."""

    def __init__(self, kind: str, names: Names, part: str, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__(f"fastcart:platform:{kind}", names.of(part), None, opts)
        self.names = names

    def child(
        self,
        protect: Optional[bool] = None,
        depends_on: Optional[list[pulumi.Resource]] = None,
        ignore_changes: Optional[list[str]] = None,
        retain_on_delete: Optional[bool] = None,
    ) -> pulumi.ResourceOptions:
        """Options of a child: its parent, and what else the child needs."""
        return pulumi.ResourceOptions(
            parent=self,
            protect=protect,
            depends_on=depends_on,
            ignore_changes=ignore_changes,
            retain_on_delete=retain_on_delete,
        )
