"""Files are written whole or not at all: what a failure at each step leaves behind."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.files import OWNER_ONLY, READ_BY_ALL, create_whole, move_whole, whole_file, write_whole
from kiosk.reports.atomic import replacing
from kiosk.settings import SETTINGS_FILE, KioskSettings, WebSettings
from kiosk.storage.keys.key_ring import RECOVERY_FILE, KeyRing
from kiosk.vision.models.model_files import save_made
from tests.fakes.storage.full_disk import fill_disk, needs_full_disk

posix = pytest.mark.skipif(os.name != "posix", reason="modes and folders that can be opened are POSIX's")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is there, in a folder of its own."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "file").write_bytes(b"old")
    return folder / "file"


def is_as_it_was(path: Path) -> bool:
    return path.read_bytes() == b"old" and list(path.parent.iterdir()) == [path]


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done to last, in order: `file`, `folder`, and `named` for a file that got its name."""
    done: list[str] = []
    fsync, replace, link = os.fsync, os.replace, os.link

    def record_fsync(descriptor: int) -> None:
        fsync(descriptor)
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")

    def record_name(give: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
        def record(source: Path, target: Path) -> None:
            give(source, target)
            done.append("named")

        return record

    monkeypatch.setattr(os, "fsync", record_fsync)
    monkeypatch.setattr(os, "replace", record_name(replace))
    monkeypatch.setattr(os, "link", record_name(link))
    return done


def test_a_new_file_takes_the_place_of_the_old_one_when_the_block_ends(path: Path) -> None:
    with whole_file(path) as stream:
        stream.write(b"new")
        assert path.read_bytes() == b"old"

    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


@posix
def test_bytes_last_before_the_name_and_the_name_before_anybody_goes_on(
    path: Path, synced: list[str]
) -> None:
    write_whole(path, b"new")
    assert synced == ["file", "named", "folder"]

    synced.clear()
    assert create_whole(path.with_name("another"), b"new")
    assert synced == ["file", "named", "folder"]

    synced.clear()
    move_whole(path.with_name("another"), path)
    assert synced == ["file", "named", "folder"]


def test_a_block_that_fails_leaves_the_old_file_alone(path: Path) -> None:
    def stumble() -> None:
        with whole_file(path) as stream:
            stream.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    assert is_as_it_was(path)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_between_write_and_rename_leaves_the_old_file_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_given: object) -> None:
        raise OSError(errno.EIO, "the disk is going")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="the disk is going"):
        write_whole(path, b"new")
    assert is_as_it_was(path)


@needs_full_disk
def test_a_full_disk_leaves_the_old_file_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_disk(monkeypatch)
    with pytest.raises(OSError, match="No space left"), whole_file(path) as stream:
        stream.write(b"new" * 10_000)
    assert is_as_it_was(path)


def _save_settings(folder: Path) -> None:
    KioskSettings(web=WebSettings(port=9000)).save(folder / SETTINGS_FILE)


def _renew_passphrase(folder: Path) -> None:
    KeyRing(school_key=b"k" * 32, folder=folder).create_recovery()


def _make_model(folder: Path) -> None:
    save_made(folder, "net.onnx", b"another graph", recipe="graph-1")


def _export(folder: Path) -> None:
    with replacing(folder / "book.xlsx", suffix=".xlsx") as stream:
        stream.write(b"another book")


@needs_full_disk
@pytest.mark.parametrize(
    ("name", "write", "words"),
    [
        (SETTINGS_FILE, _save_settings, "kiosk.toml cannot be written. No space left on device."),
        (RECOVERY_FILE, _renew_passphrase, "The data directory cannot be used: No space left on device"),
        ("net.onnx", _make_model, "The disk is full."),
        ("book.xlsx", _export, "There is no room for book.xlsx: the disk is full."),
    ],
)
def test_whoever_writes_says_that_the_disk_is_full_and_keeps_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, name: str, write: Callable[[Path], None], words: str
) -> None:
    old = path.rename(path.with_name(name))
    old.write_bytes(b"# old\n")
    fill_disk(monkeypatch)

    with pytest.raises(KioskError) as said:
        write(old.parent)
    assert words in str(said.value)
    assert old.read_bytes() == b"# old\n"
    assert list(old.parent.iterdir()) == [old]


@posix
def test_a_secret_can_be_read_by_its_owner_only_from_the_start(path: Path) -> None:
    with whole_file(path, mode=OWNER_ONLY) as stream:
        assert stat.S_IMODE(os.fstat(stream.fileno()).st_mode) == 0o600
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix
def test_a_shared_file_can_be_read_by_all_whatever_the_umask(path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_whole(path, b"new", mode=READ_BY_ALL)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_name_as_long_as_names_may_be_is_fine(path: Path) -> None:
    long = path.with_name("名" * 84)
    write_whole(long, b"new")
    assert long.read_bytes() == b"new"


def test_a_file_is_made_only_where_there_is_none(path: Path) -> None:
    assert not create_whole(path, b"new")
    assert is_as_it_was(path)

    path.unlink()
    assert create_whole(path, b"old")
    assert is_as_it_was(path)


def test_a_finished_file_takes_the_place_of_the_old_one(path: Path) -> None:
    made = path.with_name("made")
    made.write_bytes(b"new")
    move_whole(made, path)

    assert path.read_bytes() == b"new"
    assert not made.exists()


@posix
def test_a_folder_that_cannot_be_synced_is_no_failure(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "a network file system")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
