"""The command line as scripts use it: exit codes, one plain sentence, JSON on stdout, and nothing half-written."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from openpyxl import load_workbook

from kiosk import bootstrap
from kiosk.demo.cast import enrolment_pictures
from kiosk.demo.pool import pool
from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.errors import StorageError
from kiosk.storage.backup import swapping
from kiosk.storage.database.instance_lock import InstanceLock
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import RESTORE_READY, KeyRing, database_path
from tests.fakes.actors import admin
from tests.world.command_line import Run, is_one_sentence, write_class_list

ROOT = Path(__file__).parents[2]


# -- accounts --------------------------------------------------------------------------------------------------------


def test_first_start_shows_the_recovery_passphrase_once(run: Run) -> None:
    first = run("users", "add", "Anna", "--role", "admin", "--password-stdin", stdin="a long password\n")
    second = run("users", "add", "Ben", "--role", "teacher", "--password-stdin", stdin="another password\n")

    assert (first.code, first.out) == (0, "Anna can sign in as admin.\n")
    assert "recovery passphrase" in first.err
    assert (second.code, second.err) == (0, "")


def test_short_password_is_refused(run: Run) -> None:
    run("audit", "verify")
    refused = run("users", "add", "Anna", "--role", "admin", "--password-stdin", stdin="short\n")

    assert refused.code == 1
    assert "at least 10 characters" in refused.err


def test_wrong_usage_is_exit_code_2(run: Run) -> None:
    assert run("users", "add", "Anna", "--role", "principal").code == 2
    assert run("no-such-command").code == 2


# -- class lists -----------------------------------------------------------------------------------------------------


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


def test_wrong_columns_are_named(run: Run, tmp_path: Path) -> None:
    run("audit", "verify")
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


def test_students_leave_a_course(run: Run, tmp_path: Path) -> None:
    class_list = write_class_list(tmp_path / "list.csv", "S1,Ada", "S2,Alan", "S3,Grace")
    run("people", "import", class_list, "--course", "CS 101")
    assert run("people", "leave", "--course", "CS 101").code == 2
    assert run("people", "leave", "S1", "--course", "CS 101", "--everyone").code == 2
    assert run("people", "leave", "S1", "--course", "CS 101").out == "1 student left CS 101.\n"
    assert run("people", "leave", "S1", "--course", "CS 101").out == "0 students left CS 101.\n"
    assert run("people", "leave", "--course", "CS 101", "--everyone").out == "2 students left CS 101.\n"


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


# -- faces and replay ------------------------------------------------------------------------------------------------


def write_pictures(folder: Path) -> None:
    """S1 and S2 are drawn people; S1 has pictures that must be refused, too."""
    for number, person in (("S1", pool()[0]), ("S2", pool()[1])):
        inner = folder / number
        inner.mkdir(parents=True)
        for index, picture in enumerate(enrolment_pictures(person, 3)):
            cv2.imwrite(str(inner / f"{index}.png"), picture)
    one, other = (enrolment_pictures(person, 1)[0] for person in pool()[:2])
    bad = folder / "S1"
    cv2.imwrite(str(bad / "no-face.png"), np.full((480, 640, 3), 127, np.uint8))
    cv2.imwrite(str(bad / "two.png"), np.hstack([one, other]))
    cv2.imwrite(str(bad / "blurred.png"), cv2.GaussianBlur(one, (0, 0), 12))
    cv2.imwrite(str(bad / "tiny.png"), cv2.resize(one, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA))
    (bad / "corrupt.jpg").write_bytes(b"\xff\xd8\xff this is no picture")


def test_faces_are_enrolled_and_bad_pictures_refused_with_the_reason(run: Run, tmp_path: Path) -> None:
    run(
        "people",
        "import",
        write_class_list(tmp_path / "l.csv", "S1,Ada L", "S2,Grace H"),
        "--course",
        "CS 101",
    )
    write_pictures(tmp_path / "faces")
    (tmp_path / "faces" / "S9").mkdir()
    cv2.imwrite(str(tmp_path / "faces" / "S9" / "1.png"), np.zeros((9, 9, 3), np.uint8))

    done = run("faces", "import", tmp_path / "faces", "--consent-recorded", "--json")
    again = run("faces", "import", tmp_path / "faces", "--consent-recorded", "--json")

    report = json.loads(done.out)
    assert [(one["student_no"], one["picture"]) for one in report["accepted"]] == [
        (number, f"{index}.png") for number in ("S1", "S2") for index in range(3)
    ]
    reasons = {one["picture"]: one["reason"] for one in report["refused"]}
    assert set(reasons) == {"no-face.png", "two.png", "blurred.png", "tiny.png", "corrupt.jpg", "1.png"}
    assert reasons["no-face.png"] == "No face was found in it."
    assert reasons["two.png"] == "It shows more than one face."
    assert reasons["corrupt.jpg"].startswith("The file is no picture")
    assert reasons["1.png"] == "There is no student with the number S9."
    assert json.loads(again.out)["accepted"] == []
    assert len(json.loads(again.out)["known"]) == 6


def test_without_consent_nothing_is_enrolled(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    folder = tmp_path / "faces" / "S1"
    folder.mkdir(parents=True)
    cv2.imwrite(str(folder / "1.png"), enrolment_pictures(pool()[0], 1)[0])

    report = json.loads(run("faces", "import", folder.parent, "--json").out)

    assert report["accepted"] == []
    assert report["refused"][0]["reason"].startswith("No consent")


def test_pictures_that_lack_a_template_are_embedded_again(run: Run, data_dir: Path, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    folder = tmp_path / "faces" / "S1"
    folder.mkdir(parents=True)
    for index, picture in enumerate(enrolment_pictures(pool()[0], 2)):
        cv2.imwrite(str(folder / f"{index}.png"), picture)
    run("faces", "import", folder.parent, "--consent-recorded")
    with closing(sqlite3.connect(database_path(data_dir))) as database:
        database.execute("DELETE FROM face_templates")
        database.commit()

    done = run("faces", "re-embed", "--json")
    again = run("faces", "re-embed")
    missing = run("faces", "re-embed", "--model", "vggface")

    assert json.loads(done.out) == {
        "model": "dlib-resnet-v1-mirrored",
        "embedded": 2,
        "lost": [],
        "remaining": 0,
    }
    assert again.out == "0 pictures were prepared for dlib-resnet-v1-mirrored, 0 are left.\n"
    assert missing.code == 1
    assert "vggface" in missing.err


def test_replay_refuses_a_check_that_it_cannot_make(run: Run, tmp_path: Path) -> None:
    class_list = write_class_list(tmp_path / "list.csv", "S1,Anna")
    run("people", "import", class_list, "--course", "CS 101")
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for mode, words in (("passive", "minifasnet-v2 is not installed"), ("active", "cannot be asked")):
        refused = run("replay", pictures, "--course", "CS 101", "--liveness", mode)
        assert refused.code == 1
        assert words in refused.err
        assert is_one_sentence(refused.err)
    assert run("replay", pictures, "--course", "CS 101", "--liveness", "sonar").code == 2


def test_replay_needs_a_course_and_a_source(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    for source, course in ((tmp_path, "NOPE"), (tmp_path / "none.mp4", "CS 101")):
        refused = run("replay", source, "--course", course)
        assert refused.code == 1
        assert is_one_sentence(refused.err)
    assert run("replay", tmp_path).code == 2


@pytest.mark.logs_warnings
def test_a_damaged_recording_is_one_sentence_and_leaves_no_open_session(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    (tmp_path / "broken.mp4").write_bytes(b"\x00\x00\x00\x20ftypisom nothing follows")
    for _ in range(2):  # a session that stayed open would make the second try fail otherwise
        refused = run("replay", tmp_path / "broken.mp4", "--course", "CS 101")
        assert refused.code == 1
        assert "broken.mp4" in refused.err


# -- records ---------------------------------------------------------------------------------------------------------


def test_export_opens_and_keeps_an_old_file_when_it_fails(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,=HYPERLINK(1)"), "--course", "CS 101")
    target = tmp_path / "out.xlsx"
    done = run("export", target, "--course", "CS 101", "--from", "2026-01-01", "--to", "2026-12-31")
    before = target.read_bytes()
    swapped = run("export", target, "--from", "2026-12-31", "--to", "2026-01-01")
    missing = run("export", tmp_path / "missing" / "out.xlsx")

    assert done.code == 0
    assert load_workbook(target).sheetnames[0] == "Summary"
    assert swapped.code == missing.code == 1
    assert is_one_sentence(swapped.err)
    assert is_one_sentence(missing.err)
    assert target.read_bytes() == before


def test_a_full_disk_is_one_sentence_and_keeps_the_old_file(run: Run, tmp_path: Path) -> None:
    run("audit", "verify")
    full = Path("/dev/full")
    if full.exists():
        refused = run("export", full / "out.xlsx")
        assert refused.code == 1
        assert is_one_sentence(refused.err)


def test_backup_and_restore_bring_everything_back(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    saved = tmp_path / "school.backup"
    assert run("backup", saved).code == 0
    run("people", "import", write_class_list(tmp_path / "more.csv", "S2,Grace Hopper"), "--course", "CS 101")
    assert run("restore", saved).code == 0

    again = run("people", "import", tmp_path / "more.csv", "--course", "CS 101")
    assert again.out.startswith("1 added")
    (tmp_path / "bad.backup").write_bytes(b"no backup")
    assert is_one_sentence(run("restore", tmp_path / "bad.backup").err)


def test_a_dry_run_says_what_would_come_back_and_what_would_be_lost(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    saved = tmp_path / "school.backup"
    run("backup", saved)
    assert run("restore", saved, "--dry-run").out == "The backup holds what is here already.\n"
    run("people", "import", write_class_list(tmp_path / "more.csv", "S2,Grace Hopper"), "--course", "MA 2")

    assert run("restore", saved, "--dry-run").out.splitlines() == [
        "Is lost: 1 student.",
        "Is lost: 1 course.",
    ]

    assert run("people", "import", tmp_path / "more.csv", "--course", "MA 2").out.startswith("0 added")


def test_a_school_whose_pc_burnt_down_comes_back_with_backup_and_passphrase(
    run: Run, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_list = write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace")
    passphrase = run("people", "import", class_list, "--course", "CS 101").err.splitlines()[2].strip()
    saved = tmp_path / "school.backup"
    run("backup", saved)
    shutil.rmtree(data_dir)
    typed = ["0000-wrong", passphrase]
    monkeypatch.setattr("getpass.getpass", lambda *_prompt, **_stream: typed.pop(0))

    refused = run("restore", saved)
    assert refused.code == 1
    assert "does not fit" in refused.err
    assert run("restore", saved).code == 0

    assert run("people", "import", class_list, "--course", "CS 101").out.startswith("0 added")
    assert run("audit", "verify").code == 0
    assert typed == []


def test_a_lost_passphrase_is_renewed_once_the_new_one_is_written_down(
    run: Run, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("audit", "verify")
    before = (data_dir / "keys" / "recovery.json").read_bytes()
    refused = run("recovery", "renew", stdin="n\n")
    assert refused.code == 1
    assert (data_dir / "keys" / "recovery.json").read_bytes() == before

    renewed = run("recovery", "renew", stdin="y\n")
    assert renewed.code == 0
    assert "Is it written down?" in renewed.err
    assert "need the old one on another PC" in renewed.err
    passphrase = renewed.out.strip()
    saved = tmp_path / "school.backup"
    run("backup", saved)
    shutil.rmtree(data_dir)
    monkeypatch.setattr("getpass.getpass", lambda *_prompt, **_stream: passphrase)
    assert run("restore", saved).code == 0
    assert run("audit", "verify").code == 0


def test_a_restore_that_was_cut_off_is_finished_by_the_next_command(
    run: Run, tmp_path: Path, data_dir: Path
) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    run("backup", tmp_path / "saved")
    run("people", "import", write_class_list(tmp_path / "more.csv", "S2,Grace Hopper"), "--course", "CS 101")

    def cut(_data_dir: Path) -> None:
        raise StorageError("The power is gone.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(swapping, "_move_in", cut)
        assert run("restore", tmp_path / "saved").code == 1
    assert (data_dir / RESTORE_READY).is_dir()

    with InstanceLock(data_dir):
        assert "Another kiosk" in run("audit", "verify").err
    assert run("audit", "verify").code == 0
    assert not (data_dir / RESTORE_READY).exists()
    assert run("people", "import", tmp_path / "more.csv", "--course", "CS 101").out.startswith("1 added")


def test_the_times_of_a_class_are_corrected_once_by_what_the_clock_was_moved(
    run: Run, data_dir: Path
) -> None:
    run("audit", "verify")
    nine = datetime(2026, 11, 23, 9, tzinfo=UTC)
    keys = KeyRing.open_or_create(data_dir)
    with (
        closing(SqlDatabase.open(database_path(data_dir), key_ring=keys)) as database,
        database.transaction() as repositories,
    ):
        course = repositories.courses.add(code="CS 101", title="Algorithms", room="")
        session_id = repositories.class_sessions.add(
            course_id=course.course_id,
            started_at=nine,
            late_after=timedelta(minutes=10),
            policy=ProofPolicy.EITHER,
            liveness=LivenessMode.OFF,
            started_by="Anna",
            model="m",
            code_key=b"k" * 32,
        ).session_id
        repositories.class_sessions.set_clock_moved(session_id, timedelta(days=1))
        repositories.class_sessions.end(session_id, nine + timedelta(hours=1))
    listed = run("sessions", "correct-clock")
    assert listed.out.startswith(f"{session_id}: CS 101 · Algorithms, Mon 23 Nov 2026")
    assert "was set forward by 1 day" in listed.out

    assert "would be of Tue 24 Nov 2026" in run("sessions", "correct-clock", str(session_id), "--dry-run").out
    assert "are now of Tue 24 Nov 2026" in run("sessions", "correct-clock", str(session_id)).out
    again = run("sessions", "correct-clock", str(session_id))
    assert (again.code, again.out) == (1, "")
    assert "corrected already" in again.err
    assert run("sessions", "correct-clock").out == ""


def test_audit_of_an_untouched_log_is_intact(run: Run) -> None:
    assert json.loads(run("audit", "verify", "--json").out) == {
        "intact": True,
        "first_broken_entry": None,
        "changed_sessions": [],
        "uncovered_sessions": 0,
    }


def ended_class(folder: Path) -> int:
    """A class of one student who was absent; returns its number."""
    kiosk = bootstrap.build(folder, models_dir=folder)
    kiosk.start()
    try:
        course = kiosk.app.courses.course("CS 101")
        sessions = kiosk.app.attendance.sessions
        session = sessions.start(
            course.course_id, actor=admin("Anna"), model="fake", liveness=LivenessMode.OFF
        )
        sessions.end(session.session_id, actor=admin("Anna"))
    finally:
        kiosk.stop()
    return session.session_id


def test_audit_fails_on_a_record_that_was_edited_and_on_an_older_database(run: Run, tmp_path: Path) -> None:
    folder = Path(os.environ["KIOSK_DATA_DIR"])
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    session = ended_class(folder)
    assert run("audit", "verify").code == 0
    older = tmp_path / "older.sqlite3"
    with closing(sqlite3.connect(database_path(folder))) as connection:
        connection.execute("VACUUM INTO ?", (str(older),))
        connection.execute("UPDATE attendance_records SET status = 'present'")
        connection.commit()
    edited = run("audit", "verify", "--json")
    assert edited.code == 1
    assert edited.answer["changed_sessions"] == [session]
    assert is_one_sentence(edited.err)

    run("people", "import", write_class_list(tmp_path / "more.csv", "S2,Grace Hopper"), "--course", "CS 101")
    for part in folder.glob("kiosk.sqlite3*"):
        part.unlink()
    shutil.copy(older, database_path(folder))
    rolled_back = run("audit", "verify")
    assert rolled_back.code == 1
    assert "The log was changed" in rolled_back.err


# -- the data directory ----------------------------------------------------------------------------------------------


def test_an_unwritable_data_directory_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    refused = run("--data-dir", tmp_path / "file" / "data", "people", "import", "x.csv")

    assert refused.code == 1
    assert is_one_sentence(refused.err)
    assert "--data-dir" in refused.err


def test_a_second_instance_is_one_sentence(run: Run, data_dir: Path) -> None:
    run("audit", "verify")
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


def test_how_faces_are_used_is_said_chosen_and_logged(run: Run, data_dir: Path) -> None:
    before = run("faces", "rule")
    assert before.out.startswith("verify_only: ")
    assert "Nobody has chosen this yet." in before.out
    assert "kiosk faces rule off" in before.out

    chosen = run("faces", "rule", "off")
    assert chosen.code == 0
    assert "Chosen by local:" in chosen.out
    said = json.loads(run("faces", "rule", "--json").out)
    assert (said["rule"], said["chosen_by"].partition(":")[0]) == ("off", "local")
    assert said["chosen_at"]
    assert run("faces", "rule", "everything").code == 2


def test_where_faces_are_off_enrolment_and_replay_are_refused_in_a_sentence(
    run: Run, tmp_path: Path, data_dir: Path
) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada"), "--course", "CS 101")
    run("faces", "rule", "off")
    photos = tmp_path / "photos" / "S1"
    photos.mkdir(parents=True)
    (photos / "1.jpg").write_bytes(b"no picture")

    enrolled = run("faces", "import", photos.parent, "--consent-recorded")
    replayed = run("replay", photos, "--course", "CS 101")

    assert (enrolled.code, replayed.code) == (1, 1)
    assert "does not use faces" in enrolled.err
    assert "does not use faces" in replayed.err


# -- one student -----------------------------------------------------------------------------------------------------


def test_answers_letters_everything_about_a_student_and_deleting_one(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace", "S2,Grace Hopper"))
    answers = tmp_path / "answers.csv"
    answers.write_text("student_no,answer,by,date\nS1,no,student,2026-01-05\nS9,no,student,2026-01-05\n")
    rehearsed = run("people", "answers", answers, "--dry-run")
    assert rehearsed.out == "0 times yes, 1 times no, 1 lines refused; 0 pictures would be deleted.\n"
    done = run("people", "answers", answers)
    assert (done.code, "Line 3 was not taken" in done.err) == (0, True)
    letters = run("people", "letters", tmp_path / "letters.pdf")
    assert letters.out.startswith("1 letter is in ")
    about = run("people", "about", "S1", tmp_path / "s1.zip")
    assert (about.code, (tmp_path / "s1.zip").is_file()) == (0, True)
    missing = run("people", "about", "S9", tmp_path / "s9.zip")
    assert (missing.code, (tmp_path / "s9.zip").exists()) == (1, False)
    assert run("people", "delete", "S1", "--yes").out.startswith("S1 is deleted")
    assert run("people", "delete", "S1", "--yes").code == 1
    assert run("audit", "verify").code == 0
