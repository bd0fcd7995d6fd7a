"""What is in the stack, or protected, only when the configuration asks for it."""

from __future__ import annotations

from moto_server import Emulator
from pulumi_cli import Gate, NewWorkspace, Workspace

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
    workspace.pulumi("destroy", "--yes")
    assert emulator.inventory()["snapshot"] == ["fastcart-orders-db-final-dev"]
