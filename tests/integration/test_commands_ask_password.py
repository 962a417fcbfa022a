"""The school's rule that commands ask for an admin's password, tried by somebody at the keyboard."""

import os
from pathlib import Path

import pytest

from kiosk import bootstrap
from kiosk.settings import SchoolRules
from tests.fakes.actors import admin
from tests.world.command_line import Run, write_class_list

GOOD = "a long password"
OTHER = "another password"


@pytest.fixture
def school(run: Run, tmp_path: Path) -> Run:
    """An admin, a teacher, and the rule."""
    run("users", "add", "Anna", "--role", "admin", "--password-stdin", stdin=f"{GOOD}\n")
    run("users", "add", "Tom", "--role", "teacher", "--password-stdin", stdin=f"{OTHER}\n")
    directory = Path(os.environ["KIOSK_DATA_DIR"])
    kiosk = bootstrap.build(directory, models_dir=directory)
    kiosk.start()
    kiosk.app.school.shared.change_rules(SchoolRules(commands_ask_password=True), actor=admin("Anna"))
    kiosk.stop()
    return run


def commands(folder: Path) -> list[tuple[str, ...]]:
    listed = write_class_list(folder / "list.csv", "S1,Ada Lovelace")
    (folder / "faces").mkdir()
    return [
        ("users", "add", "Eve", "--role", "admin", "--password-stdin"),
        ("people", "import", str(listed), "--course", "CS 101"),
        ("faces", "import", str(folder / "faces"), "--consent-recorded"),
        ("export", str(folder / "out.xlsx")),
        ("restore", str(folder / "backup.kiosk")),
        ("recovery", "renew", "--yes"),
        ("tokens", "add", "Mine", "--scope", "records:read"),
    ]


def test_without_the_password_nothing_is_done(
    school: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KIOSK_ADMIN", "KIOSK_PASSWORD", "KIOSK_PASSWORD_STDIN"):
        monkeypatch.setenv(name, GOOD)
    for command in commands(tmp_path):
        refused = school(*command, stdin=f"{GOOD}\n")
        assert refused.code == 1, command
        assert "ask for an admin's password" in refused.err, command
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("Anna", "a wrong password", "do not belong together"),
        ("Tom", OTHER, "is no admin"),
        ("", GOOD, "do not"),
    ],
)
def test_a_wrong_password_or_a_teachers_does_nothing(
    school: Run, tmp_path: Path, name: str, password: str, said: str
) -> None:
    refused = school(
        "--admin", name, "--password-stdin", "export", str(tmp_path / "out.xlsx"), stdin=f"{password}\n"
    )
    assert refused.code == 1
    assert said in refused.err
    assert not (tmp_path / "out.xlsx").exists()


def test_with_it_commands_work_and_read_what_follows(school: Run, tmp_path: Path) -> None:
    asked = ("--admin", "Anna", "--password-stdin")
    added = school(
        *asked, "users", "add", "Ben", "--role", "teacher", "--password-stdin", stdin=f"{GOOD}\n{OTHER}\n"
    )
    assert (added.code, added.out) == (0, "Ben can sign in as teacher.\n")
    done = school(*asked, "export", str(tmp_path / "out.xlsx"), stdin=f"{GOOD}\n")
    assert done.code == 0, done.err
    assert (tmp_path / "out.xlsx").exists()


def test_commands_that_give_nothing_out_do_not_ask(school: Run) -> None:
    assert school("audit", "verify").code == 0
