import json
import os
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from kiosk.domain.faces.lookalikes import PairOrigin
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.errors import (
    ExportError,
    FileFormatError,
    InstanceError,
    KioskError,
    NeedsPassphraseError,
    SignInError,
    StorageError,
)
from kiosk.storage.backup import backing_up as backup
from kiosk.storage.database.instance_lock import InstanceLock
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.storage.damaged_pages import damage_root
from tests.fakes.storage.full_disk import fill_disk, needs_full_disk
from tests.fakes.storage.old_backups import old_backup
from tests.fakes.storage.old_schools import move
from tests.unit.storage.classroom import START, Classroom, mark

FACE = ConsentKind.FACE_RECOGNITION


@pytest.fixture
def saved(
    database: SqlDatabase, data_dir: Path, tmp_path: Path, classroom: Classroom, key_ring: KeyRing
) -> Path:
    """A backup with one record and one enrolled face."""
    key_ring.create_recovery()
    student_id = classroom.students[0].student_id
    with database.transaction() as repositories:
        mark(repositories, classroom.session, classroom.students[0])
        repositories.consents.add(Consent(student_id, FACE, True, START, "admin"))
        repositories.faces.add_sample(
            student_id=student_id, picture=b"jpeg", source=b"file", captured_at=START
        )
    target = tmp_path / "school.kiosk-backup"
    backup.create(database, data_dir, target)
    return target


def _open(data_dir: Path) -> SqlDatabase:
    return SqlDatabase.open(database_path(data_dir), key_ring=KeyRing.open_or_create(data_dir))


def _marked(data_dir: Path, classroom: Classroom) -> int:
    database = _open(data_dir)
    with database.snapshot() as repositories:
        number = len(repositories.records.of_session(classroom.session.session_id))
    database.close()
    return number


def test_a_backup_holds_a_sealed_database_and_a_manifest_but_never_the_key(
    saved: Path, data_dir: Path
) -> None:
    with zipfile.ZipFile(saved) as bundle:
        assert set(bundle.namelist()) == {
            "manifest.json",
            "manifest.mac",
            "kiosk.sqlite3.sealed",
            "recovery.json",
        }
        assert bundle.read("recovery.json") == (data_dir / "keys" / "recovery.json").read_bytes()
        manifest = json.loads(bundle.read("manifest.json"))
        content = b"".join(bundle.read(name) for name in bundle.namelist())
    assert manifest["format"] == 2
    assert (data_dir / "keys" / "school.key").read_bytes() not in content
    assert b"CREATE TABLE" not in content
    assert [path.name for path in saved.parent.iterdir() if path.name.startswith(".")] == []
    assert [path.name for path in data_dir.iterdir() if path.name.startswith(".")] == []


@pytest.mark.usefixtures("saved")
def test_a_backup_can_be_made_while_a_transaction_is_open(
    database: SqlDatabase, data_dir: Path, tmp_path: Path, classroom: Classroom
) -> None:
    with database.transaction() as repositories:
        mark(repositories, classroom.session, classroom.students[1])
        backup.create(database, data_dir, tmp_path / "second")
    database.close()
    backup.restore(tmp_path / "second", data_dir)
    assert _marked(data_dir, classroom) == 1


