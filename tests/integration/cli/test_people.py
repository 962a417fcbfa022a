"""People by the command line: class lists, PIN slips, leaving a course, what is kept how long."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.world.command_line import Run, begin_school, is_one_sentence, write_class_list


def test_import_registers_and_tells_what_it_refused(run: Run, tmp_path: Path) -> None:
    file = write_class_list(
        tmp_path / "list.csv", "S1,Ada Lovelace", "S1,Somebody Else", "S2,", "S3,Grace Hopper"
    )
    done = run("people", "import", file, "--course", "CS 101")

    assert done.code == 0
    assert done.out.startswith("2 added, 0 updated, 0 unchanged, 2 registered in CS 101, 2 refused.")
    assert "Line 3 was not taken" in done.err
    assert "Line 4 was not taken" in done.err


def test_dry_run_changes_nothing(run: Run, tmp_path: Path) -> None:
    file = write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace")
    rehearsal = run("people", "import", file, "--course", "CS 101", "--dry-run")
    real = run("people", "import", file, "--course", "CS 101")

    assert rehearsal.out.startswith("1 would be added")
    assert real.out.startswith("1 added")


def test_a_dry_run_where_there_is_no_school_begins_none(run: Run, tmp_path: Path, data_dir: Path) -> None:
    file = write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace")
    rehearsal = run("people", "import", file, "--course", "CS 101", "--dry-run")
    assert rehearsal.out.startswith("1 would be added")
    assert "passphrase" not in rehearsal.err
    assert not data_dir.exists()


def test_a_list_that_was_not_taken_whole_says_so_last(run: Run, tmp_path: Path) -> None:
    done = run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada", "S2,"), "--course", "X")
    assert done.code == 0
    assert done.out.splitlines()[-1].startswith("NOT COMPLETE: rows refused: 1, rows left out: 0")
    whole = run("people", "import", write_class_list(tmp_path / "b.csv", "S3,Ben"), "--course", "Y")
    assert "NOT COMPLETE" not in whole.out


def test_the_first_teacher_is_told_that_an_admin_is_needed(run: Run) -> None:
    first = run("users", "add", "Tom", "--role", "teacher", "--password-stdin", stdin="a long password\n")
    assert (first.code, first.out) == (0, "Tom can sign in as teacher.\n")
    assert "There is no admin yet" in first.err
    run("users", "add", "Ada", "--role", "admin", "--password-stdin", stdin="a long password\n")
    after = run("users", "add", "Ben", "--role", "teacher", "--password-stdin", stdin="a long password\n")
    assert after.err == ""


def test_the_data_directory_may_be_named_before_a_group_after_it_and_after_the_command(
    run: Run, tmp_path: Path
) -> None:
    file = write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace")
    ways: list[tuple[str | Path, ...]] = [
        ("--data-dir", tmp_path / "0", "people", "import", file),
        ("people", "--data-dir", tmp_path / "1", "import", file),
        ("people", "import", file, "--data-dir", tmp_path / "2"),
        ("people", "--data-dir", tmp_path / "other", "import", file, "--data-dir", tmp_path / "3"),
    ]
    for place, words in enumerate(ways):
        assert run(*words).out.startswith("1 added"), words
        assert (tmp_path / str(place) / "kiosk.sqlite3").exists(), words
    assert not (tmp_path / "other").exists()


def test_wrong_columns_are_named(run: Run, tmp_path: Path) -> None:
    begin_school(run)
    file = write_class_list(tmp_path / "list.csv", "Ada,1815", heading="who,born")
    refused = run("people", "import", file, "--course", "CS 101")

    assert refused.code == 1
    assert is_one_sentence(refused.err)
    assert "student_no" in refused.err
    assert "born" in refused.err


def test_unknown_course_is_named_with_those_that_exist(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    refused = run("people", "pins", tmp_path / "pins.pdf", "--course", "CS 999")

    assert refused.code == 1
    assert refused.err.strip() == "There is no course CS 999. Known courses: CS 101."
    assert not (tmp_path / "pins.pdf").exists()


def test_pins_are_written_and_not_made_twice(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    slips = tmp_path / "pins.pdf"
    first = run("people", "pins", slips, "--course", "cs 101")
    again = run("people", "pins", tmp_path / "again.pdf", "--course", "cs 101")

    assert first.code == 0
    assert slips.read_bytes().startswith(b"%PDF")
    assert again.out.startswith("Everybody has a PIN already")
    assert not (tmp_path / "again.pdf").exists()


def test_one_student_gets_a_new_pin(run: Run, tmp_path: Path) -> None:
    class_list = write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace", "S2,Alan Turing")
    run("people", "import", class_list, "--course", "CS 101")
    run("people", "pins", tmp_path / "pins.pdf", "--course", "CS 101")
    one = run("people", "pins", tmp_path / "one.pdf", "--course", "CS 101", "--student", "s2")
    none = run("people", "pins", tmp_path / "none.pdf", "--course", "CS 101", "--student", "S3")
    assert (one.code, one.out.startswith("1 slip is in")) == (0, True)
    assert none.code == 1
    assert is_one_sentence(none.err)
    assert not (tmp_path / "none.pdf").exists()


def test_people_are_listed_by_family_name_and_as_json(run: Run, tmp_path: Path) -> None:
    class_list = write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace", "S2,Zoë Adler", "S3,Alan Turing")
    run("people", "import", class_list, "--course", "CS 101")
    run("people", "import", write_class_list(tmp_path / "b.csv", "S9,Grace Hopper"), "--course", "CS 2")
    assert run("people", "list", "--course", "cs 101").out.splitlines() == [
        "S2\tZoë Adler\tCS 101",
        "S1\tAda Lovelace\tCS 101",
        "S3\tAlan Turing\tCS 101",
    ]
    found = json.loads(run("people", "list", "--search", "hopper", "--only", "no_pin", "--json").out)[
        "people"
    ]
    assert [(one["student_no"], one["courses"], one["has_pin"]) for one in found] == [("S9", ["CS 2"], False)]
    assert run("people", "list", "--course", "none").code == 1


def test_accounts_are_listed(run: Run) -> None:
    assert run("users", "list").out == ""
    run("users", "add", "Tom", "--role", "teacher", "--password-stdin", stdin="a long password\n")
    assert run("users", "list").out == "Tom\tTeacher\n"
    assert json.loads(run("users", "list", "--json").out) == {
        "users": [{"name": "Tom", "role": "teacher", "active": True}]
    }


def test_pins_of_a_course_without_anybody_are_refused_and_no_slips_are_replaced(
    run: Run, tmp_path: Path
) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    slips = tmp_path / "slips.pdf"
    assert run("people", "pins", slips, "--course", "CS 101").out == f"1 slip is in {slips}.\n"
    printed = slips.read_bytes()
    again = run("people", "pins", slips, "--course", "CS 101", "--renew")
    assert (again.code, slips.read_bytes()) == (1, printed)
    assert f"{slips} is there already." in again.err

    run("people", "leave", "S1", "--course", "CS 101")
    empty = run("people", "pins", tmp_path / "none.pdf", "--course", "CS 101")
    assert (empty.code, empty.out) == (1, "")
    assert empty.err.startswith("Nobody is in CS 101 today")
    assert not (tmp_path / "none.pdf").exists()


def test_a_password_without_a_terminal_is_asked_for_in_a_sentence(run: Run, data_dir: Path) -> None:
    refused = run("users", "add", "Anna", "--role", "admin")
    assert refused.code == 1
    assert is_one_sentence(refused.err)
    assert refused.err.startswith("There is no terminal to type the password at.")
    assert not data_dir.exists()


def test_a_wrong_value_is_named_without_the_words_of_a_library(run: Run) -> None:
    refused = run("people", "list", "--only", "nonsense")
    assert refused.code == 2
    assert "Value error" not in refused.err
    assert "'nonsense' is not one of" in refused.err
    no_number = run("tokens", "revoke", "x")
    assert no_number.code == 2
    assert "Input should be a valid integer" in no_number.err
    assert "parse" not in no_number.err


def test_students_leave_a_course(run: Run, tmp_path: Path) -> None:
    class_list = write_class_list(tmp_path / "list.csv", "S1,Ada", "S2,Alan", "S3,Grace")
    run("people", "import", class_list, "--course", "CS 101")
    assert run("people", "leave", "--course", "CS 101").code == 2
    assert run("people", "leave", "S1", "--course", "CS 101", "--everyone").code == 2
    assert run("people", "leave", "S1", "--course", "CS 101").out == "1 student left CS 101.\n"
    assert run("people", "leave", "S1", "--course", "CS 101").out == "0 students left CS 101.\n"
    kept = run("people", "leave", "--course", "CS 101", "--everyone", stdin="n\n")
    assert (kept.code, kept.out.strip()) == (1, "")
    assert "Take all 2 students of CS 101 out of it from today on?" in kept.err
    everyone = ("people", "leave", "--course", "CS 101", "--everyone", "--yes")
    assert run(*everyone).out == "2 students left CS 101.\n"
    assert run(*everyone[:-1]).out == "0 students left CS 101.\n"


def test_what_is_no_longer_needed_is_shown_and_then_deleted(run: Run, tmp_path: Path, data_dir: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    keys = KeyRing.open_or_create(data_dir)
    database = SqlDatabase.open(database_path(data_dir), key_ring=keys)
    long_ago = datetime(2020, 1, 31, 12, tzinfo=UTC)
    with database.transaction() as repositories:
        student = repositories.students.by_no("S1")
        assert student is not None
        repositories.courses.unregister(1, student.student_id, datetime.now(UTC).date() + timedelta(days=1))
        repositories.faces.add_sample(
            student_id=student.student_id, picture=b"jpeg", source=b"file", captured_at=long_ago
        )
    database.close()
    young = json.loads(run("faces", "expire", "--dry-run", "--json").out)
    with closing(sqlite3.connect(database_path(data_dir))) as connection, connection:
        connection.execute("UPDATE registrations SET since = '2019-09-01', until = '2020-02-01'")
    shown = run("faces", "expire", "--dry-run")
    done = json.loads(run("faces", "expire", "--json").out)
    again = run("faces", "expire")
    assert (young["dry_run"], young["faces"]) == (True, [])
    assert "S1: 1 picture, last needed on 2020-02-01, kept until 2020-08-01" in shown.out
    assert "1 face, 0 check-ins by phone and 0 notes would be deleted" in shown.out
    assert [one["student_no"] for one in done["faces"]] == ["S1"]
    assert again.out.startswith("0 faces")
    assert run("audit", "verify").code == 0


def test_pins_stay_as_they_were_when_the_slips_cannot_be_written(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    refused = run("people", "pins", tmp_path / "missing" / "pins.pdf", "--course", "CS 101")
    later = run("people", "pins", tmp_path / "pins.pdf", "--course", "CS 101")

    assert refused.code == 1
    assert is_one_sentence(refused.err)
    assert later.out.startswith("1 slip is in ")


def test_a_guardians_address_and_the_stop_are_kept_by_command(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    changed = run("people", "contact", "S1", "--guardian", "mum@home.example", "--stop")
    assert (changed.code, changed.err) == (0, "")
    shown = run("people", "contact", "S1")
    assert shown.out.splitlines() == ["Guardian: mum@home.example", "Messages are stopped."]
    again = run("people", "contact", "S1", "--guardian", "", "--allow")
    assert again.out.splitlines() == ["Guardian: –", "Messages may be sent."]
    wrong = run("people", "contact", "S1", "--guardian", "mum")
    assert (wrong.code, is_one_sentence(wrong.err)) == (1, True)
