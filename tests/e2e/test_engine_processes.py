"""The analyzer as a process of the engine: it leaves when it is told to, and when the engine dies."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Callable, TypeVar

import pytest
from pulumi_cli import ANALYZER, Gate, NewWorkspace, Workspace

PATIENCE_S = 60
"""How long a test waits on a busy machine. What an analyzer may take at most is the plugin tests' to say."""

T = TypeVar("T")


def wait_for(look: Callable[[], T | None], what: str) -> T:
    """The first true value of ``look``."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.01)
    raise AssertionError(f"waited {PATIENCE_S} s in vain for {what}")


def analyzer_of(workspace: Workspace) -> int | None:
    """The process id of the analyzer that an engine of this workspace started."""
    mark = f"PULUMI_BACKEND_URL={workspace.environment['PULUMI_BACKEND_URL']}".encode()
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and (folder / "exe").resolve() == ANALYZER.resolve():
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    return int(folder.name)
        except OSError:  # it ended while we looked
            continue
    return None


def is_gone(process: int) -> bool:
    """Whether a process has ended; one that only waits to be reaped has."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):  # the latter when it ends between the opening and the reading
        return True


@pytest.fixture
def running(new_workspace: NewWorkspace, gate: Gate):
    """An engine in the middle of a preview, with its analyzer."""
    workspace = new_workspace()
    engine = subprocess.Popen(
        workspace.command("preview", *gate.arguments(workspace.folder)),
        cwd=workspace.program,
        env=workspace.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield engine, wait_for(lambda: analyzer_of(workspace), "the analyzer")
    finally:
        engine.kill()
        engine.wait()


def test_analyzer_leaves_when_the_engine_is_killed(running: tuple[subprocess.Popen, int]) -> None:
    engine, analyzer = running
    engine.send_signal(signal.SIGKILL)
    engine.wait()
    wait_for(lambda: is_gone(analyzer), "the analyzer to follow its engine")


def test_analyzer_leaves_on_interrupt(running: tuple[subprocess.Popen, int]) -> None:
    _engine, analyzer = running
    os.kill(analyzer, signal.SIGINT)
    wait_for(lambda: is_gone(analyzer), "the analyzer to obey")
