"""The manual page is sound, says all that the help says, and is the one that is installed."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
from pathlib import Path
from typing import Callable

import pytest


@pytest.fixture(scope="module")
def page(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed page, unpacked."""
    file = tmp_path_factory.mktemp("man") / "fastcart-guardrails.1"
    file.write_bytes(gzip.decompress((installed / "share/man/man1/fastcart-guardrails.1.gz").read_bytes()))
    return file


@pytest.mark.parametrize("command", [["mandoc", "-Tlint"], ["groff", "-ww", "-man", "-Tutf8", "-z"]], ids=lambda c: c[0])
def test_renders_without_a_warning(command: list[str], page: Path, need: Callable[[str], str]) -> None:
    done = subprocess.run([need(command[0]), *command[1:], page], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_says_what_the_help_of_every_command_says(page: Path, program: Path, need: Callable[[str], str]) -> None:
    text = subprocess.run([need("mandoc"), "-Tutf8", page], capture_output=True, text=True, check=True).stdout
    text = " ".join(re.sub(".\x08", "", text).split())  # bold and underlined as mandoc types them
    for command in ("check", "list", "explain", "completion", "man"):
        assert f"fastcart-guardrails {command}" in text
        helped = subprocess.run([program, command, "--help"], capture_output=True, text=True, check=True).stdout
        for option in re.findall(r"^  (?:-\w,)?(--[\w-]+)", helped, re.MULTILINE):
            assert option in text
    assert "Exit codes: 0 nothing to fail on" in text


def test_is_dated_by_the_source_for_builds_that_can_be_repeated(page: Path, program: Path) -> None:
    def printed(**environment: str) -> str:
        return subprocess.run(
            [program, "man"], env={**os.environ, **environment}, capture_output=True, text=True, check=True
        ).stdout

    changelog = (Path(__file__).resolve().parents[2] / "CHANGELOG.md").read_text()
    date = re.search(r"^## \S+ - (\S+)$", changelog, re.MULTILINE).group(1)
    assert f"FASTCART-GUARDRAILS 1 {date} " in page.read_text().splitlines()[0]
    assert " 1 2001-09-09 " in printed(SOURCE_DATE_EPOCH="1000000000").splitlines()[0]
    assert page.read_text().splitlines()[1:] == printed().splitlines()[1:]
