"""Records that somebody changes, deletes or adds beside the program, with an editor for databases."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.attendance.school_status import SchoolStatus, StatusColour
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import database_path
from kiosk.storage.repositories.audit import RECORDS_SEALED
from tests.unit.storage.classroom import START, Classroom

LATER = START + timedelta(hours=1)


@pytest.fixture
def ended(database: SqlDatabase, classroom: Classroom) -> tuple[SqlDatabase, list[AttendanceRecord]]:
    """A class of three that ended, one record of it corrected afterwards."""
    records = []
    with database.transaction() as repositories:
        for student in classroom.students:
            proof = Evidence(Method.PHONE, START, device="d" * 22, address="10.0.0.7", agent="a" * 16)
            records.append(
                repositories.records.add(
                    session_id=classroom.session.session_id,
                    student_id=student.student_id,
                    status=Status.PRESENT,
                    method=Method.PHONE,
                    marked_at=START,
                    evidence=[proof],
                )
            )
        repositories.class_sessions.end(classroom.session.session_id, LATER)
    with database.transaction() as repositories:
        late = replace(records[0], status=Status.LATE)
        records[0] = repositories.records.correct(
            late, corrected_at=LATER, actor="Tom", reason="He came late."
        )
    return database, records


def faults(database: SqlDatabase) -> list[int]:
    with database.snapshot() as repositories:
        assert repositories.audit.verify() is None
        return repositories.record_seals.faults()


def by_hand(data_dir: Path, statement: str) -> None:
    with closing(sqlite3.connect(database_path(data_dir))) as connection:
        connection.execute(statement)
        connection.commit()


def test_what_the_program_did_holds(ended: tuple[SqlDatabase, list[AttendanceRecord]]) -> None:
    database, _records = ended
    assert faults(database) == []
    with database.snapshot() as repositories:
        assert repositories.record_seals.uncovered() == 0
        assert all(entry.action != RECORDS_SEALED for entry in repositories.audit.entries())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attendance_records SET status = 'present' WHERE id = 1",
        "UPDATE attendance_records SET marked_at = '2026-03-02 08:00:00.000000' WHERE id = 2",
        "UPDATE attendance_records SET evidence = '[]' WHERE id = 3",
        "UPDATE attendance_records SET student_id = 99 WHERE id = 2",
        "UPDATE record_history SET reason = 'She was there.'",
        "DELETE FROM record_history",
        "DELETE FROM attendance_records WHERE id = 3",
    ],
)
def test_a_changed_or_deleted_record_shows(
    ended: tuple[SqlDatabase, list[AttendanceRecord]], data_dir: Path, statement: str
) -> None:
    database, records = ended
    by_hand(data_dir, statement)
    assert faults(database) == [records[0].session_id]


def test_a_class_whose_records_were_all_deleted_shows(
    ended: tuple[SqlDatabase, list[AttendanceRecord]], data_dir: Path
) -> None:
    database, records = ended
    by_hand(data_dir, "DELETE FROM record_history")
    by_hand(data_dir, "DELETE FROM attendance_records")
    assert faults(database) == [records[0].session_id]


def test_a_deletion_cannot_be_hidden_by_the_next_correction(
    ended: tuple[SqlDatabase, list[AttendanceRecord]], data_dir: Path
) -> None:
    """The next entry on the class would say what is left; so it says what was missing before."""
    database, records = ended
    by_hand(data_dir, "DELETE FROM attendance_records WHERE id = 3")
    with database.transaction() as repositories:
        again = replace(records[1], status=Status.EXCUSED)
        repositories.records.correct(again, corrected_at=LATER, actor="Tom", reason="Ill.")
    assert faults(database) == [records[0].session_id]


def test_an_older_record_put_back_shows(
    ended: tuple[SqlDatabase, list[AttendanceRecord]], data_dir: Path
) -> None:
    database, records = ended
    by_hand(data_dir, "DELETE FROM record_history")
    by_hand(data_dir, "UPDATE attendance_records SET status = 'present', version = 1 WHERE id = 1")
    assert faults(database) == [records[0].session_id]


def test_traces_of_phones_may_be_forgotten(
    ended: tuple[SqlDatabase, list[AttendanceRecord]], data_dir: Path
) -> None:
    database, _records = ended
    for table in ("attendance_records", "record_history"):
        by_hand(
            data_dir, f"UPDATE {table} SET evidence = json_remove(evidence, '$[0].device', '$[0].address')"
        )
    assert faults(database) == []


def test_a_class_that_was_taken_back_is_no_fault(ended: tuple[SqlDatabase, list[AttendanceRecord]]) -> None:
    database, records = ended
    with database.transaction() as repositories:
        repositories.audit.add(LATER, "Tom", "session.taken_back", f"#{records[0].session_id}")
        repositories.class_sessions.remove(records[0].session_id)
    with database.snapshot() as repositories:
        assert repositories.record_seals.faults() == []


def test_a_class_from_before_is_said_not_to_be_proved_until_it_is_changed(
    ended: tuple[SqlDatabase, list[AttendanceRecord]], classroom: Classroom
) -> None:
    database, _records = ended
    with database.transaction() as repositories:
        repositories.audit.add(LATER, "Tom", "session.started", "CS101")
        session = repositories.class_sessions.add(
            course_id=classroom.course.course_id,
            started_at=LATER,
            late_after=timedelta(minutes=10),
            policy=classroom.session.policy,
            liveness=classroom.session.liveness,
            started_by="Tom",
            model="m",
            code_key=b"k" * 32,
        )
        record = repositories.records.add(
            session_id=session.session_id,
            student_id=classroom.students[0].student_id,
            status=Status.PRESENT,
            method=None,
            marked_at=LATER,
            evidence=[],
        )
        repositories.class_sessions.end(session.session_id, LATER)
        repositories.db_session.info.clear()  # as the version before did
    with database.snapshot() as repositories:
        assert repositories.record_seals.uncovered() == 1
    with database.transaction() as repositories:
        again = replace(record, status=Status.EXCUSED)
        repositories.records.correct(again, corrected_at=LATER, actor="Tom", reason="Ill.")
    with database.snapshot() as repositories:
        assert repositories.record_seals.uncovered() == 0
        assert repositories.record_seals.faults() == []


def test_a_status_of_the_schools_own_is_sealed_and_the_others_come_to_what_they_came_to(
    ended: tuple[SqlDatabase, list[AttendanceRecord]], data_dir: Path
) -> None:
    database, records = ended
    trip = SchoolStatus(0, "trip", "T", StatusColour.BLUE, Status.EXCUSED, 100)
    with database.transaction() as repositories:
        before = repositories.record_seals.digest(records[0].session_id)
        trip = repositories.school_statuses.put(trip)
        other = repositories.school_statuses.put(replace(trip, status_id=0, name="ill", letter="I"))
        assert repositories.record_seals.digest(records[0].session_id) == before
    with database.transaction() as repositories:
        repositories.records.correct(
            records[1].marked(trip), corrected_at=LATER, actor="Tom", reason="Museum."
        )
    assert faults(database) == []
    by_hand(data_dir, f"UPDATE attendance_records SET school_status_id = {other.status_id} WHERE id = 2")
    assert faults(database) == [records[0].session_id]
    by_hand(data_dir, "UPDATE attendance_records SET school_status_id = NULL WHERE id = 2")
    assert faults(database) == [records[0].session_id]
