"""What Pulumi asks of any policy pack, with this pack in the real engine.

The behaviours are those of the policy tests in Pulumi's language conformance suite, by their names there: simple,
config, config schema, enforcement config, dry run, invalid, remediate, stack config, stack tags, resource metadata,
analyze stack. Each runs a program of a few lines, judged by the one or two rules that it is about.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Callable

import pytest
from moto_server import Emulator
from pulumi_cli import ROOT, SECRETS, Gate, NewWorkspace, Run, Workspace
from verdicts import Verdict, check, of_engine

SHARDS = "kinesis-shard-count"
STREAM = "aws:kinesis/stream:Stream"
ONE_SHARD = 'aws.kinesis.Stream("orders-dev", name="orders-dev", shard_count=1)'
TOO_FEW = (
    "orders-dev: shardCount is 1; wanted: a whole number of at least 2. "
    "Fix: set shard_count=2 on the aws.kinesis.Stream."
)
STACK_URN = "urn:pulumi:dev::fastcart::pulumi:pulumi:Stack::fastcart-dev"

Program = Callable[..., Workspace]


@pytest.fixture
def program(new_workspace: NewWorkspace) -> Program:
    """Makes a workspace of a program: ``program("…", emulator)``, the second only for what is deployed."""

    def make(source: str, emulator: Emulator | None = None) -> Workspace:
        if emulator:
            emulator.reset()
        workspace = new_workspace(emulator)
        for package in ("fastcart", "offline"):
            shutil.rmtree(workspace.program / package)
        text = f"import pulumi\nimport pulumi_aws as aws\n{source}\n"
        (workspace.program / "__main__.py").write_text(text)
        return workspace

    return make


def judged_by(**rules: Any) -> Gate:
    """The pack with these rules alone: by name, with underscores, their level or configuration."""
    return Gate(ROOT, {"all": "disabled", **{name.replace("_", "-"): setting for name, setting in rules.items()}})


def shards(setting: Any) -> Gate:
    """The pack with kinesis-shard-count alone."""
    return judged_by(kinesis_shard_count=setting)


def urn(type_: str, name: str) -> str:
    """The URN of a resource without a parent."""
    return f"urn:pulumi:dev::fastcart::{type_}::{name}"


def inputs_of(preview: Run, resource: str) -> dict[str, Any]:
    """The inputs that the engine would give to the provider."""
    (step,) = [step for step in preview.digest()["steps"] if step["urn"] == resource]
    return step["newState"]["inputs"]


class TestSimple:
    """A mandatory violation stops; advice does not."""

    def test_mandatory_violation_fails_preview_and_update_with_the_rules_words(
        self, program: Program, emulator: Emulator
    ) -> None:
        workspace = program(ONE_SHARD, emulator)
        wanted = [Verdict(SHARDS, urn(STREAM, "orders-dev"), "mandatory", TOO_FEW)]
        for run in (workspace.preview(shards("mandatory")), workspace.up(shards("mandatory"), "--skip-preview")):
            assert (run.code, of_engine(run)) == (1, wanted), run.output
        assert emulator.client("kinesis").list_streams()["StreamNames"] == []

    def test_advice_is_shown_and_the_update_goes_on(self, program: Program, emulator: Emulator) -> None:
        run = program(ONE_SHARD, emulator).up(shards("advisory"), "--skip-preview").ok()
        assert of_engine(run) == [Verdict(SHARDS, urn(STREAM, "orders-dev"), "advisory", TOO_FEW)]
        assert emulator.client("kinesis").list_streams()["StreamNames"] == ["orders-dev"]

    def test_person_sees_level_severity_rule_and_resource(self, program: Program) -> None:
        workspace = program(ONE_SHARD)
        run = workspace.run("preview", *shards("mandatory").arguments(workspace.folder))
        assert run.code == 1
        assert "fastcart-guardrails@v" in run.stdout
        assert f"[mandatory] [severity: medium]  {SHARDS}  (aws:kinesis:Stream: orders-dev)" in run.stdout
        assert TOO_FEW in run.stdout


@pytest.mark.parametrize("minimum, code", [(1, 0), (4, 1)])
def test_config_reaches_the_rule_in_the_engine_and_in_check(
    program: Program, tmp_path: Path, minimum: int, code: int
) -> None:
    workspace = program(ONE_SHARD)
    run = workspace.preview(shards({"enforcementLevel": "mandatory", "minimum": minimum}))
    assert run.code == code, run.output
    assert [f"at least {minimum}." in verdict.message for verdict in of_engine(run)] == [True] * code
    checked = check(run.digest(), tmp_path, "--policy-config", str(workspace.folder / "policy-config.json"))
    assert (checked.code, checked.verdicts) == (code, of_engine(run))


@pytest.mark.parametrize(
    "rule, setting, said",
    [
        (SHARDS, {"minimum": "many"}, "minimum: Invalid type. Expected: integer, given: string"),
        (SHARDS, {"minimum": 0}, "minimum: Must be greater than or equal to 1"),
        ("allowed-region", {"regions": []}, "regions: Array must have at least 1 items"),
        ("name-suffix", {"exemptTypes": ["aws:("]}, "exemptTypes"),
        (SHARDS, {"minimun": 4}, 'unknown key "minimun"; allowed: minimum'),
    ],
)
def test_config_schema_refuses_what_it_does_not_allow(
    program: Program, rule: str, setting: dict[str, Any], said: str
) -> None:
    run = program(ONE_SHARD).preview(Gate(ROOT, {rule: {"enforcementLevel": "mandatory", **setting}}))
    assert run.code != 0
    assert said in run.output
    assert rule in run.output


@pytest.mark.parametrize(
    "config, levels",
    [
        pytest.param({}, ["mandatory"], id="default"),
        pytest.param({SHARDS: "advisory"}, ["advisory"], id="a word"),
        pytest.param({SHARDS: {"enforcementLevel": "advisory"}}, ["advisory"], id="an object"),
        pytest.param({SHARDS: "disabled"}, [], id="disabled"),
        pytest.param({"all": "advisory"}, ["advisory"], id="all"),
        pytest.param({"all": "disabled", SHARDS: "mandatory"}, ["mandatory"], id="all and one"),
    ],
)
def test_enforcement_config_sets_the_level(program: Program, config: dict[str, Any], levels: list[str]) -> None:
    run = program(ONE_SHARD).preview(Gate(ROOT, config))
    mine = [verdict.level for verdict in of_engine(run) if verdict.policy == SHARDS]
    assert mine == levels


def test_dry_run_knows_less_and_the_update_decides(program: Program, emulator: Emulator) -> None:
    source = """
