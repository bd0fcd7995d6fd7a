"""The platform's life on the emulator: deployed through the gate, changed, refreshed, tested, drifted, destroyed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable

import pytest
from moto_server import Emulator
from pulumi_cli import ROOT, SECRETS, Gate, NewWorkspace, Workspace

INTEGRATION = ROOT / "tests" / "integration"


@pytest.fixture(scope="module")
def deployed(new_workspace: NewWorkspace, emulator: Emulator, gate: Gate) -> Workspace:
    """The stack, deployed through the gate."""
    workspace = new_workspace(emulator)
    workspace.up(gate).ok()
    return workspace


@pytest.fixture(scope="module")
def outputs_file(deployed: Workspace) -> Path:
    """The outputs file, written by the documented command."""
    file = deployed.folder / "flat-outputs.json"
    shown = deployed.pulumi("stack", "output", "--json").stdout
    subprocess.run(
        [sys.executable, "-m", "fastcart.flat_outputs", "--output", str(file)],
        input=shown,
        cwd=deployed.program,
        text=True,
        check=True,
    )
    return file


def changed(run_events: list[dict[str, Any]]) -> dict[str, str]:
    """The operation on each resource that an update did more to than look."""
    events = [event["metadata"] for event in run_events]
    return {event["urn"].rsplit("::", 1)[1]: event["op"] for event in events if event["op"] not in ("same", "read")}


def test_second_up_changes_nothing(deployed: Workspace, gate: Gate) -> None:
    run = deployed.up(gate).ok()
    assert changed(run.of_kind("resourcePreEvent")) == {}


def test_refresh_finds_no_drift(deployed: Workspace) -> None:
    run = deployed.pulumi("refresh", "--yes", "--expect-no-changes")
    assert "unchanged" in run.stdout


def test_shard_count_is_updated_in_place(deployed: Workspace, emulator: Emulator, gate: Gate) -> None:
    deployed.set("fastcart:streamShardCount", "3")
    run = deployed.up(gate, "--skip-preview").ok()
    assert changed(run.of_kind("resourcePreEvent")) == {"fastcart-orders-dev": "update"}
    stream = emulator.client("kinesis").describe_stream_summary(StreamName="fastcart-orders-dev")
    assert stream["StreamDescriptionSummary"]["OpenShardCount"] == 3


class TestOutputs:
    """``cfn-outputs/flat-outputs.json``: documented, exported and written are the same."""

    def test_documented_exported_and_written_names_are_the_same(self, deployed: Workspace, outputs_file: Path) -> None:
        documented = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "outputs.md").read_text(), re.MULTILINE))
        exported = set(deployed.pulumi("stack", "output", "--json").digest())
        written = set(json.loads(outputs_file.read_text()))
        assert documented == exported == written

    def test_values_are_flat_and_sorted_by_name(self, outputs_file: Path) -> None:
        outputs = json.loads(outputs_file.read_text())
        assert list(outputs) == sorted(outputs)
        for value in outputs.values():
            members = value if isinstance(value, list) else [value]
            assert all(isinstance(member, (str, int, float)) for member in members)

    def test_no_secret_is_written(self, outputs_file: Path) -> None:
        text = outputs_file.read_text()
        assert not [secret for secret in SECRETS.values() if secret in text]


class Integration:
    """A run of the integration tests as their user starts it."""

    def __init__(self, outputs_file: Path, environment: dict[str, str]) -> None:
        self._outputs = outputs_file
        self._environment = environment

    def run(self) -> dict[str, str]:
        """The outcome of every test, by its name."""
        command = [sys.executable, "-m", "pytest", "-rA", "-q", "-p", "no:cacheprovider", str(INTEGRATION)]
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        environment = {**kept, **self._environment, "FASTCART_OUTPUTS": str(self._outputs)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        return {name: outcome for outcome, name in re.findall(r"^(\w+) \S+::(\S+)", done.stdout, re.MULTILINE)}

    def failures(self) -> set[str]:
        """The names of the tests that failed."""
        outcomes = self.run()
        assert outcomes, "no integration test ran"
        return {name for name, outcome in outcomes.items() if outcome not in ("PASSED", "SKIPPED")}


@pytest.fixture
def integration(outputs_file: Path, emulator: Emulator) -> Integration:
    """The integration tests on the deployed stack."""
    return Integration(outputs_file, emulator.environment())


def test_integration_tests_pass_on_the_deployed_stack(integration: Integration) -> None:
    assert set(integration.run().values()) == {"PASSED"}


def test_integration_tests_are_skipped_without_outputs(emulator: Emulator, tmp_path: Path) -> None:
    outcomes = Integration(tmp_path / "nothing.json", emulator.environment()).run()
    assert not set(outcomes.values()) & {"PASSED", "FAILED", "ERROR"}


def test_integration_tests_are_skipped_without_credentials(outputs_file: Path, tmp_path: Path) -> None:
    nobody = {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}
    outcomes = Integration(outputs_file, nobody).run()
    assert not set(outcomes.values()) & {"PASSED", "FAILED", "ERROR"}


Drift = Callable[[Emulator, dict[str, Any]], Callable[[], Any]]
"""Changes something behind Pulumi's back, and returns what undoes it."""


