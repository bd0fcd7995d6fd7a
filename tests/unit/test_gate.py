"""The analyzer's verdicts on the rendered stack: none on the program as it is, exactly one on each planted fault."""

import json
import subprocess

import pytest
from planted import PLANTED


def check(analyzer, document, folder, *options):
    """Judge a document; returns the exit code and the JSON report."""
    file = folder / "stack.json"
    file.write_text(json.dumps(document))
    command = [str(analyzer), "check", "--format", "json", *options, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("form", ["applied", "preview", "without_edges", "everything_on"])
def test_the_stack_passes_every_rule_in_every_form(analyzer, request, tmp_path, form):
    code, report = check(analyzer, request.getfixturevalue(form).document, tmp_path)
    assert report["violations"] == []
    assert report["undecided"] == []
    assert report["errors"] == []
    assert code == 0


def test_every_rule_found_something_to_judge(analyzer, applied, tmp_path):
    _, report = check(analyzer, applied.document, tmp_path)
    assert [entry for entry in report["notApplicable"] if "urn" not in entry] == []


@pytest.mark.parametrize("form", ["applied", "preview", "without_edges"])
@pytest.mark.parametrize("planted", PLANTED, ids=[planted.rule for planted in PLANTED])
def test_a_planted_fault_fails_its_rule_alone_on_its_resource(analyzer, faulty, tmp_path, planted, form):
    stack = faulty(planted, form == "preview")
    document = stack.without_edges() if form == "without_edges" else stack.document
    code, report = check(analyzer, document, tmp_path)
    reported = {(violation["policy"], violation["name"], violation["type"]) for violation in report["violations"]}
    assert reported == {(planted.rule, planted.resource, planted.type)}
    assert code == (1 if planted.mandatory else 0)
