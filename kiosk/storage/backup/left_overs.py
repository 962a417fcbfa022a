"""What restores put aside and what work that was cut off left behind: found, removed, and emptied of faces. Any thread.

The database that a restore replaced is kept beside the new one for a while. It may hold a face whose consent is withdrawn
after that, so it loses all its faces with the next one that is erased: whose they are cannot be told for sure from another
database, and attendance is what it is kept for.
"""

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

from kiosk.domain.people.students import fold
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import DATABASE_FILE, KEYS_FOLDER

AT_WORK_S: Final = 3600.0
"""A half-written file may be somebody's who still writes until it has not changed for so long."""

_FACES: Final = ("face_templates", "face_samples", "face_pairs", "student_keys")

_SIDECARS: Final = ("-journal", "-wal", "-shm")

_OF_RECORDS: Final = "WHERE record_id IN (SELECT id FROM attendance_records WHERE student_id = :id)"

_STRIPPED: Final = (
    *((table, f"DELETE FROM {table} {_OF_RECORDS}") for table in ("objections", "record_history")),  # noqa: S608  our own names
    *(
        (table, f"DELETE FROM {table} WHERE student_id = :id")  # noqa: S608  our own names
        for table in (
            *("consents", "consent_codes", "device_uses", "enrolled_phones", "pending_claims"),
            *("planned_absences", "messages", "student_contacts", "recheck_students", "check_outs"),
        )
    ),
    *(
        (table, f"DELETE FROM {table} WHERE student_id = :id OR other_id = :id")  # noqa: S608  our own names
        for table in ("incidents", "face_pairs")
    ),
    ("attendance_records", "UPDATE attendance_records SET evidence = '[]' WHERE student_id = :id"),
    (
        "students",
        """UPDATE students SET student_no = 'deleted-' || id, student_no_folded = 'deleted-' || id, full_name = '–',
           full_name_folded = '–', email = NULL, pin_hash = NULL WHERE id = :id""",
    ),
    # These columns came with that table.
    (
        "student_merges",
        "UPDATE students SET family_name = '', called = '', sort_name_folded = '–' WHERE id = :id",
    ),
    ("student_merges", "DELETE FROM student_merges WHERE kept_id = :id OR gone_id = :id"),
    ("students.system_id", "UPDATE students SET system_id = '' WHERE id = :id"),
)
"""What makes a student nameless, by table (or column of students), in any schema so far."""

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
    copies = {one.path for one in _copies(data_dir)}
    for one in _found(data_dir):
        try:
            if one.path in copies:
                _forget_in(one)
            elif one.kind is LeftOverKind.UNFINISHED and time.time() - one.at_s > AT_WORK_S:
                remove(one)
        except OSError:
            log.exception("%s may hold a face that was to be erased", one.path)


def forget_students(data_dir: Path, numbers: Sequence[str]) -> None:
    """Make students with these numbers nameless in databases that were put aside, before the commit that deletes them."""
    for one in _copies(data_dir):
        try:
            _change(one, lambda connection: strip_students(connection, numbers))
        except OSError:
            log.exception("%s may name a student who was to be deleted", one.path)


def strip_students(connection: sqlite3.Connection, numbers: Sequence[str]) -> int:
    """The same in one database of any schema so far, inside the caller's transaction; returns how many students it knew.

    Records of past classes stay, as they do where a student is deleted; the log stays, too, because it is chained.
    """
    known = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    known |= {f"students.{column[1]}" for column in connection.execute("PRAGMA table_info(students)")}
    stripped = 0
    for number in numbers:
        found = connection.execute("SELECT id FROM students WHERE student_no_folded = ?", (fold(number),))
        for (student_id,) in found.fetchall():
            for table, statement in _STRIPPED:
                if table in known:
                    connection.execute(statement, {"id": student_id})
            stripped += 1
    return stripped


def copies_with_faces(data_dir: Path) -> list[Path]:
    """Databases that were put aside and may hold a face still: one that holds any, or cannot be looked into."""
    return [one.path for one in _copies(data_dir) if _may_hold_faces(one.path)]


def _copies(data_dir: Path) -> list[LeftOver]:
    return [
        one
        for one in _found(data_dir)
        if one.kind is LeftOverKind.COPY and not one.path.name.endswith(_SIDECARS)
    ]


def _may_hold_faces(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return _holds_faces(connection)
    except sqlite3.Error:
        return path.exists()


def _holds_faces(connection: sqlite3.Connection) -> bool:
    known = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return any(
        connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()  # noqa: S608  our own names
        for name in _FACES
        if (name,) in known
    )


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
    def forget(connection: sqlite3.Connection) -> int:
        known = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        tables = [name for name in _FACES if (name,) in known]
        return sum(connection.execute(f"DELETE FROM {name}").rowcount for name in tables)  # noqa: S608  our own names

    _change(one, forget)


def _change(one: LeftOver, work: Callable[[sqlite3.Connection], int]) -> None:
    """Change a database that was put aside, or remove it where that cannot be done; says so where it changed something."""
    try:
        with closing(sqlite3.connect(one.path, isolation_level=None)) as connection:
            # No journal on the disk: its pages would hold what is overwritten here.
            for pragma in ("journal_mode=MEMORY", "secure_delete=ON", "foreign_keys=OFF"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.execute("BEGIN IMMEDIATE")
            changed = work(connection)
            connection.execute("COMMIT" if changed else "ROLLBACK")
        os.utime(one.path, (one.at_s, one.at_s))  # its time to be kept begins with the restore
    except sqlite3.Error as error:
        log.info("%s cannot be emptied of what was to be erased and is removed: %s", one.path, error)
        for ending in ("", *_SIDECARS):
            one.path.with_name(one.path.name + ending).unlink(missing_ok=True)
    else:
        if changed:
            log.info("erased in %s what was to be erased", one.path)
