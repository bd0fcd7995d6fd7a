"""The platform's life on the emulator: deployed through the gate, changed, refused, refreshed, tested, drifted.

The tests share one deployed stack, in the order of this file.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import pytest
from drifts import DRIFTS, Drift, remove_a_shard
from integration_runs import IntegrationTests, by_command, in_one_process
from moto_server import Emulator
from planted import MISSION, Planted, apply
from pulumi_cli import ROOT, SECRETS, Gate, NewWorkspace, Workspace
from verdicts import of_engine


@pytest.fixture(scope="module")
def deployed(new_workspace: NewWorkspace, emulator: Emulator, gate: Gate) -> Workspace:
    """The stack, deployed through the gate."""
    workspace = new_workspace(emulator)
    workspace.up(gate).ok()
    return workspace


@pytest.fixture(scope="module")
def outputs_file(deployed: Workspace) -> Path:
    """The outputs file, written by the documented command."""
    file = deployed.folder / "flat-outputs.json"
    shown = deployed.pulumi("stack", "output", "--json").stdout
    subprocess.run(
        [sys.executable, "-m", "fastcart.flat_outputs", "--output", str(file)],
        input=shown,
        cwd=deployed.program,
        text=True,
        check=True,
    )
    return file


ONE_BY_ONE = tuple(planted for planted in MISSION if planted.rule != "shared-cmk")
"""Faults of which the engine asks resource by resource. Which key is shared, it asks when everything is deployed."""


@contextmanager
def with_fault(planted: Planted, workspace: Workspace) -> Iterator[None]:
    """The program with a fault, and repaired afterwards."""
    file = workspace.program / planted.file
    text = file.read_text()
    apply(planted, workspace.program)
    try:
        yield
    finally:
        file.write_text(text)


@pytest.mark.parametrize("planted", ONE_BY_ONE, ids=lambda planted: planted.rule)
def test_update_of_a_faulty_change_stops_before_the_resource_is_touched(
    planted: Planted, deployed: Workspace, emulator: Emulator, gate: Gate
) -> None:
    before = emulator.inventory()
    with with_fault(planted, deployed):
        run = deployed.up(gate, "--skip-preview")
    assert run.code == 1, run.output
    assert {verdict.policy for verdict in of_engine(run)} == {planted.rule}
    assert run.changed("resOutputsEvent") == {}
    assert emulator.inventory() == before


def test_faulty_change_of_what_runs_stops_at_the_preview(deployed: Workspace, emulator: Emulator, gate: Gate) -> None:
    (planted,) = [planted for planted in MISSION if planted.rule == "kinesis-shard-count"]
    with with_fault(planted, deployed):
        run = deployed.up(gate)
    assert run.code == 1, run.output
    assert "Updating (dev)" not in run.stdout
    stream = emulator.client("kinesis").describe_stream_summary(StreamName="fastcart-orders-dev")
    assert stream["StreamDescriptionSummary"]["OpenShardCount"] == 2


def test_second_up_changes_nothing(deployed: Workspace, gate: Gate) -> None:
    run = deployed.up(gate).ok()
    assert run.changed() == {}


def test_refresh_finds_no_drift(deployed: Workspace) -> None:
    run = deployed.pulumi("refresh", "--yes", "--expect-no-changes")
    assert "unchanged" in run.stdout


def test_shard_count_is_updated_in_place(deployed: Workspace, emulator: Emulator, gate: Gate) -> None:
    deployed.set("fastcart:streamShardCount", "3")
    run = deployed.up(gate, "--skip-preview").ok()
    assert run.changed() == {"fastcart-orders-dev": "update"}
    stream = emulator.client("kinesis").describe_stream_summary(StreamName="fastcart-orders-dev")
    assert stream["StreamDescriptionSummary"]["OpenShardCount"] == 3


def test_alarm_threshold_is_updated_in_place(deployed: Workspace, emulator: Emulator, gate: Gate) -> None:
    deployed.set("fastcart:alarmIteratorAgeMs", "45000")
    run = deployed.up(gate, "--skip-preview").ok()
    assert run.changed() == {"fastcart-iterator-age-dev": "update"}
    (alarm,) = emulator.client("cloudwatch").describe_alarms(AlarmNames=["fastcart-iterator-age-dev"])["MetricAlarms"]
    assert alarm["Threshold"] == 45000


class TestOutputs:
    """``cfn-outputs/flat-outputs.json``: documented, exported and written are the same."""

    def test_documented_exported_and_written_names_are_the_same(self, deployed: Workspace, outputs_file: Path) -> None:
        documented = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "outputs.md").read_text(), re.MULTILINE))
        exported = set(deployed.pulumi("stack", "output", "--json").digest())
        written = set(json.loads(outputs_file.read_text()))
        assert documented == exported == written

    def test_values_are_flat_and_sorted_by_name(self, outputs_file: Path) -> None:
        outputs = json.loads(outputs_file.read_text())
        assert list(outputs) == sorted(outputs)
        for value in outputs.values():
            members = value if isinstance(value, list) else [value]
            assert all(isinstance(member, (str, int, float)) for member in members)

    def test_no_secret_is_written(self, outputs_file: Path) -> None:
        text = outputs_file.read_text()
        assert not [secret for secret in SECRETS.values() if secret in text]


@pytest.fixture(scope="module")
def tests(emulator: Emulator) -> Iterator[IntegrationTests]:
    """The tests, to be run again and again."""
    with in_one_process(emulator.environment()) as running:
        yield running


class TestIntegrationTests:
    """``tests/integration`` on the deployed stack. Where there is none: ``test_integration_skips.py``."""

    def test_all_of_them_pass(self, outputs_file: Path, emulator: Emulator) -> None:
        done = by_command(outputs_file, emulator.environment())
        assert done.returncode == 0, done.stdout
        assert re.fullmatch(r"\d+ passed in .*", done.stdout.splitlines()[-1])

    @pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.name)
    def test_drift_is_noticed_by_the_right_ones(
        self, drift: Drift, tests: IntegrationTests, emulator: Emulator, outputs_file: Path, tmp_path: Path
    ) -> None:
        outputs = json.loads(outputs_file.read_text())
        undo = drift.plant(emulator, outputs)
        seen = tmp_path / "outputs.json"
        seen.write_text(json.dumps(outputs))
        try:
            outcomes = tests.run(seen)
        finally:
            undo()
        assert {name for name, outcome in outcomes.items() if outcome != "passed"} == drift.noticed_by

    def test_each_of_them_notices_some_drift(self, tests: IntegrationTests, outputs_file: Path) -> None:
        """And all drifts are undone: they pass again."""
        outcomes = tests.run(outputs_file)
        assert set(outcomes.values()) == {"passed"}
        assert set(outcomes) == frozenset().union(*(drift.noticed_by for drift in DRIFTS))


def test_refresh_brings_drift_into_the_state_and_up_repairs_it(
    deployed: Workspace, emulator: Emulator, outputs_file: Path, gate: Gate
) -> None:
    remove_a_shard(emulator, json.loads(outputs_file.read_text()))
    deployed.pulumi("refresh", "--yes")
    run = deployed.up(gate).ok()
    assert run.changed() == {"fastcart-orders-dev": "update"}


def test_renamed_stream_is_replaced_and_everything_that_names_it_follows(
    deployed: Workspace, emulator: Emulator, gate: Gate
) -> None:
    program = deployed.program / "fastcart" / "streaming.py"
    program.write_text(program.read_text().replace('name=names.of("orders")', 'name=names.of("orders-v2")'))
    run = deployed.up(gate, "--skip-preview").ok()
    done = run.changed()
    assert {name for name, operation in done.items() if operation == "update"} == {
        "fastcart-iterator-age-dev",
        "fastcart-service-dev",
        "fastcart-task-policy-dev",
        "fastcart-throttled-writes-dev",
    }
    assert {name for name, operation in done.items() if operation != "update"} == {
        "fastcart-orders-dev",
        "fastcart-task-dev",
    }
    assert emulator.client("kinesis").list_streams()["StreamNames"] == ["fastcart-orders-v2-dev"]
