"""Fixtures: the program rendered once per session, as after an update, at a first preview, and without edges."""

import asyncio
import contextvars
import functools
import os
import sys
from pathlib import Path
from typing import Any, Callable, Mapping

import pytest

TESTS = Path(__file__).resolve().parents[1]
for folder in (TESTS.parent / "stack", TESTS / "support"):
    sys.path.insert(0, str(folder))

from offline.render import FAKE_SECRETS, Request, render  # noqa: E402
from places import BINARY  # noqa: E402
from planted import Planted, apply, copy_stack  # noqa: E402
from pulumi.runtime.config import set_all_config  # noqa: E402
from stack_view import StackView  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    """Keep the AWS SDK's warnings about its own types out of the report."""
    config.addinivalue_line("filterwarnings", "ignore::DeprecationWarning:pulumi_aws")


@pytest.fixture(scope="session")
def analyzer() -> Path:
    """The analyzer's executable."""
    if not os.access(BINARY, os.X_OK):
        build = "cmake --preset release && cmake --build --preset release"
        pytest.fail(f"there is no analyzer at {BINARY}: run `{build}`, or name it in FASTCART_GUARDRAILS")
    return BINARY


@pytest.fixture(scope="session")
def applied() -> StackView:
    """The dev stack as after an update: every id, ARN and endpoint is known."""
    return StackView(render(Request()))


@pytest.fixture(scope="session")
def preview() -> StackView:
    """The dev stack at its first preview: what only AWS can say is unknown."""
    return StackView(render(Request(preview=True)))


@pytest.fixture(scope="session")
def without_edges() -> StackView:
    """The dev stack as a simple mock dump: no dependencies."""
    return StackView(render(Request(edges=False)))


@pytest.fixture(scope="session")
def everything_on() -> StackView:
    """An environment with every optional part, and the defaults of one that matters."""
    options = {
        "fastcart:vpcEndpoints": "true",
        "fastcart:executeCommand": "true",
        "fastcart:alarmEmail": "orders@fastcart.example",
        "fastcart:rotationLambdaArn": "arn:aws:lambda:eu-central-1:123456789012:function:rotate-prod",
    }
    return StackView(render(Request(suffix="prod", config=options)))


@pytest.fixture(scope="session")
def faulty(tmp_path_factory) -> Callable[[Planted, bool], StackView]:
    """The program with a planted fault, as after an update or at preview; each is rendered once per session."""

    @functools.cache
    def rendered(planted: Planted, preview: bool) -> StackView:
        copy = copy_stack(tmp_path_factory.mktemp("planted") / "stack")
        apply(planted, copy)
        return StackView(render(Request(program_dir=copy, preview=preview)))

    return rendered


@pytest.fixture
def load_config() -> Callable[..., Any]:
    """Reads the program's config from the given settings; the required ones are there unless set to None."""

    def load(settings: Mapping[str, Any] = {}, secret_keys: list[str] = list(FAKE_SECRETS)) -> Any:
        from fastcart import config

        given = {"aws:region": "eu-central-1", "fastcart:environmentSuffix": "dev", **FAKE_SECRETS, **settings}
        known = {key: value for key, value in given.items() if value is not None}

        async def read() -> Any:
            set_all_config(known, secret_keys)
            return config.load()

        return contextvars.copy_context().run(asyncio.run, read())

    return load
