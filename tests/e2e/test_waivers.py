"""Waivers in the real engine and in ``check``: the same file, the same verdicts."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from planted import PLANTED
from pulumi_cli import ANALYZER, Gate, NewWorkspace, Run, Workspace
from verdicts import check, of_engine

FAULT = next(planted for planted in PLANTED if planted.rule == "kinesis-shard-count")
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
SOON, YESTERDAY = TODAY + datetime.timedelta(days=30), TODAY - datetime.timedelta(days=1)
DIGEST = re.compile("sha256:[0-9a-f]{64}")
OWNER, REASON = "data-team", "one shard is enough until the launch"


@dataclass(frozen=True)
class WaivedPack:
    """A pack of its own, with a waiver file beside its PulumiPolicy.yaml."""

    folder: Path
    gate: Gate

    @property
    def file(self) -> Path:
        return self.folder / "waivers.yaml"


@pytest.fixture(params=["folder", "binary"])
def pack(request: pytest.FixtureRequest, tmp_path: Path) -> WaivedPack:
    folder = tmp_path / "pack"
    folder.mkdir()
    binary = shutil.copy(ANALYZER, folder)
    (folder / "PulumiPolicy.yaml").write_text(f"runtime: {{name: cpp, options: {{binary: {ANALYZER.name}}}}}\n")
    return WaivedPack(folder, Gate(folder if request.param == "folder" else Path(binary)))


@pytest.fixture
def workspace(new_workspace: NewWorkspace) -> Workspace:
    return new_workspace(faults=(FAULT,))


def entry(run: Run, tmp_path: Path) -> str:
    """The waiver file that ``waive`` writes for the planted fault."""
    preview = tmp_path / "preview.json"
    preview.write_text(run.stdout)
    command = [str(ANALYZER), "waive", FAULT.rule, FAULT.resource, str(preview)]
    command += ["--owner", OWNER, "--reason", REASON, "--expires", SOON.isoformat()]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_preview_and_check_let_a_waived_fault_pass_and_stop_it_again(
    pack: WaivedPack, workspace: Workspace, tmp_path: Path
) -> None:
    bare = workspace.preview(pack.gate)
    assert bare.code == 1, bare.output
    waived = entry(bare, tmp_path)
    cases = {
        "as granted": (waived, 0, "advisory", f"Waived until {SOON} by {OWNER} ({REASON})."),
        "expired": (waived.replace(f"{SOON}", f"{YESTERDAY}"), 1, "mandatory", f"expired on {YESTERDAY}."),
        "of another value": (DIGEST.sub("sha256:" + "0" * 64, waived), 1, "mandatory", "was granted for another value."),
    }
    for name, (text, code, level, words) in cases.items():
        pack.file.write_text(text)
        run = workspace.preview(pack.gate)
        (verdict,) = of_engine(run)
        assert (run.code, verdict.policy, verdict.level) == (code, FAULT.rule, level), name
        assert verdict.message.endswith(words), name
        checked = check(run.digest(), tmp_path, "--waivers", str(pack.file), "--skip", "required-outputs")
        assert (checked.code, checked.verdicts) == (code, [verdict]), name


def test_a_waiver_that_matches_nothing_is_told_and_stops_nothing(
    pack: WaivedPack, workspace: Workspace, new_workspace: NewWorkspace, tmp_path: Path
) -> None:
    pack.file.write_text(entry(workspace.preview(), tmp_path))
    run = new_workspace().preview(pack.gate).ok()
    (verdict,) = of_engine(run)
    assert (verdict.policy, verdict.level) == (FAULT.rule, "advisory")
    assert verdict.message == f"The waiver of {OWNER} (waivers.yaml:2) matches nothing; remove it."
    checked = check(run.digest(), tmp_path, "--waivers", str(pack.file))
    assert [waiver["state"] for waiver in checked.report["waivers"]] == ["unmatched"]


def test_a_bad_file_stops_the_preview_and_names_the_line(pack: WaivedPack, workspace: Workspace) -> None:
    pack.file.write_text("waivers:\n- rule: kinesis-shard-cuont\n")
    run = workspace.preview(pack.gate)
    assert run.code not in (0, None)
    assert f'{pack.file}:2: "kinesis-shard-cuont" is no guardrail; did you mean "kinesis-shard-count"?' in run.output


def test_a_rule_that_allows_no_waivers_stops_the_preview_all_the_same(
    pack: WaivedPack, workspace: Workspace, tmp_path: Path
) -> None:
    pack.file.write_text(entry(workspace.preview(), tmp_path))
    strict = Gate(pack.gate.pack, {FAULT.rule: {"enforcementLevel": "mandatory", "waivable": False}})
    run = workspace.preview(strict)
    (verdict,) = of_engine(run)
    assert (run.code, verdict.level) == (1, "mandatory")
    assert verdict.message.endswith(f"does not count: the policy configuration allows none from {FAULT.rule}.")
