#!/usr/bin/env python3
"""Deploys FastCart on this machine: real Pulumi CLI, the gate, an AWS emulator. No account, nothing to pay, nothing kept.

    python tests/e2e/deploy_local.py           deploys, prints the outputs, keeps the emulator until Ctrl-C
    python tests/e2e/deploy_local.py --once    deploys, prints the outputs, runs the integration tests, destroys, ends

The outputs are written to cfn-outputs/flat-outputs.json, as after a real deployment.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from moto_server import Emulator, running_emulator  # noqa: E402
from planted import copy_stack  # noqa: E402
from pulumi_cli import (  # noqa: E402
    ANALYZER,
    BUILD_TOOLS,
    LAUNCHER,
    ROOT,
    CommandFailed,
    Gate,
    Toolbox,
    Workspace,
    command_runs,
    install_provider_double,
)

OUTPUTS = ROOT / "cfn-outputs" / "flat-outputs.json"


def main() -> int:
    """Exit code 0 when the platform came up (and, with --once, passed its tests and went away again)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--once", action="store_true", help="test and destroy instead of waiting for Ctrl-C")
    once = parser.parse_args().once
    if not (command_runs(ANALYZER) and command_runs(LAUNCHER)):
        print(f"{ANALYZER.parent.relative_to(ROOT)} does not hold both executables: run `make gate` first", file=sys.stderr)
        return 2
    tools = subprocess.run([str(BUILD_TOOLS)], stdout=subprocess.PIPE, text=True, check=False)
    if tools.returncode != 0:
        return 2
    with tempfile.TemporaryDirectory(prefix="fastcart-local-") as folder, running_emulator() as emulator:
        try:
            return deploy(Path(folder), Path(tools.stdout.strip()), emulator, once)
        except CommandFailed as error:
            print(error, file=sys.stderr)
            return 1


def deploy(folder: Path, tools: Path, emulator: Emulator, once: bool) -> int:
    """Bring the platform up; then wait, or test it and take it down."""
    provider, home = folder / "provider", folder / "home"
    provider.mkdir()
    home.mkdir()
    install_provider_double(provider)
    workspace = Workspace(folder, copy_stack(folder / "stack"), Toolbox(tools, provider, home), emulator.environment())
    workspace.init()
    workspace.pulumi("plugin", "install", "analyzer", "policy-cpp", "0.1.0", "--file", str(LAUNCHER))
    code = workspace.show("up", "--yes", "--suppress-outputs", "--suppress-progress", *Gate(ROOT).arguments(folder))
    if code != 0:
        return code
    write_outputs(workspace)
    if not once:
        return stay(emulator)
    tested = subprocess.run(integration_tests(), env=workspace.environment, check=False)
    destroyed = workspace.show("destroy", "--yes", "--suppress-progress")
    OUTPUTS.unlink()
    return tested.returncode or destroyed


def write_outputs(workspace: Workspace) -> None:
    """Write the outputs file and print it."""
    shown = workspace.pulumi("stack", "output", "--json").stdout
    command = [sys.executable, "-m", "fastcart.flat_outputs", "--output", str(OUTPUTS)]
    subprocess.run(command, input=shown, text=True, cwd=workspace.program, check=True)
    print(f"\n{OUTPUTS.relative_to(ROOT)}:")
    for name, value in json.loads(OUTPUTS.read_text()).items():
        print(f"  {name:<26} {', '.join(value) if isinstance(value, list) else value}")


def integration_tests() -> list[str]:
    """The command that runs them."""
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "tests" / "integration")]


def stay(emulator: Emulator) -> int:
    """Keep the emulator running, and say how to talk to it."""
    print("\nFastCart runs on an emulator until Ctrl-C. In another terminal:\n")
    for name, value in {**emulator.environment(), "AWS_REGION": "eu-central-1"}.items():
        print(f"  export {name}={value}")
    print(f"  {' '.join(integration_tests())}")
    print("  aws kinesis describe-stream-summary --stream-name fastcart-orders-dev")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print("\nstopped; nothing is left")
    return 0


if __name__ == "__main__":
    sys.exit(main())
