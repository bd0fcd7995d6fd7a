#!/usr/bin/env python3
"""Records what the real Pulumi CLI writes for the FastCart stack, as fixtures for tests that do not run it.

    python tests/e2e/record_real.py     writes tests/fixtures/real/*.gz anew (see its README.md)

Paths of this machine are scrubbed; ids and times are new in each recording.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from moto_server import running_emulator  # noqa: E402
from planted import copy_stack  # noqa: E402
from pulumi_cli import BUILD_TOOLS, ROOT, Toolbox, Workspace, install_provider_double  # noqa: E402

TARGET = ROOT / "tests" / "fixtures" / "real"

_OUTSIDE = re.compile(r"project:///(?:\.\./)+[^\"#]*?/(site-packages/[^\"#]*|lib/python3[^\"#]*|bin/[^\"#/]*)(?=[\"#])")


def scrub(text: str, folder: Path) -> str:
    """The text without the places where this machine keeps things."""
    return _OUTSIDE.sub(r"project:///../venv/\1", text).replace(str(folder), "/workspace")


def record(folder: Path) -> dict[str, str]:
    """Deploy the stack step by step; the recordings by file name."""
    provider, home = folder / "provider", folder / "home"
    provider.mkdir()
    home.mkdir()
    install_provider_double(provider)
    tools = Path(subprocess.run([str(BUILD_TOOLS)], stdout=subprocess.PIPE, text=True, check=True).stdout.strip())
    recorded = {}
    with running_emulator() as emulator:
        toolbox = Toolbox(tools, provider, home)
        workspace = Workspace(folder, copy_stack(folder / "stack"), toolbox, emulator.environment())
        workspace.init()
        recorded["preview-create.json"] = workspace.preview().ok().stdout
        recorded["up-create.events.jsonl"] = workspace.up(None, "--skip-preview").ok().event_log
        recorded["export.json"] = workspace.pulumi("stack", "export").stdout
        recorded["export-show-secrets.json"] = workspace.pulumi("stack", "export", "--show-secrets").stdout
        recorded["checkpoint.json"] = (folder / "state/.pulumi/stacks/fastcart/dev.json").read_text()
        workspace.set("fastcart:streamShardCount", "3")
        recorded["preview-update.json"] = workspace.preview().ok().stdout
        recorded["preview-update-show-sames.json"] = workspace.preview(None, "--show-sames").ok().stdout
    return recorded


def main() -> None:
    """Record, scrub, write."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fastcart-record-") as name:
        folder = Path(name)
        for file, text in record(folder).items():
            data = gzip.compress(scrub(text, folder).encode(), mtime=0)
            (TARGET / f"{file}.gz").write_bytes(data)
            print(f"{file}.gz: {len(data)} bytes")


if __name__ == "__main__":
    main()
