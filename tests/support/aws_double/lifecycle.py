"""Create, read, update and delete of any kind: what is the same for all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .aws import Aws, is_missing
from .check import ProviderConfig
from .diff import changes
from .kind import Kind, Missing
from .schema import TypeSchema
from .wire import UNKNOWN, Props, Secret, is_bookkeeping, plain, without_bookkeeping


class CannotUpdate(Exception):
    """A changed property for which the double has no call."""


@dataclass(frozen=True)
class Resource:
    """One resource type in one provider configuration."""

    kind: Kind
    schema: TypeSchema
    config: ProviderConfig

    def preview_create(self, inputs: Props) -> Props:
        """The outputs as far as a preview knows them."""
        return {**dict.fromkeys(self.schema.computed, UNKNOWN), "id": UNKNOWN, **without_bookkeeping(inputs)}

    def preview_update(self, olds: Props, inputs: Props) -> Props:
        """The outputs as far as a preview knows them: the old ones, with what the program asks for now."""
        kept = {k: v for k, v in olds.items() if k not in self.schema.inputs or k in self.schema.computed}
        return {**kept, **without_bookkeeping(inputs)}

    def create(self, inputs: Props) -> tuple[str, Props]:
        """Make it; the id and the outputs."""
        asked = plain(inputs)
        aws = self._aws(asked)
        identity = self.kind.create(aws, asked)
        live = self.kind.read(aws, identity, asked)
        return identity, self._outputs(identity, inputs, live)

    def read(self, identity: str, state: Props, inputs: Props) -> tuple[Props, Props] | None:
        """What is there now, as (outputs, inputs); None when it is gone."""
        known = plain(state)
        try:
            live = self.kind.read(self._aws(known), identity, known)
        except Exception as error:
            if isinstance(error, Missing) or is_missing(error):
                return None
            raise
        live = self._own_tags(live, plain(inputs))
        return self._outputs(identity, {**state, **inputs}, live), _refreshed(inputs, live, self.schema)

    def update(self, identity: str, olds: Props, old_inputs: Props, inputs: Props) -> Props:
        """Bring every changed property to AWS; the new outputs."""
        before, after = plain(old_inputs), plain(inputs)
        aws = self._aws(after)
        pending = {change.top for change in changes(before, after)} - self.kind.held - {"tags"}
        self._require_known(pending)
        for step in self.kind.updates:
            if step.properties & pending:
                step.apply(aws, identity, {**plain(olds), **before}, {**plain(olds), **after})
        live = self.kind.read(aws, identity, {**plain(olds), **after})
        return self._outputs(identity, inputs, live)

    def delete(self, identity: str, state: Props) -> None:
        """Remove it; fine when it is gone already."""
        known = plain(state)
        try:
            self.kind.delete(self._aws(known), identity, known)
        except Exception as error:
            if not (isinstance(error, Missing) or is_missing(error)):
                raise

    def _aws(self, properties: Props) -> Aws:
        return Aws(properties.get("region") or self.config.region)

    def _require_known(self, pending: set[str]) -> None:
        possible = frozenset().union(*(step.properties for step in self.kind.updates))
        if unknown := sorted(pending - possible):
            raise CannotUpdate(f"the test double has no API call to change {', '.join(unknown)} of {self.kind.token}")

    def _own_tags(self, live: Props, inputs: Props) -> Props:
        """``live`` with the resource's own tags: all of them but those that the provider adds."""
        if "tagsAll" not in live or "tags" not in self.schema.inputs:
            return live
        asked, defaults = inputs.get("tags") or {}, self.config.default_tags
        own = {k: v for k, v in live["tagsAll"].items() if k in asked or defaults.get(k) != v}
        return {**live, "tags": own} if own or asked else live

    def _outputs(self, identity: str, inputs: Props, live: Props) -> Props:
        """What was asked for, overlaid by what AWS says; a secret input is a secret output."""
        outputs = {k: v for k, v in without_bookkeeping(inputs).items() if v is not None}
        for key, value in live.items():
            if value is None or _same(outputs.get(key), value):
                continue
            outputs[key] = Secret(value) if isinstance(outputs.get(key), Secret) else value
        return {**outputs, "id": identity}


def _refreshed(inputs: Props, live: Props, schema: TypeSchema) -> Props:
    """The inputs that would lead to what is there: the old ones, but for drift. All that is known, for an import."""
    if not inputs:
        return {k: v for k, v in live.items() if k in schema.inputs and v is not None}
    fresh = dict(inputs)
    for key, value in live.items():
        if key in inputs and value is not None and not _same(inputs[key], value):
            fresh[key] = Secret(value) if isinstance(inputs[key], Secret) else value
    return fresh


def _same(asked: Any, live: Any) -> bool:
    """Whether AWS has what was asked for; what AWS adds to an object on its own is no difference."""
    if isinstance(asked, Secret):
        return _same(asked.value, live)
    if isinstance(asked, dict) and isinstance(live, dict):
        keys = {key for key in asked if not is_bookkeeping(key)}
        return all(_same(asked[key], live.get(key)) for key in keys) and (bool(keys) or not live)
    if isinstance(asked, list) and isinstance(live, list):
        return len(asked) == len(live) and all(any(_same(a, b) for b in live) for a in asked)
    if isinstance(asked, str) and isinstance(live, str) and asked.startswith(("{", "[")):
        return _parsed(asked) == _parsed(live)
    return asked == live


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
