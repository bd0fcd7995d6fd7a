"""The gate in the real engine: what passes, what is stopped, and that ``check`` says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from moto_server import Emulator
from planted import MISSION, PLANTED, Planted
from pulumi_cli import SECRETS, Gate, NewWorkspace, Run, Workspace
from verdicts import Verdict, check, of_engine, rules

BY_RULE = {planted.rule: planted for planted in PLANTED}

JUDGED = [planted for planted in PLANTED if planted in MISSION or planted.rule in rules()]
"""The faults that the pack as built can find: the mission's always, a platform rule's as soon as it is in the pack."""


UNSEEN_IN_A_PREVIEW_FILE = {"required-outputs"}
"""Rules on what ``pulumi preview --json`` leaves out, the stack's outputs: the engine knows, the file cannot say."""


def passed_rules(run: Run) -> set[str]:
    """The rules that the engine counts as passed for at least one resource, or for the stack."""
    kinds = ("policyAnalyzeSummaryEvent", "policyAnalyzeStackSummaryEvent")
    return {name for kind in kinds for event in run.of_kind(kind) for name in event.get("passed") or []}


def both_see(verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts that the engine and a preview's file can agree on."""
    return [verdict for verdict in verdicts if verdict.policy not in UNSEEN_IN_A_PREVIEW_FILE]


def same_rule_and_resource(verdict: Verdict, planted: Planted) -> bool:
    """Whether a verdict is on what was planted."""
    named = verdict.urn.endswith(f"{planted.type}::{planted.resource}")
    return verdict.policy == planted.rule and named


class TestCompliantStack:
    """The stack as it is."""

    def test_preview_passes_without_a_word(self, new_workspace: NewWorkspace, either_gate: Gate) -> None:
        run = new_workspace().preview(either_gate).ok()
        assert of_engine(run) == []

    def test_nothing_extra_is_printed(self, new_workspace: NewWorkspace, either_gate: Gate) -> None:
        with_gate, without = new_workspace().preview(either_gate), new_workspace().preview()
        assert _lines(with_gate.digest()) == _lines(without.digest())

    def test_up_passes_every_rule(self, new_workspace: NewWorkspace, emulator: Emulator, either_gate: Gate) -> None:
        emulator.reset()
        run = new_workspace(emulator).up(either_gate).ok()
        assert of_engine(run) == []
        assert {planted.rule for planted in JUDGED} <= passed_rules(run)
        assert emulator.client("kinesis").list_streams()["StreamNames"] == ["fastcart-orders-dev"]

    def test_check_says_the_same_of_the_preview(
        self, new_workspace: NewWorkspace, gate: Gate, tmp_path: Path
    ) -> None:
        run = new_workspace().preview(gate)
        checked = check(run.digest(), tmp_path)
        assert (checked.code, both_see(checked.verdicts)) == (0, both_see(of_engine(run)))


def _lines(digest: dict) -> list[str]:
    return sorted(diagnostic["message"] for diagnostic in digest.get("diagnostics", []))


@pytest.mark.parametrize("planted", JUDGED, ids=lambda planted: planted.rule)
def test_planted_fault_is_found_by_preview_and_check_alike(
    planted: Planted, new_workspace: NewWorkspace, gate: Gate, tmp_path: Path
) -> None:
    run = new_workspace(faults=(planted,)).preview(gate)
    verdicts = of_engine(run)
    assert run.code == (1 if planted.mandatory else 0), run.output
    assert [verdict for verdict in verdicts if same_rule_and_resource(verdict, planted)], verdicts
    assert {verdict.policy for verdict in verdicts} == {planted.rule}
    checked = check(run.digest(), tmp_path)
    assert (checked.code, both_see(checked.verdicts)) == (run.code, both_see(verdicts))


@pytest.fixture(scope="module")
def deployed(new_workspace: NewWorkspace, emulator: Emulator, gate: Gate) -> Workspace:
    """The compliant stack, running."""
    emulator.reset()
    workspace = new_workspace(emulator)
    workspace.up(gate).ok()
    return workspace


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


def test_skip_preview_stops_the_update_before_the_resource_is_touched(
    new_workspace: NewWorkspace, emulator: Emulator, gate: Gate
) -> None:
    emulator.reset()
    run = new_workspace(emulator, faults=(BY_RULE["kinesis-shard-count"],)).up(gate, "--skip-preview")
    assert run.code == 1, run.output
    assert {verdict.policy for verdict in of_engine(run)} == {"kinesis-shard-count"}
    assert emulator.client("kinesis").list_streams()["StreamNames"] == []


def test_violation_is_shown_to_the_user(new_workspace: NewWorkspace, gate: Gate) -> None:
    planted = BY_RULE["kinesis-shard-count"]
    workspace = new_workspace(faults=(planted,))
    run = workspace.run("preview", *gate.arguments(workspace.folder))
    assert run.code == 1
    assert "[mandatory]" in run.stdout
    assert f"kinesis-shard-count  (aws:kinesis:Stream: {planted.resource})" in run.stdout
    assert "shardCount" in run.stdout


class TestPolicyConfig:
    """``--policy-pack-config`` changes levels and values."""

    def test_a_value_makes_a_rule_stricter(self, new_workspace: NewWorkspace, gate: Gate, tmp_path: Path) -> None:
        strict = Gate(gate.pack, {"kinesis-shard-count": {"enforcementLevel": "mandatory", "minimum": 4}})
        run = new_workspace().preview(strict)
        assert run.code == 1
        (verdict,) = of_engine(run)
        assert verdict.policy == "kinesis-shard-count"
        assert "4" in verdict.message

    def test_a_level_makes_a_rule_advice(self, new_workspace: NewWorkspace, gate: Gate) -> None:
        mild = Gate(gate.pack, {"kinesis-shard-count": "advisory"})
        run = new_workspace(faults=(BY_RULE["kinesis-shard-count"],)).preview(mild)
        assert run.code == 0
        assert [verdict.level for verdict in of_engine(run)] == ["advisory"]

    def test_a_disabled_rule_is_silent(self, new_workspace: NewWorkspace, gate: Gate) -> None:
        without = Gate(gate.pack, {"kinesis-shard-count": "disabled"})
        run = new_workspace(faults=(BY_RULE["kinesis-shard-count"],)).preview(without)
        assert (run.code, of_engine(run)) == (0, [])

    def test_check_takes_the_same_file(self, new_workspace: NewWorkspace, gate: Gate, tmp_path: Path) -> None:
        strict = Gate(gate.pack, {"kinesis-shard-count": {"enforcementLevel": "mandatory", "minimum": 4}})
        workspace = new_workspace()
        run = workspace.preview(strict)
        checked = check(run.digest(), tmp_path, "--policy-config", str(workspace.folder / "policy-config.json"))
        assert (checked.code, both_see(checked.verdicts)) == (run.code, both_see(of_engine(run)))

    def test_a_wrong_value_is_refused_with_the_rule_and_the_key(
        self, new_workspace: NewWorkspace, gate: Gate
    ) -> None:
        wrong = Gate(gate.pack, {"kinesis-shard-count": {"enforcementLevel": "mandatory", "minimum": "many"}})
        run = new_workspace().preview(wrong)
        assert run.code != 0
        assert "kinesis-shard-count" in run.output
        assert "minimum" in run.output


class TestDeployedStack:
    """Verdicts on what runs: the update's, and those of ``check`` on what Pulumi exports."""

    def test_check_finds_nothing_in_the_export(self, deployed: Workspace, tmp_path: Path) -> None:
        checked = check(deployed.export(), tmp_path)
        assert (checked.code, checked.verdicts) == (0, [])

    def test_check_finds_nothing_in_the_file_of_the_state_backend(self, deployed: Workspace, tmp_path: Path) -> None:
        checkpoint = deployed.folder / "state" / ".pulumi" / "stacks" / "fastcart" / "dev.json"
        checked = check(checkpoint.read_text(), tmp_path)
        assert (checked.code, checked.verdicts) == (0, [])

    def test_check_finds_no_violation_in_the_event_log(
        self, deployed: Workspace, gate: Gate, tmp_path: Path
    ) -> None:
        checked = check(deployed.up(gate, "--skip-preview").event_log, tmp_path)
        assert (checked.code, checked.report["violations"]) == (0, [])

    def test_secrets_of_an_export_that_shows_them_are_not_repeated(
        self, deployed: Workspace, tmp_path: Path
    ) -> None:
        export = deployed.export("--show-secrets")
        assert all(secret in str(export) for secret in SECRETS.values())
        report = str(check(export, tmp_path).report)
        assert not [secret for secret in SECRETS.values() if secret in report]

    def test_check_finds_nothing_in_a_preview_of_everything(
        self, deployed: Workspace, gate: Gate, tmp_path: Path
    ) -> None:
        run = deployed.preview(gate, "--show-sames")
        checked = check(run.digest(), tmp_path)
        assert (run.code, of_engine(run)) == (0, [])
        assert (checked.code, both_see(checked.verdicts)) == (0, [])

    def test_faulty_stack_gets_the_same_verdicts_in_its_update_its_export_and_its_next_preview(
        self, new_workspace: NewWorkspace, emulator: Emulator, gate: Gate, tmp_path: Path
    ) -> None:
        emulator.reset()
        faults = tuple(BY_RULE[rule] for rule in ("shared-cmk", "kinesis-shard-count", "ecs-task-count"))
        workspace = new_workspace(emulator, faults=faults)
        advice = Gate(gate.pack, {"all": "advisory"})
        run = workspace.up(advice, "--skip-preview").ok()
        checked = check(workspace.export(), tmp_path, "--policy-config", str(workspace.folder / "policy-config.json"))
        verdicts = of_engine(run)
        assert {verdict.policy for verdict in verdicts} == {fault.rule for fault in faults}
        assert checked.verdicts == verdicts
        assert of_engine(workspace.preview(advice)) == verdicts


def test_no_secret_reaches_events_or_reports(
    new_workspace: NewWorkspace, gate: Gate, tmp_path: Path
) -> None:
    run = new_workspace(faults=(BY_RULE["database-credentials"],)).preview(gate)
    checked = check(run.digest(), tmp_path)
    said = "\n".join([*(verdict.message for verdict in of_engine(run)), str(checked.report)])
    for secret in (*SECRETS.values(), "Plain-Text-Password-1"):
        assert secret not in said
