"""What the double knows of each resource type from Pulumi's own SDK, kept in ``schema.json``.

``python -m aws_double.schema`` (from ``tests/support``) writes the file anew for the types of ``services.KINDS``;
a test compares it with the installed SDK. Reading the SDK at every boot of the double would cost seconds.
"""

from __future__ import annotations

import importlib
import inspect
import json
import typing
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("schema.json")


@dataclass(frozen=True)
class TypeSchema:
    """The property names of one resource type, as they are on the wire."""

    inputs: frozenset[str]
    required: frozenset[str]
    outputs: frozenset[str]

    computed: frozenset[str]
    """Outputs that always have a value; where the program gives none, AWS does, and a preview cannot know it."""


@cache
def schemas() -> dict[str, TypeSchema]:
    """Every known type by its token."""
    return {token: _load(entry) for token, entry in json.loads(FILE.read_text()).items()}


def _load(entry: dict[str, list[str]]) -> TypeSchema:
    return TypeSchema(**{field: frozenset(names) for field, names in entry.items()})


def from_sdk(token: str) -> dict[str, list[str]]:
    """The entry of one type, read from the installed pulumi_aws package."""
    resource = _resource_class(token)
    arguments = _arguments_class(resource)
    inputs = _wire_names(arguments)
    required = [inputs[name] for name in _required_parameters(arguments) if name in inputs]
    outputs = _wire_names(resource)
    always = [wire for name, wire in outputs.items() if not _is_optional_output(resource, name)]
    return {
        "inputs": sorted(inputs.values()),
        "required": sorted(required),
        "outputs": sorted(outputs.values()),
        "computed": sorted(set(always) - set(required)),
    }


def _resource_class(token: str) -> type:
    path = token.split(":")[1]
    module_name, file_name = path.split("/")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of other types in the same package
        module = importlib.import_module(f"pulumi_aws.{module_name}.{_snake(file_name)}")
    return getattr(module, token.split(":")[2])


def _arguments_class(resource: type) -> type:
    module = importlib.import_module(resource.__module__)
    name = resource.__name__ + ("InitArgs" if hasattr(module, resource.__name__ + "InitArgs") else "Args")
    return getattr(module, name)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _wire_names(cls: type) -> dict[str, str]:
    """Python property name to wire name, of the properties that the class declares itself."""
    return {
        name: member.fget._pulumi_name  # pylint: disable=protected-access
        for name, member in vars(cls).items()
        if isinstance(member, property) and member.fget and hasattr(member.fget, "_pulumi_name")
    }


def _required_parameters(arguments: type) -> list[str]:
    parameters = inspect.signature(arguments.__init__).parameters.values()
    return [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty]


def _is_optional_output(resource: type, name: str) -> bool:
    annotation = getattr(resource, name).fget.__annotations__["return"]
    (inner,) = typing.get_args(annotation)
    return type(None) in typing.get_args(inner)


def render() -> str:
    """The content of ``schema.json`` for the types that the double serves."""
    from .services import KINDS

    entries: dict[str, Any] = {token: from_sdk(token) for token in sorted(KINDS)}
    return json.dumps(entries, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(render())