key = aws.kms.Key("key-dev")
aws.kinesis.Stream("orders-dev", name="orders-dev", shard_count=key.arn.apply(lambda arn: 1))
"""
    workspace = program(source, emulator)
    preview = workspace.preview(shards("mandatory")).ok()
    (undecided,) = of_engine(preview)
    assert (undecided.level, undecided.urn) == ("advisory", urn(STREAM, "orders-dev"))
    assert "not known before the update, which decides it" in undecided.message
    update = workspace.up(shards("mandatory"))
    assert update.code == 1
    assert of_engine(update)[-1] == Verdict(SHARDS, urn(STREAM, "orders-dev"), "mandatory", TOO_FEW)
    assert emulator.client("kinesis").list_streams()["StreamNames"] == []


@pytest.mark.parametrize(
    "binary, said",
    [
        ("build/not-built", ("the policy pack is not built", "build/not-built does not exist")),
        ("PulumiPolicy.yaml", ("is not executable",)),
    ],
    ids=["not built", "no program"],
)
def test_invalid_pack_fails_the_run_and_says_why(
    program: Program, tmp_path: Path, binary: str, said: tuple[str, ...]
) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text(f"runtime: {{name: cpp, options: {{binary: {binary}}}}}\n")
    run = program(ONE_SHARD).preview(Gate(pack))
    assert run.code != 0
    assert [text for text in said if text not in run.output] == []


class TestRemediate:
    """Level ``remediate`` changes the inputs before anything is decided of them."""

    def test_fixed_input_is_previewed_deployed_and_fixed_again(self, program: Program, emulator: Emulator) -> None:
        source = 'key = aws.kms.Key("key-dev")\n' + ONE_SHARD.replace(
            "shard_count=1", 'shard_count=1, encryption_type="KMS", kms_key_id=key.arn'
        )
        workspace = program(source, emulator)
        orders = urn(STREAM, "orders-dev")

        preview = workspace.preview(shards("remediate")).ok()
        (event,) = preview.of_kind("policyRemediationEvent")
        assert (event["policyName"], event["resourceUrn"]) == (SHARDS, orders)
        before, after = event["before"], event["after"]
        assert (before["shardCount"], after["shardCount"]) == (1, 2)
        assert {**after, "shardCount": 1} == before  # the unknown key id and all bookkeeping as they came
        assert inputs_of(preview, orders)["shardCount"] == 2
        assert of_engine(preview) == []

        workspace.up(shards("remediate"), "--skip-preview").ok()
        stream = emulator.client("kinesis").describe_stream_summary(StreamName="orders-dev")
        assert stream["StreamDescriptionSummary"]["OpenShardCount"] == 2
        again = workspace.up(shards("remediate"), "--skip-preview", "--expect-no-changes").ok()
        assert [event["policyName"] for event in again.of_kind("policyRemediationEvent")] == [SHARDS]

    def test_nothing_is_sent_when_nothing_changes(self, program: Program) -> None:
        run = program(ONE_SHARD.replace("shard_count=1", "shard_count=2")).preview(shards("remediate")).ok()
        assert (run.of_kind("policyRemediationEvent"), of_engine(run)) == ([], [])

    def test_rule_without_a_remedy_is_mandatory(self, program: Program) -> None:
        workspace = program('aws.kinesis.Stream("orders-dev", name="orders")')
        run = workspace.preview(judged_by(name_suffix="remediate"))
        assert run.code == 1
        assert [(verdict.policy, verdict.level) for verdict in of_engine(run)] == [("name-suffix", "mandatory")]

    def test_secret_of_a_fixed_resource_stays_secret(self, program: Program, emulator: Emulator) -> None:
        source = """
