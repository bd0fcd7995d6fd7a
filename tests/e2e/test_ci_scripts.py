"""scripts/ci with the real CLI: what a pipeline gets of a good, a faulty and a broken program, and what is commented."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import xml.etree.ElementTree as ElementTree
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Iterator

import pytest
from planted import PLANTED
from pulumi_cli import ANALYZER, ROOT, SECRETS, NewWorkspace, Workspace

GATE = ROOT / "scripts" / "ci" / "gate"
COMMENT = ROOT / "scripts" / "ci" / "comment"
FEW_SHARDS = next(planted for planted in PLANTED if planted.rule == "kinesis-shard-count")


def gate(workspace: Workspace, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script as a pipeline does, in a repository whose folder stack/ is the program."""
    subprocess.run(["git", "init", "--quiet"], cwd=workspace.folder, check=True)
    settings = {"GUARDRAILS": str(ANALYZER), "GUARDRAILS_PACK": str(ROOT), "GITHUB_ACTIONS": "", **environment}
    return subprocess.run(
        [GATE, workspace.folder / "reports"],
        cwd=workspace.program,
        env={**workspace.environment, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def report(workspace: Workspace, name: str) -> str:
    return (workspace.folder / "reports" / name).read_text()


def violations_of_sarif(workspace: Workspace) -> list[dict[str, Any]]:
    """The results that are more than "this could not be decided"."""
    results = json.loads(report(workspace, "report.sarif"))["runs"][0]["results"]
    return [result for result in results if result["level"] != "none"]


def violations_of_gitlab(workspace: Workspace) -> list[dict[str, Any]]:
    """The same of code quality."""
    return [issue for issue in json.loads(report(workspace, "gitlab.json")) if issue["severity"] != "info"]


def test_a_good_program_passes_with_every_report(new_workspace: NewWorkspace) -> None:
    workspace = new_workspace()
    done = gate(workspace)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PASS" in done.stdout
    assert violations_of_sarif(workspace) == []
    assert violations_of_gitlab(workspace) == []
    assert int(ElementTree.fromstring(report(workspace, "junit.xml")).get("failures")) == 0
    assert "<html" in report(workspace, "report.html")
    assert report(workspace, "report.md")


def test_a_faulty_program_is_stopped_and_its_line_is_named(new_workspace: NewWorkspace) -> None:
    workspace = new_workspace(faults=(FEW_SHARDS,))
    done = gate(workspace, GITHUB_ACTIONS="true")
    assert done.returncode == 1, done.stdout + done.stderr
    (result,) = violations_of_sarif(workspace)
    assert result["ruleId"] == "kinesis-shard-count"
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == "stack/fastcart/streaming.py"
    assert f"file={place}," in done.stdout, "GitHub's annotations are for its log"
    assert "kinesis-shard-count" in report(workspace, "report.md")
    (issue,) = violations_of_gitlab(workspace)
    assert issue["location"]["path"] == place
    everything = done.stdout + done.stderr + "".join(file.read_text() for file in (workspace.folder / "reports").iterdir())
    assert not [secret for secret in SECRETS.values() if secret in everything]


def test_the_policy_config_is_for_both(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    config = tmp_path / "guardrails.json"
    config.write_text('{"kinesis-shard-count": "advisory"}')
    workspace = new_workspace(faults=(FEW_SHARDS,))
    done = gate(workspace, GUARDRAILS_CONFIG=str(config))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kinesis-shard-count" in done.stdout


def test_a_program_that_fails_is_no_pass(new_workspace: NewWorkspace) -> None:
    workspace = new_workspace()
    (workspace.program / "__main__.py").write_text('raise RuntimeError("the program is broken")\n')
    done = gate(workspace)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "gate: pulumi preview failed" in done.stderr
    assert "the program is broken" in done.stderr


class Forge(ThreadingHTTPServer):
    """GitHub's and GitLab's comments, as far as the script asks for them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Comments)
        self.comments: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []
        self.tokens: set[str | None] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Comments(BaseHTTPRequestHandler):
    """Lists, makes and changes the server's comments."""

    server: Forge

    def _answer(self, body: Any) -> None:
        self.server.asked.append((self.command, self.path.split("?")[0]))
        self.server.tokens.add(self.headers["Authorization"] or self.headers["PRIVATE-TOKEN"])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def _body(self) -> str:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]

    def do_GET(self) -> None:
        size, page = (int(part.split("=")[1]) for part in self.path.split("?")[1].split("&"))
        self._answer(self.server.comments[(page - 1) * size : page * size])

    def do_POST(self) -> None:
        self.server.comments.append({"id": 1000 + len(self.server.comments), "body": self._body()})
        self._answer({})

    def do_PATCH(self) -> None:
        wanted = int(self.path.rsplit("/", 1)[1])
        next(comment for comment in self.server.comments if comment["id"] == wanted)["body"] = self._body()
        self._answer({})

    do_PUT = do_PATCH

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def forge() -> Iterator[Forge]:
    """A running server with a discussion of more than one page."""
    server = Forge()
    server.comments = [{"id": number, "body": "looks good"} for number in range(100)]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def forges(url: str) -> dict[str, dict[str, str]]:
    """What the runners of either set, and the tokens."""
    return {
        "github": {"GITHUB_API_URL": url, "GITHUB_REPOSITORY": "shop/stack", "PULL_REQUEST": "7", "GITHUB_TOKEN": "hidden"},
        "gitlab": {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": url,
            "CI_PROJECT_ID": "3",
            "CI_MERGE_REQUEST_IID": "7",
            "GITLAB_TOKEN": "hidden",
        },
    }


def comment(file: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMENT, file], env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_the_comment_is_written_once_and_then_replaced(kind: str, forge: Forge, tmp_path: Path) -> None:
    page = tmp_path / "report.md"
    for text in ("3 violations", "no violation"):
        page.write_text(text)
        done = comment(page, forges(forge.url)[kind])
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(forge.comments) == 101
    assert forge.comments[-1]["body"] == "<!-- fastcart-guardrails -->\nno violation"
    place = {"github": "/repos/shop/stack/issues/7/comments", "gitlab": "/projects/3/merge_requests/7/notes"}[kind]
    assert ("POST", place) in forge.asked
    assert forge.tokens == {"Bearer hidden" if kind == "github" else "hidden"}


def test_a_comment_that_cannot_be_written_is_said_without_the_token(forge: Forge, tmp_path: Path) -> None:
    page = tmp_path / "report.md"
    page.write_text("3 violations")
    settings = forges(forge.url)["github"]
    for broken, said in (
        ({**settings, "GITHUB_API_URL": "http://127.0.0.1:1"}, "refused"),
        ({key: value for key, value in settings.items() if key != "PULL_REQUEST"}, "PULL_REQUEST is not set"),
    ):
        done = comment(page, broken)
        assert done.returncode == 2
        assert said in done.stderr
        assert "hidden" not in done.stderr
