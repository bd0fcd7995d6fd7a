"""The published schema of the waiver file, and what the program takes, are the same.

A file that the schema refuses, the program refuses; one that the program takes, the schema takes. What a schema cannot
say (a rule that exists, a day that is near enough, a pattern that is valid) the program alone refuses.
"""

import json
import pathlib
import shutil
import subprocess

import jsonschema
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
ANALYZER = ROOT / "build" / "release" / "bin" / "fastcart-guardrails"
PUBLISHED = json.loads((ROOT / "docs" / "waivers.schema.json").read_text())
DIGEST = "sha256:" + "0" * 64

ENTRY = {
    "rule": "kinesis-shard-count",
    "resource": "fastcart-orders-dev",
    "owner": "data-team",
    "reason": "one shard is enough until the launch",
    "expires": "2026-06-30",
    "value": DIGEST,
}
LEFT_OUT = object()


def file_of(changes: dict, **around: object) -> dict:
    entry = {key: value for key, value in {**ENTRY, **changes}.items() if value is not LEFT_OUT}
    return {**around, "waivers": [entry]}


GOOD = {
    "whole": file_of({}),
    "none": {"waivers": []},
    "longer": file_of({"expires": "2027-05-01"}, maximumDays=365),
    "with property and stack": file_of({"property": "shardCount", "stack": "dev"}),
    "on the resource as a whole": file_of({"property": ""}),
    "by pattern": file_of({"resource": LEFT_OUT, "resourcePattern": "fastcart-.*"}),
    "several values": file_of({"value": [DIGEST, "pbkdf2:" + "a" * 64]}),
    "a quoted number": file_of({"owner": "1234"}),
}
BAD = {
    "no list": {},
    "no entries but an object": {"waivers": {}},
    "another key": {"waivers": [], "owner": "me"},
    "another key in the entry": file_of({"ower": "me"}),
    "days of zero": file_of({}, maximumDays=0),
    "too many days": file_of({}, maximumDays=366),
    "days in words": file_of({}, maximumDays="90"),
    "both resources": file_of({"resourcePattern": "x"}),
    "no resource": file_of({"resource": LEFT_OUT}),
    "an empty resource": file_of({"resource": ""}),
    "a short reason": file_of({"reason": "short"}),
    "a padded reason": file_of({"reason": "short     "}),
    "no owner": file_of({"owner": LEFT_OUT}),
    "a blank owner": file_of({"owner": "  "}),
    "a number for an owner": file_of({"owner": 1234}),
    "a long owner": file_of({"owner": "x" * 1001}),
    "a property of two lines": file_of({"property": "a\nb"}),
    "a day in words": file_of({"expires": "tomorrow"}),
    "no value": file_of({"value": LEFT_OUT}),
    "a value that is no digest": file_of({"value": "1"}),
    "no values": file_of({"value": []}),
    "too many values": file_of({"value": [DIGEST] * 101}),
    "too many waivers": {"waivers": [ENTRY] * 1001},
    "an entry that is text": {"waivers": ["x"]},
}
BEYOND_A_SCHEMA = {
    "a rule that does not exist": file_of({"rule": "kinesis-shards"}),
    "a pattern that is none": file_of({"resource": LEFT_OUT, "resourcePattern": "("}),
    "a day that does not exist": file_of({"expires": "2026-02-30"}),
    "a day too far": file_of({"expires": "2026-08-31"}),
}


def program_takes(document: dict, folder: pathlib.Path) -> bool:
    waivers, stack = folder / "waivers.yaml", folder / "stack.json"
    waivers.write_text(yaml.safe_dump(document))
    stack.write_text('{"project": "p", "stack": "dev", "resources": []}')
    command = [str(ANALYZER), "check", "--today", "2026-06-01", "--waivers", str(waivers), str(stack)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 2), done.stderr
    assert (done.returncode == 0) == (done.stderr == "")
    return done.returncode == 0


def schema_takes(document: dict) -> bool:
    return jsonschema.Draft202012Validator(PUBLISHED).is_valid(document)


def test_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(PUBLISHED)


def test_published_schema_is_the_programs():
    printed = subprocess.run([str(ANALYZER), "waive", "--schema"], capture_output=True, text=True, check=True).stdout
    assert json.loads(printed) == PUBLISHED


@pytest.mark.parametrize("name", GOOD)
def test_both_take(name, tmp_path):
    assert schema_takes(GOOD[name])
    assert program_takes(GOOD[name], tmp_path)


@pytest.mark.parametrize("name", BAD)
def test_both_refuse(name, tmp_path):
    assert not schema_takes(BAD[name])
    assert not program_takes(BAD[name], tmp_path)


@pytest.mark.parametrize("name", BEYOND_A_SCHEMA)
def test_the_program_alone_refuses(name, tmp_path):
    assert schema_takes(BEYOND_A_SCHEMA[name])
    assert not program_takes(BEYOND_A_SCHEMA[name], tmp_path)


def state_seen(folder: pathlib.Path, program: pathlib.Path = ANALYZER, **environment: str) -> str:
    """What a check in ``folder`` without ``--waivers`` makes of the one waiver that it finds, or "none"."""
    stack = '{"project": "p", "stack": "dev", "resources": []}'
    command = [str(program), "check", "--today", "2026-06-01", "--format", "json"]
    env = {"PATH": "/usr/bin:/bin", **environment}
    done = subprocess.run(command, input=stack, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode == 2:
        return done.stderr
    return "".join(waiver["owner"] for waiver in json.loads(done.stdout).get("waivers", [])) or "none"


def pack_in(folder: pathlib.Path, owner: str, name: str = "waivers.yaml") -> pathlib.Path:
    """A pack's folder with a waiver of that owner."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "PulumiPolicy.yaml").write_text("runtime: cpp\n")
    (folder / name).write_text(yaml.safe_dump(file_of({"owner": owner})))
    return folder


def test_the_file_is_that_of_the_nearest_pack_above(tmp_path):
    outer = pack_in(tmp_path / "outer", "outer team")
    inner = pack_in(outer / "inner", "inner team", "waivers.yml")
    (inner / "program").mkdir()
    assert state_seen(outer) == "outer team"
    assert state_seen(inner / "program") == "inner team"
    (inner / "waivers.yml").unlink()
    assert state_seen(inner / "program") == "none", "the nearest pack has no waivers, whatever is above it"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "waivers.yaml").write_text("not even YAML: [")
    assert state_seen(tmp_path / "elsewhere") == "none", "not beside a PulumiPolicy.yaml"


def test_else_that_of_the_pack_around_the_program(tmp_path):
    pack = pack_in(tmp_path / "pack", "pack team")
    (pack / "bin").mkdir()
    program = pathlib.Path(shutil.copy(ANALYZER, pack / "bin"))
    (tmp_path / "elsewhere").mkdir()
    assert state_seen(tmp_path / "elsewhere", program) == "pack team"
    own = pack_in(tmp_path / "own", "own team")
    assert state_seen(own, program) == "own team"


def test_two_files_side_by_side_are_an_error(tmp_path):
    pack_in(tmp_path, "one", "waivers.yaml")
    pack_in(tmp_path, "two", "waivers.yml")
    assert "waivers.yml is beside it; keep one of the two" in state_seen(tmp_path)


def test_a_bad_file_that_is_found_is_an_error(tmp_path):
    pack_in(tmp_path, "one")
    (tmp_path / "waivers.yaml").write_text("waivers: [")
    assert f"{tmp_path}/waivers.yaml:1: this is not valid YAML" in state_seen(tmp_path)
