"""Every format of the report, compared by structure with a golden file of tests/fixtures/report.

A golden file is written anew with ``UPDATE_GOLDEN=1 pytest tests/unit/test_formats.py``: look at the difference.
"""

import json
import os
import re
import subprocess
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from places import REPOSITORY

FOLDER = REPOSITORY / "tests" / "fixtures" / "report"
RULES = "ecr-repository,kinesis-encryption,kinesis-shard-count"
VERSION = re.compile(r"\b[0-9]+\.[0-9]+\.[0-9]+\b(?=\"|<|$)", re.MULTILINE)


def report(analyzer, kind):
    """The report of the fixture's stack, as text."""
    command = [str(analyzer), "check", "--only", RULES, "--format", kind, "--source-root", "infra", "stack.json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=FOLDER)
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    return done.stdout


def without_version(document):
    """A SARIF or JSON document without the tool's version, which changes with each release."""
    tool = document["runs"][0]["tool"]["driver"] if "runs" in document else document["tool"]
    for key in ("version", "semanticVersion"):
        tool.pop(key, None)
    return document


def xml_structure(text):
    def of(element):
        return [element.tag, dict(element.attrib), (element.text or "").strip(), [of(child) for child in element]]

    return of(ElementTree.fromstring(text))


class _Tree(HTMLParser):
    """Tags, the attributes that mean something, and text; no styles, scripts or pictures."""

    KEPT = ("id", "class", "data-rule", "data-severity", "data-name", "href", "aria-label")
    SKIPPED = ("style", "script", "svg")

    def __init__(self):
        super().__init__()
        self.lines, self.skipping = [], 0

    def handle_starttag(self, tag, attrs):
        self.skipping += tag in self.SKIPPED
        if not self.skipping:
            self.lines.append([tag, {key: value for key, value in attrs if key in self.KEPT}])

    def handle_endtag(self, tag):
        self.skipping -= tag in self.SKIPPED

    def handle_data(self, data):
        if data.strip() and not self.skipping:
            self.lines.append(" ".join(data.split()))


def html_structure(text):
    tree = _Tree()
    tree.feed(VERSION.sub("VERSION", text))
    assert tree.skipping == 0
    return tree.lines


FORMATS = {
    "human": ("report.txt", str.splitlines),
    "json": ("report.json", lambda text: without_version(json.loads(text))),
    "sarif": ("report.sarif", lambda text: without_version(json.loads(text))),
    "junit": ("report.xml", xml_structure),
    "markdown": ("report.md", str.splitlines),
    "github": ("report.github.txt", str.splitlines),
    "gitlab": ("report.gitlab.json", json.loads),
    "html": ("report.html", html_structure),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_the_report_is_the_golden_file(analyzer, kind):
    name, structure = FORMATS[kind]
    text = report(analyzer, kind)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        (FOLDER / name).write_text(text)
    assert structure(text) == structure((FOLDER / name).read_text())


def test_every_format_has_a_golden_file(analyzer):
    page = subprocess.run([str(analyzer), "check", "--help"], capture_output=True, text=True, check=True).stdout
    offered = re.search(r"--format ([a-z|]+)", page).group(1).split("|")
    assert sorted(offered) == sorted(FORMATS)


def test_all_formats_at_once_are_the_same_as_one_by_one(analyzer, tmp_path):
    wanted = ",".join(f"{kind}={tmp_path / kind}" for kind in FORMATS)
    command = [str(analyzer), "check", "--only", RULES, "--format", wanted, "--source-root", "infra", "stack.json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=FOLDER)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    for kind in FORMATS:
        assert (tmp_path / kind).read_text() == report(analyzer, kind)
