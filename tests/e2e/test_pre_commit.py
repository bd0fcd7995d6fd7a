"""The hooks of .pre-commit-hooks.yaml, run by pre-commit from a clone of this repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from planted import PLANTED, apply, copy_stack
from pulumi_cli import ANALYZER, ROOT

FEW_SHARDS = next(planted for planted in PLANTED if planted.rule == "kinesis-shard-count")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Somebody's repository."""
    folder = tmp_path / "repository"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder


def run_hook(hook: str, repository: Path) -> subprocess.CompletedProcess[str]:
    """Stage everything and run one hook of this repository."""
    subprocess.run(["git", "add", "--all"], cwd=repository, check=True)
    path = os.pathsep.join([str(ANALYZER.parent), str(Path(sys.prefix) / "bin"), os.environ["PATH"]])
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), hook, "--all-files", "--verbose"],
        cwd=repository,
        env={**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(repository.parent / "cache"), "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("faulty", [False, True], ids=["good", "faulty"])
def test_committed_json_is_judged(faulty: bool, repository: Path, tmp_path: Path) -> None:
    program = copy_stack(tmp_path / "stack")
    if faulty:
        apply(FEW_SHARDS, program)
    render = [sys.executable, "-m", "offline", "--output", repository / "pulumi-stack.json"]
    subprocess.run(render, cwd=program, check=True, capture_output=True)
    (repository / "package.json").write_text("{}")
    done = run_hook("fastcart-guardrails", repository)
    assert done.returncode == (1 if faulty else 0), done.stdout + done.stderr
    assert ("kinesis-shard-count" in done.stdout) == faulty
    assert "package.json" not in done.stdout, "it is not Pulumi's"


@pytest.mark.parametrize("faulty", [False, True], ids=["good", "faulty"])
def test_the_stack_is_rendered_and_judged(faulty: bool, repository: Path) -> None:
    copy_stack(repository / "stack")
    if faulty:
        apply(FEW_SHARDS, repository / "stack")
    done = run_hook("fastcart-stack", repository)
    assert done.returncode == (1 if faulty else 0), done.stdout + done.stderr
    assert ("kinesis-shard-count" in done.stdout) == faulty
