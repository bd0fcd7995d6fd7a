"""The programs on the guardrails' pages: each runs as it stands there, and the guardrail says of it what the page says."""

import json
import re
import subprocess
from typing import Any

import pytest
from offline import mocks
from offline.render import Request, render
from places import BINARY
from test_gate import check

EXAMPLE = re.compile(r"^## (Fails|Passes)\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ALSO_MADE = {"aws:iam/policy:Policy": mocks._named("iam", "policy/{name}", id_is_arn=True)}
"""Types that examples have and the FastCart program has not."""


def ask(analyzer, *arguments) -> str:
    """What the analyzer prints."""
    return subprocess.run([str(analyzer), *arguments], capture_output=True, text=True, check=True, timeout=60).stdout


def rules() -> list[str]:
    """The names of the guardrails; none where the analyzer is not built, which its fixture reports."""
    try:
        return [entry["name"] for entry in json.loads(ask(BINARY, "list", "--format", "json"))["guardrails"]]
    except OSError:
        return ["(no analyzer)"]


@pytest.fixture
def rendered(tmp_path, monkeypatch):
    """Runs an example as the program of a stack ``dev``; gives what it registers."""

    def run(program: str, preview: bool) -> dict[str, Any]:
        for kind, maker in ALSO_MADE.items():
            monkeypatch.setitem(mocks.MAKERS, kind, maker)
        (tmp_path / "Pulumi.yaml").write_text("name: fastcart\nruntime: python\n")
        (tmp_path / "__main__.py").write_text(program)
        return render(Request(program_dir=tmp_path, preview=preview))

    return run


def judged(analyzer, rule, document, folder):
    """The exit code and the report on a document, of one rule, whatever its level."""
    return check(analyzer, document, folder, "--only", rule, "--fail-on", "advisory")


@pytest.mark.parametrize("preview", [False, True], ids=["applied", "preview"])
@pytest.mark.parametrize("rule", rules())
class TestExample:
    """Of each guardrail."""

    def test_the_failing_one_fails_its_rule(self, analyzer, rendered, tmp_path, rule, preview):
        program = dict(EXAMPLE.findall(ask(analyzer, "explain", rule, "--format", "markdown")))["Fails"]
        code, report = judged(analyzer, rule, rendered(program, preview), tmp_path)
        assert {violation["policy"] for violation in report["violations"]} == {rule}
        assert report["errors"] == []
        assert code == 1

    def test_the_passing_one_passes_it(self, analyzer, rendered, tmp_path, rule, preview):
        program = dict(EXAMPLE.findall(ask(analyzer, "explain", rule, "--format", "markdown")))["Passes"]
        code, report = judged(analyzer, rule, rendered(program, preview), tmp_path)
        assert [report[key] for key in ("violations", "undecided", "notApplicable", "errors")] == [[], [], [], []]
        assert report["summary"]["passed"] > 0
        assert code == 0
