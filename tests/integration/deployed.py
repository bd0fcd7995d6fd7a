"""What the integration tests ask about and whom: the outputs of a deployed stack, and AWS in its region."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

try:
    import boto3
except ImportError:
    boto3 = None

HERE = Path(__file__).resolve().parent
DEFAULT_OUTPUTS = HERE.parents[1] / "cfn-outputs" / "flat-outputs.json"

Outputs = dict[str, Any]
"""The outputs file: names of docs/outputs.md to strings, numbers and lists."""


@dataclass(frozen=True)
class Cloud:
    """AWS in the stack's region."""

    region: str

    @cache
    def client(self, service: str) -> Any:
        """The boto3 client of a service."""
        return boto3.client(service, region_name=self.region)


def outputs_file() -> Path:
    """Where the outputs of the stack under test are."""
    return Path(os.environ.get("FASTCART_OUTPUTS") or DEFAULT_OUTPUTS)


def why_not() -> str | None:
    """Why the tests cannot run here; None when they can."""
    if not outputs_file().is_file():
        return f"no outputs of a deployed stack: {outputs_file()} does not exist (python -m fastcart.flat_outputs writes it)"
    if boto3 is None:
        return "boto3 is not installed (pip install -r tests/integration/requirements.txt)"
    if boto3.session.Session().get_credentials() is None:
        return "no AWS credentials (set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)"
    return None


def log_group(cloud: Cloud, name: str) -> dict[str, Any]:
    """The log group of exactly that name."""
    found = cloud.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    (group,) = [group for group in found if group["logGroupName"] == name]
    return group
