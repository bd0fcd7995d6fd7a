"""Runs of ``tests/integration``: as a user starts them, and one after another in one process, which is quicker.

The process is this file: for each path of an outputs file on a line of stdin, it runs the tests and prints their
outcomes as a line of JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest

INTEGRATION = Path(__file__).resolve().parents[1] / "integration"

Outcomes = dict[str, str]
"""By the end of the test's node id: passed, failed or skipped."""


def by_command(outputs: Path, environment: dict[str, str]) -> subprocess.CompletedProcess:
    """``pytest tests/integration``, with these AWS settings and no others."""
    command = [sys.executable, "-m", "pytest", "-rs", "-q", "-p", "no:cacheprovider", str(INTEGRATION)]
    environment = {**_without_aws(), **environment, "FASTCART_OUTPUTS": str(outputs)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


class IntegrationTests:
    """The process."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process

    def run(self, outputs: Path) -> Outcomes:
        """The outcome of every test on these outputs."""
        self._process.stdin.write(f"{outputs}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextlib.contextmanager
def in_one_process(environment: dict[str, str]) -> Iterator[IntegrationTests]:
    """The tests, ready to run, with these AWS settings and no others."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, __file__], env={**_without_aws(), **environment}, **pipes) as process:
        yield IntegrationTests(process)
        process.stdin.close()


def _without_aws() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "FASTCART_", "PYTEST_"))}


class _Recorder:
    """A pytest plugin that keeps the outcomes."""

    def __init__(self) -> None:
        self.outcomes: Outcomes = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test counts as what its worst phase was."""
        name = report.nodeid.rsplit("::", 1)[-1]
        if report.when == "call" or not report.passed:
            self.outcomes[name] = report.outcome


def _serve() -> None:
    for line in sys.stdin:
        os.environ["FASTCART_OUTPUTS"] = line.strip()
        recorder = _Recorder()
        with contextlib.redirect_stdout(io.StringIO()):
            pytest.main(["-q", "-p", "no:cacheprovider", str(INTEGRATION)], plugins=[recorder])
        print(json.dumps(recorder.outcomes), flush=True)


if __name__ == "__main__":
    _serve()
