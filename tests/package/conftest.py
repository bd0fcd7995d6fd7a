"""Fixtures of the package's tests: the packages, and a clean Debian or Ubuntu with the .deb in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "support"))

from clean_root import Root, unpack, why_not  # noqa: E402

REQUIRED = os.environ.get("FASTCART_REQUIRE_TOOLS") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there can be no clean root: skip with the reason, or, where the tests are required (CI), refuse to run."""
    mine = [item for item in items if HERE in item.path.parents]
    reason = why_not() if mine else None
    if reason is None:
        return
    if REQUIRED:
        raise pytest.UsageError(f"the package's tests are required (FASTCART_REQUIRE_TOOLS=1) and cannot run: {reason}")
    for item in mine:
        item.add_marker(pytest.mark.skip(reason=reason))


def make_packages(folder: Path) -> Path:
    """Have CPack make the packages in the folder."""
    config = ROOT / "build" / "release" / "CPackConfig.cmake"
    done = subprocess.run(["cpack", "--config", config, "-B", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the packages."""
    return make_packages(tmp_path_factory.mktemp("packages"))


@pytest.fixture(scope="session")
def deb(packages: Path) -> Path:
    """The .deb."""
    (file,) = packages.glob("*.deb")
    return file


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Root:
    """A clean root; nothing of this project is in it."""
    return unpack(tmp_path_factory.mktemp("clean") / "root")


@pytest.fixture(scope="session")
def root(clean: Root, deb: Path) -> Root:
    """The clean root, with the package installed by apt."""
    shutil.copy(deb, clean.folder / "tmp")
    clean.apt("update")
    clean.apt("install", "--no-install-recommends", f"/tmp/{deb.name}")
    return clean
