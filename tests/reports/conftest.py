"""Fixtures of the reports' tests: reports of a faulty stack, and headless Chromium.

Without Chromium or Go the tests are skipped with a reason; where they are required (FASTCART_REQUIRE_REPORTS=1, as in
CI) they fail instead. ``make reports`` installs Chromium.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

REPOSITORY = Path(__file__).resolve().parents[2]
for folder in (REPOSITORY / "stack", REPOSITORY / "tests" / "support"):
    sys.path.insert(0, str(folder))

from offline.render import Request, render  # noqa: E402

ANALYZER = Path(os.environ.get("FASTCART_GUARDRAILS", REPOSITORY / "build/release/bin/fastcart-guardrails"))
SCREENSHOTS = REPOSITORY / "build" / "screenshots"


def pytest_collection_modifyitems(items):
    """Skip with a reason, or refuse where the tests are required."""
    missing = [name for name in ("chromium", "chromedriver", "go") if shutil.which(name) is None]
    if not missing:
        return
    reason = f"{', '.join(missing)} missing; `make reports` installs Chromium, https://go.dev/dl has Go"
    if os.environ.get("FASTCART_REQUIRE_REPORTS") == "1":
        raise pytest.UsageError(f"the reports' tests are required and cannot run: {reason}")
    for item in items:
        item.add_marker(pytest.mark.skip(reason=reason))


def faulty_stack() -> dict:
    """The FastCart stack with a few faults of different kinds, and something that cannot be decided."""
    document = render(Request())
    by_name = {resource["name"]: resource for resource in document["resources"] if resource["custom"]}
    by_name["fastcart-orders-dev"]["inputs"]["shardCount"] = 1
    by_name["fastcart-service-dev"]["inputs"]["networkConfiguration"]["assignPublicIp"] = True
    by_name["fastcart-cache-dev"]["inputs"]["kmsKeyId"] = "alias/aws/elasticache"
    by_name["fastcart-orders-db-dev"]["inputs"]["backupRetentionPeriod"] = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    rule = next(r for r in document["resources"] if r["type"].endswith("SecurityGroupIngressRule"))
    rule["inputs"].pop("referencedSecurityGroupId", None)
    rule["inputs"]["cidrIpv4"] = "0.0.0.0/0"
    return document


def write_report(folder: Path, name: str, document: dict, *options: str) -> Path:
    """The HTML report of a document."""
    stack, page = folder / f"{name}.json", folder / f"{name}.html"
    stack.write_text(json.dumps(document))
    command = [str(ANALYZER), "check", "--format", f"html={page}", "--source-root", "stack", *options, stack.name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    return page


@dataclass(frozen=True)
class Pages:
    """The reports, by what they are of."""

    faulty: Path
    good: Path


@pytest.fixture(scope="session")
def pages(tmp_path_factory) -> Pages:
    """Reports of a stack with faults and of one without."""
    folder = tmp_path_factory.mktemp("pages")
    return Pages(
        faulty=write_report(folder, "faulty", faulty_stack()), good=write_report(folder, "good", render(Request()))
    )


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium that logs what it fetches and what goes wrong."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_page_load_timeout(120)
    yield driver
    driver.quit()
