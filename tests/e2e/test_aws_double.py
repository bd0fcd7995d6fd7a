"""The provider double: does it know the SDK's types, complete inputs, see what changed, and stay away from AWS?"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_double
import pytest
from aws_double import calls, diff, schema
from aws_double.aws import Aws, NoEmulator
from aws_double.check import CheckCall, ProviderConfig, check
from aws_double.lifecycle import Resource
from aws_double.services import KINDS
from aws_double.wire import UNKNOWN, Secret, decode, encode
from moto.core.responses import BaseResponse
from moto.core.utils import camelcase_to_underscores

ROOT = Path(__file__).resolve().parents[2]
SUPPORT = ROOT / "tests" / "support"

STREAM = "aws:kinesis/stream:Stream"
SERVICE = "aws:ecs/service:Service"
CONFIG = ProviderConfig("eu-central-1", {"Project": "fastcart"})

ENGINE_PATIENCE_S = 5
"""How long the engine waits for a plugin that it has told to exit."""


def checked(
    token: str, news: dict[str, Any], olds: dict[str, Any] | None = None, seed: bytes = b"seed"
) -> dict[str, Any]:
    return check(KINDS[token], schema.schemas()[token], CONFIG, CheckCall("orders", olds or {}, news, seed))


def test_schema_is_the_installed_sdks() -> None:
    assert schema.FILE.read_text() == schema.render(), "run: cd tests/support && python -m aws_double.schema"


@pytest.mark.parametrize("token", KINDS)
def test_tables_name_only_inputs_that_exist(token: str) -> None:
    kind, inputs = KINDS[token], schema.schemas()[token].inputs | {"tagsAll"}
    named = kind.replaced_by | kind.held | set(kind.defaults) | set(kind.nested_defaults)
    named |= {name for step in kind.updates for name in step.properties}
    assert named <= inputs


@pytest.mark.parametrize("token", KINDS)
def test_every_input_has_at_most_one_meaning(token: str) -> None:
    kind = KINDS[token]
    updated = {name for step in kind.updates for name in step.properties}
    assert not kind.replaced_by & updated
    assert not kind.replaced_by & kind.held
    assert not updated & kind.held


class TestCheck:
    """What the provider adds to the program's inputs."""

    def test_region_and_all_tags_come_from_the_provider(self) -> None:
        inputs = checked(STREAM, {"tags": {"Name": "x"}})
        assert inputs["region"] == "eu-central-1"
        assert inputs["tagsAll"] == {"Name": "x", "Project": "fastcart", "__defaults": []}

    def test_region_of_the_resource_wins(self) -> None:
        assert checked(STREAM, {"region": "us-east-1"})["region"] == "us-east-1"

    def test_unknown_tag_makes_all_tags_unknown(self) -> None:
        assert checked(STREAM, {"tags": {"Name": UNKNOWN}})["tagsAll"] is UNKNOWN

    def test_defaults_are_filled_in_and_listed(self) -> None:
        inputs = checked(STREAM, {"name": "orders"})
        assert inputs["encryptionType"] == "NONE"
        assert inputs["__defaults"] == ["encryptionType", "enforceConsumerDeletion", "retentionPeriod"]

    def test_nested_defaults_are_listed_where_they_are(self) -> None:
        network = checked(SERVICE, {"networkConfiguration": {"subnets": []}})["networkConfiguration"]
        assert network == {"subnets": [], "assignPublicIp": False, "__defaults": ["assignPublicIp"]}

    def test_name_is_generated_once_and_kept(self) -> None:
        first = checked(STREAM, {})
        assert first["name"].startswith("orders-") and "name" in first["__defaults"]
        assert checked(STREAM, {}, olds=first, seed=b"other")["name"] == first["name"]

    def test_secret_stays_secret(self) -> None:
        assert checked("aws:rds/instance:Instance", {"password": Secret("x")})["password"] == Secret("x")


