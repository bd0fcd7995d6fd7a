"""What the gate said, from the engine's events and from ``fastcart-guardrails check``, in one comparable form."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi_cli import ANALYZER, Run

_MARKUP = re.compile(r"<\{%[^%]*%\}>")


@dataclass(frozen=True, order=True)
class Verdict:
    """One thing that the gate reported."""

    policy: str
    urn: str
    level: str
    message: str


def of_engine(run: Run) -> list[Verdict]:
    """The policy events of an engine run."""
    return sorted(
        Verdict(
            policy=event["policyName"],
            urn=event.get("resourceUrn", ""),
            level=event["enforcementLevel"],
            message=_MARKUP.sub("", event["message"]).strip(),
        )
        for event in run.of_kind("policyEvent")
    )


def of_report(report: dict[str, Any]) -> list[Verdict]:
    """The verdicts of a JSON report. The engine hears of an undecided one as an advisory."""
    decided = [(entry, entry["enforcement"]) for entry in report["violations"]]
    undecided = [(entry, "advisory") for entry in report["undecided"]]
    return sorted(
        Verdict(policy=entry["policy"], urn=entry["urn"], level=level, message=entry["message"].strip())
        for entry, level in decided + undecided
    )


UNSEEN_IN_A_PREVIEW_FILE = {"required-outputs"}
"""Rules on what ``pulumi preview --json`` leaves out, the stack's outputs: the engine knows, the file cannot say."""


def both_see(verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts that the engine and a preview's file can agree on."""
    return [verdict for verdict in verdicts if verdict.policy not in UNSEEN_IN_A_PREVIEW_FILE]


@dataclass(frozen=True)
class Checked:
    """A finished ``check --format json``."""

    code: int
    report: dict[str, Any]

    @property
    def verdicts(self) -> list[Verdict]:
        """What it found."""
        return of_report(self.report)


def check(document: dict[str, Any] | str, folder: Path, *arguments: str) -> Checked:
    """Run ``fastcart-guardrails check`` on what Pulumi wrote: parsed JSON, or a text."""
    file = folder / "check-input.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    done = subprocess.run(
        [str(ANALYZER), "check", "--format", "json", *arguments, str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout, f"check printed no report, exit {done.returncode}: {done.stderr}"
    return Checked(done.returncode, json.loads(done.stdout))


def rules() -> set[str]:
    """The names of the pack's rules."""
    done = subprocess.run([str(ANALYZER), "list", "--format", "json"], capture_output=True, text=True, check=True)
    return {guardrail["name"] for guardrail in json.loads(done.stdout)["guardrails"]}
