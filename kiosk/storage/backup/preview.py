"""What restoring a backup would bring back and lose, found by doing it in a temporary place. Any thread.

Both databases are compared by what people know things by (numbers, codes, names, times), not by row numbers: after an
earlier restore the same row number may be somebody else's.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.domain.trust.backups import Difference, Part
from kiosk.storage.backup.bundle import Manifest, Watch
from kiosk.storage.backup.forgetting import deleted_students, forget_again, strippable
from kiosk.storage.backup.left_overs import strip_students
from kiosk.storage.backup.restoring import unpacked, unwatched
from kiosk.storage.database.sql_errors import plain_errors
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import database_path
from kiosk.storage.keys.private_files import storage_errors

_RECORDS: Final = """FROM {place}.attendance_records AS record
    JOIN {place}.class_sessions AS class ON class.id = record.session_id
    JOIN {place}.courses AS course ON course.id = class.course_id
    JOIN {place}.students AS student ON student.id = record.student_id"""

_WHAT: Final[Mapping[Part, str]] = {
    Part.CLASSES: """SELECT course.code_folded, class.started_at FROM {place}.class_sessions AS class
        JOIN {place}.courses AS course ON course.id = class.course_id""",
    Part.RECORDS: f"SELECT course.code_folded, class.started_at, student.student_no_folded {_RECORDS}",
    Part.CHANGED: "SELECT course.code_folded, class.started_at, student.student_no_folded, record.status, record.method "
    + _RECORDS,
    Part.STUDENTS: "SELECT student_no_folded FROM {place}.students",
    Part.COURSES: "SELECT code_folded FROM {place}.courses",
    Part.FACES: """SELECT student.student_no_folded FROM {place}.face_samples AS sample
        JOIN {place}.students AS student ON student.id = sample.student_id""",
    Part.ACCOUNTS: "SELECT name_folded FROM {place}.users",
}
"""Columns that every schema so far has."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a restore would do.

    Attributes:
        brings_keys: Whether another school's key would take this one's place.
        differences: Of the parts in which the databases differ; empty where they hold the same.
        is_present_readable: Whether the present database could be compared at all.
    """

    manifest: Manifest
    brings_keys: bool
    differences: Mapping[Part, Difference]
    is_present_readable: bool

    @property
    def is_authenticated(self) -> bool:
        """Whether it is certain that this school's kiosk made the backup and nobody changed it."""
        return self.manifest.format > 1


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a database holds."""

    students: int
    records: int


def counted(database: Path) -> Contents:
    """How much a database of this PC holds."""
    with closing(sqlite3.connect(database)) as connection:
        (students,) = connection.execute("SELECT count(*) FROM students").fetchone()
        (records,) = connection.execute("SELECT count(*) FROM attendance_records").fetchone()
    return Contents(int(students), int(records))


def preview(
    file: Path, data_dir: Path, *, passphrase: str | None = None, watch: Watch = unwatched
) -> Preview:
    """Unpack and compare; nothing of it stays.

    Raises:
        KioskError: As `restoring.restore` would; also while a kiosk runs it does not raise InstanceError.
    """
    with (
        storage_errors(data_dir),
        plain_errors(),
        unpacked(file, data_dir, passphrase=passphrase, watch=watch) as staged,
    ):
        present = database_path(data_dir)
        forget_again(staged.database, present)
        with closing(sqlite3.connect(staged.database)) as connection:
            strip_students(connection, strippable(staged.database, deleted_students(present)))
            connection.commit()
        readable = _is_readable(present)
        return Preview(
            staged.manifest,
            staged.brings_keys,
            _differences(staged.database, present if readable else None),
            readable,
        )


def _is_readable(present: Path) -> bool:
    if not present.is_file():
        return False
    try:
        with closing(sqlite3.connect(present)) as connection:
            connection.execute("SELECT count(*) FROM attendance_records").fetchone()
    except sqlite3.DatabaseError:
        return False
    return True


def _differences(staged: Path, present: Path | None) -> dict[Part, Difference]:
    found = {}
    with closing(sqlite3.connect(staged, isolation_level=None)) as connection:
        if present is not None:
            connection.execute("ATTACH DATABASE ? AS present", (str(present),))
            connection.execute("BEGIN")  # one view of the present, which may go on changing
        for part, rows in _WHAT.items():
            found[part] = Difference(*_counts(connection, rows, compares=present is not None))
    same, statuses = found[Part.RECORDS], found[Part.CHANGED]
    changed = statuses.back - same.back if present is not None else 0
    found[Part.CHANGED] = Difference(changed, changed)
    return {part: one for part, one in found.items() if one.back or one.lost}


def _counts(connection: sqlite3.Connection, rows: str, *, compares: bool) -> tuple[int, int]:
    inside, present = rows.format(place="main"), rows.format(place="present")
    if not compares:
        return _number(connection, inside, f"{inside} WHERE 0"), 0
    return _number(connection, inside, present), _number(connection, present, inside)


def _number(connection: sqlite3.Connection, rows: str, without: str) -> int:
    counted = f"SELECT count(*) FROM ({rows} EXCEPT {without})"  # noqa: S608  our own words
    return int(connection.execute(counted).fetchone()[0])
