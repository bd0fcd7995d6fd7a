"""Diff: which properties changed, and whether AWS would have to replace the resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator

from .kind import Kind
from .wire import UNKNOWN, Props, Secret, is_bookkeeping

ADD, DELETE, CHANGE = "ADD", "DELETE", "UPDATE"


@dataclass(frozen=True)
class Change:
    """One changed property by its path, as the engine's detailed diff names it."""

    path: str
    kind: str

    @property
    def top(self) -> str:
        """The property of the resource that the path is in."""
        return self.path.split(".")[0].split("[")[0]


_ABSENT = object()


def changes(olds: Props, news: Props) -> list[Change]:
    """All changed paths between two sets of inputs."""
    return list(_object_changes("", olds, news))


def replacing(kind: Kind, changed: list[Change]) -> list[Change]:
    """The changes that force a replacement."""
    return [change for change in changed if change.top in kind.replaced_by]


def deletes_first(kind: Kind, olds: Props, news: Props) -> bool:
    """Whether the old one has to go before the new one comes: its fixed name would be taken twice."""
    named_by_program = "name" in news and "name" not in news.get("__defaults", [])
    return kind.delete_first or (named_by_program and news["name"] == olds.get("name"))


def _object_changes(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    for key in sorted({*old, *new}):
        if not is_bookkeeping(key):
            yield from _value_changes(_join(path, key), old.get(key, _ABSENT), new.get(key, _ABSENT))


def _join(path: str, key: str) -> str:
    if not key.replace("_", "").replace("-", "").isalnum():
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def _value_changes(path: str, old: Any, new: Any) -> Iterator[Change]:
    old, new = _unwrap(old), _unwrap(new)
    if old is _ABSENT or new is _ABSENT:
        if old is not new:
            yield Change(path, ADD if old is _ABSENT else DELETE)
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _object_changes(path, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _value_changes(f"{path}[{index}]", _at(old, index), _at(new, index))
    elif new is UNKNOWN or old != new:
        yield Change(path, CHANGE)


def _unwrap(value: Any) -> Any:
    """Without the secret mark; a null is as good as nothing."""
    value = value.value if isinstance(value, Secret) else value
    return _ABSENT if value is None else value


def _at(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else _ABSENT
