"""A program at a pseudo terminal: what is typed and what is shown."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from types import TracebackType

PATIENCE_S = 60
"""Longer than anything here takes on a busy machine; only a failure waits for it."""


class Terminal:
    """A pseudo terminal with a program at it; a context manager that ends the program."""

    def __init__(self, command: list[str], env: dict[str, str], cwd: str, stdin: int | None = None,
                 stdout: int | None = None, columns: int = 200) -> None:
        """Start the program; its stdin and stdout too are the terminal unless they are given."""
        self._master, slave = pty.openpty()
        os.set_inheritable(slave, True)
        subprocess.run(["stty", "columns", str(columns), "rows", "50", "-echo"], stdin=slave, check=True)
        self.process = subprocess.Popen(
            command,
            stdin=slave if stdin is None else stdin,
            stdout=slave if stdout is None else stdout,
            stderr=slave,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def type(self, text: str) -> None:
        """Press these keys."""
        os.write(self._master, text.encode())

    def wait_for(self, text: str) -> str:
        """All that was shown so far, as soon as ``text`` is in it."""
        return self._read_until(lambda: text in self.shown, f"{text!r} was never shown")

    def rest(self) -> str:
        """All that was shown when the program has ended."""
        return self._read_until(lambda: False, "the program does not end")

    def _read_until(self, enough, complaint: str) -> str:
        deadline = time.monotonic() + PATIENCE_S
        while not enough():
            ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{complaint}; shown: {self.shown!r}"
            try:
                data = os.read(self._master, 65536)
            except OSError:  # Linux says so when the last program at the terminal has ended
                data = b""
            if not data:
                break
            self.shown += data.decode(errors="replace")
        return self.shown
