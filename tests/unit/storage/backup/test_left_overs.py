"""What restores put aside and cut-off work left behind: found, and without a face that was erased since."""

import os
import time
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.storage.backup import backing_up as backup
from kiosk.storage.backup.left_overs import AT_WORK_S, LeftOverKind, left_overs, remove, strip_students
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.storage.damaged_pages import PAGE
from tests.unit.storage.classroom import START, Classroom, mark


@pytest.fixture
def kept(
    database: SqlDatabase, data_dir: Path, tmp_path: Path, classroom: Classroom, key_ring: KeyRing
) -> Path:
    """The database that a restore replaced: with a face of the first student, who had another one in the backup."""
    _enrol(database, classroom, b"first")
    backup.create(database, data_dir, tmp_path / "saved")
    with database.transaction() as repositories:
        repositories.faces.forget(classroom.students[0].student_id)
    _enrol(database, classroom, b"second")
    with database.transaction() as repositories:
        mark(repositories, classroom.session, classroom.students[0])
    database.close()
    path = backup.restore(tmp_path / "saved", data_dir).kept
    assert path is not None
    return path


def _enrol(database: SqlDatabase, classroom: Classroom, picture: bytes) -> None:
    student_id = classroom.students[0].student_id
    with database.transaction() as repositories:
        repositories.consents.add(Consent(student_id, ConsentKind.FACE_RECOGNITION, True, START, "admin"))
        repositories.faces.add_sample(
            student_id=student_id, picture=picture, source=picture, captured_at=START
        )


def _forget(data_dir: Path, classroom: Classroom, *, together: bool) -> None:
    database = SqlDatabase.open(database_path(data_dir), key_ring=KeyRing.open_or_create(data_dir))
    student_id = classroom.students[1].student_id
    if together:
        with database.batch() as part, part() as repositories:
            repositories.faces.forget(student_id)
    else:
        with database.transaction() as repositories:
            repositories.faces.forget(student_id)
    database.close()


def _rows(path: Path, table: str) -> list[tuple[bytes, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.execute(f"SELECT * FROM {table}").fetchall())


@pytest.mark.parametrize("together", [False, True])
def test_a_kept_database_loses_its_faces_with_the_next_that_is_erased_and_keeps_attendance(
    kept: Path, data_dir: Path, classroom: Classroom, together: bool
) -> None:
    wrapped = _rows(kept, "student_keys")[0][2]
    sealed = _rows(kept, "face_samples")[0][3]
    written_at = kept.stat().st_mtime
    _forget(data_dir, classroom, together=together)
    for table in ("student_keys", "face_samples", "face_templates"):
        assert _rows(kept, table) == []
    assert len(_rows(kept, "attendance_records")) == 1
    content = b"".join(path.read_bytes() for path in data_dir.iterdir() if path.name.startswith(kept.name))
    assert wrapped not in content
    assert sealed not in content
    assert kept.stat().st_mtime == pytest.approx(written_at)


def test_a_kept_database_that_cannot_be_emptied_of_faces_is_removed(
    kept: Path, data_dir: Path, classroom: Classroom
) -> None:
    with kept.open("r+b") as file:
        file.truncate(3 * PAGE)
    _forget(data_dir, classroom, together=False)
    assert not list(data_dir.glob("*before-restore*"))


def test_unfinished_copies_go_with_an_erased_face_unless_somebody_may_be_at_them(
    database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    old, new = data_dir / ".restore-old", data_dir / ".backup-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "kiosk.sqlite3").write_bytes(b"a face")
    long_ago = time.time() - AT_WORK_S - 60
    os.utime(old, (long_ago, long_ago))
    with database.transaction() as repositories:
        repositories.faces.forget(classroom.students[0].student_id)
    assert not old.exists()
    assert new.exists()


@pytest.mark.logs_warnings
def test_a_left_over_that_cannot_be_removed_keeps_no_face_from_being_erased(
    kept: Path, data_dir: Path, classroom: Classroom
) -> None:
    kept.unlink()
    kept.mkdir()
    _forget(data_dir, classroom, together=False)
    assert kept.exists()


def test_all_kinds_are_found_and_old_keys_are_told_apart(data_dir: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    made = {
        data_dir / ".restore-x" / "kiosk.sqlite3": LeftOverKind.UNFINISHED,
        data_dir / ".backup-x" / "kiosk.sqlite3": LeftOverKind.UNFINISHED,
        data_dir / ".kiosk.toml.0123.part": LeftOverKind.UNFINISHED,
        data_dir / "kiosk.sqlite3.before-restore-1": LeftOverKind.COPY,
        data_dir / "kiosk.sqlite3.before-restore-1-wal": LeftOverKind.COPY,
        data_dir / "keys" / "school.key.before-recovery-1": LeftOverKind.KEY,
        data_dir / "keys" / "recovery.json.before-restore-1": LeftOverKind.KEY,
        data_dir / "keys" / "school.key.before-new-school-1": LeftOverKind.KEY,
        data_dir / "keys" / ".school.key.0123.part": LeftOverKind.KEY,
        models / "deep" / "facenet512.h5.part": LeftOverKind.UNFINISHED,
        models / "deep" / "facenet512.h5.part.json": LeftOverKind.UNFINISHED,
    }
    for path in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")
    (models / "facenet512.h5").write_bytes(b"whole")

    found = left_overs(data_dir, models)

    tops = {path.parent if path.parent.name.startswith(".") else path: kind for path, kind in made.items()}
    assert {one.path: one.kind for one in found} == tops
    assert {one.size for one in found} == {5}
    for one in found:
        remove(one)
    assert left_overs(data_dir, models) == []


def test_a_student_without_a_name_has_no_family_name_no_called_name_and_no_merge_either(
    kept: Path, data_dir: Path, classroom: Classroom
) -> None:
    assert kept.parent == data_dir
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute("UPDATE students SET family_name = 'Secret', called = 'Secret' WHERE id = 1")
        connection.execute(
            "INSERT INTO student_merges (kept_id, gone_id, merged_at, merged_by, moved) VALUES (1, 2, '2026', 'Eva', '{}')"
        )
        assert strip_students(connection, [classroom.students[0].student_no]) == 1
    about = str([row for row in map(str, _rows(kept, "students")) if row.startswith("(1, ")])
    assert "deleted-1" in about
    assert "Secret" not in about
    assert "adler zoe" not in about
    assert _rows(kept, "student_merges") == []


def test_a_student_without_a_name_has_no_messages_no_guardian_and_no_announced_absences_either(
    kept: Path, data_dir: Path, classroom: Classroom
) -> None:
    assert kept.parent == data_dir
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute("UPDATE students SET system_id = 'Secret' WHERE id = 1")
        connection.execute("INSERT INTO student_contacts (student_id, guardian_email) VALUES (1, 'Secret')")
        connection.execute(
            """INSERT INTO messages (student_id, reason, recipient, address, subject, text, at, sent_by, outcome, detail)
               VALUES (1, 'below_limit', 'guardian', 'Secret', 'Secret', 'Secret', '2026', 'Eva', 'sent', '')"""
        )
        connection.execute(
            """INSERT INTO planned_absences (student_id, first_day, last_day, reason, made_at, made_by)
               VALUES (1, '2026-01-01', '2026-01-02', 'Secret', '2026', 'Eva')"""
        )
        assert strip_students(connection, [classroom.students[0].student_no]) == 1
    for table in ("students", "student_contacts", "messages", "planned_absences"):
        assert "Secret" not in str(_rows(kept, table))
