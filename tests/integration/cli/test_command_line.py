"""The command line as scripts use it: exit codes, one plain sentence, JSON on stdout, and nothing half-written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.storage.database.instance_lock import InstanceLock
from tests.world.command_line import Run, begin_school, is_one_sentence, write_class_list

ROOT = Path(__file__).parents[3]


def test_first_start_shows_the_recovery_passphrase_once(run: Run) -> None:
    first = run("users", "add", "Anna", "--role", "admin", "--password-stdin", stdin="a long password\n")
    second = run("users", "add", "Ben", "--role", "teacher", "--password-stdin", stdin="another password\n")

    assert (first.code, first.out) == (0, "Anna can sign in as admin.\n")
    assert "recovery passphrase" in first.err
    assert (second.code, second.err) == (0, "")


def test_short_password_is_refused(run: Run) -> None:
    begin_school(run)
    refused = run("users", "add", "Anna", "--role", "admin", "--password-stdin", stdin="short\n")

    assert refused.code == 1
    assert "at least 10 characters" in refused.err


def test_wrong_usage_is_exit_code_2(run: Run) -> None:
    assert run("users", "add", "Anna", "--role", "principal").code == 2
    assert run("no-such-command").code == 2


def test_an_unwritable_data_directory_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    refused = run("--data-dir", tmp_path / "file" / "data", "people", "import", "x.csv")

    assert refused.code == 1
    assert is_one_sentence(refused.err)
    assert "--data-dir" in refused.err


def test_a_second_instance_is_one_sentence(run: Run, data_dir: Path) -> None:
    begin_school(run)
    with InstanceLock(data_dir):
        refused = run("serve")

    assert refused.code == 1
    assert is_one_sentence(refused.err)
    assert "Another kiosk" in refused.err


def test_a_wrong_setting_is_named(run: Run, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "kiosk.toml").write_text("[code]\nrotation_s = 90\n")
    refused = run("people", "import", "x.csv")

    assert refused.code == 1
    assert "code.rotation_s" in refused.err


@pytest.mark.parametrize("command", [("serve",), ("people", "import", "x.csv")])
def test_an_empty_settings_file_is_refused_by_name_before_anything_is_made(
    run: Run, data_dir: Path, command: tuple[str, ...]
) -> None:
    data_dir.mkdir()
    (data_dir / "kiosk.toml").touch()
    refused = run(*command)

    assert refused.code == 1
    assert is_one_sentence(refused.err)
    assert f"The settings file {data_dir / 'kiosk.toml'} is empty." in refused.err
    assert "delete it to begin with the defaults" in refused.err
    assert [path.name for path in data_dir.iterdir()] == ["kiosk.toml"]


def test_nothing_is_written_outside_the_data_directory(
    run: Run, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    here = tmp_path / "here"
    home.mkdir()
    here.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(here)
    write_class_list(data_dir.parent / "list.csv", "S1,Ada Lovelace")
    run("people", "import", data_dir.parent / "list.csv", "--course", "CS 101")
    run("models", "list")

    assert list(home.rglob("*")) == []
    assert list(here.rglob("*")) == []
    assert sorted(path.name for path in data_dir.iterdir()) == ["keys", "kiosk.sqlite3"]


def test_recognition_tells_nobody_and_writes_nothing_at_home(tmp_path: Path) -> None:
    """ONNX Runtime's own builds would keep a device identifier in the home directory and send usage data."""
    home = tmp_path / "home"
    home.mkdir()
    code = (
        "import sys; from pathlib import Path; from kiosk.vision.factory import build_builtin_embedder;"
        "build_builtin_embedder(Path(sys.argv[1]))"
    )
    # These three turn the usage data off in a test or on a build machine: a kiosk has none of them.
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"CI", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY"}
    }
    environment = {**kept, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    subprocess.run(
        [sys.executable, "-P", "-c", code, str(tmp_path / "models")],
        env=environment,
        cwd=ROOT,
        check=True,
    )

    assert list(home.rglob("*")) == []


def test_a_token_is_made_shown_once_listed_and_revoked(run: Run) -> None:
    begin_school(run)
    made = run(
        "tokens", "add", "Timetable", "--scope", "courses:read", "--scope", "records:read", "--days", "30"
    )
    assert made.code == 0
    text = made.out.strip()
    assert text.startswith("kiosk-1-")

    listed = run("tokens", "list", "--json")
    assert text.removeprefix("kiosk-1-") not in listed.out
    (token,) = json.loads(listed.out)["tokens"]
    assert token["scopes"] == ["courses:read", "records:read"]
    assert token["state"] == "good"
    assert token["expires_at"] is not None

    assert run("tokens", "revoke", "1").code == 0
    assert json.loads(run("tokens", "list", "--json").out)["tokens"][0]["state"] == "revoked"
    assert "revoked" in run("tokens", "list").out
    unknown = run("tokens", "revoke", "9")
    assert unknown.code == 1
    assert is_one_sentence(unknown.err)
    assert run("tokens", "add", "Timetable", "--scope", "everything").code == 2
    assert run("tokens", "add", "Timetable").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("users", "list"),
        ("people", "list"),
        ("courses", "list"),
        ("sessions", "list"),
        ("report", "weeks", "weeks.pdf"),
        ("audit", "verify"),
        ("backup", "school.backup"),
        ("export", "all.xlsx"),
        ("people", "leave", "S1", "--course", "CS 101"),
        ("people", "answers", "answers.csv"),
        ("faces", "rule", "off"),
        ("faces", "expire"),
        ("faces", "import", "photos", "--consent-recorded"),
        ("sessions", "correct-clock"),
        ("timetable", "import", "term.ics", "--course", "CS 101"),
        ("tokens", "add", "Timetable", "--scope", "courses:read"),
        ("models", "use", "sface"),
        ("calibrate", "--course", "CS 101"),
        ("recovery", "renew", "--yes"),
        ("new-school", "--yes"),
        ("migrate-to", "postgresql+psycopg://kiosk@localhost/school", "--dry-run"),
    ],
)
def test_what_needs_a_school_begins_none_in_a_mistyped_folder(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    typo = tmp_path / "typo"
    said = run(*words, "--data-dir", typo)
    assert said.code == 1
    assert said.err.startswith(f"There is no school in {typo}.")
    assert not typo.exists()


def test_doctor_begins_no_school_and_says_that_there_is_none(run: Run, tmp_path: Path) -> None:
    typo = tmp_path / "typo"
    found = {one["name"]: one for one in run("doctor", "--json", "--data-dir", typo).answer["checks"]}
    assert found["database"]["state"] == "warning"
    assert found["database"]["text"] == f"There is no school in {typo} yet."
    assert found["disk"]["works"]
    assert not typo.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--data-dir", "", "users", "list"),
        ("users", "--data-dir", "", "list"),
        ("users", "list", "--data-dir", " "),
        ("demo", "--headless", "--data-dir", ""),
    ],
)
def test_an_empty_data_directory_is_not_the_current_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = run(*words)
    assert (refused.code, refused.out) == (2, "")
    assert "It is empty; name a folder." in " ".join(refused.err.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_command_says_so_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_options: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kiosk.demo.run.run_demo", interrupted)
    stopped = run("demo", "--headless")
    assert (stopped.code, stopped.out, stopped.err) == (130, "", "Interrupted.\n")
