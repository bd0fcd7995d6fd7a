"""docs/deploying.md works: all its commands, in its order, from the clone to the destroyed stack."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from moto_server import Emulator
from pulumi_cli import ROOT, SECRETS, Toolbox, Workspace

PAGE = (ROOT / "docs" / "deploying.md").read_text()

NOT_RUN = {
    "aws sso login --profile fastcart": "opens a browser at the company's sign-on",
    "export AWS_PROFILE=fastcart": "names the profile of that sign-on; the test has keys",
    "make deploy-local": "test_deploy_local.py runs it",
    "aws kms schedule-key-deletion": "ends the key that last snapshots need; the page's stack takes none",
    "aws kms cancel-key-deletion": "saves what should not have been destroyed; on the page, it should",
    "aws kms enable-key": "follows it",
}
"""Commands of the page that this test does not run, and why."""

TYPED = {f"--secret fastcart:{key}": value for key, value in SECRETS.items()}
"""What a user types when the command that holds the key asks."""

TOOLS = ("aws", "cd", "export", "git", "make", "pip", "pulumi", "pytest", "python", "python3")

REPOSITORY = "https://github.com/fastcart/guardrails"


def blocks(page: str) -> list[str]:
    """The page's code blocks, whatever their language."""
    return re.findall(r"^```[^\n]*\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    """The lines of the page's blocks, without their comments."""
    lines = [line for block in blocks(page) for line in block.splitlines()]
    return [line for line in (re.sub(r"\s+#.*", "", line).strip() for line in lines) if line]


def in_the_text(page: str) -> list[str]:
    """The commands that the page names in its sentences, in backticks."""
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL))
    return [span for span in spans if span.split()[0] in TOOLS and len(span.split()) > 1]


def to_run(page: str) -> list[str]:
    """What the test runs of them."""
    return [command for command in commands(page) if command not in NOT_RUN]


def is_run_or_excused(command: str, page: str) -> bool:
    """Whether the test runs the command, maybe with more arguments, or says why not."""
    return command in NOT_RUN or any(re.search(rf"(^|\W){re.escape(command)}(\s|$)", line) for line in to_run(page))


def answered(command: str) -> str:
    """The command with what a user types, if it asks for something."""
    (typed,) = [value for part, value in TYPED.items() if command.endswith(part)] or [None]
    return command if typed is None else f"{command} <<<'{typed}'"


def after_the_clone() -> str:
    """The clone borrows the binaries that are here: to build them again would show nothing new, for ten minutes."""
    return f"ln -s '{ROOT / 'build'}' build"


def script(page: str) -> str:
    """The page as a script that says what it runs and stops at the first failure."""
    lines = [answered(command) for command in to_run(page)]
    lines.insert(lines.index("make gate"), after_the_clone())
    return "\n".join(["set -euxo pipefail", *lines])


@pytest.mark.parametrize("command", in_the_text(PAGE))
def test_command_in_a_sentence_is_run_or_excused(command: str) -> None:
    assert is_run_or_excused(command, PAGE)


def test_every_excuse_is_of_a_command_on_the_page() -> None:
    assert set(NOT_RUN) <= {*commands(PAGE), *in_the_text(PAGE)}


ADDED = ["```sh\npulumi cancel\n```\n", "```\npulumi cancel\n```\n", "Run `pulumi cancel`.\n"]


@pytest.mark.parametrize("added", ADDED, ids=["in a block", "in a bare block", "in a sentence"])
def test_new_command_would_be_run_or_noticed(added: str) -> None:
    page = PAGE + added
    assert "pulumi cancel" in to_run(page) or not all(is_run_or_excused(named, page) for named in in_the_text(page))


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository that holds what this work tree holds, committed or not."""
    folder = tmp_path / "origin"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for file in filter(lambda name: (ROOT / name).is_file(), files.split("\0")):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / file, folder / file)
    author = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    for arguments in (["init"], ["add", "--all"], [*author, "commit", "--message", "everything"]):
        subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
    return folder


def environment(workspace: Workspace, origin: Path) -> dict[str, str]:
    """A user's: no virtual environment yet, and a git that finds the repository here instead of on GitHub."""
    settings = {
        **workspace.environment,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{origin.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": REPOSITORY,
        "PIP_COMPILE": "0",  # Python compiles the few modules that it needs, pip all ten thousand
        "PULUMI_SKIP_CONFIRMATIONS": "true",
    }
    without = ("VIRTUAL_ENV", "FASTCART_OUTPUTS", "PYTHONDONTWRITEBYTECODE")
    return {key: value for key, value in settings.items() if key not in without}


def test_every_command_of_the_page_works(origin: Path, toolbox: Toolbox, emulator: Emulator, tmp_path: Path) -> None:
    emulator.reset()
    before = emulator.inventory()
    home = tmp_path / "home"
    home.mkdir()
    user = Toolbox(toolbox.tools, toolbox.provider, home)
    workspace = Workspace(tmp_path, tmp_path, user, emulator.environment())
    done = subprocess.run(
        ["bash", "-c", script(PAGE)],
        cwd=tmp_path,
        env=environment(workspace, origin),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    clone = tmp_path / "guardrails"
    assert '"Account": "123456789012"' in done.stdout, "the AWS CLI did not say who asks"
    assert "resources of fastcart/dev" in done.stdout, "make gate printed no report"
    assert f"{clone}/stack/venv/bin" in done.stderr, "the program's environment is not its own"
    assert len(re.findall(r"^Policies:", done.stdout, re.MULTILINE)) >= 3
    assert re.search(r"\d+ passed", done.stdout), "the integration tests did not run"
    assert json.loads((clone / "stack" / "report.json").read_text())["violations"] == []
    assert json.loads((clone / "cfn-outputs" / "flat-outputs.json").read_text())["environmentSuffix"] == "dev"
    assert emulator.inventory() == before
