"""Offline rendering records what the engine would see."""

import json
import os
import subprocess
import sys
import textwrap

import pytest
from offline.recorder import engine_urn
from offline.render import FAKE_SECRETS, Request, render
from places import REPOSITORY
from stack_view import UNKNOWN, StackView, is_secret, strings

KEY = "urn:pulumi:dev::fastcart::fastcart:platform:Encryption$aws:kms/key:Key::fastcart-key-dev"
ALLOWED = {
    "urn",
    "type",
    "name",
    "custom",
    "id",
    "parent",
    "inputs",
    "outputs",
    "dependencies",
    "propertyDependencies",
    "provider",
    "options",
    "sourcePosition",
    "stackTrace",
}


@pytest.mark.parametrize("arguments", [[], ["--preview", "--no-edges"]], ids=["applied", "preview"])
def test_two_runs_are_byte_identical(tmp_path, arguments):
    texts = []
    for seed in ("1", "2"):
        file = tmp_path / seed / "stack.json"
        command = [sys.executable, "-m", "offline", "--output", str(file), *arguments]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY / "stack")}
        subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env=environment)
        texts.append(file.read_bytes())
    assert texts[0] == texts[1]
    assert str(REPOSITORY).encode() not in texts[0]


def test_the_document_is_a_plain_resource_list(applied):
    assert set(applied.document) == {"project", "stack", "config", "resources", "outputs"}
    assert (applied.document["project"], applied.document["stack"]) == ("fastcart", "dev")
    assert applied.document["config"]["aws:region"] == "eu-central-1"
    assert applied.document["config"]["fastcart:environmentSuffix"] == "dev"
    for resource in applied.resources:
        assert {"urn", "type", "name"} <= set(resource) <= ALLOWED


def test_the_suffix_may_be_given_in_either_spelling(tmp_path):
    program(tmp_path, "pulumi.export('suffix', pulumi.Config('fastcart').get('environment_suffix'))")
    document = render(Request(program_dir=tmp_path, config={"fastcart:environment_suffix": "blue"}))
    assert document["outputs"] == {"suffix": "blue"}
    assert "fastcart:environmentSuffix" not in document["config"]


def test_values_of_the_stack_file_are_those_that_pulumi_would_give(tmp_path):
    program(tmp_path, "pulumi.export('given', [pulumi.Config('small').get(key) for key in ('flag', 'ids', 'text')])")
    config = ("small:flag: true", 'small:ids: ["1", 2]', 'small:text: "007"')
    (tmp_path / "Pulumi.dev.yaml").write_text("\n  ".join(("config:", *config)))
    document = render(Request(program_dir=tmp_path))
    assert document["outputs"]["given"] == ["true", '["1", 2]', "007"]


def test_secret_config_is_not_in_the_document_config(applied):
    for key in FAKE_SECRETS:
        assert applied.document["config"][key] == "[secret]"


def test_secrets_stand_only_inside_secret_markers(applied):
    def strip(value):
        if is_secret(value):
            return None
        if isinstance(value, dict):
            return {key: strip(member) for key, member in value.items()}
        return [strip(member) for member in value] if isinstance(value, list) else value

    text = json.dumps(strip(applied.document))
    assert all(secret in applied.text() and secret not in text for secret in FAKE_SECRETS.values())


URNS = [
    ("", "pulumi:pulumi:Stack", "urn:pulumi:s::p::pulumi:pulumi:Stack::n"),
    ("urn:pulumi:s::p::pulumi:pulumi:Stack::p-s", "a:b:C", "urn:pulumi:s::p::a:b:C::n"),
    ("urn:pulumi:s::p::a:b:C::m", "d:e:F", "urn:pulumi:s::p::a:b:C$d:e:F::n"),
    ("urn:pulumi:s::p::a:b:C$d:e:F::m", "g:h:I", "urn:pulumi:s::p::a:b:C$d:e:F$g:h:I::n"),
]


@pytest.mark.parametrize("parent,kind,urn", URNS)
def test_urns_are_those_of_the_engine(parent, kind, urn):
    assert engine_urn("s", "p", parent, kind, "n") == urn


def test_resources_come_after_what_they_need(applied):
    seen = set()
    for resource in applied.resources:
        needs = [resource.get("parent"), resource.get("provider"), *resource.get("dependencies", [])]
        assert set(filter(None, needs)) <= seen, resource["urn"]
        seen.add(resource["urn"])


def test_every_child_of_a_component_names_it_as_parent(applied):
    parents = {resource["urn"]: resource["type"] for resource in applied.resources}
    for resource in applied.managed():
        assert parents[resource["parent"]].startswith("fastcart:platform:")


def test_components_register_outputs(applied):
    components = [resource for resource in applied.resources if resource["type"].startswith("fastcart:")]
    assert len(components) == 12
    assert all(component["outputs"] for component in components)


def test_edges_say_which_resource_a_property_uses(applied, preview):
    for stack in (applied, preview):
        stream = stack.one("kinesis/stream:Stream")
        assert stream["propertyDependencies"]["kmsKeyId"] == [KEY]
        assert KEY in stream["dependencies"]


