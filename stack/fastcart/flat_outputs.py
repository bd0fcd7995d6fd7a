"""Writes the stack's outputs to ``cfn-outputs/flat-outputs.json``, flat and sorted, for scripts and tests.

    pulumi stack output --json | python -m fastcart.flat_outputs
    python -m fastcart.flat_outputs --run [--stack NAME]

Values are strings, numbers or lists of strings. A secret output is left out, and said so on stderr.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional, Union

from .files import write_json

Flat = Union[str, int, float, list[Union[str, int, float]]]

DEFAULT_FILE = Path(__file__).resolve().parents[2] / "cfn-outputs" / "flat-outputs.json"
HIDDEN = "[secret]"
"""What Pulumi prints instead of a secret."""
SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi marks a value that is more than it seems, a secret for example."""


class OutputsError(Exception):
    """The outputs cannot be written. The message says why and what to do."""


def flatten(outputs: Mapping[str, Any]) -> dict[str, Flat]:
    """Flat outputs, sorted by name: nested objects become dotted names, booleans "true" or "false", nulls nothing."""
    return dict(sorted((name, value) for key in outputs for name, value in _leaves(key, outputs[key])))


def hidden_names(outputs: Mapping[str, Any]) -> list[str]:
    """Names of outputs that are secret, or hold a secret."""
    return sorted(name for name, value in outputs.items() if _is_secret(value))


def _is_secret(value: Any) -> bool:
    """True when a secret is anywhere in the value: then no part of it is written."""
    if isinstance(value, dict):
        return SIGNATURE in value or any(_is_secret(member) for member in value.values())
    if isinstance(value, list):
        return any(_is_secret(member) for member in value)
    return isinstance(value, str) and HIDDEN in value


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Flat]]:
    if value is None or _is_secret(value):
        return
    if isinstance(value, bool):
        yield name, "true" if value else "false"
    elif isinstance(value, dict):
        for key in value:
            yield from _leaves(f"{name}.{key}", value[key])
    elif isinstance(value, list) and any(isinstance(member, (dict, list)) for member in value):
        for index, member in enumerate(value):
            yield from _leaves(f"{name}.{index}", member)
    elif isinstance(value, list):
        yield name, [text for member in value for _, text in _leaves(name, member)]  # type: ignore[misc]
    else:
        yield name, value


def parse(text: str) -> dict[str, Any]:
    """The outputs that ``pulumi stack output --json`` printed. Raises OutputsError when it is something else."""
    try:
        outputs = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise OutputsError(f"the input is not JSON ({error}); pipe in: pulumi stack output --json") from None
    if not isinstance(outputs, dict) or not outputs:
        raise OutputsError("the input holds no outputs; deploy the stack first, then pipe in: pulumi stack output --json")
    return outputs


def _refuse_constant(name: str) -> None:
    """Python would take NaN and Infinity, and write a file that is no JSON."""
    raise ValueError(f"{name} is no number")


def check_documented(outputs: Mapping[str, Any], documented: set[str]) -> None:
    """Refuse outputs that docs/outputs.md does not promise, and fewer than it does.

    An unknown one might hold anything, even a secret; without all of them the stack is not (yet) deployed as a whole.
    """
    unknown, missing = sorted(set(outputs) - documented), sorted(documented - set(outputs))
    if unknown:
        raise OutputsError(f"undocumented outputs: {', '.join(unknown)}; add them to stack/fastcart/outputs.py")
    if missing:
        raise OutputsError(f"missing outputs: {', '.join(missing)}; bring the stack up to date: pulumi up")


def run_pulumi(stack: Optional[str]) -> str:
    """What ``pulumi stack output --json`` prints; never with --show-secrets."""
    command = ["pulumi", "stack", "output", "--json"] + (["--stack", stack] if stack else [])
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[1])
    except FileNotFoundError:
        raise OutputsError("pulumi is not on PATH; install it, or pipe in its output") from None
    except subprocess.CalledProcessError as error:
        raise OutputsError(f"{' '.join(command)} failed: {' '.join(error.stderr.split())}") from None
    return done.stdout


def _read_stdin() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise OutputsError(f"the input is not text ({error}); pipe in: pulumi stack output --json") from None


def _taken_apart(outputs: Mapping[str, Any]) -> tuple[dict[str, Flat], list[str]]:
    """The flat outputs, and the names of those that are left out as secret."""
    try:
        return flatten(outputs), hidden_names(outputs)
    except RecursionError:
        raise OutputsError("an output is nested too deep to be one; see: pulumi stack output") from None


def _write(file: Path, flat: dict[str, Flat]) -> None:
    try:
        write_json(file, flat, sort_keys=True)
    except OSError as error:
        raise OutputsError(f"{file} cannot be written: {error.strerror}; name another file with --output") from None
    except ValueError as error:
        raise OutputsError(f"an output is no number that JSON has ({error}); see: pulumi stack output") from None


def main() -> int:
    """Exit code 0 when the file is written, 2 with one line on stderr when not."""
    from .outputs import specs

    parser = argparse.ArgumentParser(
        prog="python -m fastcart.flat_outputs", description="Write the stack's outputs to a flat JSON file."
    )
    parser.add_argument("--run", action="store_true", help="run pulumi stack output instead of reading stdin")
    parser.add_argument("--stack", help="the stack to ask, with --run (default: the selected one)")
    parser.add_argument("--output", type=Path, default=DEFAULT_FILE, help="default: cfn-outputs/flat-outputs.json beside stack/")
    arguments = parser.parse_args()
    if arguments.stack and not arguments.run:
        parser.error("--stack says which stack to ask, and nobody is asked without --run")
    try:
        outputs = parse(run_pulumi(arguments.stack) if arguments.run else _read_stdin())
        check_documented(outputs, {spec.name for spec in specs()})
        flat, hidden = _taken_apart(outputs)
        _write(arguments.output, flat)
    except OutputsError as error:
        print(f"flat_outputs: {error}", file=sys.stderr)
        return 2
    for name in hidden:
        print(f"flat_outputs: {name} is secret and left out", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
