"""Check: what the program asked for, completed as the real provider completes it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Mapping

from .kind import Kind
from .schema import TypeSchema
from .wire import UNKNOWN, Props, Secret, has_unknown, plain


@dataclass(frozen=True)
class ProviderConfig:
    """The provider's own configuration, as far as resources depend on it."""

    region: str
    default_tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckCall:
    """One Check request: the resource's old inputs, what the program asks for now, and where names come from."""

    name: str
    olds: Props
    news: Props
    seed: bytes


def check(kind: Kind, schema: TypeSchema, config: ProviderConfig, call: CheckCall) -> Props:
    """The checked inputs: region and tags of the provider, defaults, a name; bookkeeping of what was filled in."""
    inputs = dict(call.news)
    if "region" in schema.inputs:
        inputs.setdefault("region", config.region)
    if "tagsAll" in schema.outputs:
        inputs["tagsAll"] = _all_tags(inputs.get("tags"), config.default_tags)
    filled = {key: value for key, value in kind.defaults.items() if key not in inputs}
    if "name" in schema.inputs and "name" not in inputs and "namePrefix" not in inputs:
        filled["name"] = _generated_name(kind, call)
    marked = {key: _mark_nested(value, kind.nested_defaults.get(key, {})) for key, value in inputs.items()}
    return {**marked, **filled, "__defaults": sorted(filled)}


def missing_inputs(schema: TypeSchema, inputs: Props) -> list[str]:
    """Required inputs that are not there."""
    return sorted(schema.required - inputs.keys())


def _all_tags(tags: Any, defaults: dict[str, str]) -> Any:
    """The resource's tags over the provider's; unknown as soon as one of them is."""
    if has_unknown(tags):
        return UNKNOWN
    return {**defaults, **(plain(tags) or {})}


def _generated_name(kind: Kind, call: CheckCall) -> str:
    """The name of last time, if it was generated then as well; else the logical name and seven random digits."""
    if "name" in call.olds.get("__defaults", []) and "name" in call.olds:
        return call.olds["name"]
    digits = hashlib.sha256(call.seed or call.name.encode()).hexdigest()[:7]
    return f"{kind.name_prefix}{call.name}-{digits}"


def _mark_nested(value: Any, defaults: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """The value with its defaults and a list of them in every object of it, as the bridge leaves it."""
    if isinstance(value, Secret):
        return Secret(_mark_nested(value.value, defaults))
    if isinstance(value, dict):
        filled = {key: default for key, default in defaults.items() if key not in value}
        return {**{key: _mark_nested(member) for key, member in value.items()}, **filled, "__defaults": sorted(filled)}
    if isinstance(value, list):
        return [_mark_nested(item) for item in value]
    return value
