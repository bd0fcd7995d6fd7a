"""A file that is one line of a gigabyte: a verdict or a place, in memory that is stated (docs/faults.md has the table).

Writes such files to the temporary folder, one at a time, and needs four gigabytes of memory: `.ci/run fuzz` runs it.
"""

from __future__ import annotations

import gzip
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("FASTCART_GUARDRAILS", ROOT / "build/release/bin/fastcart-guardrails"))
GIGABYTE = 1 << 30
HEAD = b'{"type":"aws:kinesis/stream:Stream","name":"orders-dev","inputs":{"shardCount":1,"description":"'
NOT_JSON = "this is not valid JSON"


class Case(NamedTuple):
    """A file of a gigabyte: what stands before and behind the filling, and what `check` says of it."""

    name: str
    before: bytes
    behind: bytes
    exit_code: int
    says: str
    memory: float  # at most, in file sizes


CASES = (
    Case("list", b"[" + HEAD, b'"}}]', 1, "shardCount is 1", 3.1),
    Case("control character", b"[" + HEAD, b'\x01"}}]', 2, f"line 1, column {GIGABYTE - 4}: {NOT_JSON}", 3.1),
    Case("cut", b"[" + HEAD, b"", 2, f"line 1, column {GIGABYTE + 1}: the file ends", 3.1),
    Case("ndjson", HEAD, b'"}}\n', 1, "shardCount is 1", 3.1),
    Case("ndjson with a fault", HEAD, b'"}}\n{"type":}\n', 2, f"line 2, column 9: {NOT_JSON}", 3.1),
    Case("brackets", b"", b"", 2, "line 1, column 129: values are nested deeper than 128 levels", 1.2),
)


def pieces(case: Case) -> Iterator[bytes]:
    """The file, a mebibyte at a time."""
    left = GIGABYTE - len(case.before) - len(case.behind)
    block = (b"x" if case.before else b"[") * (1 << 20)
    yield case.before
    while left > 0:
        yield block[:left]
        left -= len(block)
    yield case.behind


def write(path: Path, case: Case) -> None:
    """The file, compressed where its name says so."""
    with gzip.open(path, "wb", compresslevel=1) if path.suffix == ".gz" else path.open("wb") as file:
        for piece in pieces(case):
            file.write(piece)


class Ended(NamedTuple):
    """How a run ended, and its peak of memory in bytes."""

    exit_code: int
    said: str
    peak: int


def check(path: Path) -> Ended:
    """Run `check` on the file."""
    command = [str(BINARY), "check", "--no-waivers", "--only", "kinesis-shard-count", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        assert run.stdout is not None
        said = run.stdout.read()
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    return Ended(run.returncode, said, usage.ru_maxrss * 1024)


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_line_of_a_gigabyte(case: Case, suffix: str, tmp_path: Path) -> None:
    """It ends with a verdict or a place, and no piece of the line in what is said."""
    path = tmp_path / f"line.json{suffix}"
    write(path, case)
    ended = check(path)
    path.unlink()
    print(f"{case.name}{suffix}: exit {ended.exit_code}, {ended.peak / GIGABYTE:.2f} GiB")
    assert ended.exit_code == case.exit_code, ended.said
    assert case.says in ended.said
    assert "xxxx" not in ended.said
    assert ended.peak < case.memory * GIGABYTE
