"""The SARIF report against the schema that OASIS publishes, and what GitHub asks for beyond it."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from conftest import ANALYZER, REPOSITORY, faulty_stack
from jsonschema import Draft4Validator

PIN = REPOSITORY / "tests/e2e/tools/sarif-schema"
MODULE = "github.com/owenrumney/go-sarif/v3"
FIXTURE = REPOSITORY / "tests/fixtures/report/stack.json"


@pytest.fixture(scope="session")
def schema():
    """The schema, out of the pinned Go module that carries it."""
    command = ["go", "mod", "download", "-json", MODULE]
    done = subprocess.run(command, cwd=PIN, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr or done.stdout
    source = Path(json.loads(done.stdout)["Dir"], "pkg/report/v210/sarif/schema.go").read_text()
    text = re.search(r"const schema = `(.*)`", source, re.DOTALL).group(1)
    # The module spells the names' "Uri" as Go does; the standard has helpUri, informationUri and so on.
    document = json.loads(re.sub(r'"([a-z]+[A-Za-z]*)URI"', r'"\1Uri"', text))
    assert document["id"] == "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    Draft4Validator.check_schema(document)
    return document


def sarif(stack, *options):
    """The SARIF report of a stack's file."""
    command = [str(ANALYZER), "check", "--format", "sarif", "--source-root", "infra", *options, str(stack)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1, 2), done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def faulty(tmp_path_factory):
    """The FastCart stack with faults, as a file."""
    file = tmp_path_factory.mktemp("sarif") / "stack with blanks & more.json"
    file.write_text(json.dumps(faulty_stack()))
    return file


def test_it_fits_the_published_schema(schema, faulty, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    for file in (faulty, FIXTURE, broken):
        assert [e.message for e in Draft4Validator(schema).iter_errors(sarif(file))] == []


def test_the_schema_refuses_what_is_none(schema, faulty):
    document = sarif(faulty)
    document["runs"][0]["results"][0]["level"] = "mandatory"
    assert list(Draft4Validator(schema).iter_errors(document))


def test_every_result_has_a_rule_a_place_and_a_fingerprint_of_its_own(faulty):
    run = sarif(faulty)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert result["partialFingerprints"]["guardrails/v1"]
    for rule in rules:
        assert rule["help"]["text"] and rule["help"]["markdown"] and rule["helpUri"].startswith("https://")
        assert 0 < float(rule["properties"]["security-severity"]) <= 10


def test_fingerprints_do_not_change_with_what_stands_around(faulty, tmp_path):
    document = json.loads(faulty.read_text())
    document["resources"].reverse()
    for resource in document["resources"]:
        resource.pop("sourcePosition", None)
        resource.pop("stackTrace", None)
    other = tmp_path / "other.json"
    other.write_text(json.dumps(document))

    def prints(file):
        return sorted(json.dumps(r["partialFingerprints"]) for r in sarif(file)["runs"][0]["results"])

    assert prints(other) == prints(faulty)
