"""The AWS API as the double sees it: boto3 on an emulator, never on AWS itself."""

from __future__ import annotations

import os
import threading
from typing import Any
from urllib.parse import urlparse

ACCOUNT = "123456789012"
"""The account that moto plays. A constant, so that previews need no call."""

PARTITION = "aws"

_clients: dict[tuple[str, str], Any] = {}
_clients_lock = threading.Lock()  # making a boto3 client is not thread-safe, using one is


class NoEmulator(Exception):
    """The double was about to call real AWS."""


class Aws:
    """One region of the emulated account."""

    def __init__(self, region: str) -> None:
        self.region = region

    def client(self, service: str) -> Any:
        """The boto3 client of a service in this region."""
        _require_emulator()
        with _clients_lock:
            key = (service, self.region)
            if key not in _clients:
                import boto3  # takes a third of a second, which previews do not need to spend

                _clients[key] = _noting(boto3.session.Session(region_name=self.region).client(service))
            return _clients[key]

    def arn(self, service: str, resource: str, region: str | None = None) -> str:
        """An ARN in this account and, unless told otherwise, this region."""
        return f"arn:{PARTITION}:{service}:{self.region if region is None else region}:{ACCOUNT}:{resource}"


def _noting(client: Any) -> Any:
    """The client, which notes its calls in the file that AWS_DOUBLE_CALLS names, one ``service Operation`` a line."""
    if file := os.environ.get("AWS_DOUBLE_CALLS"):

        def note(model: Any, **_: Any) -> None:
            with open(file, "a", encoding="utf-8") as calls:
                calls.write(f"{client.meta.service_model.service_name} {model.name}\n")

        client.meta.events.register("before-call", note)
    return client


def _require_emulator() -> None:
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    if urlparse(endpoint).hostname not in ("127.0.0.1", "localhost", "::1"):
        raise NoEmulator(
            "pulumi-resource-aws here is a test double that works on a local AWS emulator only: "
            f"AWS_ENDPOINT_URL is {endpoint!r}, set it to the address of a moto server on this machine"
        )


def is_missing(error: Exception) -> bool:
    """Whether an API error says that the thing does not exist."""
    code = str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))
    return "NotFound" in code or code in ("NoSuchEntity", "ServiceNotFoundException", "ClusterNotFoundException")


def tag_list(tags: dict[str, str] | None, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Tags as most APIs take them."""
    return [{key: name, value: text} for name, text in sorted((tags or {}).items())]


def tag_map(tags: list[dict[str, str]] | None, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Tags as Pulumi has them."""
    return {tag[key]: tag[value] for tag in tags or []}


def tag_changes(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    """From two states: the tags to set and the names of the tags to remove."""
    before, after = old.get("tagsAll") or {}, new.get("tagsAll") or {}
    return {k: v for k, v in after.items() if before.get(k) != v}, sorted(set(before) - set(after))


def present(**arguments: Any) -> dict[str, Any]:
    """The arguments of an API call, without those that are not set."""
    return {name: value for name, value in arguments.items() if value is not None}
