"""At a terminal `check` colours its report, unless that is unwanted, and says when it waits for what is typed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from terminal import Terminal

ONE_SHARD = (
    '{"resources": [{"type": "aws:kinesis/stream:Stream", "name": "orders-dev", "properties": {"shardCount": 1}}],'
    ' "project": "shop", "stack": "dev"}'
)
RED = "\x1b[31m"

pytestmark = pytest.mark.usefixtures("pseudo_terminals")


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A stack with a violation."""
    path = tmp_path / "stack.json"
    path.write_text(ONE_SHARD)
    return str(path)


def environment(**variables: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8", **variables}


def check(program: Path, *arguments: str) -> list[str]:
    return [str(program), "check", "--only", "kinesis-shard-count", *arguments]


def test_what_is_typed_is_judged_in_colour(program: Path, tmp_path: Path) -> None:
    with Terminal(check(program), environment(), str(tmp_path)) as terminal:
        terminal.wait_for("reading JSON from the terminal")
        terminal.type(ONE_SHARD + "\n\x04")
        shown = terminal.rest()
        assert terminal.process.wait() == 1
    assert RED in shown


@pytest.mark.parametrize("unwanted", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["", "NO_COLOR", "dumb"])
def test_a_file_is_coloured_unless_that_is_unwanted(
    unwanted: dict[str, str], program: Path, file: str, tmp_path: Path
) -> None:
    with Terminal(check(program, file), environment(**unwanted), str(tmp_path)) as terminal:
        shown = terminal.rest()
    assert "orders-dev" in shown
    assert "reading" not in shown  # nothing is waited for
    assert ("\x1b" in shown) == (not unwanted)


def test_a_pipe_is_not_coloured(program: Path, file: str) -> None:
    done = subprocess.run(check(program, file), env=environment(), capture_output=True, text=True, check=False)
    assert "orders-dev" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