def test_restoring_brings_back_what_was_and_keeps_what_is(
    saved: Path, database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    with database.transaction() as repositories:
        mark(repositories, classroom.session, classroom.students[1])
    database.close()
    kept = backup.restore(saved, data_dir).kept
    assert kept is not None
    assert kept.name.startswith("kiosk.sqlite3.before-restore-")
    assert _marked(data_dir, classroom) == 1
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM attendance_records").fetchone() == (2,)
    assert [path.name for path in data_dir.iterdir() if path.name.startswith(".")] == []


def test_a_burnt_down_school_comes_back_with_backup_and_passphrase_alone(
    database: SqlDatabase, data_dir: Path, tmp_path: Path, classroom: Classroom, key_ring: KeyRing
) -> None:
    passphrase = key_ring.create_recovery()
    with database.transaction() as repositories:
        mark(repositories, classroom.session, classroom.students[0])
        repositories.faces.add_sample(
            student_id=classroom.students[0].student_id, picture=b"jpeg", source=b"file", captured_at=START
        )
    target = tmp_path / "saved"
    backup.create(database, data_dir, target)
    fresh = tmp_path / "fresh"
    with pytest.raises(NeedsPassphraseError, match="not on this PC"):
        backup.restore(target, fresh)
    with pytest.raises(SignInError, match="does not fit"):
        backup.restore(target, fresh, passphrase="00000-00000-00000-00000-00000-00000")
    assert not database_path(fresh).exists()
    assert not (fresh / "keys").exists()

    assert backup.restore(target, fresh, passphrase=passphrase).kept is None

    assert _marked(fresh, classroom) == 1
    opened = _open(fresh)
    with opened.snapshot() as repositories:
        assert [one.picture for one in repositories.faces.samples(classroom.students[0].student_id)] == [
            b"jpeg"
        ]
        assert repositories.audit.verify() is None
    opened.close()
    assert KeyRing.recover(fresh, passphrase).check_value == key_ring.check_value


def test_a_backup_restored_over_another_school_takes_its_key_along_and_keeps_the_other(
    database: SqlDatabase, data_dir: Path, tmp_path: Path, classroom: Classroom, key_ring: KeyRing
) -> None:
    passphrase = key_ring.create_recovery()
    backup.create(database, data_dir, tmp_path / "saved")
    other = tmp_path / "other"
    _open(other).close()
    KeyRing.open_or_create(other).create_recovery()
    was = (other / "keys" / "school.key").read_bytes()
    with pytest.raises(NeedsPassphraseError):
        backup.restore(tmp_path / "saved", other)
    assert (other / "keys" / "school.key").read_bytes() == was
    backup.restore(tmp_path / "saved", other, passphrase=passphrase)
    assert _marked(other, classroom) == 0
    (kept,) = (other / "keys").glob("school.key.before-restore-*")
    assert kept.read_bytes() == was
    assert len(list((other / "keys").glob("recovery.json.before-restore-*"))) == 1


def test_a_restore_stands_in_the_log_of_the_restored_school(
    saved: Path, database: SqlDatabase, data_dir: Path
) -> None:
    database.close()
    backup.restore(saved, data_dir, actor="local:kim")
    database = _open(data_dir)
    with database.snapshot() as repositories:
        newest = repositories.audit.entries()[0]
        assert (newest.actor, newest.action) == ("local:kim", "backup.restored")
        assert repositories.audit.verify() is None
    database.close()


def test_a_newer_passphrase_of_the_same_key_outlives_a_restore(
    saved: Path, database: SqlDatabase, data_dir: Path, key_ring: KeyRing
) -> None:
    newer = key_ring.create_recovery()
    database.close()
    backup.restore(saved, data_dir)
    assert KeyRing.recover(data_dir, newer).check_value == key_ring.check_value


@pytest.mark.parametrize("days", [1, -1])
def test_a_face_that_was_forgotten_since_stays_forgotten(
    saved: Path, database: SqlDatabase, data_dir: Path, classroom: Classroom, days: int
) -> None:
    """Also where the clock was set back in between."""
    student_id = classroom.students[0].student_id
    withdrawn = Consent(student_id, FACE, False, START + timedelta(days=days), "student")
    with database.transaction() as repositories:
        repositories.consents.add(withdrawn)
        repositories.faces.forget(student_id)
    database.close()
    backup.restore(saved, data_dir)
    database = _open(data_dir)
    with database.snapshot() as repositories:
        assert repositories.faces.samples(student_id) == []
        assert repositories.consents.newest(student_id, FACE) == withdrawn
    database.close()
    with closing(sqlite3.connect(database_path(data_dir))) as connection:
        assert connection.execute("SELECT count(*) FROM student_keys").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM erased_keys").fetchone() == (1,)


def test_what_was_measured_on_a_forgotten_face_stays_forgotten(
    database: SqlDatabase, data_dir: Path, tmp_path: Path, classroom: Classroom
) -> None:
    one, two, three = (student.student_id for student in classroom.students)
    with database.transaction() as repositories:
        repositories.faces.add_sample(student_id=one, picture=b"jpeg", source=b"file", captured_at=START)
        for student_id, other_id in ((one, two), (two, three)):
            repositories.face_pairs.add(
                student_id=student_id,
                other_id=other_id,
                origin=PairOrigin.LOOKALIKE,
                model="dlib-resnet-v1",
                distance=0.4,
                same_person=False,
                found_at=START,
                found_by="Ada",
            )
    backup.create(database, data_dir, tmp_path / "with-pairs")
    with database.transaction() as repositories:
        repositories.faces.forget(one)
    database.close()
    backup.restore(tmp_path / "with-pairs", data_dir)
    database = _open(data_dir)
    with database.snapshot() as repositories:
        assert [pair.student_id for pair in repositories.face_pairs.all()] == [two]
    database.close()


def _take_back(path: Path, revision: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    move(engine, revision, up=False)
    engine.dispose()


def test_a_backup_from_before_there_were_pairs_comes_back_too(
    database: SqlDatabase, data_dir: Path, tmp_path: Path, classroom: Classroom
) -> None:
    _take_back(database_path(data_dir), "0002")
    backup.create(database, data_dir, tmp_path / "older")
    database.close()
    backup.restore(tmp_path / "older", data_dir)
    database = _open(data_dir)
    with database.snapshot() as repositories:
        assert len(repositories.students.all()) == 3
        assert repositories.face_pairs.all() == []
    database.close()


def test_a_face_is_back_when_nobody_forgot_it(
    saved: Path, database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    database.close()
    backup.restore(saved, data_dir)
    database = _open(data_dir)
    with database.snapshot() as repositories:
        (sample,) = repositories.faces.samples(classroom.students[0].student_id)
    database.close()
    assert sample.picture == b"jpeg"


def test_a_damaged_present_database_is_kept_and_replaced(
    saved: Path, database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    database.close()
    database_path(data_dir).write_bytes(b"ruined" * 1000)
    kept = backup.restore(saved, data_dir).kept
    assert kept is not None
    assert kept.read_bytes() == b"ruined" * 1000
    assert _marked(data_dir, classroom) == 1


@pytest.mark.parametrize(("table", "still"), [("consents", 0), ("erased_keys", 1)])
def test_a_present_database_with_a_damaged_page_is_replaced_and_what_can_be_read_of_it_counts(
    saved: Path, database: SqlDatabase, data_dir: Path, classroom: Classroom, table: str, still: int
) -> None:
    student_id = classroom.students[0].student_id
    with database.transaction() as repositories:
        repositories.consents.add(Consent(student_id, FACE, False, START + timedelta(days=1), "student"))
        repositories.faces.forget(student_id)
    database.close()
    damage_root(database_path(data_dir), table)
    kept = backup.restore(saved, data_dir).kept
    assert kept is not None
    assert _marked(data_dir, classroom) == 1
    with closing(sqlite3.connect(database_path(data_dir))) as connection:
        assert connection.execute("SELECT count(*) FROM student_keys").fetchone() == (still,)


def test_a_running_kiosk_is_not_restored_under_its_feet(
    saved: Path, database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    with database.transaction() as repositories:
        mark(repositories, classroom.session, classroom.students[1])
    database.close()
    with InstanceLock(data_dir), pytest.raises(InstanceError):
        backup.restore(saved, data_dir)
    assert _marked(data_dir, classroom) == 2


def _cut_off(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


def _nonsense(_content: bytes) -> bytes:
    return b"PK\x03\x04 not a backup"


@pytest.mark.parametrize("damage", [_cut_off, _flipped, _nonsense])
def test_a_damaged_backup_changes_nothing(
    saved: Path,
    database: SqlDatabase,
    data_dir: Path,
    classroom: Classroom,
    damage: Callable[[bytes], bytes],
) -> None:
    database.close()
    saved.write_bytes(damage(saved.read_bytes()))
    before = database_path(data_dir).read_bytes()
    with pytest.raises(FileFormatError, match="backup"):
        backup.restore(saved, data_dir)
    assert database_path(data_dir).read_bytes() == before
    assert _marked(data_dir, classroom) == 1
    assert list(data_dir.glob("*before-restore*")) == []


def _bundle(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    return path


def test_other_zip_files_are_no_backups(tmp_path: Path, data_dir: Path) -> None:
    for number, members in enumerate(
        [{}, {"manifest.json": b"{}"}, {"manifest.json": b'{"sha256": {}}'}, {"manifest.json": b"no"}]
    ):
        with pytest.raises(FileFormatError, match="no kiosk backup"):
            backup.restore(_bundle(tmp_path / f"{number}.zip", members), data_dir)


def test_a_backup_with_another_database_inside_is_refused(tmp_path: Path, data_dir: Path) -> None:
    import hashlib

    inside = b"SQLite format 3\x00 but not really"
    manifest = json.dumps({"sha256": {"kiosk.sqlite3": hashlib.sha256(inside).hexdigest()}}).encode()
    bundle = _bundle(tmp_path / "a.zip", {"manifest.json": manifest, "kiosk.sqlite3": inside})
    with pytest.raises(FileFormatError, match="inside this backup is damaged"):
        backup.restore(bundle, data_dir)


def test_a_backup_of_a_newer_version_is_refused_in_words(
    database: SqlDatabase, data_dir: Path, tmp_path: Path
) -> None:
    newer = old_backup(data_dir, tmp_path / "newer", "UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(StorageError, match="newer version"):
        backup.restore(newer, data_dir)


def test_a_missing_backup_is_said_in_words(tmp_path: Path, data_dir: Path) -> None:
    with pytest.raises(FileFormatError, match="cannot be read"):
        backup.restore(tmp_path / "nothing", data_dir)
    with pytest.raises(FileFormatError, match="cannot be read"):
        backup.restore(tmp_path, data_dir)


def test_a_target_that_cannot_be_written_is_said_in_words(
    database: SqlDatabase, data_dir: Path, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        backup.create(database, data_dir, tmp_path / "missing" / "a.backup")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "content").touch()
    with pytest.raises(ExportError, match="could not be written"):
        backup.create(database, data_dir, tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@needs_full_disk
def test_a_full_disk_leaves_the_older_backup_alone(
    saved: Path, database: SqlDatabase, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, beside = saved.read_bytes(), sorted(saved.parent.iterdir())
    fill_disk(monkeypatch)
    with pytest.raises(ExportError, match="The backup could not be written: No space left on device"):
        backup.create(database, data_dir, saved)
    assert saved.read_bytes() == good
    assert sorted(saved.parent.iterdir()) == beside


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_owner_reads_a_backup_and_the_database_that_a_restore_keeps(
    saved: Path, data_dir: Path
) -> None:
    kept = backup.restore(saved, data_dir).kept
    assert kept is not None
    assert {stat.S_IMODE(path.stat().st_mode) for path in (saved, kept, database_path(data_dir))} == {0o600}


def test_a_damaged_database_does_not_replace_a_good_backup(
    saved: Path, database: SqlDatabase, data_dir: Path
) -> None:
    database.close()
    good = saved.read_bytes()
    path = database_path(data_dir)
    content = path.read_bytes()
    path.write_bytes(content[: 4096 * 2] + b"\xff" * (len(content) - 4096 * 2))
    with pytest.raises(StorageError, match="damaged"):
        backup.create(database, data_dir, saved)
    assert saved.read_bytes() == good


@pytest.mark.parametrize("round_number", [0, 2], ids=["the copy", "what came out of the backup"])
def test_looking_for_damage_gives_way_and_leaves_nothing(
    saved: Path, database: SqlDatabase, data_dir: Path, round_number: int
) -> None:
    good, beside = saved.read_bytes(), sorted(data_dir.iterdir())

    def watch(done: int, total: int) -> None:
        if (done, total) == (round_number + 1, 3):  # pages are counted in hundreds
            raise KioskError("A class begins.")

    with pytest.raises(KioskError, match="A class begins"):
        backup.create(database, data_dir, saved, watch=watch)
    assert saved.read_bytes() == good
    assert sorted(data_dir.iterdir()) == beside

    backup.create(database, data_dir, saved)  # made again afterwards
    assert saved.read_bytes() != good
