"""The packages: what is in them, that they are sound, and that the .deb gates a stack where nothing else is."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from clean_root import Root
from conftest import REQUIRED, ROOT, make_packages
from planted import PLANTED, apply, copy_stack
from pulumi_cli import LAUNCHER, Gate, Toolbox, Workspace, built_tools, install_provider_double

PACK = "/usr/share/fastcart-guardrails"
LAUNCHER_IN_PACKAGE = "/usr/libexec/fastcart-guardrails/pulumi-analyzer-policy-cpp"

FILES = {
    "bin/fastcart-guardrails",
    "libexec/fastcart-guardrails/pulumi-analyzer-policy-cpp",
    "share/fastcart-guardrails/PulumiPolicy.yaml",
    "share/fastcart-guardrails/CHANGELOG.md",
    "share/fastcart-guardrails/ci/comment",
    "share/fastcart-guardrails/ci/gate",
    "share/man/man1/fastcart-guardrails.1.gz",
    "share/bash-completion/completions/fastcart-guardrails",
    "share/zsh/vendor-completions/_fastcart-guardrails",
    "share/fish/vendor_completions.d/fastcart-guardrails.fish",
    "share/doc/fastcart-guardrails/changelog.gz",
    "share/doc/fastcart-guardrails/copyright",
}

FEW_SHARDS = next(planted for planted in PLANTED if planted.rule == "kinesis-shard-count")


def stream(shards: int) -> str:
    """A stack of one stream."""
    resource = {"type": "aws:kinesis/stream:Stream", "name": "orders-dev", "properties": {"shardCount": shards}}
    return json.dumps({"project": "shop", "stack": "dev", "resources": [resource]})


def files_of_archive(archive: Path) -> set[str]:
    """The files in a .tar.gz, without its top folder."""
    with tarfile.open(archive) as tar:
        return {member.name.split("/", 1)[1] for member in tar.getmembers() if member.isfile()}


def test_both_packages_hold_the_same_files(packages: Path, deb: Path, tmp_path: Path) -> None:
    (archive,) = packages.glob("*.tar.gz")
    subprocess.run(["dpkg-deb", "--extract", deb, tmp_path], check=True)
    packed = {str(file.relative_to(tmp_path / "usr")) for file in tmp_path.rglob("*") if file.is_file()}
    assert packed == files_of_archive(archive)
    linked = {file for file in packed if "/linked/" in file}
    assert packed - linked == FILES
    assert {"libgrpc-dev", "libabsl-dev", "libprotobuf-dev"} <= {Path(file).name for file in linked}


def test_lintian_has_nothing_to_say(deb: Path) -> None:
    command = ["lintian", "--allow-root", "--profile", "debian", "--fail-on", "error,warning", str(deb)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_is_made_the_same_twice(deb: Path, tmp_path: Path) -> None:
    (again,) = make_packages(tmp_path).glob("*.deb")
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(deb.read_bytes()).digest()


def test_version_is_the_changelogs_newest(deb: Path) -> None:
    newest = re.search(r"^## (\S+) - ", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE).group(1)
    version = subprocess.run(["dpkg-deb", "--field", deb, "Version"], capture_output=True, text=True, check=True).stdout
    assert version.strip() == newest


def test_the_archive_works_where_it_is_unpacked(packages: Path, tmp_path: Path) -> None:
    (archive,) = packages.glob("*.tar.gz")
    subprocess.run(["tar", "--extract", "--file", archive, "--directory", tmp_path], check=True)
    (top,) = tmp_path.iterdir()
    binary = re.search(r"binary: (\S+)", (top / "share/fastcart-guardrails/PulumiPolicy.yaml").read_text()).group(1)
    program = (top / "share/fastcart-guardrails" / binary).resolve()
    assert program == (top / "bin/fastcart-guardrails").resolve()
    assert subprocess.run([program, "--version"], check=True, capture_output=True).stdout.startswith(b"fastcart-guardrails")


def test_nothing_of_the_build_is_needed(root: Root) -> None:
    assert root.run("dpkg", "--verify", "fastcart-guardrails").stdout == ""
    assert not (root.folder / "usr/include/grpcpp").exists()
    assert root.run("fastcart-guardrails", "--version").returncode == 0
    assert len(json.loads(root.run("fastcart-guardrails", "list", "--format", "json").stdout)["guardrails"]) >= 20
    assert root.run(LAUNCHER_IN_PACKAGE, "--version").returncode == 0


def test_check_gates_in_the_clean_root(root: Root) -> None:
    few, enough = (root.run("fastcart-guardrails", "check", "--only", "kinesis-shard-count", stdin=stream(n)) for n in (1, 2))
    assert (few.returncode, enough.returncode) == (1, 0)
    assert "shardCount is 1" in few.stdout


@pytest.fixture
def tools() -> Path:
    """The folder of the Pulumi CLI; where it is not built the test says so, and fails in CI."""
    found = built_tools()
    if found is None:
        reason = "the Pulumi CLI is not built: run `make e2e` once (it needs Go)"
        (pytest.fail if REQUIRED else pytest.skip)(reason)
    return found


class InRoot(Workspace):
    """A workspace whose commands run in the clean root."""

    def __init__(self, root: Root, folder: Path, toolbox: Toolbox) -> None:
        super().__init__(folder, copy_stack(folder / "stack"), toolbox)
        self.root = root

    def command(self, *arguments: str) -> list[str]:
        return self.root.command(*super().command(*arguments), cwd=str(self.program))


@pytest.fixture
def workspace(root: Root, tools: Path, tmp_path: Path) -> InRoot:
    """The FastCart stack in the clean root. Of the host it sees Pulumi's tools, its Python, and the provider double."""
    home, provider = tmp_path / "home", tmp_path / "provider"
    home.mkdir()
    provider.mkdir()
    install_provider_double(provider)
    venv = Path(os.path.realpath(ROOT / "build" / "venv"))
    python = [Path(sys.base_prefix)] if sys.base_prefix != "/usr" else []  # else the root's own is the same
    seen = root.with_shared(tmp_path, tools, venv, *python, ROOT / "tests", ROOT / "build" / "venv")
    assert not (root.folder / str(LAUNCHER).lstrip("/")).exists(), "the build must not be seen"
    workspace = InRoot(seen, tmp_path, Toolbox(tools, provider, home))
    workspace.init()
    return workspace


