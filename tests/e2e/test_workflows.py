"""The GitHub workflows: sound, careful, and running only what is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from pulumi_cli import ROOT

GITHUB = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.fixture(scope="session")
def actionlint() -> Path:
    """The linter, built once."""
    built = subprocess.run([ROOT / "tests/e2e/tools/lint"], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return Path(built.stdout.strip())


def lint(actionlint: Path, file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([actionlint, "-no-color", file], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("workflow", GITHUB, ids=lambda file: file.name)
def test_actionlint_has_nothing_to_say(workflow: Path, actionlint: Path) -> None:
    done = lint(actionlint, workflow)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_actionlint_says_something_of_a_fault(actionlint: Path, tmp_path: Path) -> None:
    faulty = tmp_path / "ci.yml"
    faulty.write_text((ROOT / ".github/workflows/ci.yml").read_text().replace("matrix.stage }}", "matrix.stag }}"))
    done = lint(actionlint, faulty)
    assert done.returncode == 1
    assert "stag" in done.stdout


@pytest.mark.parametrize("workflow", GITHUB, ids=lambda file: file.name)
def test_actions_are_pinned_and_permissions_named(workflow: Path) -> None:
    document = yaml.safe_load(workflow.read_text())
    assert document["permissions"] == {"contents": "read"}
    for job in document["jobs"].values():
        assert "write-all" not in str(job.get("permissions"))
        for step in job["steps"]:
            if "uses" in step:
                assert re.search(r"@v\d+\.\d+\.\d+$", step["uses"]), step["uses"]
            assert not re.search(r"\$\{\{", step.get("run", "")), "an expression in a script can be an injection"


def test_ci_knows_every_stage() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    stages = set(re.findall(r"^stage_([\w-]+)\(\)", (ROOT / ".ci/run").read_text(), re.MULTILINE))
    assert set(workflow["jobs"]["stage"]["strategy"]["matrix"]["stage"]) <= stages
