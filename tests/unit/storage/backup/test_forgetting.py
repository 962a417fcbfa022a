"""An older backup that is restored follows what was said and deleted since."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.people.consents import STUDENT, AnsweredBy, Answerer, Consent, ConsentKind, ConsentState
from kiosk.domain.trust.backups import Part
from kiosk.storage.backup import backing_up as backup
from kiosk.storage.backup.preview import preview
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.storage.repositories.student_removal import remove_student
from tests.unit.storage.classroom import START, Classroom, mark

FACE = ConsentKind.FACE_RECOGNITION
MOTHER = Answerer(AnsweredBy.GUARDIAN, "Maria Bauer")
LATER = START + timedelta(days=1)


def say(
    database: SqlDatabase, student_id: int, given: bool, who: Answerer = STUDENT, at: datetime = LATER
) -> None:
    with database.transaction() as repositories:
        repositories.consents.add(Consent(student_id, FACE, given, at, "admin", who))


def enrol(database: SqlDatabase, student_id: int, picture: bytes = b"jpeg") -> None:
    with database.transaction() as repositories:
        repositories.faces.add_sample(
            student_id=student_id, picture=picture, source=picture, captured_at=START
        )


def delete(database: SqlDatabase, classroom: Classroom, number: int) -> None:
    with database.transaction() as repositories:
        remove_student(
            *(repositories, classroom.students[number]),
            actor="Ada",
            now=LATER,
            deleted_at=LATER,
            leaves_on=LATER.date() + timedelta(days=1),
        )


def back(file: Path, database: SqlDatabase, data_dir: Path) -> SqlDatabase:
    database.close()
    backup.restore(file, data_dir)
    return SqlDatabase.open(database_path(data_dir), key_ring=KeyRing.open_or_create(data_dir))


@pytest.fixture
def saved(database: SqlDatabase, data_dir: Path, tmp_path: Path, classroom: Classroom) -> Path:
    """A backup in which the second student said yes and has no face."""
    say(database, classroom.students[1].student_id, True, at=START)
    with database.transaction() as repositories:
        mark(repositories, classroom.session, classroom.students[1])
        repositories.class_sessions.end(classroom.session.session_id, START + timedelta(hours=1))
    backup.create(database, data_dir, tmp_path / "saved")
    return tmp_path / "saved"


def test_a_later_no_of_somebody_without_a_face_stands_after_a_restore(
    saved: Path, database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    student_id = classroom.students[1].student_id
    say(database, student_id, False, MOTHER)
    restored = back(saved, database, data_dir)
    with restored.snapshot() as repositories:
        assert repositories.consents.standing(student_id, FACE).state is ConsentState.OBJECTED
        newest = repositories.consents.newest(student_id, FACE)
        assert newest is not None
        assert newest.answerer == MOTHER
        assert repositories.consents.given_by({student_id}, FACE) == set()
    restored.close()


def test_a_later_no_that_was_taken_back_is_known_as_that(
    saved: Path, database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    student_id = classroom.students[1].student_id
    for given in (False, True):
        say(database, student_id, given, MOTHER, LATER + timedelta(hours=given))
    restored = back(saved, database, data_dir)
    with restored.snapshot() as repositories:
        assert repositories.consents.standing(student_id, FACE).counts
    restored.close()


def test_a_later_yes_alone_does_not_come_along(
    saved: Path, database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    student_id = classroom.students[2].student_id
    say(database, student_id, True)
    restored = back(saved, database, data_dir)
    with restored.snapshot() as repositories:
        assert repositories.consents.newest(student_id, FACE) is None
    restored.close()


def test_a_no_also_erases_a_face_of_another_line_of_backups(
    database: SqlDatabase, data_dir: Path, tmp_path: Path, classroom: Classroom
) -> None:
    """The face was enrolled after the backup that was restored first, so its key was never erased here."""
    student_id = classroom.students[0].student_id
    backup.create(database, data_dir, tmp_path / "older")
    enrol(database, student_id)
    backup.create(database, data_dir, tmp_path / "newer")
    first = back(tmp_path / "older", database, data_dir)
    say(first, student_id, False)
    second = back(tmp_path / "newer", first, data_dir)
    with second.snapshot() as repositories:
        assert repositories.faces.samples(student_id) == []
        assert not repositories.consents.standing(student_id, FACE).counts
    second.close()


def test_a_deleted_student_without_a_face_stays_deleted_and_every_record_stays(
    saved: Path, database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    delete(database, classroom, 1)
    shown = preview(saved, data_dir).differences
    assert Part.STUDENTS not in shown
    restored = back(saved, database, data_dir)
    with restored.snapshot() as repositories:
        assert {one.student_no for one in repositories.students.all()} == {"s1", "s3"}
        assert len(repositories.records.of_session(classroom.session.session_id)) == 1
        assert repositories.audit.verify() is None
        assert repositories.record_seals.faults() == []
        assert repositories.audit.knows("student.deleted", "s2")
    restored.close()
    content = database_path(data_dir).read_bytes()
    assert "Émile Bauer".encode() not in content


def test_who_has_the_row_number_of_a_deleted_student_by_an_earlier_restore_stays(
    database: SqlDatabase, data_dir: Path, tmp_path: Path, classroom: Classroom
) -> None:
    backup.create(database, data_dir, tmp_path / "older")
    with database.transaction() as repositories:
        repositories.students.add(student_no="s9", full_name="Nina", email=None)
    backup.create(database, data_dir, tmp_path / "newer")
    first = back(tmp_path / "older", database, data_dir)
    with first.transaction() as repositories:
        other = repositories.students.add(student_no="s8", full_name="Otto", email=None)
        remove_student(
            *(repositories, other),
            actor="Ada",
            now=datetime.now(UTC),
            deleted_at=datetime.now(UTC),
            leaves_on=LATER.date(),
        )
    second = back(tmp_path / "newer", first, data_dir)
    with second.snapshot() as repositories:
        assert repositories.students.by_no("s9") is not None
    second.close()
    assert len(classroom.students) == 3


def test_a_kept_copy_loses_the_name_of_who_is_deleted_and_keeps_attendance(
    saved: Path, database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    restored = back(saved, database, data_dir)
    (kept,) = data_dir.glob("kiosk.sqlite3.before-restore-*")
    delete(restored, classroom, 1)
    restored.close()
    assert "Émile Bauer".encode() not in kept.read_bytes()
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM attendance_records").fetchone() == (1,)
        names = connection.execute("SELECT full_name FROM students ORDER BY id").fetchall()
    assert names == [("Zoë Adler",), ("–",), ("carl Conrad",)]
