"""Prints, as a Markdown table, which API calls the double makes, read from its own source.

``python -m aws_double.calls`` (from ``tests/support``); docs/deploying.md holds the table, and a test compares the two.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Iterator

import boto3

SERVICES = Path(__file__).with_name("services")


def calls() -> dict[str, list[str]]:
    """The API calls by AWS service."""
    found: dict[str, set[str]] = {}
    for file in sorted(SERVICES.glob("*.py")):
        tree = ast.parse(file.read_text())
        for service in _services(tree):
            found.setdefault(service, set()).update(_operations(tree, service))
    return {service: sorted(operations) for service, operations in sorted(found.items())}


def _services(tree: ast.Module) -> set[str]:
    """The names in ``client("…")``."""
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "client"
        if isinstance(node.args[0], ast.Constant)
    }


def _operations(tree: ast.Module, service: str) -> Iterator[str]:
    """The operations of a service whose boto3 methods, or waiters, the module names."""
    client = boto3.client(service, region_name="eu-central-1")
    waiters = {name: client.get_waiter(name).config.operation for name in client.waiter_names}
    operations = {**client.meta.method_to_api_mapping, **waiters}
    for node in ast.walk(tree):
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "value", None)
        if isinstance(name, str) and name in operations:
            yield operations[name]


def markdown() -> str:
    """The table."""
    lines = ["| service | calls that reach the emulator |", "| --- | --- |"]
    lines += [f"| {service} | {', '.join(f'`{call}`' for call in made)} |" for service, made in calls().items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(markdown(), end="")
