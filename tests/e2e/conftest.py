"""Fixtures of the end-to-end tests: the real Pulumi CLI, the provider double, an AWS emulator, the pack."""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Generator, Iterator

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from moto_server import Emulator, running_emulator  # noqa: E402
from planted import Planted, apply, copy_stack  # noqa: E402
from pulumi_cli import (  # noqa: E402
    ANALYZER,
    LAUNCHER,
    ROOT,
    Gate,
    NewWorkspace,
    Toolbox,
    Workspace,
    built_tools,
    command_runs,
    install_provider_double,
)


@cache
def what_is_missing() -> str | None:
    """Why the tests cannot run here, and what to do; None when they can."""
    if not (command_runs(ANALYZER) and command_runs(LAUNCHER)):
        return f"{ANALYZER.parent.relative_to(ROOT)} does not hold both executables; `make e2e` builds them"
    if built_tools() is not None:
        return None
    if shutil.which("go") is None:
        return "the Pulumi CLI is not built and Go is missing; install Go (https://go.dev/dl), then run `make e2e`"
    return "the Pulumi CLI is not built; `make e2e` builds it (about five minutes, once)"


def required() -> bool:
    """Whether the tests have to run here (in CI), all of them."""
    return os.environ.get("FASTCART_REQUIRE_E2E") == "1"


def pytest_configure(config: pytest.Config) -> None:
    """Where the tests are required, refuse to run without the tools."""
    if required() and (reason := what_is_missing()):
        raise pytest.UsageError(f"end-to-end tests are required (FASTCART_REQUIRE_E2E=1) and cannot run: {reason}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Elsewhere, without the tools: skip with a reason."""
    if reason := what_is_missing():
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where the tests are required, a skipped one has failed."""
    report = yield
    if report.skipped and required():
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and is required (FASTCART_REQUIRE_E2E=1): {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line that says so when the tests were skipped."""
    if reason := what_is_missing():
        terminalreporter.write_line(f"end-to-end tests skipped: {reason}", yellow=True)


@pytest.fixture(scope="session")
def toolbox(tmp_path_factory: pytest.TempPathFactory) -> Toolbox:
    """The binaries, and a PULUMI_HOME into which the launcher is installed as a user would."""
    folder = tmp_path_factory.mktemp("toolbox")
    provider, home = folder / "provider", folder / "home"
    provider.mkdir()
    home.mkdir()
    install_provider_double(provider)
    tools = built_tools()
    assert tools is not None
    return Toolbox(tools, provider, home)


@pytest.fixture(scope="session")
def template(toolbox: Toolbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An initialised stack that nothing is deployed of, to be copied. Installs the launcher on the way."""
    folder = tmp_path_factory.mktemp("template")
    workspace = Workspace(folder, copy_stack(folder / "stack"), toolbox)
    workspace.init()
    workspace.pulumi("plugin", "install", "analyzer", "policy-cpp", "0.1.0", "--file", str(LAUNCHER))
    return folder


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An AWS emulator that the tests of a module share."""
    with running_emulator() as running:
        yield running


@pytest.fixture(scope="session")
def new_workspace(toolbox: Toolbox, template: Path, tmp_path_factory: pytest.TempPathFactory) -> NewWorkspace:
    """Makes a workspace: ``new_workspace(emulator=…, faults=[…])``, both optional."""

    def make(emulator: Emulator | None = None, faults: tuple[Planted, ...] = ()) -> Workspace:
        folder = tmp_path_factory.mktemp("workspace")
        shutil.copytree(template, folder, dirs_exist_ok=True)
        for fault in faults:
            apply(fault, folder / "stack")
        environment = emulator.environment() if emulator else {}
        workspace = Workspace(folder, folder / "stack", toolbox, environment)
        workspace.pulumi("stack", "select", "dev")
        return workspace

    return make


@pytest.fixture(params=["folder", "binary"])
def either_gate(request: pytest.FixtureRequest) -> Gate:
    """The pack both ways: the repository's root through the launcher, and the bare executable."""
    return Gate(ROOT if request.param == "folder" else ANALYZER)


@pytest.fixture(scope="session")
def gate() -> Gate:
    """The pack through the launcher."""
    return Gate(ROOT)
