"""One planted fault for each rule, in the real engine: found by that rule alone, and stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
from moto_server import Emulator
from planted import MISSION, PLANTED, Planted
from pulumi_cli import SECRETS, Gate, NewWorkspace
from verdicts import both_see, check, of_engine, rules


def test_there_is_one_planted_fault_for_every_rule() -> None:
    assert sorted(planted.rule for planted in PLANTED) == sorted(rules())
    assert len(PLANTED) == 20


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.rule)
def test_planted_fault_is_found_by_preview_and_check_alike(
    planted: Planted, new_workspace: NewWorkspace, gate: Gate, tmp_path: Path
) -> None:
    """By that rule alone, on that resource alone, and no secret is in what is said."""
    run = new_workspace(faults=(planted,)).preview(gate)
    assert run.code == (1 if planted.mandatory else 0), run.output
    verdicts = of_engine(run)
    level = "mandatory" if planted.mandatory else "advisory"
    assert [(verdict.policy, verdict.level) for verdict in verdicts] == [(planted.rule, level)], verdicts
    assert verdicts[0].urn.endswith(f"{planted.type}::{planted.resource}")
    assert planted.property in verdicts[0].message
    checked = check(run.digest(), tmp_path)
    assert (checked.code, both_see(checked.verdicts)) == (run.code, both_see(verdicts))
    said = f"{verdicts} {checked.report}"
    assert [secret for secret in (*SECRETS.values(), "Plain-Text-Password-1") if secret in said] == []


@pytest.mark.parametrize("planted", MISSION, ids=lambda planted: planted.rule)
def test_up_stops_at_the_preview_and_changes_nothing(
    planted: Planted, new_workspace: NewWorkspace, emulator: Emulator, gate: Gate
) -> None:
    emulator.reset()
    before = emulator.inventory()
    workspace = new_workspace(emulator, faults=(planted,))
    run = workspace.up(gate)
    assert run.code == 1, run.output
    assert planted.rule in run.stdout
    assert planted.resource in run.stdout
    assert emulator.inventory() == before
    assert "resources" not in workspace.export()["deployment"]
