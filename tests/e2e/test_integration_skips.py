"""``tests/integration`` where there is no deployed stack, or no AWS that answers: skipped, with the reason."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Iterator

import pytest
from integration_runs import by_command
from moto_server import CREDENTIALS

OUTPUTS = json.dumps({"region": "eu-central-1", "vpcId": "vpc-1"})

EXPIRED = (
    b"<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code>"
    b"<Message>The security token included in the request is expired</Message></Error></ErrorResponse>"
)

SSO_PROFILE = """
[profile fastcart]
sso_start_url = https://fastcart.example/start
sso_region = eu-central-1
sso_account_id = 123456789012
sso_role_name = reader
region = eu-central-1
"""


class _Expired(BaseHTTPRequestHandler):
    """An AWS to which all credentials are expired."""

    def do_POST(self) -> None:  # noqa: N802
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403)
        self.send_header("Content-Length", str(len(EXPIRED)))
        self.end_headers()
        self.wfile.write(EXPIRED)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    """Where that AWS answers."""
    with HTTPServer(("127.0.0.1", 0), _Expired) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


NOWHERE = {**CREDENTIALS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}

SKIPPED = {
    "no outputs": (None, NOWHERE, "no outputs of a deployed stack"),
    "outputs cut short": (OUTPUTS[:20], NOWHERE, "cannot be read as JSON"),
    "outputs of nothing": ("{}", NOWHERE, "does not hold the outputs of a stack"),
    "outputs that are a list": ("[]", NOWHERE, "does not hold the outputs of a stack"),
    "outputs that are no text": ("\udcff", NOWHERE, "cannot be read as JSON"),
    "no credentials": (OUTPUTS, {}, "no AWS credentials"),
    "a profile that does not exist": (OUTPUTS, {"AWS_PROFILE": "nobody"}, "profile (nobody) could not be found"),
    "a profile of half a key": (OUTPUTS, {"AWS_ACCESS_KEY_ID": "testing"}, "AWS_SECRET_ACCESS_KEY"),
    "a sign-on that has ended": (OUTPUTS, {"AWS_PROFILE": "fastcart"}, "SSO"),
    "credentials that have expired": (OUTPUTS, {**CREDENTIALS, "AWS_ENDPOINT_URL": "{endpoint}"}, "ExpiredToken"),
    "an AWS that does not answer": (OUTPUTS, NOWHERE, "Could not connect"),
    "an endpoint that is none": (OUTPUTS, {**CREDENTIALS, "AWS_ENDPOINT_URL": "nowhere"}, "Invalid endpoint"),
}
"""What is wrong: the text of the outputs file, the AWS settings, and what the reason says."""


@pytest.mark.parametrize("wrong", SKIPPED)
def test_all_of_them_are_skipped_with_the_reason(wrong: str, tmp_path: Path, endpoint: str) -> None:
    text, settings, reason = SKIPPED[wrong]
    file = tmp_path / "outputs.json"
    if text is not None:
        file.write_text(text, encoding="utf-8", errors="surrogateescape")
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(SSO_PROFILE)
    nobody = {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}
    done = by_command(file, {**nobody, **{key: value.format(endpoint=endpoint) for key, value in settings.items()}})
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"\d+ skipped in .*", done.stdout.splitlines()[-1])
    assert reason in done.stdout
