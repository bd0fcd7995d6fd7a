"""``make deploy-local`` brings the platform up, says how to talk to it, and leaves nothing when it is interrupted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest
from pulumi_cli import ROOT

DEPLOY_LOCAL = ROOT / "tests" / "e2e" / "deploy_local.py"
PROMPT = "In another terminal:\n"


@pytest.fixture
def running() -> Iterator[tuple[subprocess.Popen, str]]:
    """The program when everything is up, and what it has printed so far."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "FASTCART_"))}
    command = [sys.executable, "-u", str(DEPLOY_LOCAL)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        said = ""
        while "\n\n" not in said.partition(PROMPT)[2]:
            line = process.stdout.readline()
            assert line, said
            said += line
        yield process, said
        process.kill()


def test_it_deploys_gated_prints_the_outputs_can_be_tested_and_ends(running: tuple[subprocess.Popen, str]) -> None:
    process, said = running
    assert "fastcart-guardrails@v" in said
    documented = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "outputs.md").read_text(), re.MULTILINE)
    assert [name for name in documented if not re.search(rf"^  {name} +\S", said, re.MULTILINE)] == []

    commands = [line.strip() for line in said[said.index(PROMPT) :].splitlines()[1:]]
    tested = subprocess.run(["bash", "-ec", "\n".join(commands)], capture_output=True, text=True, cwd=ROOT, check=False)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert re.search(r"^\d+ passed in", tested.stdout, re.MULTILINE)

    outputs = Path(re.search(r"FASTCART_OUTPUTS=(\S+)", said)[1])
    assert outputs.exists()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    assert not outputs.exists()