aws.rds.Instance("db-dev", identifier="db-dev", engine="postgres", instance_class="db.t3.micro",
                 allocated_storage=20, skip_final_snapshot=True, username="orders",
                 password=pulumi.Config().require_secret("databasePassword"))
"""
        workspace = program(source, emulator)
        run = workspace.up(judged_by(rds_encryption="remediate"), "--skip-preview")
        assert [event["policyName"] for event in run.of_kind("policyRemediationEvent")] == ["rds-encryption"]
        assert SECRETS["databasePassword"] not in run.output + run.event_log + str(workspace.export())


class TestStackConfig:
    """The stack's own config reaches the rules: here ``fastcart:environmentSuffix``, which name-suffix goes by."""

    def test_suffix_of_the_config_wins_over_the_stacks_name(self, program: Program) -> None:
        source = 'for name in ("orders-dev", "orders-blue"):\n    aws.kinesis.Stream(name, name=name)'
        workspace = program(source)
        workspace.set("fastcart:environmentSuffix", "blue")
        run = workspace.preview(judged_by(name_suffix="mandatory"))
        assert {verdict.urn for verdict in of_engine(run)} == {urn(STREAM, "orders-dev")}
        assert all('"blue"' in verdict.message or "-blue" in verdict.message for verdict in of_engine(run))

    def test_region_of_the_config_is_the_default_providers(self, program: Program) -> None:
        workspace = program('aws.kinesis.Stream("orders-dev")')
        workspace.set("aws:region", "us-east-1")
        run = workspace.preview(judged_by(allowed_region="mandatory"))
        assert {verdict.urn for verdict in of_engine(run)} == {urn(STREAM, "orders-dev")}


def test_stack_tags_are_no_config_of_ours(program: Program) -> None:
    """They reach every pack; no rule reads them."""
    workspace = program('aws.kinesis.Stream("orders-dev")')
    workspace.pulumi("config", "set", "--path", "pulumi:tags.environmentSuffix", "blue")
    run = workspace.preview(judged_by(name_suffix="mandatory")).ok()
    assert of_engine(run) == []


