"""What the double has to know of one resource type. The generic rest is in check, diff and lifecycle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

from .aws import Aws
from .wire import Props


@dataclass(frozen=True)
class Update:
    """One API call that brings changed properties to AWS: ``apply(aws, id, old, new)``."""

    properties: frozenset[str]
    apply: Callable[[Aws, str, Props, Props], None]


def update(*properties: str, apply: Callable[[Aws, str, Props, Props], Any]) -> Update:
    """An Update, written as a line of a table."""
    return Update(frozenset(properties), apply)


@dataclass(frozen=True)
class Kind:
    """One resource type: four calls, and a table of what a change of a property means."""

    token: str
    """Pulumi's type token, for example ``aws:kinesis/stream:Stream``."""

    create: Callable[[Aws, Props], str]
    """Makes the resource and returns its id as the real provider gives it."""

    read: Callable[[Aws, str, Props], Props]
    """What AWS says of the resource, under Pulumi's names; the third argument is the last known state.
    Raises ``Missing`` or a not-found error of the API when the resource is gone."""

    delete: Callable[[Aws, str, Props], None]

    updates: tuple[Update, ...] = ()

    replaced_by: frozenset[str] = frozenset()
    """Inputs that AWS cannot change on an existing resource."""

    held: frozenset[str] = frozenset()
    """Inputs that are instructions to the provider, or that moto does not keep: they live in Pulumi's state only."""

    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Inputs that the provider fills in at Check when the program leaves them out."""

    nested_defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The same for members of an object input, which stays absent when the program leaves it out."""

    name_prefix: str = ""
    """What a generated name starts with."""

    delete_first: bool = False
    """AWS refuses two of these at a time, so a replacement deletes before it creates."""


class Missing(Exception):
    """The resource does not exist (any more)."""