def test_pulumi_is_gated_by_the_package_alone(workspace: InRoot, root: Root) -> None:
    version = root.run("fastcart-guardrails", "--version").stdout.split()[1]
    workspace.pulumi("plugin", "install", "analyzer", "policy-cpp", version, "--file", LAUNCHER_IN_PACKAGE)
    gate = Gate(Path(PACK))
    good = workspace.preview(gate).ok()
    assert good.of_kind("policyEvent") == []
    assert good.of_kind("policyLoadEvent") or good.of_kind("policyAnalyzeSummaryEvent")
    apply(FEW_SHARDS, workspace.program)
    faulty = workspace.preview(gate)
    assert faulty.code != 0
    assert {event["policyName"] for event in faulty.of_kind("policyEvent")} == {"kinesis-shard-count"}


def test_goes_without_a_trace(root: Root, tmp_path: Path) -> None:
    # Last: the others need it. The folders' own package manager is asked, not the file list of this test.
    listed = root.run("dpkg", "--listfiles", "fastcart-guardrails").stdout.split()
    files = [root.folder / path.lstrip("/") for path in listed if (root.folder / path.lstrip("/")).is_file()]
    assert len(files) >= len(FILES)
    root.apt("purge", "fastcart-guardrails")
    assert [file for file in files if file.exists()] == []
    assert not shutil.which("fastcart-guardrails", path=str(root.folder / "usr/bin"))
