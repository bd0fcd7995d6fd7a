"""The gRPC service that the engine talks to: requests in, requests out, no knowledge of AWS."""

from __future__ import annotations

import json
import os
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from . import diff as differ
from .check import CheckCall, ProviderConfig, check, missing_inputs
from .invoke import UnknownFunction, invoke
from .lifecycle import Resource
from .schema import schemas
from .services import KINDS
from .wire import decode, encode, has_unknown, plain, without_bookkeeping


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """One provider process, configured once, then asked about many resources at a time."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._config = ProviderConfig(region="")

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.GetSchemaResponse(schema=json.dumps({"name": "aws", "version": self._version}))

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        """A provider of another region is another provider; everything else is a change in place."""
        changed = differ.changes(decode(request.old_inputs), decode(request.news))
        replaces = [change.path for change in changed if change.top == "region"]
        return _diff_response(changed, replaces, deletes_first=False)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._config = _provider_config(decode(request.args))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            result = invoke(request.tok, plain(decode(request.args)), self._config.region)
        except UnknownFunction as error:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, str(error))
        return provider_pb2.InvokeResponse(**{"return": encode(result)})

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        resource = self._resource(request.urn, context)
        call = CheckCall(_name(request.urn), decode(request.olds), decode(request.news), request.randomSeed)
        inputs = check(resource.kind, resource.schema, self._config, call)
        failures = [
            provider_pb2.CheckFailure(property=name, reason=f"Missing required argument: {name}")
            for name in missing_inputs(resource.schema, inputs)
        ]
        return provider_pb2.CheckResponse(inputs=encode(inputs), failures=failures)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        resource = self._resource(request.urn, context)
        olds, news = decode(request.old_inputs), decode(request.news)
        ignored = set(request.ignoreChanges)
        changed = [change for change in differ.changes(olds, news) if change.path not in ignored]
        replaces = [change.path for change in differ.replacing(resource.kind, changed)]
        return _diff_response(changed, replaces, differ.deletes_first(resource.kind, olds, news))

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        resource = self._resource(request.urn, context)
        inputs = decode(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=encode(resource.preview_create(inputs)))
        identity, outputs = _calling_aws(context, resource.create, inputs)
        return provider_pb2.CreateResponse(id=identity, properties=encode(outputs))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        resource = self._resource(request.urn, context)
        inputs = decode(request.inputs)
        found = _calling_aws(context, resource.read, request.id, decode(request.properties), inputs)
        if found is None:
            return provider_pb2.ReadResponse()
        outputs, refreshed = found
        return provider_pb2.ReadResponse(id=request.id, properties=encode(outputs), inputs=encode(refreshed))

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        resource = self._resource(request.urn, context)
        olds, inputs = decode(request.olds), decode(request.news)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=encode(resource.preview_update(olds, inputs)))
        outputs = _calling_aws(context, resource.update, request.id, olds, decode(request.old_inputs), inputs)
        return provider_pb2.UpdateResponse(properties=encode(outputs))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        resource = self._resource(request.urn, context)
        _calling_aws(context, resource.delete, request.id, decode(request.properties))
        return empty_pb2.Empty()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def _resource(self, urn: str, context: grpc.ServicerContext) -> Resource:
        token = urn.split("::")[2].rsplit("$", 1)[-1]
        if token not in KINDS:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the test double does not know the resource type {token}")
        return Resource(KINDS[token], schemas()[token], self._config)


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _provider_config(args: dict[str, Any]) -> ProviderConfig:
    """The provider's configuration; nested values arrive as JSON text."""
    values = plain({key: value for key, value in args.items() if not has_unknown(value)})
    region = values.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or ""
    tags = values.get("defaultTags") or {}
    tags = json.loads(tags) if isinstance(tags, str) else tags
    return ProviderConfig(region=region, default_tags=without_bookkeeping(tags.get("tags") or {}))


def _diff_response(changed: list[differ.Change], replaces: list[str], deletes_first: bool) -> Any:
    detailed = {}
    for change in changed:
        kind = change.kind + ("_REPLACE" if change.path in replaces else "")
        detailed[change.path] = provider_pb2.PropertyDiff(kind=kind, inputDiff=True)
    response = provider_pb2.DiffResponse
    return response(
        changes=response.DIFF_SOME if changed else response.DIFF_NONE,
        diffs=sorted({change.top for change in changed}),
        replaces=sorted(set(replaces)),
        detailedDiff=detailed,
        hasDetailedDiff=True,
        deleteBeforeReplace=bool(replaces) and deletes_first,
    )


def _calling_aws(context: grpc.ServicerContext, operation: Any, *arguments: Any) -> Any:
    """The operation's result; its failure becomes the engine's error message instead of a stack trace."""
    try:
        return operation(*arguments)
    except Exception as error:  # pylint: disable=broad-except
        context.abort(grpc.StatusCode.UNKNOWN, f"{type(error).__name__}: {error}")
        raise