class TestResourceMetadata:
    """What the engine says of a resource besides its inputs: provider, parent, dependencies."""

    def test_provider_gives_region_and_tags(self, program: Program) -> None:
        source = """
tags = {"Environment": "dev", "Project": "fastcart", "ManagedBy": "pulumi"}
tagged = aws.Provider("tagged-dev", region="eu-central-1", default_tags={"tags": tags})
abroad = aws.Provider("abroad-dev", region="us-east-1")
aws.kinesis.Stream("tagged-dev", opts=pulumi.ResourceOptions(provider=tagged))
aws.kinesis.Stream("abroad-dev", tags=tags, opts=pulumi.ResourceOptions(provider=abroad))
aws.kinesis.Stream("bare-dev")
"""
        run = program(source).preview(judged_by(required_tags="mandatory", allowed_region="mandatory"))
        assert {(verdict.policy, verdict.urn) for verdict in of_engine(run)} == {
            ("required-tags", urn(STREAM, "bare-dev")),
            ("allowed-region", urn(STREAM, "abroad-dev")),
        }

    def test_child_is_judged_and_its_component_is_not(self, program: Program) -> None:
        source = """
parent = pulumi.ComponentResource("fastcart:platform:Streaming", "streaming")
aws.kinesis.Stream("orders", opts=pulumi.ResourceOptions(parent=parent))
"""
        run = program(source).preview(judged_by(name_suffix="mandatory"))
        assert {verdict.urn for verdict in of_engine(run)} == {urn(f"fastcart:platform:Streaming${STREAM}", "orders")}

    def test_dependency_of_a_property_is_proof_before_anything_has_an_id(self, program: Program) -> None:
        source = """
key = aws.kms.Key("key-dev")
arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
aws.kinesis.Stream("proven-dev", encryption_type="KMS", kms_key_id=key.arn)
aws.kinesis.Stream("literal-dev", encryption_type="KMS", kms_key_id=arn)
"""
        run = program(source).preview(judged_by(shared_cmk="mandatory")).ok()
        (undecided,) = of_engine(run)
        assert (undecided.urn, undecided.level) == (urn(STREAM, "literal-dev"), "advisory")

    def test_generated_name_is_no_name_of_the_program(self, program: Program) -> None:
        """The provider's ``orders-dev-1a2b3c4`` does not end in the suffix; the logical name does."""
        run = program('aws.kinesis.Stream("orders-dev")').preview(judged_by(name_suffix="mandatory")).ok()
        assert inputs_of(run, urn(STREAM, "orders-dev"))["name"] != "orders-dev"
        assert of_engine(run) == []


class TestAnalyzeStack:
    """What only the whole stack shows."""

    ALARM = """
aws.cloudwatch.MetricAlarm("age-dev", namespace="AWS/Kinesis", metric_name="GetRecords.IteratorAgeMilliseconds",
                           dimensions={"StreamName": watched.name}, statistic="Maximum", threshold=60000,
                           comparison_operator="GreaterThanThreshold", evaluation_periods=1, period=60)
"""

    def test_violation_is_on_the_resource_that_it_is_about(self, program: Program) -> None:
        source = 'watched, lonely = (aws.kinesis.Stream(name) for name in ("watched-dev", "lonely-dev"))' + self.ALARM
        run = program(source).preview(judged_by(required_alarms="mandatory"))
        assert run.code == 1
        assert [verdict.urn for verdict in of_engine(run)] == [urn(STREAM, "lonely-dev")]

    def test_violation_of_the_stack_itself_is_on_the_stack(self, program: Program, emulator: Emulator) -> None:
        wanted = {"enforcementLevel": "mandatory", "outputs": ["streamName", "streamArn"]}
        source = 'pulumi.export("streamName", aws.kinesis.Stream("orders-dev", name="orders-dev").name)'
        workspace = program(source, emulator)
        run = workspace.up(judged_by(required_outputs=wanted), "--skip-preview")
        assert run.code == 1
        (verdict,) = of_engine(run)
        assert (verdict.urn, verdict.level) == (STACK_URN, "mandatory")
        assert "streamArn" in verdict.message and "streamName" not in verdict.message
        # The engine asks about the stack when everything is deployed: such a rule stops the next step, not this one.
        assert emulator.client("kinesis").list_streams()["StreamNames"] == ["orders-dev"]
