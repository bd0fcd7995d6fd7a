"""docs/deploying.md works: its commands, in its order, from the launcher to the destroyed stack."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from moto_server import Emulator
from planted import copy_stack
from pulumi_cli import ROOT, SECRETS, Toolbox, Workspace

PAGE = ROOT / "docs" / "deploying.md"

FIRST_SECTION = "## 3."
"""Before it: tools, credentials and the state, which the test brings."""


def commands() -> list[str]:
    """The page's shell lines, with the secrets that it asks for, without the installation of the tests' tools."""
    page = PAGE.read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```", page[page.index(FIRST_SECTION) :], re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if not line.startswith("pip install")]
    for key, value in SECRETS.items():
        lines = [re.sub(rf"(--secret fastcart:{key})\b.*", rf"\1 {value}", line) for line in lines]
    return lines


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a user has after step 2: the repository with its binaries built."""
    folder = tmp_path / "clone"
    (folder / "tests").mkdir(parents=True)
    copy_stack(folder / "stack")
    shutil.copytree(ROOT / "tests" / "integration", folder / "tests" / "integration")
    shutil.copy(ROOT / "PulumiPolicy.yaml", folder)
    (folder / "build").symlink_to(ROOT / "build")
    return folder


def test_every_command_of_the_page_works(
    clone: Path, toolbox: Toolbox, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.reset()
    before = emulator.inventory()
    home = tmp_path / "home"
    home.mkdir()
    user = Toolbox(toolbox.tools, toolbox.provider, home)
    workspace = Workspace(tmp_path, clone / "stack", user, emulator.environment())
    script = "\n".join(["set -euxo pipefail", *commands()])
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=clone,
        env={**workspace.environment, "PULUMI_SKIP_CONFIRMATIONS": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"^Policies:", done.stdout, re.MULTILINE)) >= 3
    assert re.search(r"\d+ passed", done.stdout), "the integration tests did not run"
    assert json.loads((clone / "stack" / "report.json").read_text())["violations"] == []
    assert json.loads((clone / "cfn-outputs" / "flat-outputs.json").read_text())["environmentSuffix"] == "dev"
    assert emulator.inventory() == before
