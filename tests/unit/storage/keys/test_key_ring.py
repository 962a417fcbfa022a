import os
import stat
from pathlib import Path

import pytest

from kiosk.errors import SignInError, StorageError
from kiosk.storage.keys.key_ring import KeyRing, database_path


def _key_file(data_dir: Path) -> Path:
    return data_dir / "keys" / "school.key"


def test_the_first_start_makes_a_key_and_the_next_one_keeps_it(tmp_path: Path) -> None:
    first = KeyRing.open_or_create(tmp_path / "new")
    again = KeyRing.open_or_create(tmp_path / "new")
    assert first.is_new
    assert not again.is_new
    assert first.check_value == again.check_value
    assert len(_key_file(tmp_path / "new").read_bytes()) == 32


def test_every_school_has_a_key_of_its_own(tmp_path: Path) -> None:
    values = {KeyRing.open_or_create(tmp_path / name).check_value for name in "abc"}
    assert len(values) == 3


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX systems")
def test_only_the_owner_reads_the_key(tmp_path: Path) -> None:
    KeyRing.open_or_create(tmp_path / "new")
    assert stat.S_IMODE(_key_file(tmp_path / "new").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new" / "keys").stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX systems")
def test_a_key_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    KeyRing.open_or_create(tmp_path)
    _key_file(tmp_path).chmod(0o644)
    KeyRing.open_or_create(tmp_path)
    assert stat.S_IMODE(_key_file(tmp_path).stat().st_mode) == 0o600


def test_neither_key_nor_passphrase_shows_when_printed_or_on_disk(tmp_path: Path) -> None:
    ring = KeyRing.open_or_create(tmp_path)
    passphrase = ring.create_recovery()
    key = _key_file(tmp_path).read_bytes()
    recovery = (tmp_path / "keys" / "recovery.json").read_bytes()
    assert key.hex() not in repr(ring)
    assert key not in recovery
    assert passphrase.encode() not in recovery
    assert ring.check_value.encode() not in recovery


def test_a_missing_key_is_not_replaced_by_a_new_one_where_data_need_it(tmp_path: Path) -> None:
    KeyRing.open_or_create(tmp_path)
    database_path(tmp_path).write_bytes(b"something")
    _key_file(tmp_path).unlink()
    with pytest.raises(StorageError, match="key is missing") as raised:
        KeyRing.open_or_create(tmp_path)
    assert "passphrase" in raised.value.hint
    assert not _key_file(tmp_path).exists()


def test_a_damaged_key_is_said_in_words(tmp_path: Path) -> None:
    KeyRing.open_or_create(tmp_path)
    _key_file(tmp_path).write_bytes(b"short")
    with pytest.raises(StorageError, match="damaged"):
        KeyRing.open_or_create(tmp_path)


def test_a_directory_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="data directory cannot be used"):
        KeyRing.open_or_create(tmp_path / "file" / "data")


def test_the_passphrase_brings_a_lost_key_back(tmp_path: Path) -> None:
    ring = KeyRing.open_or_create(tmp_path)
    passphrase = ring.create_recovery()
    _key_file(tmp_path).unlink()
    recovered = KeyRing.recover(tmp_path, passphrase)
    assert recovered.check_value == ring.check_value
    assert KeyRing.open_or_create(tmp_path).check_value == ring.check_value


def test_the_ring_knows_whether_there_is_a_passphrase(tmp_path: Path) -> None:
    assert not KeyRing.open_or_create(tmp_path).has_recovery
    KeyRing.open_or_create(tmp_path).create_recovery()
    assert KeyRing.open_or_create(tmp_path).has_recovery


def test_recovery_keeps_a_different_key_beside(tmp_path: Path) -> None:
    ring = KeyRing.open_or_create(tmp_path)
    passphrase = ring.create_recovery()
    _key_file(tmp_path).write_bytes(b"o" * 32)
    KeyRing.recover(tmp_path, passphrase)
    assert KeyRing.open_or_create(tmp_path).check_value == ring.check_value
    (kept,) = (tmp_path / "keys").glob("school.key.before-recovery-*")
    assert kept.read_bytes() == b"o" * 32


def test_a_new_passphrase_ends_the_old_one(tmp_path: Path) -> None:
    ring = KeyRing.open_or_create(tmp_path)
    old, new = ring.create_recovery(), ring.create_recovery()
    with pytest.raises(SignInError):
        KeyRing.recover(tmp_path, old)
    assert KeyRing.recover(tmp_path, new).check_value == ring.check_value


def test_without_a_recovery_file_there_is_nothing_to_recover(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no recovery file"):
        KeyRing.recover(tmp_path, "whatever")


def test_a_data_key_is_bound_to_its_student_and_school(tmp_path: Path) -> None:
    ring, other = KeyRing.open_or_create(tmp_path / "a"), KeyRing.open_or_create(tmp_path / "b")
    wrapped = ring.wrap(b"d" * 32, student_id=1, key_id="k")
    assert ring.unwrap(wrapped, student_id=1, key_id="k") == b"d" * 32
    for used, student_id, key_id in ((ring, 2, "k"), (ring, 1, "l"), (other, 1, "k")):
        with pytest.raises(StorageError):
            used.unwrap(wrapped, student_id=student_id, key_id=key_id)
