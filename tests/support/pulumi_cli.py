"""Runs the real Pulumi CLI on a copy of the FastCart stack, with a state, a home and an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

ROOT = Path(__file__).resolve().parents[2]
SUPPORT = ROOT / "tests" / "support"
BUILD_TOOLS = ROOT / "tests" / "e2e" / "tools" / "build"
BINARIES = ROOT / "build" / "release" / "bin"
ANALYZER = BINARIES / "fastcart-guardrails"
LAUNCHER = BINARIES / "pulumi-analyzer-policy-cpp"

SECRETS = {"databasePassword": "correct-horse-battery", "redisAuthToken": "a-token-for-the-cache-1234"}
"""The secrets of a test stack. Tests look for them where they must not be."""

TIMEOUT_S = 900
"""Far longer than any one command takes, even on a machine that does much else."""


@dataclass(frozen=True)
class Gate:
    """How ``preview`` and ``up`` are told to use the pack: ``--policy-pack`` and its config."""

    pack: Path
    config: dict[str, Any] = field(default_factory=dict)

    def arguments(self, folder: Path) -> list[str]:
        """The command-line arguments; the config file is written to ``folder``."""
        arguments = ["--policy-pack", str(self.pack)]
        if self.config:
            file = folder / "policy-config.json"
            file.write_text(json.dumps(self.config))
            arguments += ["--policy-pack-config", str(file)]
        return arguments


class CommandFailed(AssertionError):
    """A command that a test relies on did not work."""


@dataclass(frozen=True)
class Run:
    """A finished command, and the engine's event log when it was asked for one."""

    code: int
    stdout: str
    stderr: str
    event_log: str = ""

    @property
    def events(self) -> list[dict[str, Any]]:
        """What the engine reported, in order."""
        return [json.loads(line) for line in self.event_log.splitlines()]

    @property
    def output(self) -> str:
        """All that a user would have seen."""
        return self.stdout + self.stderr

    def ok(self) -> Run:
        """This run, which has to have succeeded."""
        if self.code != 0:
            raise CommandFailed(f"exit {self.code}\n{self.output}")
        return self

    def digest(self) -> dict[str, Any]:
        """The JSON on stdout."""
        return json.loads(self.stdout)

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """The events of one kind, for example ``policyEvent``."""
        return [event[kind] for event in self.events if kind in event]

    def changed(self, kind: str = "resourcePreEvent") -> dict[str, str]:
        """The operation on each resource, by its name, that an update did more to than look."""
        events = [event["metadata"] for event in self.of_kind(kind)]
        return {event["urn"].rsplit("::", 1)[1]: event["op"] for event in events if event["op"] not in ("same", "read")}


def built_tools() -> Path | None:
    """The folder of the Pulumi CLI and its Python host, or None when they are not built yet."""
    where = subprocess.run([str(BUILD_TOOLS), "--where"], capture_output=True, text=True, check=False)
    return Path(where.stdout.strip()) if where.returncode == 0 else None


def install_provider_double(folder: Path) -> None:
    """Put ``pulumi-resource-aws`` into ``folder``: the double, run by this Python."""
    launcher = folder / "pulumi-resource-aws"
    launcher.write_text(
        f'#!/bin/sh\nPYTHONPATH="{SUPPORT}" PYTHONDONTWRITEBYTECODE=1 exec "{sys.executable}" -m aws_double "$@"\n'
    )
    launcher.chmod(0o755)


@dataclass(frozen=True)
class Toolbox:
    """What all workspaces of a test session share: binaries on PATH and a PULUMI_HOME with the launcher in it."""

    tools: Path
    provider: Path
    home: Path

    def environment(self, state: Path) -> dict[str, str]:
        """The environment of a command: the caller's, without its Pulumi and AWS settings."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "AWS_"))}
        path = [str(self.provider), str(self.tools), str(Path(sys.prefix) / "bin"), kept.get("PATH", "")]
        return {
            **kept,
            "PATH": os.pathsep.join(path),
            "VIRTUAL_ENV": sys.prefix,
            "PYTHONDONTWRITEBYTECODE": "1",
            "NO_COLOR": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "PULUMI_HOME": str(self.home),
            "PULUMI_BACKEND_URL": state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "only-for-tests",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DEBUG_COMMANDS": "true",  # brings --event-log
        }


class Workspace:
    """One stack: a copy of the program in ``program``, its state beside it."""

    def __init__(self, folder: Path, program: Path, toolbox: Toolbox, extra: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.program = program
        state = folder / "state"
        state.mkdir(exist_ok=True)
        self.environment = {**toolbox.environment(state), **(extra or {})}
        self._runs = 0

    def init(self, stack: str = "dev") -> None:
        """Make the stack and give it its secrets."""
        self.pulumi("stack", "init", stack)
        for key, value in SECRETS.items():
            self.pulumi("config", "set", "--secret", f"fastcart:{key}", value)

    def set(self, key: str, value: str) -> None:
        """Set a value of the stack's config."""
        self.pulumi("config", "set", key, value)

    def command(self, *arguments: str) -> list[str]:
        """The command line of a Pulumi command that asks no questions."""
        return ["pulumi", *arguments, "--non-interactive", "--color", "never"]

    def run(self, *arguments: str) -> Run:
        """Run a Pulumi command; its exit code is the caller's to judge."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.program,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def show(self, *arguments: str) -> int:
        """Run a Pulumi command for somebody who watches; the exit code. An interrupt ends the command first."""
        with subprocess.Popen(self.command(*arguments), cwd=self.program, env=self.environment) as process:
            try:
                return process.wait()
            except KeyboardInterrupt:
                process.terminate()
                process.wait()
                raise

    def pulumi(self, *arguments: str) -> Run:
        """Run a Pulumi command that has to succeed."""
        return self.run(*arguments).ok()

    def preview(self, gate: Gate | None = None, *arguments: str) -> Run:
        """``pulumi preview --json`` with the engine's events."""
        return self._logged("preview", gate, "--json", *arguments)

    def up(self, gate: Gate | None = None, *arguments: str) -> Run:
        """``pulumi up`` with the engine's events."""
        return self._logged("up", gate, "--yes", *arguments)

    def analyze(self, gate: Gate) -> Run:
        """``pulumi policy analyze`` of the state, with the engine's events."""
        done = self.run("policy", "analyze", "--stack", "dev", "--json", *gate.arguments(self.folder))
        return Run(done.code, done.stdout, done.stderr, event_log=done.stdout)

    def export(self, *arguments: str) -> dict[str, Any]:
        """``pulumi stack export``."""
        return self.pulumi("stack", "export", *arguments).digest()

    def _logged(self, operation: str, gate: Gate | None, *arguments: str) -> Run:
        self._runs += 1
        log = self.folder / f"events-{self._runs}.jsonl"
        gated = gate.arguments(self.folder) if gate else []
        done = self.run(operation, "--event-log", str(log), *gated, *arguments)
        return Run(done.code, done.stdout, done.stderr, log.read_text() if log.exists() else "")


NewWorkspace = Callable[..., Workspace]
"""Makes a workspace of an initialised stack that nothing is deployed of."""


def command_runs(file: Path) -> bool:
    """Whether a file is there to be executed."""
    return file.is_file() and os.access(file, os.X_OK)
