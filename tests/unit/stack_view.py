"""Looks things up in a rendered stack."""

import json
from typing import Any, Iterator, Optional

Resource = dict[str, Any]

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class StackView:
    """A plain resource list with the questions that tests ask of it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.resources: list[Resource] = document["resources"]
        self.outputs: dict[str, Any] = document["outputs"]

    def all(self, kind: str) -> list[Resource]:
        """Every resource whose type ends in ``kind``, such as ``ec2/subnet:Subnet``."""
        return [resource for resource in self.resources if resource["type"].endswith(kind)]

    def one(self, kind: str, name: Optional[str] = None) -> Resource:
        """The only resource of that type (and logical name)."""
        found = [resource for resource in self.all(kind) if name in (None, resource["name"])]
        assert len(found) == 1, f"{len(found)} resources {kind} {name or ''}"
        return found[0]

    def inputs(self, kind: str, name: Optional[str] = None) -> dict[str, Any]:
        """What the program asked for in the only such resource."""
        return self.one(kind, name)["inputs"]

    def edges(self, resource: Resource, key: str) -> list[str]:
        """Logical names of the resources that an input depends on."""
        return [urn.split("::")[-1] for urn in resource.get("propertyDependencies", {}).get(key, [])]

    def managed(self) -> list[Resource]:
        """Everything that AWS holds: no stack, components and providers."""
        return [resource for resource in self.resources if resource["type"].startswith("aws:")]

    def without_edges(self) -> dict[str, Any]:
        """The document as a simple mock dump would have it, which knows no dependencies."""
        edges = ("dependencies", "propertyDependencies")
        resources = [{key: r[key] for key in r if key not in edges} for r in self.resources]
        return {**self.document, "resources": resources}

    def text(self) -> str:
        """The whole document as text."""
        return json.dumps(self.document)


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(member)


def is_secret(value: Any) -> bool:
    """Whether a value is marked as a secret."""
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET


def statements(document: str) -> list[dict[str, Any]]:
    """The statements of an IAM policy document."""
    return json.loads(document)["Statement"]
