import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from kiosk.domain.people.staff import Role
from kiosk.errors import ConflictError, StorageError, UnknownOutcomeError
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database
from tests.unit.storage.classroom import START, Classroom, mark


def test_it_is_the_port(database: SqlDatabase) -> None:
    port: Database = database
    with port.snapshot() as repositories:
        assert repositories.students.all() == []


def test_what_a_transaction_wrote_is_there_after_a_restart(
    database: SqlDatabase, data_dir: Path, key_ring: KeyRing, classroom: Classroom
) -> None:
    database.close()
    again = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    with again.snapshot() as repositories:
        assert repositories.class_sessions.get(classroom.session.session_id) == classroom.session
        assert {student.student_no for student in repositories.students.all()} == {"s1", "s2", "s3"}
    again.close()


def test_the_parts_of_a_batch_are_written_together_and_one_that_fails_is_undone_alone(
    database: SqlDatabase, classroom: Classroom
) -> None:
    first, second, third = classroom.students

    def mark_two_then_fail(repositories: Repositories) -> None:
        mark(repositories, classroom.session, second)
        repositories.audit.add(START, "anna", "undone", "x")
        mark(repositories, classroom.session, first)

    with database.batch() as part:
        for student, detail in ((first, "a"), (third, "b")):
            with part() as repositories:
                mark(repositories, classroom.session, student)
                repositories.audit.add(START, "anna", "marked", "x", detail)
            with pytest.raises(ConflictError), part() as repositories:
                mark_two_then_fail(repositories)
        with database.snapshot() as repositories:
            assert repositories.records.of_session(classroom.session.session_id) == [], "not committed yet"
    with database.snapshot() as repositories:
        marked = [one.student_id for one in repositories.records.of_session(classroom.session.session_id)]
        assert sorted(marked) == [first.student_id, third.student_id]
        assert [one.detail for one in repositories.audit.entries() if one.actor == "anna"] == ["b", "a"]
        assert repositories.audit.verify() is None


def test_a_batch_that_raises_leaves_nothing(database: SqlDatabase, classroom: Classroom) -> None:
    def mark_then_fail() -> None:
        with database.batch() as part:
            with part() as repositories:
                mark(repositories, classroom.session, classroom.students[0])
            raise StorageError("on purpose")

    with pytest.raises(StorageError, match="on purpose"):
        mark_then_fail()
    with database.snapshot() as repositories:
        assert repositories.records.of_session(classroom.session.session_id) == []


def test_a_transaction_that_raises_leaves_nothing(database: SqlDatabase, classroom: Classroom) -> None:
    def mark_two_then_fail() -> None:
        with database.transaction() as repositories:
            mark(repositories, classroom.session, classroom.students[0])
            repositories.users.add(name="anna", role=Role.TEACHER, password_hash="h")
            mark(repositories, classroom.session, classroom.students[0])

    with pytest.raises(ConflictError):
        mark_two_then_fail()
    with database.snapshot() as repositories:
        assert repositories.records.of_session(classroom.session.session_id) == []
        assert repositories.users.all() == []


def test_a_refused_row_does_not_undo_the_rest_of_its_transaction(
    database: SqlDatabase, classroom: Classroom
) -> None:
    with database.transaction() as repositories:
        first = mark(repositories, classroom.session, classroom.students[0])
        with pytest.raises(ConflictError):
            mark(repositories, classroom.session, classroom.students[0])
        second = mark(repositories, classroom.session, classroom.students[1])
    with database.snapshot() as repositories:
        assert repositories.records.of_session(classroom.session.session_id) == [first, second]


def test_a_snapshot_keeps_its_view_while_others_write(database: SqlDatabase, classroom: Classroom) -> None:
    from kiosk.domain.records.filters import ReportFilter

    with database.snapshot() as repositories:
        assert list(repositories.reports.rows(ReportFilter())) == []
        with database.transaction() as writing:
            mark(writing, classroom.session, classroom.students[0])
        assert list(repositories.reports.rows(ReportFilter())) == []
        assert repositories.records.of_session(classroom.session.session_id) == []
    with database.snapshot() as repositories:
        assert len(list(repositories.reports.rows(ReportFilter()))) == 1


def test_many_threads_read_while_one_writes(database: SqlDatabase, classroom: Classroom) -> None:
    seen: list[int] = []

    def read() -> None:
        for _ in range(20):
            with database.snapshot() as repositories:
                seen.append(len(repositories.records.of_session(classroom.session.session_id)))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for student in classroom.students:
        with database.transaction() as repositories:
            mark(repositories, classroom.session, student)
    for reader in readers:
        reader.join()
    assert len(seen) == 80
    assert set(seen) <= {0, 1, 2, 3}


def test_two_threads_that_mark_the_same_student_make_one_record(
    database: SqlDatabase, classroom: Classroom
) -> None:
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def claim() -> None:
        start.wait()
        try:
            with database.transaction() as repositories:
                mark(repositories, classroom.session, classroom.students[0])
            outcomes.append("marked")
        except ConflictError:
            outcomes.append("refused")

    claims = [threading.Thread(target=claim) for _ in range(2)]
    for thread in claims:
        thread.start()
    for thread in claims:
        thread.join()
    assert sorted(outcomes) == ["marked", "refused"]
    with database.snapshot() as repositories:
        assert len(repositories.records.of_session(classroom.session.session_id)) == 1


