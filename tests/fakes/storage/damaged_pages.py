"""A database of a school's size in small, and damage to its pages."""

import random
from contextlib import closing
from pathlib import Path
from typing import Final

from kiosk.storage.database.sqlite_library import sqlite3

PAGE: Final = 4096

TABLE_LEAF, INDEX_LEAF = 0x0D, 0x0A
"""First bytes of pages (https://www.sqlite.org/fileformat.html#b_tree_pages)."""

DAY: Final = "2026-01-05 08:00:00.000000"

_ROWS: Final[list[tuple[str, str, list[tuple[object, ...]]]]] = [
    ("courses", "id, code, code_folded, title, room", [(1, "M", "m", "M", "")]),
    (
        "class_sessions",
        "id, course_id, started_at, ended_at, late_after_s, policy, liveness, started_by, model, code_key",
        [(number, 1, DAY, DAY, 600, "face", "off", "a", "m", b"k") for number in range(40)],
    ),
    (
        "students",
        "id, student_no, student_no_folded, full_name, full_name_folded",
        [(number, f"s{number}", f"s{number}", "Name", "name") for number in range(75)],
    ),
    (
        "attendance_records",
        "id, session_id, student_id, status, marked_at, evidence, version, policy",
        [(n, n // 75, n % 75, "present", DAY, f'["0.{n:04}"]', 1, "face") for n in range(3000)],
    ),
    (
        "audit",
        "id, at, actor, action, subject, detail, previous_hash, hash",
        [(n, DAY, "a", "b", "c", "", f"{n:064x}", f"{n + 1:064x}") for n in range(100, 500)],
    ),
]


def fill(database: Path) -> None:
    """Add 75 students in 40 classes: 3,000 records, and pages that are free because rows were deleted."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("BEGIN")
        for table, columns, rows in _ROWS:
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
        connection.execute("DELETE FROM audit")
        connection.execute("COMMIT")


def pages_of(content: bytes, kind: int) -> list[int]:
    """Indices of pages of a kind with cells in them, the records' and the students' among them."""
    starts = range(PAGE, len(content), PAGE)
    return [
        start // PAGE for start in starts if content[start] == kind and any(content[start + 3 : start + 5])
    ]


def damage(database: Path, kind: int = TABLE_LEAF) -> None:
    """Overwrite a page of the records', which no start of the program reads, or of their index, which has the most entries."""
    content = database.read_bytes()
    index = (
        content.index(b'["0.1500"]') // PAGE
        if kind == TABLE_LEAF
        else max(pages_of(content, kind), key=lambda one: content[one * PAGE + 3 : one * PAGE + 5])
    )
    _overwrite(database, index)


def damage_root(database: Path, table: str) -> None:
    """Overwrite the first page of a table: in a small school, all of it."""
    with closing(sqlite3.connect(database)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    _overwrite(database, root - 1)


def _overwrite(database: Path, index: int) -> None:
    with database.open("r+b") as file:
        file.seek(index * PAGE)
        file.write(random.Random(index).randbytes(PAGE))
