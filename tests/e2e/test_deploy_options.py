"""What is in the stack, or protected, only when the configuration asks for it."""

from __future__ import annotations

import re

from moto_server import Emulator
from pulumi_cli import ROOT, Gate, NewWorkspace, Workspace

OPTIONS = {
    "vpcEndpoints": "true",
    "alarmEmail": "orders@example.com",
    "executeCommand": "true",
    "rotationLambdaArn": "arn:aws:lambda:eu-central-1:123456789012:function:rotate",
}
"""The parts of the stack that are there only when the config asks for them."""


def test_every_option_deploys_changes_refreshes_and_leaves_nothing_behind(
    new_workspace: NewWorkspace, emulator: Emulator, gate: Gate
) -> None:
    emulator.reset()
    before = emulator.inventory()
    workspace = new_workspace(emulator)
    noted = workspace.folder / "calls"
    workspace.environment["AWS_DOUBLE_CALLS"] = str(noted)
    for key, value in OPTIONS.items():
        workspace.set(f"fastcart:{key}", value)
    workspace.up(gate, "--skip-preview").ok()
    assert emulator.inventory() != before

    naming = workspace.program / "fastcart" / "naming.py"
    naming.write_text(naming.read_text().replace('"ManagedBy": "pulumi"', '"ManagedBy": "pulumi", "Team": "orders"'))
    retagged = workspace.up(gate, "--skip-preview").ok()
    assert set(retagged.changed().values()) == {"update"}
    workspace.pulumi("refresh", "--yes", "--expect-no-changes")

    workspace.pulumi("destroy", "--yes")
    assert "resources" not in workspace.export()["deployment"]
    assert emulator.inventory() == before
    waiting = emulator.client("secretsmanager").list_secrets(IncludePlannedDeletion=True)["SecretList"]
    assert waiting == [], "the next stack of this name could not make its secrets"

    made = {tuple(line.split()) for line in noted.read_text().splitlines()}
    assert sorted(made - documented_calls()) == [], "docs/deploying.md does not say that these calls are real"
    assert {service for service, _ in made} == {service for service, _ in documented_calls()}


def documented_calls() -> set[tuple[str, str]]:
    """The table in docs/deploying.md of the calls that are real: (service, call)."""
    page = (ROOT / "docs" / "deploying.md").read_text()
    rows = re.findall(r"^\| ([a-z0-9-]+) \| ((?:`[A-Z]\w+`(?:, )?)+) \|$", page, re.MULTILINE)
    return {(service, call) for service, calls in rows for call in re.findall(r"\w+", calls)}


def test_protected_stack_is_destroyed_only_when_its_config_says_so(
    new_workspace: NewWorkspace, emulator: Emulator, gate: Gate
) -> None:
    emulator.reset()
    workspace = new_workspace(emulator)
    workspace.set("fastcart:deletionProtection", "true")
    workspace.set("fastcart:finalSnapshot", "true")
    workspace.up(gate, "--skip-preview").ok()
    running = emulator.inventory()

    refused = workspace.run("destroy", "--yes")
    assert refused.code != 0
    assert "protected" in refused.output
    assert emulator.inventory() == running

    workspace.set("fastcart:deletionProtection", "false")
    assert set(workspace.up(gate, "--skip-preview").ok().changed().values()) == {"update"}
    key = workspace.pulumi("stack", "output", "kmsKeyId").stdout.strip()
    workspace.pulumi("destroy", "--yes")
    assert emulator.inventory()["snapshot"] == ["fastcart-orders-db-final-dev"]
    state = emulator.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
    assert state == "Enabled", "the snapshot could not be read"
