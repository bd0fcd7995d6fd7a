"""Runs the program against the mocks and gives what it registered as a plain resource list."""

import asyncio
import contextvars
import importlib
import json
import logging
import runpy
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional

import pulumi
import yaml
from pulumi.runtime.config import set_all_config
from pulumi.runtime.mocks import MockEngine, MockSettings
from pulumi.runtime.settings import configure

from .mocks import AwsMocks
from .recorder import Recorder

PROGRAM_DIR = Path(__file__).resolve().parents[1]
PACKAGE = "fastcart"

DEFAULTS = {"aws:region": "eu-central-1"}

FAKE_SECRETS = {
    "fastcart:databasePassword": "offline-Only-Password-1",
    "fastcart:redisAuthToken": "offline-Only-Redis-Token-1",
}
"""Stand-ins for the secrets of a real stack. They open nothing."""


@dataclass(frozen=True)
class Request:
    """What to render: which program, for which environment, before (preview) or after an update.

    ``config`` overrides single settings of the environment's ``Pulumi.<suffix>.yaml``.
    """

    suffix: str = "dev"
    preview: bool = False
    edges: bool = True
    config: Mapping[str, str] = field(default_factory=dict)
    program_dir: Path = PROGRAM_DIR


def render(request: Request = Request()) -> dict[str, Any]:
    """Run the program and return the plain resource list. Raises whatever the program raises."""
    project = str(yaml.safe_load((request.program_dir / "Pulumi.yaml").read_text())["name"])
    config = _stack_config(request)
    recorder = Recorder(AwsMocks(config["aws:region"], request.preview), request.program_dir)
    order = contextvars.copy_context().run(_run, request, project, config, recorder)
    records = sorted(recorder.records.values(), key=lambda record: order.index((record.type, record.name)))
    return {
        "project": project,
        "stack": request.suffix,
        "config": _shown(config),
        "resources": [record.to_json(request.edges) for record in records],
        "outputs": records[0].outputs,
    }


def _stack_config(request: Request) -> dict[str, str]:
    """Defaults, then the environment's own file, then the caller's overrides."""
    file = request.program_dir / f"Pulumi.{request.suffix}.yaml"
    committed = yaml.safe_load(file.read_text())["config"] if file.exists() else {}
    plain = {key: _as_pulumi_gives(value) for key, value in committed.items() if not isinstance(value, dict)}
    given = {**DEFAULTS, **plain, **FAKE_SECRETS, **request.config}
    suffix = {} if "fastcart:environment_suffix" in given else {"fastcart:environmentSuffix": request.suffix}
    return {**suffix, **given}


def _as_pulumi_gives(value: Any) -> str:
    """A value of the environment's file as the program gets it: text, and JSON for whatever is no text."""
    return value if isinstance(value, str) else json.dumps(value)


def _shown(config: Mapping[str, str]) -> dict[str, str]:
    """The config as a preview shows it: secrets only as a marker."""
    return {key: "[secret]" if key in FAKE_SECRETS else config[key] for key in sorted(config)}


def _run(request: Request, project: str, config: dict[str, str], recorder: Recorder) -> list[tuple[str, str]]:
    """Run the program to its end. Returns types and names in the order in which the program makes its resources."""
    engine = MockEngine(logging.getLogger("pulumi.offline"))
    configure(
        MockSettings(
            monitor=recorder, engine=engine, project=project, stack=request.suffix, dry_run=request.preview
        )
    )
    set_all_config(config, list(FAKE_SECRETS))
    order = [("pulumi:pulumi:Stack", f"{project}-{request.suffix}")]

    def note(args: pulumi.ResourceTransformationArgs) -> Optional[pulumi.ResourceTransformationResult]:
        order.append((args.type_, args.name))
        return None

    def program() -> None:
        pulumi.runtime.register_stack_transformation(note)
        runpy.run_path(str(request.program_dir), run_name="__main__")

    loop = asyncio.new_event_loop()
    loop.set_default_executor(_ContextExecutor())
    asyncio.set_event_loop(loop)
    try:
        with _fresh_package():
            loop.run_until_complete(pulumi.runtime.run_in_stack(program))
    finally:
        loop.close()
        asyncio.set_event_loop(None)
    return order


class _ContextExecutor(ThreadPoolExecutor):
    """Worker threads that see the same Pulumi settings (stack, preview or not) as the program that uses them."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future:
        return super().submit(contextvars.copy_context().run, fn, *args, **kwargs)


@contextmanager
def _fresh_package() -> Iterator[None]:
    """Let the program import its own package, from its own folder, whatever was imported before."""

    def forget() -> dict[str, Any]:
        names = [name for name in sys.modules if name.split(".")[0] == PACKAGE]
        return {name: sys.modules.pop(name) for name in names}

    before = forget()
    importlib.invalidate_caches()
    try:
        yield
    finally:
        forget()
        sys.modules.update(before)