class TestDiff:
    """What a change of inputs means."""

    def test_bookkeeping_is_no_change(self) -> None:
        assert diff.changes({"a": {"__defaults": []}, "__defaults": ["b"]}, {"a": {}}) == []

    def test_paths_name_the_members(self) -> None:
        old = {"tags": {"a b": 1}, "list": [{"x": 1}]}
        new = {"tags": {"a b": 2}, "list": [{"x": 1}, {"x": 2}]}
        assert [(c.path, c.kind) for c in diff.changes(old, new)] == [("list[1]", "ADD"), ('tags["a b"]', "UPDATE")]

    def test_unknown_is_a_change(self) -> None:
        assert diff.changes({"a": 1}, {"a": UNKNOWN}) != []

    def test_secret_of_the_same_value_is_none(self) -> None:
        assert diff.changes({"a": Secret(1)}, {"a": 1}) == []

    @pytest.mark.parametrize("change, replaces", [({"name": "b"}, True), ({"shardCount": 3}, False)])
    def test_stream_is_replaced_for_its_name_only(self, change: dict[str, Any], replaces: bool) -> None:
        old = {"name": "a", "shardCount": 2}
        changed = diff.changes(old, {**old, **change})
        assert bool(diff.replacing(KINDS[STREAM], changed)) is replaces

    def test_fixed_name_is_freed_before_it_is_taken_again(self) -> None:
        kind, fixed = KINDS[STREAM], {"name": "a", "__defaults": []}
        assert diff.deletes_first(kind, fixed, fixed)
        assert not diff.deletes_first(kind, {"name": "a"}, {"name": "a", "__defaults": ["name"]})


def test_preview_knows_what_was_asked_for_and_not_what_aws_decides() -> None:
    resource = Resource(KINDS[STREAM], schema.schemas()[STREAM], CONFIG)
    outputs = resource.preview_create({"name": "orders", "shardCount": 2, "__defaults": []})
    assert (outputs["name"], outputs["shardCount"]) == ("orders", 2)
    assert outputs["id"] is UNKNOWN and outputs["arn"] is UNKNOWN
    assert "kmsKeyId" not in outputs and "__defaults" not in outputs


def test_wire_forms_survive_the_round_trip() -> None:
    value = {"n": 1, "f": 1.5, "b": True, "none": None, "u": UNKNOWN, "s": Secret({"x": [UNKNOWN]}), "l": ["a"]}
    assert decode(encode(value)) == value


@pytest.mark.parametrize("endpoint", ["", "https://kinesis.eu-central-1.amazonaws.com", "http://10.0.0.1:5000"])
def test_real_aws_is_never_called(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(NoEmulator, match="test double"):
        Aws("eu-central-1").client("kinesis")


@pytest.fixture
def process():
    """The double as a process, past its port line."""
    environment = {**os.environ, "PYTHONPATH": str(SUPPORT)}
    command = [sys.executable, "-m", "aws_double", "127.0.0.1:1"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as running:
        assert int(running.stdout.readline()) > 0
        yield running
        running.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_double_exits_at_once_on_a_signal(process: subprocess.Popen, number: signal.Signals) -> None:
    process.send_signal(number)
    assert process.wait(timeout=ENGINE_PATIENCE_S) == 0


def test_double_exits_when_the_engine_is_gone(process: subprocess.Popen) -> None:
    process.stdin.close()
    assert process.wait(timeout=ENGINE_PATIENCE_S) == 0


@pytest.mark.parametrize("service", calls.calls())
def test_calls_that_are_called_real_are_those_that_the_emulator_has(service: str) -> None:
    responses = importlib.import_module(f"moto.{service.replace('-', '')}.responses")
    answering = [cls for cls in vars(responses).values() if isinstance(cls, type) and issubclass(cls, BaseResponse)]
    answered = {name for cls in answering for name in dir(cls)}
    assert [call for call in calls.calls()[service] if camelcase_to_underscores(call) not in answered] == []


def test_documentation_lists_the_calls_and_what_is_emulated() -> None:
    page = (ROOT / "docs" / "deploying.md").read_text()
    emulated = [line for line in aws_double.__doc__.splitlines() if line.startswith("|")]
    assert calls.markdown() in page, "put the output of `python -m aws_double.calls` into docs/deploying.md"
    assert "\n".join(emulated) in page, "put the table of aws_double/__init__.py into docs/deploying.md"