def _remove_a_shard(emulator: Emulator, outputs: dict[str, Any]) -> Callable[[], Any]:
    kinesis = emulator.client("kinesis")

    def resize(shards: int) -> None:
        kinesis.update_shard_count(
            StreamName=outputs["streamName"], TargetShardCount=shards, ScalingType="UNIFORM_SCALING"
        )

    resize(1)
    return lambda: resize(outputs["streamShardCount"])


def _open_the_database(emulator: Emulator, outputs: dict[str, Any]) -> Callable[[], Any]:
    ec2 = emulator.client("ec2")
    rule = {
        "GroupId": outputs["databaseSecurityGroupId"],
        "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        ],
    }
    ec2.authorize_security_group_ingress(**rule)
    return lambda: ec2.revoke_security_group_ingress(**rule)


def _keep_logs_for_ever(emulator: Emulator, outputs: dict[str, Any]) -> Callable[[], Any]:
    logs = emulator.client("logs")
    logs.delete_retention_policy(logGroupName=outputs["logGroupName"])
    return lambda: logs.put_retention_policy(logGroupName=outputs["logGroupName"], retentionInDays=30)


def _drop_backups(emulator: Emulator, outputs: dict[str, Any]) -> Callable[[], Any]:
    rds = emulator.client("rds")

    def keep(days: int) -> None:
        rds.modify_db_instance(DBInstanceIdentifier=outputs["databaseIdentifier"], BackupRetentionPeriod=days)

    keep(0)
    return lambda: keep(7)


def _route_private_subnets_to_the_internet(emulator: Emulator, outputs: dict[str, Any]) -> Callable[[], Any]:
    ec2 = emulator.client("ec2")

    def lead(**target: str) -> None:
        ec2.replace_route(
            RouteTableId=outputs["privateRouteTableId"], DestinationCidrBlock="0.0.0.0/0", **target
        )

    lead(GatewayId=outputs["internetGatewayId"])
    return lambda: lead(NatGatewayId=outputs["natGatewayId"])


def _stop_the_tasks(emulator: Emulator, outputs: dict[str, Any]) -> Callable[[], Any]:
    ecs = emulator.client("ecs")

    def want(tasks: int) -> None:
        ecs.update_service(cluster=outputs["clusterArn"], service=outputs["serviceName"], desiredCount=tasks)

    want(1)
    return lambda: want(2)