EDGES = [
    (
        "ecs/service:Service",
        "networkConfiguration",
        ["fastcart-private-1-dev", "fastcart-private-2-dev", "fastcart-service-sg-dev"],
    ),
    ("ecs/cluster:Cluster", "configuration", ["fastcart-key-dev", "fastcart-exec-logs-dev"]),
    ("rds/subnetGroup:SubnetGroup", "subnetIds", ["fastcart-private-1-dev", "fastcart-private-2-dev"]),
    ("appautoscaling/target:Target", "resourceId", ["fastcart-cluster-dev", "fastcart-service-dev"]),
    ("kms/alias:Alias", "targetKeyId", ["fastcart-key-dev"]),
]


@pytest.mark.parametrize("kind,key,names", EDGES)
def test_edges_of_nested_and_joined_inputs_are_kept(preview, kind, key, names):
    assert sorted(preview.edges(preview.one(kind), key)) == sorted(names)


def test_a_simple_dump_has_no_edges(applied, without_edges):
    assert not any("dependencies" in r or "propertyDependencies" in r for r in without_edges.resources)
    assert without_edges.document == applied.without_edges()


def test_a_preview_differs_only_in_what_aws_alone_can_say(applied, preview):
    for known, unknown in zip(applied.resources, preview.resources, strict=True):
        assert known["urn"] == unknown["urn"]
        assert known.get("propertyDependencies") == unknown.get("propertyDependencies")
        assert set(known["inputs"]) == set(unknown["inputs"])
        assert set(known["outputs"]) == set(unknown["outputs"])
        for key, value in unknown["inputs"].items():
            assert value == known["inputs"][key] or UNKNOWN in strings(value)


def test_a_preview_knows_no_id_and_an_update_knows_all(applied, preview):
    for resource in preview.managed():
        assert resource["id"] == UNKNOWN
    assert UNKNOWN not in strings(applied.document)
    assert len({resource["id"] for resource in applied.all("ec2/subnet:Subnet")}) == 4


READABLE = [
    ("iam/rolePolicy:RolePolicy", "policy"),
    ("iam/role:Role", "assumeRolePolicy"),
    ("kms/key:Key", "policy"),
    ("ecs/taskDefinition:TaskDefinition", "containerDefinitions"),
]


@pytest.mark.parametrize("kind,key", READABLE)
def test_documents_can_be_read_at_the_first_preview(preview, kind, key):
    for resource in preview.all(kind):
        assert json.loads(resource["inputs"][key])


def test_an_unknown_secret_stays_marked_in_the_outputs(preview):
    for version in preview.all("SecretVersion"):
        assert is_secret(version["outputs"]["secretString"])


def test_options_are_recorded(everything_on):
    assert everything_on.one("kms/key:Key")["options"]["protect"] is True
    assert "password" in everything_on.one("rds/instance:Instance")["options"]["additionalSecretOutputs"]


def test_positions_point_into_the_program(applied):
    for resource in applied.managed():
        file, line = resource["sourcePosition"].removeprefix("project:///").split("#")
        assert int(line) <= len((REPOSITORY / "stack" / file).read_text().splitlines())


def test_the_trace_leads_from_the_main_program_to_the_position(applied):
    for resource in applied.managed():
        trace = [frame["sourcePosition"] for frame in resource["stackTrace"]]
        assert trace[0] == resource["sourcePosition"]
        assert trace[-1].startswith("project:///__main__.py#")
        assert not [frame for frame in trace if "offline/" in frame]


def test_a_type_without_mock_is_an_error_that_says_what_to_do(tmp_path):
    program(tmp_path, 'aws.sqs.Queue("q", opts=pulumi.ResourceOptions(provider=aws.Provider("p", region="eu-central-1")))')
    with pytest.raises(ValueError, match="aws:sqs/queue:Queue: add it to MAKERS"):
        render(Request(program_dir=tmp_path))


def test_nested_secrets_and_components_are_recorded_where_they_are(tmp_path):
    program(
        tmp_path,
        """
        provider = aws.Provider("p", region="eu-central-1")
        outer = pulumi.ComponentResource("t:m:Outer", "outer", opts=pulumi.ResourceOptions(provider=provider))
        inner = pulumi.ComponentResource("t:m:Inner", "inner", opts=pulumi.ResourceOptions(parent=outer))
        aws.kinesis.Stream(
            "stream", tags={"open": "yes", "closed": pulumi.Output.secret("no")}, opts=pulumi.ResourceOptions(parent=inner)
        )
        """,
    )
    stream = StackView(render(Request(program_dir=tmp_path))).one("kinesis/stream:Stream")
    assert stream["urn"] == "urn:pulumi:dev::small::t:m:Outer$t:m:Inner$aws:kinesis/stream:Stream::stream"
    assert stream["inputs"]["tags"]["open"] == "yes"
    assert is_secret(stream["inputs"]["tags"]["closed"])


def program(folder, body):
    """Writes a small program."""
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    text = "import pulumi\nimport pulumi_aws as aws\n" + textwrap.dedent(body) + "\n"
    (folder / "__main__.py").write_text(text)


def test_the_command_refuses_bad_config_in_one_line(tmp_path):
    file = tmp_path / "stack.json"
    command = [sys.executable, "-m", "offline", "--output", str(file), "--config", "fastcart:streamShardCount=1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY / "stack")
    assert done.returncode == 2
    assert done.stderr.startswith("offline: config fastcart:streamShardCount: '1' is not")
    assert not file.exists()
