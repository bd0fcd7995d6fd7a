"""Fixtures of the integration tests: the outputs of a deployed stack, and an AWS to ask about it.

The tests read ``cfn-outputs/flat-outputs.json`` (or the file that FASTCART_OUTPUTS names) and ask AWS by boto3, with
the credentials and, for an emulator, the AWS_ENDPOINT_URL of the environment. Without a file or an AWS that accepts the
credentials, every test is skipped and says why. They change nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from deployed import Cloud, Outputs, read_outputs, why_not  # noqa: E402


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip every test of this folder, with the reason, when there is nothing to ask about or nobody to ask."""
    mine = [item for item in items if HERE in item.path.parents]
    if mine and (reason := why_not()):
        for item in mine:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def outputs() -> Outputs:
    """The outputs of the deployed stack."""
    return read_outputs()


@pytest.fixture(scope="session")
def cloud(outputs: Outputs) -> Cloud:
    """AWS in the stack's region."""
    return Cloud(outputs["region"])
