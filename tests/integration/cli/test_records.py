"""Records by the command line: the workbook, corrected times, and the proof of the log."""

import json
import os
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook
from pypdf import PdfReader

from kiosk import bootstrap
from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.actors import admin
from tests.world.command_line import Run, begin_school, is_one_sentence, write_class_list


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


def test_an_export_of_nothing_replaces_no_file_unless_that_is_said(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"last year's")
    refused = run("export", target)
    assert (refused.code, refused.out) == (1, "")
    assert "left as it is" in refused.err
    assert target.read_bytes() == b"last year's"

    assert run("export", target, "--overwrite").out == f"0 records are in {target}.\n"
    assert load_workbook(target).sheetnames[0] == "Summary"


def test_a_full_disk_is_one_sentence_and_keeps_the_old_file(run: Run, tmp_path: Path) -> None:
    begin_school(run)
    full = Path("/dev/full")
    if full.exists():
        refused = run("export", full / "out.xlsx")
        assert refused.code == 1
        assert is_one_sentence(refused.err)


def test_the_times_of_a_class_are_corrected_once_by_what_the_clock_was_moved(
    run: Run, data_dir: Path
) -> None:
    begin_school(run)
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
    begin_school(run)
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
        course = kiosk.app.courses.lists.course("CS 101")
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


def test_reports_are_written_as_pdf(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    target = tmp_path / "weeks.pdf"
    done = run("report", "weeks", target, "--course", "CS 101", "--from", "2026-09-01", "--to", "2026-12-01")
    assert (done.code, done.err) == (0, "")
    assert "No class of these days" in done.out
    (page,) = PdfReader(target).pages
    assert "Attendance over weeks" in page.extract_text()

    calendar = run("report", "student", tmp_path / "ada.pdf", "--student", "S1")
    assert calendar.code == 0
    without_course = run("report", "register", tmp_path / "register.pdf")
    assert (without_course.code, "choose a course" in without_course.err) == (1, True)
    unknown = run("report", "nonsense", tmp_path / "x.pdf")
    assert (unknown.code, "below-limit" in unknown.err) == (2, True)
    swapped = run("report", "weeks", tmp_path / "x.pdf", "--from", "2026-12-31", "--to", "2026-01-01")
    assert (swapped.code, "lies before" in swapped.err) == (1, True)
