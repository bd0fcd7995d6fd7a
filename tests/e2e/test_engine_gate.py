"""The gate in the real engine on the whole FastCart stack; ``check`` says of every form what the engine got."""

from __future__ import annotations

from pathlib import Path

import pytest
from moto_server import Emulator
from planted import PLANTED
from pulumi_cli import ANALYZER, SECRETS, Gate, NewWorkspace, Run, Workspace
from verdicts import both_see, check, of_engine, rules

BY_RULE = {planted.rule: planted for planted in PLANTED}


def passed_rules(run: Run) -> set[str]:
    """The rules that the engine counts as passed for at least one resource, or for the stack."""
    kinds = ("policyAnalyzeSummaryEvent", "policyAnalyzeStackSummaryEvent")
    return {name for kind in kinds for event in run.of_kind(kind) for name in event.get("passed") or []}


@pytest.fixture(scope="module")
def ungated(new_workspace: NewWorkspace) -> Run:
    """A preview without the pack."""
    return new_workspace().preview().ok()


@pytest.fixture(scope="module")
def deployment(new_workspace: NewWorkspace, emulator: Emulator) -> tuple[Workspace, Run]:
    """The compliant stack, running, and the update that made it."""
    workspace = new_workspace(emulator)
    return workspace, workspace.up(Gate(ANALYZER), "--skip-preview").ok()


@pytest.fixture(scope="module")
def deployed(deployment: tuple[Workspace, Run]) -> Workspace:
    """The compliant stack, running."""
    return deployment[0]


def _lines(digest: dict) -> list[str]:
    return sorted(diagnostic["message"] for diagnostic in digest.get("diagnostics", []))


def test_preview_of_the_stack_passes_without_a_word_and_check_says_the_same(
    new_workspace: NewWorkspace, either_gate: Gate, ungated: Run, tmp_path: Path
) -> None:
    run = new_workspace().preview(either_gate).ok()
    assert of_engine(run) == []
    assert _lines(run.digest()) == _lines(ungated.digest())
    checked = check(run.digest(), tmp_path)
    assert (checked.code, both_see(checked.verdicts)) == (0, [])


class TestDeployedStack:
    """Verdicts on what runs: the update's, and those of ``check`` on what Pulumi exports.

    Deployed through the bare executable; test_deploy.py has the same through the launcher.
    """

    def test_update_passes_every_rule(self, deployment: tuple[Workspace, Run]) -> None:
        assert of_engine(deployment[1]) == []
        assert rules() <= passed_rules(deployment[1])

    def test_check_finds_nothing_in_the_export(self, deployed: Workspace, tmp_path: Path) -> None:
        export = deployed.export()
        checked = check(export, tmp_path)
        assert (checked.code, checked.verdicts) == (0, [])
        assert [secret for secret in SECRETS.values() if secret in str(export)] == []

    def test_check_finds_nothing_in_the_file_of_the_state_backend(self, deployed: Workspace, tmp_path: Path) -> None:
        checkpoint = deployed.folder / "state" / ".pulumi" / "stacks" / "fastcart" / "dev.json"
        checked = check(checkpoint.read_text(), tmp_path)
        assert (checked.code, checked.verdicts) == (0, [])

    def test_check_finds_no_violation_in_the_event_log(
        self, deployment: tuple[Workspace, Run], tmp_path: Path
    ) -> None:
        checked = check(deployment[1].event_log, tmp_path)
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


DEPLOYABLE = (
    "shared-cmk",
    "ecs-private-subnets",
    "rds-encryption",
    "kinesis-shard-count",
    "ecs-task-count",
    "security-group-least-privilege",
    "rds-operations",
    "log-group-encryption",
    "required-alarms",
    "ecr-repository",
    "kms-key-rotation",
    "iam-least-privilege",
    "required-tags",
    "required-outputs",
)
"""Faults that the emulator accepts together."""


def test_faulty_stack_gets_the_same_verdicts_in_every_form(
    new_workspace: NewWorkspace, emulator: Emulator, gate: Gate, tmp_path: Path
) -> None:
    """In the same words, although the first preview knows no id and no ARN, and the state all of them."""
    emulator.reset()
    workspace = new_workspace(emulator, faults=tuple(BY_RULE[rule] for rule in DEPLOYABLE))
    advice = Gate(gate.pack, {"all": "advisory"})
    before = of_engine(workspace.preview(advice).ok())
    update = of_engine(workspace.up(advice, "--skip-preview").ok())
    after = of_engine(workspace.preview(advice, "--show-sames").ok())
    analyzed = of_engine(workspace.analyze(advice).ok())
    exported = check(workspace.export(), tmp_path, "--policy-config", str(workspace.folder / "policy-config.json"))
    assert {verdict.policy for verdict in update} == set(DEPLOYABLE)
    assert before == update == after == analyzed == exported.verdicts
