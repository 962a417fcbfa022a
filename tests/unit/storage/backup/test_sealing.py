"""What is refused before anything of it is used: changed, forged, oversized and hostile backups."""

import json
import random
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.domain.trust.backups import BackupState
from kiosk.errors import FileFormatError, StorageError
from kiosk.storage.backup import backing_up as backup
from kiosk.storage.backup.bundle import opened
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.storage.old_backups import old_backup

Members = dict[str, bytes]


@pytest.fixture
def saved(database: SqlDatabase, data_dir: Path, tmp_path: Path, key_ring: KeyRing) -> Path:
    key_ring.create_recovery()
    backup.create(database, data_dir, tmp_path / "school.kiosk-backup")
    database.close()
    return tmp_path / "school.kiosk-backup"


def _rewritten(saved: Path, change: Callable[[Members], object]) -> Path:
    """The same zip with other members; its sums are right again, as whoever forges it sees to."""
    with zipfile.ZipFile(saved) as bundle:
        members = {name: bundle.read(name) for name in bundle.namelist()}
    change(members)
    forged = saved.with_name("forged")
    with zipfile.ZipFile(forged, "w") as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    return forged


def _other_manifest(members: Members) -> None:
    said = json.loads(members["manifest.json"]) | {"created_at": "2031-01-01T00:00:00+00:00"}
    members["manifest.json"] = json.dumps(said).encode()


def _flipped(members: Members) -> None:
    content = bytearray(members["kiosk.sqlite3.sealed"])
    content[-20] ^= 1
    members["kiosk.sqlite3.sealed"] = bytes(content)


def _shortened(members: Members) -> None:
    members["kiosk.sqlite3.sealed"] = members["kiosk.sqlite3.sealed"][:-1]


def _lengthened(members: Members) -> None:
    members["kiosk.sqlite3.sealed"] += b"\0"


def _one_more(members: Members) -> None:
    members["evil.sqlite3"] = b""


def _other_recovery(members: Members) -> None:
    members["recovery.json"] += b" "


def _endless_manifest(members: Members) -> None:
    members["manifest.json"] = b" " * (1 << 17)


@pytest.mark.parametrize(
    "change",
    [
        _other_manifest,
        _flipped,
        _shortened,
        _lengthened,
        _one_more,
        _other_recovery,
        _endless_manifest,
    ],
)
def test_what_was_changed_is_refused_and_changes_nothing(
    saved: Path, data_dir: Path, change: Callable[[Members], object]
) -> None:
    before = database_path(data_dir).read_bytes()
    with pytest.raises(FileFormatError, match="changed"):
        backup.restore(_rewritten(saved, change), data_dir)
    with pytest.raises(FileFormatError, match="changed"):
        backup.verify(_rewritten(saved, change), data_dir)
    assert database_path(data_dir).read_bytes() == before
    assert not [path for path in data_dir.iterdir() if path.name.startswith(".")]


def test_a_backup_put_together_from_two_is_refused(saved: Path, data_dir: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.kiosk-backup"
    backup.create(database_path(data_dir), data_dir, other)
    with zipfile.ZipFile(other) as bundle:
        content = bundle.read("kiosk.sqlite3.sealed")
    mixed = _rewritten(saved, lambda members: members.update({"kiosk.sqlite3.sealed": content}))
    with pytest.raises(FileFormatError, match="changed"):
        backup.restore(mixed, data_dir)


def test_another_school_can_neither_read_nor_pass_off_a_backup(
    saved: Path, tmp_path: Path, data_dir: Path
) -> None:
    other = KeyRing.open_or_create(tmp_path / "other")
    with opened(saved) as bundle:
        assert bundle.state(other) is BackupState.OTHER_KEY
        with pytest.raises(FileFormatError):
            bundle.unpack(other, tmp_path / "unpacked", lambda _done, _total: None)


@pytest.mark.parametrize(
    "code",
    [
        "CREATE TRIGGER t AFTER INSERT ON students BEGIN DELETE FROM audit; END",
        "CREATE VIEW absent AS SELECT 1",
        "CREATE VIRTUAL TABLE found USING fts5(words)",
        "CREATE TABLE foreign_one (id INTEGER)",
    ],
)
def test_a_database_that_brings_code_or_foreign_tables_is_refused(
    database: SqlDatabase, data_dir: Path, tmp_path: Path, code: str
) -> None:
    database.close()
    hostile = old_backup(data_dir, tmp_path / "hostile", code)
    before = database_path(data_dir).read_bytes()
    with pytest.raises(FileFormatError, match="no kiosk puts there"):
        backup.restore(hostile, data_dir)
    assert database_path(data_dir).read_bytes() == before


def test_nothing_is_unpacked_that_the_disk_has_no_room_for(
    saved: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil._ntuple_diskusage(10**9, 10**9 - 10**6, 10**6)
    monkeypatch.setattr("kiosk.storage.backup.restoring.shutil.disk_usage", lambda _path: full)
    with pytest.raises(StorageError, match="not enough room"):
        backup.restore(saved, data_dir)


def test_an_old_backup_still_comes_back_and_is_said_not_to_be_proved(
    database: SqlDatabase, data_dir: Path, tmp_path: Path, key_ring: KeyRing
) -> None:
    passphrase = key_ring.create_recovery()
    database.close()
    old = old_backup(data_dir, tmp_path / "old")
    assert not backup.restore(old, data_dir).is_authenticated
    SqlDatabase.open(database_path(data_dir), key_ring=key_ring).close()

    elsewhere = tmp_path / "elsewhere"
    assert not backup.restore(old, elsewhere).is_authenticated
    with pytest.raises(StorageError, match="key is missing"):
        KeyRing.open_or_create(elsewhere)
    keys = KeyRing.recover(elsewhere, passphrase)
    SqlDatabase.open(database_path(elsewhere), key_ring=keys).close()


def _bit(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _end(content: bytearray, chance: random.Random) -> None:
    """The directory of a zip stands at its end."""
    content[-chance.randrange(1, 400)] ^= chance.randrange(1, 256)


def _cut(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def _other_bytes(content: bytearray, chance: random.Random) -> None:
    begin = chance.randrange(len(content))
    content[begin : begin + chance.randrange(30)] = chance.randbytes(chance.randrange(30))


@pytest.mark.parametrize("old", [False, True])
def test_whatever_becomes_of_a_file_it_is_good_or_said_to_be_no_backup(
    saved: Path, data_dir: Path, tmp_path: Path, *, old: bool
) -> None:
    content = (old_backup(data_dir, tmp_path / "old") if old else saved).read_bytes()
    damaged, chance, said = tmp_path / "damaged", random.Random(1), Counter[str]()
    for number in range(200):
        changed = bytearray(content)
        (_bit, _end, _cut, _other_bytes)[number % 4](changed, chance)
        damaged.write_bytes(changed)
        try:
            backup.verify(damaged, data_dir)
        except FileFormatError:
            said["refused"] += 1
        else:
            said["good"] += 1  # what does not matter, such as the time of a member
    assert said.total() == 200
    assert said["refused"] > 150
