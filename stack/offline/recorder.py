"""Records what a Pulumi program registers, the way the engine would keep it.

Pulumi's own mock monitor forgets parents, edges, providers and options, and makes URNs that the engine
would not make. This one keeps the whole registration traffic.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional
from urllib.parse import quote, unquote, urlparse

import pulumi
from google.protobuf import json_format
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import resource_pb2, source_pb2
from pulumi.runtime.rpc import UNKNOWN

STACK_TYPE = "pulumi:pulumi:Stack"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"

Json = Any


@dataclass
class Record:
    """One registration: what was asked for, and what came of it."""

    urn: str
    type: str
    name: str
    custom: bool
    parent: str = ""
    id: Optional[str] = None
    inputs: dict[str, Json] = field(default_factory=dict)
    outputs: dict[str, Json] = field(default_factory=dict)
    dependencies: list[str] = field(default_factory=list)
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    provider: str = ""
    options: dict[str, Json] = field(default_factory=dict)
    source_position: Optional[str] = None
    stack_trace: list[str] = field(default_factory=list)

    def to_json(self, edges: bool = True) -> dict[str, Json]:
        """The resource as a member of the plain resource list; without ``edges``, as a simple dump would have it."""
        whole = {
            "urn": self.urn,
            "type": self.type,
            "name": self.name,
            "custom": self.custom,
            "id": self.id,
            "parent": self.parent,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "dependencies": self.dependencies if edges else None,
            "propertyDependencies": self.property_dependencies if edges else None,
            "provider": self.provider,
            "options": self.options,
            "sourcePosition": self.source_position,
            "stackTrace": [{"sourcePosition": position} for position in self.stack_trace],
        }
        always = ("inputs", "outputs", "custom")
        return {key: value for key, value in whole.items() if value or key in always}


def engine_urn(stack: str, project: str, parent: str, kind: str, name: str) -> str:
    """The URN that the engine gives a resource: the types of all its parents but the stack, then its own."""
    chain = parent.split("::")[2] if parent else STACK_TYPE
    qualified = kind if chain == STACK_TYPE else f"{chain}${kind}"
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


class Recorder(MockMonitor):
    """A mock monitor that records; ``records`` maps URNs to what was registered."""

    def __init__(self, mocks: pulumi.runtime.Mocks, program_dir: Path) -> None:
        super().__init__(mocks)
        self.program_dir = program_dir
        self.records: dict[str, Record] = {}

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        return engine_urn(pulumi.get_stack(), pulumi.get_project(), parent, type_, name)

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> Any:
        """Register with the mocks, and keep request and answer as they were on the wire."""
        response = super().RegisterResource(request)
        record = self._requested(request, response.urn)
        if request.custom:
            record.id = response.id or UNKNOWN
            record.outputs = _mark_secrets(_plain(response.object), request.additionalSecretOutputs)
        self.records[response.urn] = record
        return response

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> Empty:
        """Keep the outputs of a component, or of the stack."""
        self.records[request.urn].outputs = _plain(request.outputs)
        return super().RegisterResourceOutputs(request)

    def _requested(self, request: resource_pb2.RegisterResourceRequest, urn: str) -> Record:
        edges = {key: sorted(value.urns) for key, value in request.propertyDependencies.items() if value.urns}
        return Record(
            urn=urn,
            type=request.type,
            name=request.name,
            custom=request.custom,
            parent=request.parent,
            inputs=_plain(request.object),
            dependencies=sorted(request.dependencies),
            property_dependencies=dict(sorted(edges.items())),
            provider=request.provider.rpartition("::")[0],
            options=_options(request),
            source_position=self._position(request.sourcePosition),
            stack_trace=[at for frame in request.stackTrace.frames if (at := self._position(frame.pc))],
        )

    def _position(self, position: source_pb2.SourcePosition) -> Optional[str]:
        """A place in the program, as the engine writes it: ``project:///fastcart/cache.py#41``.

        None for Pulumi's own code and for this package: where they stand differs from machine to machine.
        """
        file = Path(unquote(urlparse(position.uri).path))
        if not file.is_relative_to(self.program_dir) or file.is_relative_to(Path(__file__).parent):
            return None
        return f"project:///{quote(file.relative_to(self.program_dir).as_posix())}#{position.line}"


def _options(request: resource_pb2.RegisterResourceRequest) -> dict[str, Json]:
    """The options that were set, by the names that Pulumi's exports use."""
    timeouts = request.customTimeouts
    every = {
        "protect": request.protect,
        "retainOnDelete": request.retainOnDelete,
        "deleteBeforeReplace": request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        "ignoreChanges": list(request.ignoreChanges),
        "replaceOnChanges": list(request.replaceOnChanges),
        "additionalSecretOutputs": list(request.additionalSecretOutputs),
        "aliases": [alias.urn for alias in request.aliases if alias.urn] or list(request.aliasURNs),
        "customTimeouts": {
            name: getattr(timeouts, name) for name in ("create", "update", "delete") if getattr(timeouts, name)
        },
        "deletedWith": request.deletedWith,
        "importId": request.importId,
    }
    return {key: value for key, value in every.items() if value or value is False and key == "deleteBeforeReplace"}


def _plain(struct: Struct) -> dict[str, Json]:
    """A protobuf Struct as JSON, with whole numbers as integers and keys sorted."""
    return _whole_numbers(json_format.MessageToDict(struct))


def _whole_numbers(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _whole_numbers(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_whole_numbers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _mark_secrets(outputs: dict[str, Json], names: Any) -> dict[str, Json]:
    """Outputs in which the named ones are secrets, as the engine makes them."""

    def is_secret(value: Json) -> bool:
        return isinstance(value, dict) and value.get(SIGNATURE) == SECRET

    return {
        key: {SIGNATURE: SECRET, "value": value} if key in names and not is_secret(value) else value
        for key, value in outputs.items()
    }
