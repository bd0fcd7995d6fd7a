"""The folders of tests that every machine has can be run in one command, in any order."""

import subprocess
import sys

import pytest
from places import REPOSITORY

ORDERS = [("tests/unit", "tests/integration"), ("tests/integration", "tests/unit")]


@pytest.mark.parametrize("folders", ORDERS, ids=" ".join)
def test_unit_and_integration_tests_are_collected_together(folders):
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *folders]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    for folder in folders:
        assert f"\n{folder}/test_" in f"\n{done.stdout}"