DRIFTS: dict[str, tuple[Drift, set[str]]] = {
    "a shard removed": (_remove_a_shard, {"test_stream_has_at_least_two_open_shards"}),
    "the database opened to the world": (
        _open_the_database,
        {"test_store_accepts_the_tasks_on_its_port_and_nobody_else[database]"},
    ),
    "logs kept for ever": (_keep_logs_for_ever, {"test_logs_are_kept_for_a_set_time[logGroupName]"}),
    "backups switched off": (_drop_backups, {"test_database_is_a_backed_up_postgres_of_the_required_class"}),
    "private subnets routed to the internet gateway": (
        _route_private_subnets_to_the_internet,
        {"test_private_subnets_lead_to_the_nat_gateway_only"},
    ),
    "a task stopped": (_stop_the_tasks, {"test_service_wants_at_least_two_fargate_tasks"}),
}
"""What changes behind Pulumi's back, and which integration tests have to notice."""


@pytest.mark.parametrize("drift", DRIFTS)
def test_drift_is_noticed_by_the_right_integration_test(
    drift: str, integration: Integration, emulator: Emulator, outputs_file: Path
) -> None:
    plant, noticing = DRIFTS[drift]
    undo = plant(emulator, json.loads(outputs_file.read_text()))
    try:
        assert integration.failures() == noticing
    finally:
        undo()


def test_refresh_brings_drift_into_the_state_and_up_repairs_it(
    deployed: Workspace, emulator: Emulator, outputs_file: Path, gate: Gate
) -> None:
    _remove_a_shard(emulator, json.loads(outputs_file.read_text()))
    deployed.pulumi("refresh", "--yes")
    run = deployed.up(gate).ok()
    assert changed(run.of_kind("resourcePreEvent")) == {"fastcart-orders-dev": "update"}


def test_renamed_stream_is_replaced_and_everything_that_names_it_follows(
    deployed: Workspace, emulator: Emulator, gate: Gate
) -> None:
    program = deployed.program / "fastcart" / "streaming.py"
    program.write_text(program.read_text().replace('name=names.of("orders")', 'name=names.of("orders-v2")'))
    run = deployed.up(gate, "--skip-preview").ok()
    done = changed(run.of_kind("resourcePreEvent"))
    assert {name for name, operation in done.items() if operation == "update"} == {
        "fastcart-iterator-age-dev",
        "fastcart-service-dev",
        "fastcart-task-policy-dev",
        "fastcart-throttled-writes-dev",
    }
    assert {name for name, operation in done.items() if operation != "update"} == {
        "fastcart-orders-dev",
        "fastcart-task-dev",
    }
    assert emulator.client("kinesis").list_streams()["StreamNames"] == ["fastcart-orders-v2-dev"]


OPTIONS = {
    "vpcEndpoints": "true",
    "alarmEmail": "orders@example.com",
    "executeCommand": "true",
    "rotationLambdaArn": "arn:aws:lambda:eu-central-1:123456789012:function:rotate",
}
"""The parts of the stack that are there only when the config asks for them."""


def test_every_option_deploys_changes_refreshes_and_leaves_nothing_behind(
    new_workspace: NewWorkspace, emulator: Emulator, gate: Gate
) -> None:
    emulator.reset()
    before = emulator.inventory()
    workspace = new_workspace(emulator)
    for key, value in OPTIONS.items():
        workspace.set(f"fastcart:{key}", value)
    workspace.up(gate, "--skip-preview").ok()
    assert emulator.inventory() != before

    naming = workspace.program / "fastcart" / "naming.py"
    naming.write_text(naming.read_text().replace('"ManagedBy": "pulumi"', '"ManagedBy": "pulumi", "Team": "orders"'))
    retagged = workspace.up(gate, "--skip-preview").ok()
    assert set(changed(retagged.of_kind("resourcePreEvent")).values()) == {"update"}
    workspace.pulumi("refresh", "--yes", "--expect-no-changes")

    workspace.pulumi("destroy", "--yes")
    assert "resources" not in workspace.export()["deployment"]
    assert emulator.inventory() == before
