"""Outputs: what is documented, what is exported and what is in the file are the same."""

import io
import json
import re
import subprocess

import pytest
from fastcart import flat_outputs, outputs
from places import REPOSITORY
from stack_view import is_secret

SECRET_VALUE = {flat_outputs.SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"hunter2-hunter2"'}


def documented_names():
    text = (REPOSITORY / "docs/outputs.md").read_text()
    return set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))


def test_the_documentation_is_fresh():
    fix = "run: cd stack && python -m fastcart.outputs > ../docs/outputs.md"
    assert (REPOSITORY / "docs/outputs.md").read_text() == outputs.markdown(), fix


def test_documented_exported_and_written_outputs_are_the_same(applied):
    assert documented_names() == set(applied.outputs) == set(flat_outputs.flatten(applied.outputs))


def test_outputs_are_of_the_documented_kind(applied):
    kinds = {"string": str, "number": int, "list": list}
    for spec in outputs.specs():
        assert isinstance(applied.outputs[spec.name], kinds[spec.kind]), spec.name


def test_no_output_is_empty_or_secret(applied):
    for name, value in applied.outputs.items():
        assert value not in ("", None, []) and not is_secret(value), name


def test_names_are_unique():
    names = [spec.name for spec in outputs.specs()]
    assert len(set(names)) == len(names)


FLAT = [
    ({"b": 1, "a": "x"}, {"a": "x", "b": 1}),
    ({"list": ["a", "b"]}, {"list": ["a", "b"]}),
    ({"flag": True, "off": False}, {"flag": "true", "off": "false"}),
    ({"nothing": None}, {}),
    ({"outer": {"inner": {"leaf": 2.5}}}, {"outer.inner.leaf": 2.5}),
    ({"rows": [{"id": 1}, {"id": 2}]}, {"rows.0.id": 1, "rows.1.id": 2}),
    ({"hidden": "[secret]", "open": "x"}, {"open": "x"}),
    ({"hidden": SECRET_VALUE, "open": "x"}, {"open": "x"}),
    ({"mixed": {"password": SECRET_VALUE, "user": "u"}}, {}),
    ({"mixed": ["a", "[secret]"]}, {}),
]


@pytest.mark.parametrize("given,wanted", FLAT)
def test_outputs_are_flat_sorted_and_without_secrets(given, wanted):
    flat = flat_outputs.flatten(given)
    assert flat == wanted
    assert list(flat) == sorted(flat)


def run(monkeypatch, tmp_path, text, *arguments):
    """Runs the command on ``text``; returns its exit code and the file it was to write."""
    file = tmp_path / "made" / "flat-outputs.json"
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    monkeypatch.setattr("sys.argv", ["flat_outputs", "--output", str(file), *arguments])
    return flat_outputs.main(), file


def test_the_command_writes_the_file_and_its_folder(monkeypatch, tmp_path, applied):
    code, file = run(monkeypatch, tmp_path, json.dumps(applied.outputs))
    assert code == 0
    assert json.loads(file.read_text()) == applied.outputs
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]


def test_a_secret_output_is_left_out_and_reported(monkeypatch, tmp_path, capsys, applied):
    code, file = run(monkeypatch, tmp_path, json.dumps({**applied.outputs, "kmsKeyId": SECRET_VALUE}))
    assert code == 0
    assert json.loads(file.read_text()) == {key: applied.outputs[key] for key in applied.outputs if key != "kmsKeyId"}
    shown = capsys.readouterr()
    assert "kmsKeyId is secret" in shown.err
    assert "hunter2" not in shown.err + shown.out


WRONG = [
    ("", "not JSON"),
    ("{", "not JSON"),
    ("[]", "no outputs"),
    ("{}", "no outputs"),
    ('{"databasePassword": "hunter2"}', "undocumented outputs: databasePassword"),
    ('{"vpcId": "vpc-1"}', "missing outputs: alarmTopicArn"),
    ('{"streamShardCount": NaN}', "NaN is no number"),
    ('{"streamShardCount": -Infinity}', "-Infinity is no number"),
    ("[" * 100_000, "not JSON"),
    ('{"vpcId": ' * 100_000, "not JSON"),
]


@pytest.mark.parametrize("text,message", WRONG, ids=[text[:30] for text, _ in WRONG])
def test_wrong_input_is_refused_and_nothing_is_written(monkeypatch, tmp_path, capsys, text, message):
    code, file = run(monkeypatch, tmp_path, text)
    shown = capsys.readouterr().err
    assert code == 2 and message in shown and "hunter2" not in shown
    assert len(shown.splitlines()) == 1
    assert not file.exists()


@pytest.mark.parametrize(
    "value,message",
    [("[" * 600 + "]" * 600, "nested too deep"), ("1e999", "no number that JSON has")],
    ids=["deep", "infinite"],
)
def test_an_output_that_cannot_be_flat_is_refused_in_one_line(monkeypatch, tmp_path, capsys, applied, value, message):
    text = json.dumps({**applied.outputs, "vpcId": "HERE"}).replace('"HERE"', value)
    code, file = run(monkeypatch, tmp_path, text)
    shown = capsys.readouterr().err
    assert code == 2 and message in shown and len(shown.splitlines()) == 1
    assert not file.exists()


def test_what_is_no_text_is_refused_in_one_line(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"vpcId": "\xff"}'), encoding="utf-8"))
    monkeypatch.setattr("sys.argv", ["flat_outputs", "--output", str(tmp_path / "file")])
    assert flat_outputs.main() == 2
    shown = capsys.readouterr().err
    assert "is not text" in shown and len(shown.splitlines()) == 1


@pytest.mark.parametrize("place", ["", "a-file/flat-outputs.json", "a-folder"])
def test_a_file_that_cannot_be_written_is_refused_in_one_line(monkeypatch, tmp_path, capsys, applied, place):
    (tmp_path / "a-file").write_text("")
    (tmp_path / "a-folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    code, _ = run(monkeypatch, tmp_path, json.dumps(applied.outputs), "--output", str(tmp_path / place))
    shown = capsys.readouterr().err
    assert code == 2 and "cannot be written" in shown and len(shown.splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_stack_is_refused_where_nobody_is_asked(monkeypatch, tmp_path, capsys, applied):
    with pytest.raises(SystemExit) as refused:
        run(monkeypatch, tmp_path, json.dumps(applied.outputs), "--stack", "prod")
    assert refused.value.code == 2
    assert "without --run" in capsys.readouterr().err


def test_the_command_can_ask_pulumi_itself_and_never_for_secrets(monkeypatch, tmp_path, applied):
    asked = []

    def fake_run(command, **_):
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, stdout=json.dumps(applied.outputs), stderr="")

    monkeypatch.setattr(flat_outputs.subprocess, "run", fake_run)
    code, file = run(monkeypatch, tmp_path, "", "--run", "--stack", "dev")
    assert code == 0 and file.exists()
    assert asked == [["pulumi", "stack", "output", "--json", "--stack", "dev"]]


def test_what_pulumi_says_against_it_is_told_in_one_line(monkeypatch, tmp_path, capsys):
    def fake_run(command, **_):
        raise subprocess.CalledProcessError(255, command, stderr="error: no stack\nselect one\n")

    monkeypatch.setattr(flat_outputs.subprocess, "run", fake_run)
    code, file = run(monkeypatch, tmp_path, "", "--run")
    assert code == 2 and not file.exists()
    assert capsys.readouterr().err == "flat_outputs: pulumi stack output --json failed: error: no stack select one\n"
