"""Completion in the real shells, from the scripts that ``cmake --install`` puts in place."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Callable

import pytest
from terminal import Terminal

SCRIPTS = {
    "bash": "share/bash-completion/completions/fastcart-guardrails",
    "zsh": "share/zsh/vendor-completions/_fastcart-guardrails",
    "fish": "share/fish/vendor_completions.d/fastcart-guardrails.fish",
}

COMPLETED = {
    "exp": ["explain"],
    "check --fix": ["check", "--fix-plan"],
    "check --fail-on un": ["check", "--fail-on", "undecided"],
    "check --fail-on=un": ["check", "--fail-on=undecided"],
    "check --only shared-cmk,kinesis-sh": ["check", "--only", "shared-cmk,kinesis-shard-count"],
    "check --skip=shared-cmk,kinesis-sh": ["check", "--skip=shared-cmk,kinesis-shard-count"],
    "check --output rep": ["check", "--output", "report.json"],
    "check --output=rep": ["check", "--output=report.json"],
    "check prev": ["check", "preview of dev.json"],
    "check --stack prev": ["check", "--stack", "prev"],
    "explain kinesis-e": ["explain", "kinesis-encryption"],
    "completion f": ["completion", "fish"],
    "waive kinesis-e": ["waive", "kinesis-encryption"],
    "waive kinesis-encryption orders prev": ["waive", "kinesis-encryption", "orders", "preview of dev.json"],
    "waive --owner me kinesis-encryption --append orders prev": [
        *["waive", "--owner", "me", "kinesis-encryption", "--append", "orders", "preview of dev.json"]
    ],
    "list --format m": ["list", "--format", "markdown"],
}
"""What is typed before the tab, and the words of the command line after it."""

SHOW = "printf '[%s]' \"$@\"; printf '%s\\n' DO''NE"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where somebody works."""
    for name in ("report.json", "preview of dev.json"):
        (tmp_path / name).touch()
    return tmp_path


def environment(folder: Path) -> dict[str, str]:
    """Of a shell that reads nobody's settings."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb", "LC_ALL": "C.UTF-8", "INPUTRC": "/dev/null"}


def with_tab(shell: list[str], prepare: str, line: str, folder: Path) -> list[str]:
    """The words that the program gets when tab and return follow the line."""
    with Terminal(shell, environment(folder), str(folder)) as terminal:
        terminal.type(f"{prepare}; fastcart-guardrails() {{ {SHOW}; }}; PS1='rea''dy> '\n")
        terminal.wait_for("ready> ")
        terminal.type(f"fastcart-guardrails {line}\t\n")
        shown = terminal.wait_for("DONE")
    return re.findall(r"\[([^\[\]\n]*)\]", shown[: shown.rindex("DONE")].rsplit("\n", 1)[-1])


def assert_completed(words: list[str], expected: list[str]) -> None:
    """Whether these are the expected words; a shell may write "--option=value" for two of them."""
    assert "=".join(words) in ("=".join(expected), "=".join(expected) + "=")


@pytest.mark.usefixtures("pseudo_terminals")
@pytest.mark.parametrize("line", COMPLETED)
def test_bash_completes(line: str, installed: Path, folder: Path, need: Callable[[str], str]) -> None:
    prepare = f"bind 'set bell-style none'; source {installed / SCRIPTS['bash']}"
    words = with_tab([need("bash"), "--norc", "--noprofile", "-i"], prepare, line, folder)
    assert_completed(words, COMPLETED[line])


@pytest.mark.usefixtures("pseudo_terminals")
@pytest.mark.parametrize("line", COMPLETED)
def test_zsh_completes(line: str, installed: Path, folder: Path, need: Callable[[str], str]) -> None:
    functions = (installed / SCRIPTS["zsh"]).parent
    at_once = "zstyle ':completion:*' insert-tab false"  # else a tab with typing behind it is a blank
    prepare = f"unsetopt beep; fpath=({functions} $fpath); autoload -U compinit; compinit -u -D; {at_once}"
    words = with_tab([need("zsh"), "-f", "-i"], prepare, line, folder)
    assert_completed(words, COMPLETED[line])


@pytest.mark.parametrize("line", COMPLETED)
def test_fish_completes(line: str, installed: Path, folder: Path, need: Callable[[str], str]) -> None:
    offers = fish_offers(need("fish"), installed, line, folder)
    if line == "check --stack prev":
        assert offers == []
    else:
        assert offers == [COMPLETED[line][-1]]


def fish_offers(fish: str, installed: Path, line: str, folder: Path) -> list[str]:
    """What fish offers for a line, without the descriptions."""
    script = f"source {installed / SCRIPTS['fish']}; complete -C 'fastcart-guardrails {line}'"
    done = subprocess.run(
        [fish, "--no-config", "-c", script], env=environment(folder), cwd=folder, capture_output=True, text=True, check=True
    )
    return [offer.split("\t")[0].replace("\\ ", " ") for offer in done.stdout.splitlines()]


def bash_offers(bash: str, installed: Path, command: str, folder: Path) -> list[str]:
    """What bash offers for an option of the command."""
    script = f"""source {installed / SCRIPTS['bash']}
        COMP_WORDS=(fastcart-guardrails {command} -) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _fastcart_guardrails && printf '%s\\n' "${{COMPREPLY[@]}}" """
    done = subprocess.run([bash, "-c", script], env=environment(folder), capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("command", ["", "check", "list", "explain", "completion", "man"])
def test_every_option_of_the_help_is_offered(
    command: str, installed: Path, program: Path, folder: Path, need: Callable[[str], str]
) -> None:
    page = subprocess.run([program, *command.split(), "--help"], capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"^  (?:-\w,)?(--[\w-]+)", page, re.MULTILINE))
    assert {"--help", "--version"} <= options
    assert options <= set(bash_offers(need("bash"), installed, command, folder))
    assert options <= set(fish_offers(need("fish"), installed, f"{command} --".lstrip(), folder))


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_installed_script_is_what_the_program_prints(shell: str, installed: Path, program: Path) -> None:
    printed = subprocess.run([program, "completion", shell], capture_output=True, check=True).stdout
    assert (installed / SCRIPTS[shell]).read_bytes() == printed
