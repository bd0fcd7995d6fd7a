"""A clean system of this machine's own release, to install a package in: made by debootstrap, entered by chroot."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

INCLUDED = ("ca-certificates", "python3")
"""Beyond the minimum: Python, which Pulumi programs need; nothing that the package needs."""

PLAIN_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8"}


def why_not() -> str | None:
    """Why there can be no clean root here; None when there can."""
    if os.geteuid() != 0:
        return "installing in a clean root needs root: run as root"
    for tool in ("debootstrap", "unshare", "lintian"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed: apt-get install {tool}"
    return None


@dataclass(frozen=True)
class Root:
    """A system in a folder. What commands mount is gone when they end."""

    folder: Path
    shared: tuple[Path, ...] = ()

    def with_shared(self, *paths: Path) -> Root:
        """The same root, in which these folders of the host are seen at their own places."""
        return Root(self.folder, paths)

    def command(self, *arguments: str, cwd: str = "/") -> list[str]:
        """The command line that runs a command in the root."""
        mounts = [f"mount -t proc proc '{self.folder}/proc'"]
        for path in self.shared:
            mounts.append(f"mkdir -p '{self.folder}{path}' && mount --bind '{path}' '{self.folder}{path}'")
        enter = f"exec chroot '{self.folder}' env -C '{cwd}' \"$@\""
        return ["unshare", "--mount", "sh", "-euc", "\n".join([*mounts, enter]), "sh", *arguments]

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command with a plain environment."""
        return subprocess.run(
            self.command(*arguments), env=PLAIN_ENVIRONMENT, input=stdin, capture_output=True, text=True, check=False
        )

    def apt(self, *arguments: str) -> None:
        """Run apt-get, which has to succeed."""
        done = self.run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes", "--quiet", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr


def release() -> tuple[str, str]:
    """The code name of this machine's release, and the archive that it is installed from."""
    lines = Path("/etc/os-release").read_text().splitlines()
    name = next(line.split("=", 1)[1].strip('"') for line in lines if line.startswith("VERSION_CODENAME="))
    targets = ["apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)"]
    known = subprocess.run(targets, capture_output=True, text=True, check=True).stdout.split("\n")
    archive = next((line.split()[1] for line in known if line.startswith(f"{name} ")), None)
    assert archive is not None, f"no package archive of {name} is known here: run apt-get update"
    return name, archive


def archived_root() -> Path:
    """The tar archive of an untouched root; made once, outside the work tree."""
    name, archive = release()
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fastcart-guardrails"
    key = hashlib.sha256(f"{archive} {INCLUDED}".encode()).hexdigest()[:12]
    file = cache / f"{name}-{key}.tar"
    if file.exists():
        return file
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        root = Path(folder) / "root"
        make = ["debootstrap", "--variant=minbase", f"--include={','.join(INCLUDED)}", name, str(root), archive]
        done = subprocess.run(make, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        packed = Path(folder) / "root.tar"
        subprocess.run(["tar", "--create", "--file", packed, "--directory", root, "."], check=True)
        packed.replace(file)
    return file


def use_network_of_host(root: Path) -> None:
    """Names, certificates and apt's way to the network, as this machine has them."""
    for file in ("etc/resolv.conf", "etc/hosts", "etc/ssl/certs/ca-certificates.crt"):
        shutil.copy(f"/{file}", root / file)
    settings = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout.splitlines()
    network = [line for line in settings if line.lower().startswith(("acquire::http", "acquire::https"))]
    (root / "etc/apt/apt.conf.d/90host").write_text("\n".join([*network, ""]))


def unpack(folder: Path) -> Root:
    """A fresh root in the folder."""
    folder.mkdir()
    subprocess.run(["tar", "--extract", "--file", archived_root(), "--directory", folder], check=True)
    use_network_of_host(folder)
    return Root(folder)
