"""Lets an older database follow what was forgotten since: erased faces, every later no, and deleted students. Any thread.

The present database says what that is: which data keys were erased, which words were written down, who was deleted. It is
used where a backup is restored and where the kiosk's own older backups are made anew without what was erased.
"""

import hashlib
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.domain.people.students import fold
from kiosk.errors import DamageError
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sql_errors import explained
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.repositories.audit import STUDENT_DELETED
from kiosk.storage.repositories.student_removal import remove_student

_NEWER: Final = (
    # By their numbers: after an earlier restore the same row number may be somebody else's.
    """CREATE TEMP TABLE same AS SELECT here.id AS here_id, there.id AS there_id FROM main.students AS here
       JOIN present.students AS there ON there.student_no_folded = here.student_no_folded""",
    """CREATE TEMP TABLE newer AS SELECT word.id AS word_id, same.here_id AS student_id, word.given AS given
       FROM present.consents AS word JOIN same ON same.there_id = word.student_id WHERE NOT EXISTS (
           SELECT 1 FROM main.consents AS known WHERE known.student_id = same.here_id
           AND known.kind = word.kind AND known.given = word.given AND known.recorded_at = word.recorded_at)""",
)
"""What was said since, so far as the database does not know it."""

_NOTHING_NEWER: Final = "CREATE TEMP TABLE newer (word_id, student_id, given)"

_FORGET: Final = (
    """CREATE TEMP TABLE forgotten AS SELECT student_id, key_id FROM main.student_keys
       WHERE key_id IN (SELECT key_id FROM present.erased_keys)
       OR student_id IN (SELECT student_id FROM newer WHERE NOT given)""",
    "DELETE FROM main.face_templates WHERE student_id IN (SELECT student_id FROM forgotten)",
    "DELETE FROM main.face_samples WHERE student_id IN (SELECT student_id FROM forgotten)",
    "DELETE FROM main.student_keys WHERE key_id IN (SELECT key_id FROM forgotten)",
    """INSERT OR IGNORE INTO main.erased_keys
       SELECT key_id FROM present.erased_keys UNION SELECT key_id FROM forgotten""",
)

_WORDS: Final = """INSERT INTO main.consents ({columns})
   SELECT {values} FROM newer JOIN present.consents AS word ON word.id = newer.word_id
   WHERE newer.student_id IN (SELECT student_id FROM forgotten)
   OR newer.student_id IN (SELECT student_id FROM newer WHERE NOT given) ORDER BY word.id"""
"""All that those said since who said no or whose face was erased: a no stands until it is taken back, and that is known, too.

Who said it comes along where both schemas know (0013 or later).
"""

_FORGET_PAIRS: Final = (
    """DELETE FROM main.face_pairs WHERE origin = 'lookalike' AND
       (student_id IN (SELECT student_id FROM forgotten) OR other_id IN (SELECT student_id FROM forgotten))""",
    """UPDATE main.face_pairs SET distance = NULL WHERE
       student_id IN (SELECT student_id FROM forgotten) OR other_id IN (SELECT student_id FROM forgotten)""",
)
"""Only where the schema (0003 or later) has such pairs."""


@dataclass(frozen=True, slots=True)
class DeletedStudents:
    """Who was deleted from the present database.

    Attributes:
        rows: Row number and moment of each.
        numbers: What their numbers were, folded, as the log names them.
    """

    rows: tuple[tuple[int, datetime], ...] = ()
    numbers: frozenset[str] = frozenset()


def forget_again(staged: Path, present: Path) -> int:
    """Erase from a database that nobody has open what the present one knows to have been erased or refused.

    Returns:
        How many faces were erased and words added.
    """
    if not present.is_file():
        return 0
    try:
        with closing(sqlite3.connect(present)) as connection:  # also rolls an unfinished transaction back
            connection.execute("SELECT count(*) FROM erased_keys").fetchone()
    except sqlite3.DatabaseError:
        return (
            0  # damaged, or of another kind: it is kept beside, and knows nothing that could be carried over
        )
    try:
        return _forget(staged, present, with_words=True)
    except sqlite3.DatabaseError as error:
        if not isinstance(explained(error), DamageError):
            raise
        with suppress(sqlite3.DatabaseError):  # whose faces went is still known, if not who said so
            return _forget(staged, present, with_words=False)
        return 0


