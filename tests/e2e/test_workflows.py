"""The workflows for GitHub and GitLab: sound, careful, and running only what is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from pulumi_cli import ROOT

GITHUB = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = ROOT / "docs" / "ci" / "gitlab-ci.yml"
PACKAGED = "/usr/share/fastcart-guardrails/ci/"


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
    faulty = tmp_path / "gate.yml"
    faulty.write_text((ROOT / ".github/workflows/gate.yml").read_text().replace("inputs.stack }}", "inputs.stak }}"))
    done = lint(actionlint, faulty)
    assert done.returncode == 1
    assert "stak" in done.stdout


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


@pytest.mark.parametrize("file", [ROOT / ".github/workflows/gate.yml", GITLAB], ids=lambda file: file.name)
def test_only_scripts_of_the_package_are_run(file: Path) -> None:
    used = set(re.findall(re.escape(PACKAGED) + r"(\S+)", file.read_text()))
    assert used == {"gate", "comment"}
    for name in used:
        assert (ROOT / "scripts" / "ci" / name).stat().st_mode & 0o111


def test_gitlab_job_keeps_the_reports_that_gitlab_shows() -> None:
    (job,) = yaml.safe_load(GITLAB.read_text()).values()
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"] == {"junit": "reports/junit.xml", "codequality": "reports/gitlab.json"}
    assert any(line.endswith('"$CI_PROJECT_DIR/reports" --stack "$STACK"') for line in job["script"])


def test_ci_runs_every_stage() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    run = (ROOT / ".ci/run").read_text()
    stages = re.findall(r"^stage_([\w-]+)\(\)", run, re.MULTILINE)
    matrix = workflow["jobs"]["stage"]["strategy"]["matrix"]["stage"]
    assert re.findall(r"stages=\((\w.*)\)", run) == [" ".join(matrix)]
    assert sorted(matrix) == sorted(stages)
