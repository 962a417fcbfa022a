"""Puts what was restored in the place of what is there, so that a kill at any moment leaves one of them. Any thread.

What is to come lies in a folder beside, laid out like the data directory and written to the disk. Giving that folder its
name `RESTORE_READY` is the one moment that decides; from then on the files are moved, and whoever was cut off there is finished
by the next start (`finish`), before anything is opened.
"""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk.files import move_whole, sync_folder
from kiosk.storage.database.instance_lock import InstanceLock
from kiosk.storage.keys.key_ring import (
    DATABASE_FILE,
    KEYS_FOLDER,
    LOG_HEAD_FILE,
    RECOVERY_FILE,
    RESTORE_READY,
    SCHOOL_KEY_FILE,
)
from kiosk.storage.keys.private_files import private_folder, storage_errors

SIDECARS: Final = ("-journal", "-wal", "-shm")


def stamp() -> str:
    """Of files that are put aside now."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")


def swap(staged: Path, data_dir: Path) -> None:
    """Let a folder with database, keys and log head (or some of them) take their places.

    Raises:
        OSError: The disk refuses; what was there is there still, or the next `finish` goes on.
    """
    for path in (*staged.rglob("*"), staged):
        _sync(path)
    staged.rename(data_dir / RESTORE_READY)
    sync_folder(data_dir)
    _move_in(data_dir)


def finish(data_dir: Path) -> None:
    """Go on with a restore that was cut off after it was decided; does nothing where there is none.

    Raises:
        InstanceError: Somebody is at work on it this moment.
        StorageError: The disk refuses.
    """
    if (data_dir / RESTORE_READY).is_dir():
        with InstanceLock(data_dir), storage_errors(data_dir):
            _move_in(data_dir)


def _move_in(data_dir: Path) -> None:
    ready, now = data_dir / RESTORE_READY, stamp()
    if not ready.is_dir():
        return
    private_folder(data_dir / KEYS_FOLDER)
    for name in (SCHOOL_KEY_FILE, RECOVERY_FILE):
        _replace(ready / KEYS_FOLDER / name, data_dir / KEYS_FOLDER / name, now)
    database, present = ready / DATABASE_FILE, data_dir / DATABASE_FILE
    if database.is_file():
        # The head of the log that was is no one's from here on; that of the restored one comes after its database.
        _put_aside(data_dir / KEYS_FOLDER / LOG_HEAD_FILE, now)
        for ending in SIDECARS:
            present.with_name(present.name + ending).unlink(missing_ok=True)
        move_whole(database, present)
    _replace(ready / KEYS_FOLDER / LOG_HEAD_FILE, data_dir / KEYS_FOLDER / LOG_HEAD_FILE, now)
    shutil.rmtree(ready)
    sync_folder(data_dir)


def _replace(new: Path, path: Path, now: str) -> None:
    if new.is_file():
        if path.is_file() and path.read_bytes() != new.read_bytes():
            _put_aside(path, now)
        move_whole(new, path)


def _put_aside(path: Path, now: str) -> None:
    if path.is_file():
        move_whole(path, path.with_name(f"{path.name}.before-restore-{now}"))


def _sync(path: Path) -> None:
    if path.is_dir():
        sync_folder(path)
        return
    with path.open("rb+") as file:
        os.fsync(file.fileno())
