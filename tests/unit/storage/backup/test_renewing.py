"""The kiosk's own older backups lose what was erased, refused or deleted since, and stay restorable."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.trust.backups import Origin
from kiosk.errors import KioskError
from kiosk.storage.backup import backing_up as backup
from kiosk.storage.backup.bundle import opened
from kiosk.storage.backup.restoring import unpacked, unwatched
from kiosk.storage.backup.vault import BackupVault
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.storage.old_schools import move
from tests.unit.storage.backup.test_forgetting import LATER, back, delete, enrol, say
from tests.unit.storage.classroom import START, Classroom

FACE = ConsentKind.FACE_RECOGNITION


@pytest.fixture
def vault(data_dir: Path, database: SqlDatabase) -> BackupVault:
    return BackupVault(data_dir=data_dir, database=database.path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def make(vault: BackupVault, folder: Path) -> Callable[..., Path]:
    def made(origin: Origin = Origin.NIGHTLY, days: int = 0) -> Path:
        return vault.make(folder, origin=origin, keep=14, at=START + timedelta(days=days))

    return made


def rows(
    file: Path, data_dir: Path, statement: str, passphrase: str | None = None
) -> list[tuple[object, ...]]:
    """What somebody finds in a backup who has the school key, or the passphrase on another PC."""
    with (
        unpacked(file, data_dir, passphrase=passphrase) as staged,
        closing(sqlite3.connect(staged.database)) as connection,
    ):
        return list(connection.execute(statement).fetchall())


def content(file: Path, data_dir: Path) -> bytes:
    with unpacked(file, data_dir) as staged:
        return staged.database.read_bytes()


def withdraw(database: SqlDatabase, student_id: int, at: datetime = LATER) -> None:
    say(database, student_id, False, at=at)
    with database.transaction() as repositories:
        repositories.faces.forget(student_id)


def test_a_backup_of_before_a_no_gives_the_face_to_nobody_any_more(
    database: SqlDatabase,
    data_dir: Path,
    tmp_path: Path,
    classroom: Classroom,
    key_ring: KeyRing,
    vault: BackupVault,
    folder: Path,
    make: Callable[..., Path],
) -> None:
    passphrase = key_ring.create_recovery()
    one, two = (student.student_id for student in classroom.students[:2])
    enrol(database, one, b"first")
    enrol(database, two, b"second")
    old, by_hand = make(), make(Origin.BY_HAND)
    untouched = by_hand.read_bytes()
    (wrapped,) = rows(old, data_dir, f"SELECT wrapped_key FROM student_keys WHERE student_id = {one}")
    withdraw(database, one)
    assert wrapped[0] in content(old, data_dir)  # type: ignore[operator]

    make(days=2)
    vault.follow(folder, now=START + timedelta(days=2))

    other_pc = tmp_path / "elsewhere"
    other_pc.mkdir()
    for place, secret in ((data_dir, None), (other_pc, passphrase)):
        for table in ("student_keys", "face_samples"):
            assert rows(old, place, f"SELECT student_id FROM {table}", secret) == [(two,)]
    assert wrapped[0] not in content(old, data_dir)  # type: ignore[operator]
    assert by_hand.read_bytes() == untouched
    with opened(old) as bundle:
        assert (bundle.manifest.created_at, bundle.manifest.origin) == (START, Origin.NIGHTLY)
    assert not list(folder.glob(".*"))

    restored = back(old, database, data_dir)
    with restored.snapshot() as repositories:
        assert [sample.picture for sample in repositories.faces.samples(two)] == [b"second"]
        assert not repositories.consents.standing(one, FACE).counts
        assert repositories.audit.verify() is None
    restored.close()


def test_a_backup_of_before_a_deletion_loses_the_student(
    database: SqlDatabase,
    data_dir: Path,
    classroom: Classroom,
    vault: BackupVault,
    folder: Path,
    make: Callable[..., Path],
) -> None:
    old = make()
    name = classroom.students[1].full_name.encode()
    assert name in content(old, data_dir)
    delete(database, classroom, 1)
    make(days=2)
    vault.follow(folder, now=START + timedelta(days=2))
    assert name not in content(old, data_dir)
    restored = back(old, database, data_dir)
    with restored.snapshot() as repositories:
        assert len(repositories.students.all()) == 2
        assert repositories.audit.verify() is None
    restored.close()


def test_nothing_is_written_anew_where_nothing_was_erased(
    database: SqlDatabase,
    data_dir: Path,
    classroom: Classroom,
    vault: BackupVault,
    folder: Path,
    make: Callable[..., Path],
) -> None:
    files = [make(), make(days=1)]
    was = [file.stat().st_ino for file in files]
    vault.follow(folder, now=START + timedelta(days=1))
    looked_at: list[int] = []
    vault.follow(folder, now=START + timedelta(days=1), watch=lambda done, total: looked_at.append(done))
    assert looked_at == []
    withdraw(database, classroom.students[0].student_id)
    make(days=2)
    vault.follow(folder, now=START + timedelta(days=2))
    assert [file.stat().st_ino for file in files] != was
    assert not list(data_dir.glob(".*"))


def test_one_that_is_damaged_stays_and_the_others_are_done(
    database: SqlDatabase,
    data_dir: Path,
    classroom: Classroom,
    vault: BackupVault,
    folder: Path,
    make: Callable[..., Path],
    caplog: pytest.LogCaptureFixture,
) -> None:
    enrol(database, classroom.students[0].student_id)
    good, bad = make(), make(days=1)
    broken = bytearray(bad.read_bytes())
    broken[len(broken) // 2] ^= 0xFF
    bad.write_bytes(broken)
    withdraw(database, classroom.students[0].student_id)
    make(days=2)
    vault.follow(folder, now=START + timedelta(days=2))
    assert rows(good, data_dir, "SELECT * FROM student_keys") == []
    assert bad.read_bytes() == bytes(broken)
    assert "may hold what was erased since" in caplog.text
    caplog.clear()


def test_what_a_class_cut_off_goes_on_with_the_next_round(
    database: SqlDatabase,
    data_dir: Path,
    classroom: Classroom,
    vault: BackupVault,
    folder: Path,
    make: Callable[..., Path],
) -> None:
    enrol(database, classroom.students[0].student_id)
    files = [make(days=day) for day in range(3)]
    was = [file.read_bytes() for file in files]
    withdraw(database, classroom.students[0].student_id)
    make(days=3)

    def stop(_done: int, _total: int) -> None:
        if any(file.read_bytes() != before for file, before in zip(files, was, strict=True)):
            raise KioskError("A class begins.")

    with pytest.raises(KioskError, match="A class begins"):
        vault.follow(folder, now=START + timedelta(days=3), watch=stop)
    left = [file for file, before in zip(files, was, strict=True) if file.read_bytes() == before]
    assert len(left) == 2
    for file in left:
        backup.verify(file, data_dir, watch=unwatched)
    vault.follow(folder, now=START + timedelta(days=4))
    for file in files:
        assert rows(file, data_dir, "SELECT * FROM student_keys") == []


def test_an_older_schema_stays_readable_for_the_program_that_made_it(
    database: SqlDatabase,
    data_dir: Path,
    classroom: Classroom,
    vault: BackupVault,
    folder: Path,
) -> None:
    enrol(database, classroom.students[0].student_id)
    say(database, classroom.students[1].student_id, True, at=START)
    path = database_path(data_dir)
    database.close()
    engine = create_engine(f"sqlite:///{path}")
    move(engine, "0012", up=False)
    engine.dispose()
    old = vault.make(folder, origin=Origin.BEFORE_MIGRATION, keep=14, at=START)
    newer = SqlDatabase.open(path, key_ring=KeyRing.open_or_create(data_dir))
    withdraw(newer, classroom.students[0].student_id)
    delete(newer, classroom, 1)
    newer.close()
    vault.follow(folder, now=LATER)
    assert rows(old, data_dir, "SELECT version_num FROM alembic_version") == [("0012",)]
    assert rows(old, data_dir, "SELECT * FROM student_keys") == []
    assert classroom.students[1].full_name.encode() not in content(old, data_dir)


def test_the_vault_says_until_when_a_backup_follows(
    database: SqlDatabase,
    data_dir: Path,
    classroom: Classroom,
    vault: BackupVault,
    folder: Path,
    make: Callable[..., Path],
) -> None:
    make()
    withdraw(database, classroom.students[0].student_id)
    make(days=2)
    now = START + timedelta(days=2)
    vault.follow(folder, now=now)
    anew = BackupVault(data_dir=data_dir, database=database.path)
    assert [one.follows_until for one in anew.listed(folder, now)] == [now, now]
