"""What `check` shows of its work: only on a terminal, only when it takes longer, and nothing of it stays."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Iterator

import pytest
from terminal import Terminal

STREAM = '{"project": "shop", "stack": "dev", "resources": [{"type": "aws:kinesis/stream:Stream", "name": "orders-dev"}]}'
ERASE = "\r\x1b[K"

pytestmark = pytest.mark.usefixtures("pseudo_terminals")


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A file whose content comes when the test writes it: a pipe with a name."""
    pipe = tmp_path / "slow.json"
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)
    yield pipe, writer
    os.close(writer)


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """A file that is there."""
    file = tmp_path / "ready.json"
    file.write_text(STREAM)
    return file


def environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8"}


def check(program: Path, *arguments: str | Path) -> list[str]:
    return [str(program), "check", "--only", "kinesis-shard-count", "--fail-on", "never", *map(str, arguments)]


def finish(terminal: Terminal, input_end: int) -> str:
    """Everything shown, after the input has come and the program has ended."""
    os.write(input_end, STREAM.encode())
    os.close(input_end)
    shown = terminal.rest()
    assert terminal.process.wait() == 0
    return shown


def test_slow_work_is_shown_and_taken_away(program: Path, ready: Path, tmp_path: Path) -> None:
    output, given = os.pipe()
    command = check(program, ready, "-", "--output", tmp_path / "report")
    with Terminal(command, environment(), str(tmp_path), stdin=output) as terminal:
        os.close(output)
        terminal.wait_for("reading standard input, 2 s")
        shown = finish(terminal, given)
    assert "1 of 2 files judged; reading standard input, 1 s" in shown
    assert shown.endswith(ERASE)
    assert shown.count("\n") == 0
    assert "PASS" in (tmp_path / "report").read_text() or "kinesis-shard-count" in (tmp_path / "report").read_text()


@pytest.mark.parametrize("columns", [1, 5, 20])
def test_a_narrow_terminal_shows_what_fits_in_a_line(columns: int, program: Path, tmp_path: Path) -> None:
    output, given = os.pipe()
    command = check(program, "-", "--output", tmp_path / "report")
    with Terminal(command, environment(), str(tmp_path), stdin=output, columns=columns) as terminal:
        os.close(output)
        terminal.wait_for(ERASE)  # the first line is taken away for the second
        shown = finish(terminal, given)
    assert max(len(line) for line in shown.split(ERASE)) == columns - 1


def test_the_work_is_done_where_no_thread_can_show_it(program: Path, ready: Path, tmp_path: Path) -> None:
    stack_of_200_tb = 'ulimit -s 200000000000 && exec "$0" "$@"'  # for which there are no addresses
    command = ["/bin/sh", "-c", stack_of_200_tb, *check(program, ready, "--output", tmp_path / "report")]
    with Terminal(command, environment(), str(tmp_path)) as terminal:
        assert terminal.rest() == ""
        assert terminal.process.wait() == 0
    assert (tmp_path / "report").exists()


def test_quick_work_is_not(program: Path, ready: Path, tmp_path: Path) -> None:
    with Terminal(check(program, ready, "--output", tmp_path / "report"), environment(), str(tmp_path)) as terminal:
        assert terminal.rest() == ""


def test_a_note_does_not_mix_with_it(program: Path, tmp_path: Path) -> None:
    output, given = os.pipe()
    command = check(program, "--verbose", "--output", tmp_path / "report")
    with Terminal(command, environment(), str(tmp_path), stdin=output) as terminal:
        os.close(output)
        terminal.wait_for(" s")
        shown = finish(terminal, given)
    notes = [line.rsplit(ERASE, 1)[-1].strip() for line in shown.split("\n")]
    assert notes[0].startswith("fastcart-guardrails: standard input: resources of shop/dev, 1 resource, read in ")
    assert notes[1].startswith("fastcart-guardrails: standard input: judged by 1 of ")


@pytest.mark.parametrize("quiet", [True, False], ids=["quiet", "no terminal"])
def test_nobody_is_told_who_did_not_ask(quiet: bool, program: Path, tmp_path: Path) -> None:
    arguments = check(program, *(["--quiet"] if quiet else []), "--output", tmp_path / "report")
    if quiet:
        output, given = os.pipe()
        with Terminal(arguments, environment(), str(tmp_path), stdin=output) as terminal:
            os.close(output)
            time.sleep(2)  # long enough for a line, were there one
            assert finish(terminal, given) == ""
        return
    with subprocess.Popen(
        arguments, env=environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        time.sleep(2)
        _, said = process.communicate(STREAM)
    assert (process.returncode, said) == (0, "")