def deleted_students(present: Path) -> DeletedStudents:
    """Who was deleted from a database; nobody where it cannot be read or its schema (before 0013) deletes nobody."""
    if not present.is_file():
        return DeletedStudents()
    try:
        with closing(sqlite3.connect(present)) as connection:
            rows = connection.execute(
                "SELECT id, deleted_at FROM students WHERE deleted_at IS NOT NULL"
            ).fetchall()
            named = connection.execute(
                "SELECT subject FROM audit WHERE action = ?", (STUDENT_DELETED,)
            ).fetchall()
    except sqlite3.DatabaseError:
        return DeletedStudents()
    return DeletedStudents(
        tuple((student_id, datetime.fromisoformat(at).replace(tzinfo=UTC)) for student_id, at in rows),
        frozenset(fold(number) for (number,) in named),
    )


def delete_again(database: SqlDatabase, gone: DeletedStudents, *, actor: str) -> int:
    """Delete from an older database of this program's schema who was deleted since; the log says so. Returns how many.

    Row number and number must both fit: after an earlier restore either alone may be somebody else's.
    """
    if not gone.rows:
        return 0
    with database.transaction() as repositories:
        found = [(repositories.students.get(student_id), at) for student_id, at in gone.rows]
        wanted = [(one, at) for one, at in found if one is not None and fold(one.student_no) in gone.numbers]
        for student, at in wanted:
            remove_student(
                *(repositories, student),
                actor=actor,
                now=datetime.now(UTC),
                deleted_at=at,
                leaves_on=at.date() + timedelta(days=1),
            )
    return len(wanted)


def strippable(staged: Path, gone: DeletedStudents) -> Sequence[str]:
    """Numbers of those who were deleted and are known to a database of an older schema."""
    with closing(sqlite3.connect(staged)) as connection:
        known = dict(connection.execute("SELECT id, student_no_folded FROM students").fetchall())
    return [known[one] for one, _at in gone.rows if known.get(one) in gone.numbers]


def forgotten_mark(present: Path) -> str:
    """Stands for everything that was erased, refused and deleted: another one says that there is more.

    Raises:
        sqlite3.Error: The database cannot be read.
    """
    digest = hashlib.sha256()
    with closing(sqlite3.connect(present)) as connection:
        for rows in (
            "SELECT key_id FROM erased_keys ORDER BY key_id",
            "SELECT id FROM students WHERE deleted_at IS NOT NULL ORDER BY id",
            "SELECT student_id, recorded_at FROM consents WHERE NOT given ORDER BY id",
        ):
            for row in connection.execute(rows):
                digest.update(repr(row).encode())
            digest.update(b"\n")
    return digest.hexdigest()


def _forget(staged: Path, present: Path, *, with_words: bool) -> int:
    with closing(sqlite3.connect(staged, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON").fetchall()
        connection.execute("ATTACH DATABASE ? AS present", (str(present),))
        connection.execute("BEGIN")
        for statement in (*(_NEWER if with_words else (_NOTHING_NEWER,)), *_FORGET):
            connection.execute(statement)
        said = 0
        if with_words:
            columns = _known_to_both(connection)
            values = ", ".join(
                "newer.student_id" if one == "student_id" else f"word.{one}" for one in columns
            )
            said = connection.execute(_WORDS.format(columns=", ".join(columns), values=values)).rowcount
        if connection.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'face_pairs'").fetchone():
            for statement in _FORGET_PAIRS:
                connection.execute(statement)
        erased = connection.execute("SELECT count(*) FROM forgotten").fetchone()[0]
        connection.execute("COMMIT")
    return int(erased) + said


def _known_to_both(connection: sqlite3.Connection) -> list[str]:
    """Columns of the consents in both databases; each gives a word an id of its own."""
    tables = (
        connection.execute(f"PRAGMA {one}.table_info(consents)").fetchall() for one in ("main", "present")
    )
    ours, theirs = ({str(column[1]) for column in columns} for columns in tables)
    return sorted((ours & theirs) - {"id"})
