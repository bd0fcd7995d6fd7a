"""What the integration tests ask about and whom: the outputs of a deployed stack, and AWS in its region."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    boto3 = None

HERE = Path(__file__).resolve().parent
DEFAULT_OUTPUTS = HERE.parents[1] / "cfn-outputs" / "flat-outputs.json"

PATIENCE = {"connect_timeout": 3, "read_timeout": 5, "retries": {"total_max_attempts": 2}}
"""How long AWS may take, in seconds, to say who asks."""

Outputs = dict[str, Any]
"""The outputs file: names of docs/outputs.md to strings, numbers and lists."""


class NoOutputs(Exception):
    """There are no outputs to ask about. The message says why and what to do."""


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


def read_outputs() -> Outputs:
    """The outputs of the stack under test. Raises NoOutputs when the file is missing, or is something else."""
    file, remedy = outputs_file(), "python -m fastcart.flat_outputs writes it"
    if not file.is_file():
        raise NoOutputs(f"no outputs of a deployed stack: {file} does not exist ({remedy})")
    try:
        outputs = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise NoOutputs(f"{file} cannot be read as JSON: {error} ({remedy} anew)") from None
    if not isinstance(outputs, dict) or not isinstance(outputs.get("region"), str):
        raise NoOutputs(f"{file} does not hold the outputs of a stack: no region ({remedy} anew)")
    return outputs


def why_not() -> str | None:
    """Why the tests cannot run here; None when they can."""
    try:
        outputs = read_outputs()
    except NoOutputs as reason:
        return str(reason)
    if boto3 is None:
        return "boto3 is not installed (pip install -r tests/integration/requirements.txt)"
    return _why_nobody_answers(outputs["region"])


def _why_nobody_answers(region: str) -> str | None:
    """Ask AWS who asks: a profile may not exist, credentials may be expired, and only their use shows it."""
    try:
        session = boto3.session.Session(region_name=region)
        if session.get_credentials() is None:
            return "no AWS credentials (set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)"
        session.client("sts", config=Config(**PATIENCE)).get_caller_identity()
    except (BotoCoreError, ClientError, ValueError) as error:
        return f"AWS does not say who asks: {error} (try: aws sts get-caller-identity)"
    return None


def log_group(cloud: Cloud, name: str) -> dict[str, Any]:
    """The log group of exactly that name."""
    found = cloud.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    (group,) = [group for group in found if group["logGroupName"] == name]
    return group
