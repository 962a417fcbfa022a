from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import database_path
from tests.unit.storage.classroom import START, Classroom, add_session


def test_a_moment_comes_back_aware_in_utc_to_the_microsecond(
    database: SqlDatabase, classroom: Classroom
) -> None:
    with database.snapshot() as repositories:
        stored = repositories.class_sessions.get(classroom.session.session_id)
    assert stored is not None
    assert stored.started_at == START
    assert stored.started_at.utcoffset() == timedelta(0)


def test_a_moment_of_another_zone_is_kept_as_utc_text(
    database: SqlDatabase, classroom: Classroom, data_dir: Path
) -> None:
    local = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    with database.transaction() as repositories:
        session = add_session(repositories, classroom.course, local)
    assert session.started_at == local
    assert session.started_at.tzinfo is UTC
    with sqlite3.connect(database_path(data_dir)) as connection:
        stored = connection.execute(
            "SELECT started_at FROM class_sessions WHERE id = ?", (session.session_id,)
        ).fetchone()
    connection.close()
    assert stored == ("2026-03-02 08:30:00.000000",)


def test_a_moment_without_a_zone_is_refused(database: SqlDatabase, classroom: Classroom) -> None:
    naive = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - no zone is the point
    consent = Consent(classroom.students[0].student_id, ConsentKind.FACE_RECOGNITION, True, naive, "teacher")
    with pytest.raises(StatementError, match="without a time zone"), database.transaction() as repositories:
        repositories.consents.add(consent)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE class_sessions SET policy = 'anything'",
        "UPDATE class_sessions SET liveness = 'maybe'",
        "INSERT INTO users (name, name_folded, role, password_hash, active) VALUES ('a', 'a', 'boss', '', 1)",
        (
            "INSERT INTO attendance_records (session_id, student_id, status, marked_at, evidence, version, policy)"
            " VALUES (1, 1, 'asleep', '2026-03-02 08:00:00.000000', '[]', 1, 'either')"
        ),
        (
            "INSERT INTO attendance_records (session_id, student_id, status, method, marked_at, evidence, version, policy)"
            " VALUES (1, 1, 'present', 'rumour', '2026-03-02 08:00:00.000000', '[]', 1, 'either')"
        ),
        (
            "INSERT INTO registrations (course_id, student_id, since, until)"
            " VALUES (1, 1, '2027-01-02', '2027-01-01')"
        ),
        "INSERT INTO registrations (course_id, student_id, since) VALUES (99, 1, '2027-01-02')",
    ],
)
@pytest.mark.usefixtures("classroom")
def test_the_database_itself_refuses_what_the_domain_does_not_know(data_dir: Path, statement: str) -> None:
    connection = sqlite3.connect(database_path(data_dir))
    connection.execute("PRAGMA foreign_keys=ON")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()


def test_a_defect_of_ours_is_not_dressed_up_as_the_environments_fault(database: SqlDatabase) -> None:
    consent = Consent(99, ConsentKind.FACE_RECOGNITION, True, START, "teacher")
    with pytest.raises(IntegrityError), database.transaction() as repositories:
        repositories.consents.add(consent)
