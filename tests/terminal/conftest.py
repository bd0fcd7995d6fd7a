"""Fixtures of the tests at a terminal: the installed files, and the programs of others that they need."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

BUILD = ROOT / "build" / "release"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where ``cmake --install`` has put what the release build made."""
    prefix = tmp_path_factory.mktemp("installed")
    subprocess.run(["cmake", "--install", str(BUILD), "--prefix", str(prefix)], check=True, capture_output=True)
    return prefix


@pytest.fixture(scope="session")
def program(installed: Path) -> Path:
    """The installed analyzer."""
    return installed / "bin" / "fastcart-guardrails"


def lack(reason: str) -> None:
    """Skip the test with that reason; in CI, fail it."""
    (pytest.fail if os.environ.get("FASTCART_REQUIRE_TOOLS") == "1" else pytest.skip)(reason)


@pytest.fixture(scope="session")
def pseudo_terminals() -> None:
    """Whether this machine has them: a plain chroot does not."""
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:
        lack("there are no pseudo terminals: mount -t devpts devpts /dev/pts")


@pytest.fixture(scope="session")
def need() -> Callable[[str], str]:
    """``need("zsh")``: its path; without it the test is skipped and says so, in CI it fails."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            lack(f"{name} is not installed: apt-get install {name}")
        return path

    return find
