"""A school is moved to a real server: all of it, as it was, whatever cuts the move off."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from kiosk.errors import ConflictError, FileFormatError, KioskError, StorageError
from kiosk.storage.database.engine import engine_for
from kiosk.storage.database.sql_database import KEY_CHECK, SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.storage.moving import rows
from kiosk.storage.moving.move import Step, look, move
from kiosk.storage.moving.target import require_new_enough
from tests.fakes.clock import START
from tests.fakes.storage.moved_school import ANNA, content, content_of, make_school
from tests.fakes.storage.old_schools import fill, run
from tests.fakes.storage.old_schools import move as migrate
from tests.fakes.storage.postgresql import PostgresServer
from tests.fakes.vision.recognition import MODEL
from tests.unit.storage.classroom import add_classroom
from tests.world.school import open_school

PROCESS = """
import os, signal, sys
from pathlib import Path
from kiosk.storage.moving import rows
from kiosk.storage.moving.move import move

rows.PIECE = rows.PIECE_WITH_PICTURES = 2
left = [int(sys.argv[3])]

def watch(step, table, done, total):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)

move(Path(sys.argv[1]), sys.argv[2], watch=watch)
"""


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.address(postgres.make_database())


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    make_school(tmp_path / "data")
    return tmp_path / "data"


def test_a_moved_school_is_what_it_was_and_the_source_is_untouched(data_dir: Path, url: str) -> None:
    before, file = content_of(data_dir), database_path(data_dir).read_bytes()
    filled = {name for name, found in before.items() if found}
    assert {
        "attendance_records",
        "record_history",
        "face_samples",
        "face_templates",
        "student_keys",
    } <= filled
    assert {"audit", "audit_head", "device_uses", "login_failures", "users", "objections"} <= filled

    moved = move(data_dir, url)

    assert content(url) == before == content_of(data_dir)
    assert database_path(data_dir).read_bytes() == file
    assert not list(data_dir.glob(".moving-*"))
    assert (moved.went_on, moved.was_there, moved.broken_entry) == (False, False, None)
    assert {one.name: one.rows for one in moved.tables} == {
        name: len(found) for name, found in before.items()
    }


def test_a_moved_school_goes_on_on_the_server(data_dir: Path, url: str) -> None:
    move(data_dir, url)
    keys = KeyRing.existing(data_dir)
    assert keys is not None
    database = SqlDatabase.open(url, key_ring=keys)
    with database.transaction() as repositories:
        course = repositories.courses.add(code="NEW", title="New", room="")
        student = repositories.students.add(student_no="new", full_name="New", email=None)
        repositories.courses.register(course.course_id, student.student_id, START.date())
        repositories.audit.add(START, "Anna", "test", "goes on")
    with database.snapshot() as repositories:
        assert repositories.audit.verify() is None
        assert set(repositories.faces.enrolled(MODEL.name)) == {1, 2, 3}
    database.close()


def test_a_second_run_finds_everything_and_changes_nothing(data_dir: Path, url: str) -> None:
    move(data_dir, url)
    again = move(data_dir, url)
    assert (again.went_on, again.was_there) == (True, True)
    assert content(url) == content_of(data_dir)


def test_a_school_that_was_used_here_after_the_copy_is_copied_anew(data_dir: Path, url: str) -> None:
    move(data_dir, url)
    with open_school(data_dir) as school:
        school.add_course("LATER", 2)
    again = move(data_dir, url)
    assert (again.went_on, again.was_there) == (False, False)
    assert content(url) == content_of(data_dir)


def test_a_school_that_a_kiosk_uses_on_the_server_is_never_copied_over(data_dir: Path, url: str) -> None:
    move(data_dir, url)
    keys = KeyRing.existing(data_dir)
    assert keys is not None
    SqlDatabase.open(url, key_ring=keys).close()
    assert move(data_dir, url).was_there
    with open_school(data_dir) as school:
        school.add_course("LATER", 2)
    there = content(url)
    with pytest.raises(ConflictError, match="holds this school already"):
        move(data_dir, url)
    assert content(url) == there


@pytest.mark.parametrize("after", [0, 1, 9, 25, 60])
def test_a_move_that_is_killed_is_gone_on_with(data_dir: Path, url: str, after: int) -> None:
    words = [sys.executable, "-c", PROCESS, str(data_dir), url, str(after)]
    killed = subprocess.run(words, cwd=Path.cwd(), timeout=600, check=False)
    assert killed.returncode == -signal.SIGKILL
    keys = KeyRing.existing(data_dir)
    assert keys is not None
    with pytest.raises(StorageError, match="not all of it is there yet"):
        SqlDatabase.open(url, key_ring=keys)

    copied = [0]

    def watch(step: Step, _table: str, _done: int, _total: int) -> None:
        copied[0] += step is Step.COPIED

    moved = move(data_dir, url, watch=watch)

    assert moved.went_on
    assert content(url) == content_of(data_dir)
    SqlDatabase.open(url, key_ring=keys).close()


def test_a_row_that_was_changed_on_its_way_is_found_and_mended_by_the_next_run(
    data_dir: Path, url: str, postgres: PostgresServer
) -> None:
    name = url.split("/")[3].split("?", maxsplit=1)[0]

    def watch(step: Step, table: str, _done: int, _total: int) -> None:
        if (step, table) == (Step.COMPARED, "students"):
            postgres.execute(name, "UPDATE attendance_records SET status = 'late' WHERE id = 1")

    with pytest.raises(
        StorageError, match="attendance_records on the server differs from the source at row 1"
    ):
        move(data_dir, url, watch=watch)
    assert not move(data_dir, url).went_on
    assert content(url) == content_of(data_dir)


def test_an_older_schema_is_upgraded_in_a_copy(tmp_path: Path, url: str) -> None:
    data_dir = tmp_path / "old"
    keys = KeyRing.open_or_create(data_dir)
    engine = engine_for(database_path(data_dir))
    migrate(engine, "0005", up=True)
    fill(engine, "0005")
    run(
        engine,
        f"INSERT INTO store_facts (name, value) VALUES ('{KEY_CHECK}', '{keys.check_value}')",
        "UPDATE class_sessions SET ended_at = '2026-03-02 09:00:00', code_key = x'6b'",
    )
    engine.dispose()
    file = database_path(data_dir).read_bytes()

    moved = move(data_dir, url)

    assert moved.was_upgraded
    assert database_path(data_dir).read_bytes() == file
    assert len(content(url)["attendance_records"]) == 1


def test_a_rehearsal_says_what_there_is_and_changes_nothing(data_dir: Path, url: str) -> None:
    seen = look(data_dir, url)
    assert {one.name: one.rows for one in seen.tables} == {
        name: len(found) for name, found in content_of(data_dir).items()
    }
    engine = engine_for(url)
    with engine.connect() as connection:
        assert engine.dialect.get_table_names(connection) == []
    engine.dispose()


def test_another_school_and_other_data_are_left_alone(data_dir: Path, url: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    database = SqlDatabase.open(database_path(other), key_ring=KeyRing.open_or_create(other))
    session = add_classroom(database).session
    with database.transaction() as repositories:
        repositories.class_sessions.end(session.session_id, START)
    database.close()
    move(other, url)
    there = content(url)
    for go in (look, move):
        with pytest.raises(ConflictError, match="holds another school"):
            go(data_dir, url)
    assert content(url) == there


def test_a_database_of_another_program_is_left_alone(data_dir: Path, postgres: PostgresServer) -> None:
    name = postgres.make_database()
    postgres.execute(name, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(ConflictError, match="holds other data"):
        move(data_dir, postgres.address(name))


def test_a_class_that_is_open_is_ended_first(data_dir: Path, url: str) -> None:
    with open_school(data_dir) as school:
        course = school.cases.courses.lists.course("ÇA 101")
        school.sessions.start(course.course_id, actor=ANNA, model="fake")
    with pytest.raises(ConflictError, match="ÇA 101 has a session that is still open"):
        move(data_dir, url)


def test_what_the_server_does_not_take_is_named(data_dir: Path, url: str) -> None:
    engine = engine_for(database_path(data_dir))
    run(engine, f"UPDATE students SET student_no = '{'x' * 40}' WHERE id = 2")
    engine.dispose()
    for go in (look, move):
        with pytest.raises(FileFormatError, match="Row 2 of the table students holds a text in “student_no”"):
            go(data_dir, url)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("mysql://host/school", "not the address of a PostgreSQL server"),
        ("postgresql://host:54x/school", "not the address of a PostgreSQL server"),
        ("postgresql://kiosk:geheim@127.0.0.1/school?nonsense=1", "has a part that no server knows"),
        ("nonsense", "not the address of a PostgreSQL server"),
        ("postgresql://kiosk:geheim@no-such-host.invalid/school", "name is not known"),
        ("postgresql://kiosk:geheim@127.0.0.1:1/school", "cannot be reached"),
    ],
)
def test_a_wrong_address_is_said_without_the_password(data_dir: Path, said: str, words: str) -> None:
    with pytest.raises(KioskError, match=words) as refused:
        move(data_dir, said)
    assert "geheim" not in str(refused.value)


def test_a_database_or_user_that_is_not_there_is_said(data_dir: Path, url: str) -> None:
    with pytest.raises(StorageError, match="no such database, or no such user"):
        move(data_dir, make_url(url).set(database="nowhere").render_as_string(hide_password=False))


def test_an_old_server_is_refused() -> None:
    require_new_enough(13)
    with pytest.raises(StorageError, match="PostgreSQL 12, which is too old"):
        require_new_enough(12)


def test_pieces_are_small_whatever_there_is(
    data_dir: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "PIECE", 3)
    monkeypatch.setattr(rows, "PIECE_WITH_PICTURES", 1)
    move(data_dir, url)
    assert content(url) == content_of(data_dir)
