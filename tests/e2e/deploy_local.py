#!/usr/bin/env python3
"""Deploys FastCart on this machine: real Pulumi CLI, the gate, an AWS emulator. No account, nothing kept.

Prints the outputs and how to talk to the platform, and keeps it until Ctrl-C.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from moto_server import REGION, Emulator, running_emulator  # noqa: E402
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


def main() -> int:
    """Exit code 0 when the platform came up and was told to go, 130 when it was told to before it was up."""
    # Each of them is an interrupt, even where a shell that started this in the background ignores the first.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    if not (command_runs(ANALYZER) and command_runs(LAUNCHER)):
        folder = ANALYZER.parent.relative_to(ROOT)
        print(f"{folder} does not hold both executables: run `make deploy-local`", file=sys.stderr)
        return 2
    tools = subprocess.run([str(BUILD_TOOLS)], stdout=subprocess.PIPE, text=True, check=False)
    if tools.returncode != 0:
        return 2
    print("Deploying FastCart to an AWS emulator in this process, in about a minute. Ctrl-C ends it.", flush=True)
    up = threading.Event()
    try:
        with tempfile.TemporaryDirectory(prefix="fastcart-local-") as folder, running_emulator() as emulator:
            return deploy(Path(folder), Path(tools.stdout.strip()), emulator, up)
    except CommandFailed as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; the emulator, what was deployed to it and its state are gone, nothing is left")
        return 0 if up.is_set() else 130


def deploy(folder: Path, tools: Path, emulator: Emulator, up: threading.Event) -> int:
    """Bring the platform up, say so and wait. The exit code of what failed; otherwise only an interrupt ends it."""
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
    outputs = folder / "flat-outputs.json"
    write_outputs(workspace, outputs)
    say_how_to_use_it(emulator, outputs)
    up.set()
    threading.Event().wait()
    return 0


def write_outputs(workspace: Workspace, file: Path) -> None:
    """Write the outputs file and print it."""
    shown = workspace.pulumi("stack", "output", "--json").stdout
    command = [sys.executable, "-m", "fastcart.flat_outputs", "--output", str(file)]
    subprocess.run(command, input=shown, text=True, cwd=workspace.program, check=True)
    print("\nOutputs:")
    for name, value in json.loads(file.read_text()).items():
        print(f"  {name:<26} {', '.join(value) if isinstance(value, list) else value}")


def say_how_to_use_it(emulator: Emulator, outputs: Path) -> None:
    """What another terminal needs, ready to be pasted, and something to do there."""
    environment = {**emulator.environment(), "AWS_REGION": REGION, "FASTCART_OUTPUTS": str(outputs)}
    lines = [f"  export {name}={value}" for name, value in environment.items()]
    lines.append(f"  {sys.executable} -m pytest -q {ROOT / 'tests' / 'integration'}")
    print("\nFastCart runs on an emulator until Ctrl-C. In another terminal:\n", *lines, "", sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
