"""Looks at the database inside a backup before anything in it is believed. Any thread.

An SQLite file can hold code that runs when it is read or written: triggers, views, virtual tables. Ours has none.
"""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from kiosk.errors import FileFormatError
from kiosk.storage.database import schema
from kiosk.storage.database.page_check import interruptible
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.database.tables import METADATA
from kiosk.translation import _

_OURS: Final = frozenset(METADATA.tables) | {"alembic_version", "sqlite_sequence"}
"""Tables of all schemas so far; SQLite's own statistics are let in by their names."""

_FOREIGN: Final = """SELECT 1 FROM sqlite_master WHERE type NOT IN ('table', 'index') OR rootpage IS NULL OR rootpage < 1
    OR (type = 'table' AND sql NOT LIKE 'CREATE TABLE %') LIMIT 1"""


def check_database(staged: Path, look: Callable[[], object]) -> None:
    """See that a file is a whole kiosk database of a schema that this program knows, and holds nothing else.

    `look` is called all along; a `KioskError` that it raises ends the check and goes on to the caller.

    Raises:
        FileFormatError: It is not.
        StorageError: It was written by a newer program.
    """
    try:
        with closing(sqlite3.connect(staged)) as connection, interruptible(connection, look):
            for guard in ("trusted_schema=OFF", "cell_size_check=ON"):
                connection.execute(f"PRAGMA {guard}").fetchall()
            _refuse_code(connection)
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        sound, revision = False, None
    if not sound or revision is None:
        raise FileFormatError(_("The database inside this backup is damaged."), _("Use another backup."))
    schema.refuse_newer(str(revision[0]))


def _refuse_code(connection: sqlite3.Connection) -> None:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    unknown = {name for (name,) in names if name not in _OURS and not name.startswith("sqlite_stat")}
    if unknown or connection.execute(_FOREIGN).fetchone():
        raise FileFormatError(
            _("The database inside this backup holds something that no kiosk puts there."),
            _("Somebody may have changed it. Use another backup."),
        )