_HALF_WRITTEN = """
import sys
from pathlib import Path
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path

data_dir = Path(sys.argv[1])
database = SqlDatabase.open(database_path(data_dir), key_ring=KeyRing.open_or_create(data_dir))
with database.transaction() as repositories:
    for number in range(40):  # more than the page cache holds, so that half of it reaches the disk
        repositories.school_settings.put(f"big.{number}", "x" * 200_000)
    print("written", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX systems do")
def test_a_kiosk_killed_in_the_middle_of_a_transaction_leaves_the_old_state(
    database: SqlDatabase, data_dir: Path, key_ring: KeyRing
) -> None:
    with database.transaction() as repositories:
        repositories.school_settings.put("kept", "yes")
    database.close()
    size = database_path(data_dir).stat().st_size
    command = [sys.executable, "-c", _HALF_WRITTEN, str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
        touched = sum(path.stat().st_size for path in data_dir.glob("kiosk.sqlite3*"))
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert touched > size + 1_000_000, "the test must catch a transaction that is half on disk"
    again = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    with again.snapshot() as repositories:
        assert repositories.school_settings.all() == {"kept": "yes"}
    again.close()


def test_a_file_that_is_no_database_is_said_in_words(tmp_path: Path, key_ring: KeyRing) -> None:
    path = tmp_path / "notes.sqlite3"
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(StorageError, match="damaged or is no kiosk database"):
        SqlDatabase.open(path, key_ring=key_ring)
    assert path.read_bytes().startswith(b"Dear diary")


def test_a_damaged_database_is_said_in_words(data_dir: Path, key_ring: KeyRing) -> None:
    path = database_path(data_dir)
    content = bytearray(path.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"):
        SqlDatabase.open(path, key_ring=key_ring)


def test_a_place_that_cannot_hold_a_database_is_said_in_words(tmp_path: Path, key_ring: KeyRing) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="data directory cannot be used"):
        SqlDatabase.open(tmp_path / "file" / "kiosk.sqlite3", key_ring=key_ring)
    with pytest.raises(StorageError, match="data directory cannot be used"):
        SqlDatabase.open(tmp_path, key_ring=key_ring)


@pytest.fixture
def _full_disk() -> Iterator[None]:
    def allow_no_more_pages(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute("PRAGMA max_page_count=1").close()  # never below the present size

    event.listen(Engine, "connect", allow_no_more_pages)
    yield
    event.remove(Engine, "connect", allow_no_more_pages)


@pytest.mark.usefixtures("_full_disk")
def test_a_full_disk_is_said_in_words_and_nothing_is_half_written(data_dir: Path, key_ring: KeyRing) -> None:
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)

    def fill() -> None:
        with database.transaction() as repositories:
            repositories.school_settings.put("small", "fits")
            repositories.school_settings.put("big", "x" * 100_000)

    with pytest.raises(StorageError, match="disk is full"):
        fill()
    with database.snapshot() as repositories:
        assert repositories.school_settings.all() == {}
    with database.transaction() as repositories:
        repositories.school_settings.put("small", "fits")
    database.close()


def test_a_database_of_another_school_key_is_refused_with_the_way_back(
    data_dir: Path, key_ring: KeyRing, tmp_path: Path
) -> None:
    SqlDatabase.open(database_path(data_dir), key_ring=key_ring).close()
    with pytest.raises(StorageError, match="does not belong to this database") as raised:
        SqlDatabase.open(database_path(data_dir), key_ring=KeyRing.open_or_create(tmp_path / "other"))
    assert "passphrase" in raised.value.hint


def test_a_locked_database_is_said_in_words(
    data_dir: Path, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.storage.database.engine.BUSY_TIMEOUT_MS", 50)
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    holder = sqlite3.connect(database_path(data_dir), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError, match="in use by another program"), database.transaction():
        pass
    holder.execute("ROLLBACK")
    holder.close()
    with database.transaction() as repositories:
        repositories.school_settings.put("after", "works")
    database.close()


@pytest.mark.parametrize("batched", [False, True])
def test_a_commit_whose_sync_failed_is_said_to_be_unknown(
    data_dir: Path, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch, batched: bool
) -> None:
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    failed = sqlite3.OperationalError("disk I/O error")
    failed.sqlite_errorcode = sqlite3.SQLITE_IOERR

    def fail(_connection: object) -> None:
        raise failed

    def write() -> None:
        if not batched:
            with database.transaction() as repositories:
                repositories.school_settings.put("a", "b")
            return
        with database.batch() as part, part() as repositories:
            repositories.school_settings.put("a", "b")

    with monkeypatch.context() as patch:
        patch.setattr(database._writing.dialect, "do_commit", fail)
        with pytest.raises(UnknownOutcomeError, match="not known whether this was saved"):
            write()
    with database.snapshot() as repositories:
        assert repositories.school_settings.all() == {}
    database.close()
