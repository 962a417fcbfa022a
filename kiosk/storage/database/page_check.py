"""Looking for damage inside the pages of an SQLite file, table by table with all indexes. Any thread.

A disk, a cable or another program may change pages that nobody reads for months. A server looks after its own pages.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from kiosk.errors import DamageError, KioskError
from kiosk.storage.database.engine import BUSY_TIMEOUT_MS
from kiosk.storage.database.sql_errors import RESTORE, explained, plain_errors
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.translation import _

SCHEMA: Final = "sqlite_schema"
"""This table stands for header, schema and free pages, too (https://www.sqlite.org/pragma.html#pragma_integrity_check)."""

_LOOK_EVERY: Final = 1000
"""Steps of SQLite's machine, some tens of microseconds, after which the time is looked at."""

log = logging.getLogger(__name__)


class PageCheck:
    """Goes through all tables, round after round; a table that was cut short comes again.

    Attributes:
        last: The table that was looked at last; a round that begins goes on behind it.
    """

    def __init__(self, path: Path | None, *, last: str = "") -> None:
        """Look at nothing yet; without a path there is never anything to see."""
        self._path = path
        self._left: list[str] | None = None
        self.last = last

    def look(self, seconds: float, *, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Look at one table after the other for so long at most, and no longer than `go_on` says.

        Returns:
            Whether the round is complete; the next call begins another one.

        Raises:
            DamageError: There is damage.
            StorageError: The file cannot be read.
        """
        if self._path is None:
            return True
        until = time.monotonic() + seconds

        def is_over() -> bool:
            return time.monotonic() >= until or not go_on()

        with plain_errors(), closing(_connection(self._path)) as connection:
            connection.set_progress_handler(is_over, _LOOK_EVERY)
            try:
                self._left = self._left or self._from_last(connection)
                while self._left:
                    if is_over():
                        return False
                    require_whole(connection, self._left[0])
                    self.last = self._left.pop(0)
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_INTERRUPT:
                    raise
                return False
        self._left = None
        return True

    def _from_last(self, connection: Any) -> list[str]:
        tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name"
        names = sorted([SCHEMA, *(name for (name,) in connection.execute(tables))])
        behind = [name for name in names if name > self.last]
        return behind + names[: len(names) - len(behind)]


def require_sound(path: Path) -> None:
    """Look at every page of an SQLite file, however long that takes.

    Raises:
        DamageError: There is damage.
        StorageError: The file cannot be read.
    """
    with plain_errors(), closing(_connection(path)) as connection:
        require_whole(connection)


def require_whole(connection: Any, table: str = "") -> None:
    """Look at one table with its indexes, or at everything.

    Raises:
        DamageError: There is damage; what it is stands in the log.
        sqlite3.Error: The file cannot be read so far, or the progress handler cut it short.
    """
    part = "('" + table.replace("'", "''") + "')" if table else ""
    try:
        found = [text for (text,) in connection.execute(f"PRAGMA integrity_check{part}").fetchall()]
    except sqlite3.DatabaseError as error:  # some damage is too much for the check itself
        claims_too_much = isinstance(error, sqlite3.DataError)  # a damaged cell that says it holds gigabytes
        if not (claims_too_much or isinstance(explained(error), DamageError)):
            raise
        found = [str(error)]
    if found == ["ok"]:
        return
    log.error("the database is damaged: %s", "; ".join("\n".join(found).splitlines()[:5]))
    raise DamageError(_("Pages inside the database file are damaged, so records may be lost."), _(RESTORE))


@contextmanager
def interruptible(connection: Any, look: Callable[[], object]) -> Iterator[None]:
    """Let `look` end what the connection does inside the block: the KioskError that it raises ends it and goes on to the caller."""
    raised: list[KioskError] = []

    def is_over() -> bool:
        try:
            look()
        except KioskError as error:
            raised.append(error)
        return bool(raised)

    connection.set_progress_handler(is_over, _LOOK_EVERY)
    try:
        yield
    except sqlite3.OperationalError as error:
        if raised:
            raise raised[0] from error
        raise
    finally:
        connection.set_progress_handler(None, _LOOK_EVERY)


def _connection(path: Path) -> Any:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None
    )
