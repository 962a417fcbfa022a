"""What restores put aside and what work that was cut off left behind: found, removed, and emptied of faces. Any thread.

The database that a restore replaced is kept beside the new one for a while. It may hold a face whose consent is withdrawn
after that, so it loses all its faces with the next one that is erased: whose they are cannot be told for sure from another
database, and attendance is what it is kept for.
"""

import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import DATABASE_FILE, KEYS_FOLDER

AT_WORK_S: Final = 3600.0
"""A half-written file may be somebody's who still writes until it has not changed for so long."""

_FACES: Final = ("face_templates", "face_samples", "face_pairs", "student_keys")

_SIDECARS: Final = ("-journal", "-wal", "-shm")

log = logging.getLogger(__name__)


class LeftOverKind(Enum):
    """What becomes of it: `KEY` is never removed by the program."""

    COPY = auto()
    UNFINISHED = auto()
    KEY = auto()


@dataclass(frozen=True, slots=True)
class LeftOver:
    """One file or folder, its bytes, and when it was written (seconds since 1970)."""

    path: Path
    kind: LeftOverKind
    size: int
    at_s: float


def left_overs(data_dir: Path, models_dir: Path) -> list[LeftOver]:
    """Everything that is left over, by path. Raises OSError: a folder cannot be read."""
    return sorted(_found(data_dir, models_dir), key=lambda one: one.path)


def remove(one: LeftOver) -> None:
    """Remove it. Raises OSError: it cannot be."""
    if one.path.is_dir():
        shutil.rmtree(one.path)
    else:
        one.path.unlink(missing_ok=True)


def forget_faces(data_dir: Path) -> None:
    """Erase all faces from databases that were put aside; one in which that cannot be done is removed, as are unfinished files.

    Called before the commit that erases a face, so that nothing has to be made up for after a crash. What fails stands in
    the log: it never keeps a student's word from being followed.
    """
    for one in _found(data_dir):
        try:
            if one.kind is LeftOverKind.COPY and not one.path.name.endswith(_SIDECARS):
                _forget_in(one)
            elif one.kind is LeftOverKind.UNFINISHED and time.time() - one.at_s > AT_WORK_S:
                remove(one)
        except OSError:
            log.exception("%s may hold a face that was to be erased", one.path)


def _found(data_dir: Path, models_dir: Path | None = None) -> Iterator[LeftOver]:
    keys = data_dir / KEYS_FOLDER
    for pattern in (".restore-*", ".backup-*", ".moving-*", ".*.part"):
        yield from _of(LeftOverKind.UNFINISHED, data_dir.glob(pattern))
    yield from _of(LeftOverKind.COPY, data_dir.glob(f"{DATABASE_FILE}.before-*"))
    for pattern in ("*.before-*", ".*.part"):
        yield from _of(LeftOverKind.KEY, keys.glob(pattern))
    if models_dir is not None:
        for pattern in ("*.part", "*.part.json"):
            yield from _of(LeftOverKind.UNFINISHED, models_dir.rglob(pattern))


def _of(kind: LeftOverKind, paths: Iterator[Path]) -> Iterator[LeftOver]:
    for path in paths:
        files = [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
        try:
            size = sum(one.stat().st_size for one in files)
            yield LeftOver(path, kind, size, path.stat().st_mtime)
        except FileNotFoundError:
            continue  # it has just gone


def _forget_in(one: LeftOver) -> None:
    try:
        with closing(sqlite3.connect(one.path, isolation_level=None)) as connection:
            known = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            tables = [name for name in _FACES if (name,) in known]
            if not any(connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in tables):  # noqa: S608  our own names
                return
            # No journal on the disk: its pages would hold what is overwritten here.
            for pragma in ("journal_mode=MEMORY", "secure_delete=ON", "foreign_keys=OFF"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.execute("BEGIN IMMEDIATE")
            for name in tables:
                connection.execute(f"DELETE FROM {name}")  # noqa: S608  our own names
            connection.execute("COMMIT")
        os.utime(one.path, (one.at_s, one.at_s))  # its time to be kept begins with the restore
    except sqlite3.Error as error:
        log.info("%s cannot be emptied of faces and is removed: %s", one.path, error)
        for ending in ("", *_SIDECARS):
            one.path.with_name(one.path.name + ending).unlink(missing_ok=True)
    else:
        log.info("erased the faces in %s", one.path)
