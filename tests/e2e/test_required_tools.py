"""Without Go and a Pulumi CLI: one line that says why and what to do, and no pass where the tests are required."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pulumi_cli import BUILD_TOOLS, ROOT

TOOLS = ("awk", "bash", "cat", "cut", "dirname", "env", "sha256sum")
"""What the build script uses before it needs Go."""


@pytest.fixture
def without_go(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine without Go on which nothing was built yet."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool))
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("FASTCART_", "PYTEST_"))}
    return {**kept, "PATH": str(folder), "XDG_CACHE_HOME": str(tmp_path / "cache")}


def end_to_end_tests(environment: dict[str, str]) -> subprocess.CompletedProcess:
    """A run of some of them."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/e2e/test_engine_gate.py"]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)


def test_build_says_what_to_install(without_go: dict[str, str]) -> None:
    done = subprocess.run([str(BUILD_TOOLS)], capture_output=True, text=True, env=without_go, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert "install Go" in line and "https://go.dev/dl" in line


def test_tests_are_skipped_with_the_reason_and_the_remedy(without_go: dict[str, str]) -> None:
    done = end_to_end_tests(without_go)
    assert done.returncode == 0, done.stdout
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("end-to-end tests skipped")]
    assert "install Go (https://go.dev/dl), then run `make e2e`" in line
    assert "passed" not in done.stdout


def test_they_are_refused_where_they_are_required(without_go: dict[str, str]) -> None:
    done = end_to_end_tests({**without_go, "FASTCART_REQUIRE_E2E": "1"})
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "required" in done.stderr and "install Go" in done.stderr
