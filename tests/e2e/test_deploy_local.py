"""``make deploy-local`` brings the platform up, says how to talk to it, and leaves nothing when it is interrupted."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator

import pytest
from pulumi_cli import ROOT

DEPLOY_LOCAL = ROOT / "tests" / "e2e" / "deploy_local.py"
PROMPT = "In another terminal:\n"

PATIENCE_S = 30
"""How long plugins may take to see that their engine is gone, on a machine that does much else."""

Running = tuple[subprocess.Popen, Path]
"""The program, and the folder for temporary files that it was given."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """The program as a terminal starts it, in a process group of its own."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "FASTCART_"))}
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with subprocess.Popen(
        [sys.executable, "-u", str(DEPLOY_LOCAL)],
        stdout=subprocess.PIPE,
        text=True,
        env={**environment, "TMPDIR": str(temporary)},
        start_new_session=True,
    ) as process:
        yield process, temporary
        process.kill()


def read_until(process: subprocess.Popen, pattern: str) -> str:
    """What the program has printed when it has printed this."""
    said = ""
    while not re.search(pattern, said):
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def left(temporary: Path) -> list[str]:
    """The files in that folder, and the processes that work in it even after the time that they get to notice."""
    for _ in range(PATIENCE_S):
        if not running_in(temporary):
            break
        time.sleep(1)
    return [*map(str, temporary.iterdir()), *running_in(temporary)]


def running_in(temporary: Path) -> list[str]:
    """The processes that work in that folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(temporary).encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:  # it ended, or is somebody else's
            continue
    return found


def test_it_deploys_gated_prints_the_outputs_can_be_tested_and_ends(running: Running) -> None:
    process, temporary = running
    said = read_until(process, rf"{PROMPT}\n(.+\n)+\n")
    assert "fastcart-guardrails@v" in said
    documented = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "outputs.md").read_text(), re.MULTILINE)
    assert [name for name in documented if not re.search(rf"^  {name} +\S", said, re.MULTILINE)] == []

    commands = [line.strip() for line in said[said.index(PROMPT) :].splitlines()[1:]]
    tested = subprocess.run(["bash", "-ec", "\n".join(commands)], capture_output=True, text=True, cwd=ROOT, check=False)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert re.search(r"^\d+ passed in", tested.stdout, re.MULTILINE)

    os.killpg(process.pid, signal.SIGINT)
    assert "nothing is left" in process.stdout.read()
    assert process.wait(timeout=120) == 0
    assert left(temporary) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupt_in_the_middle_leaves_nothing_either(running: Running, number: signal.Signals) -> None:
    process, temporary = running
    read_until(process, r"Updating \(dev\)")
    os.killpg(process.pid, number)
    assert "nothing is left" in process.stdout.read()
    assert process.wait(timeout=120) == 130
    assert left(temporary) == []


def test_without_go_it_says_so_at_once(tmp_path: Path) -> None:
    for tool in ("awk", "bash", "cat", "cut", "dirname", "make", "nproc", "sha256sum"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(
        ["make", "deploy-local"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Go is missing: install Go 1.25 or newer (https://go.dev/dl)" in done.stderr
