"""What databases report, turned into sentences for people. Stateless; any thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from kiosk.errors import CollisionError, DamageError, DatabaseError
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.translation import N_, _

RESTORE: Final = N_("Restore the newest backup with “kiosk restore”.")
"""What to do about damage."""

_DAMAGED: Final = (N_("The database file is damaged or is no kiosk database."), RESTORE)
_NOT_WRITABLE: Final = (
    N_("The database cannot be opened for writing."),
    N_("Check that the data directory exists and belongs to you, or choose another with --data-dir."),
)
_FULL: Final = (
    N_("The disk is full, so nothing more can be saved."),
    N_("Free some space on the disk of the data directory; nothing that was confirmed is lost."),
)
_UNREADABLE: Final = (
    N_("The disk reports an error while reading or writing the database."),
    N_("Check the disk's free space and cables, and make a backup to another disk."),
)
_BUSY: Final = (
    N_("The database is in use by another program for too long."),
    N_("Close other programs that have the database open, then try again."),
)
_STANDBY: Final = (
    N_("The database server lets nobody write at the moment."),
    N_("It may be a standby: check the server, then try again."),
)
_COLLISION: Final = (
    N_("Other kiosks wrote the same at the same moment."),
    N_("Please try again."),
)
_STOPPED: Final = (
    N_(
        "This kiosk stopped while it was saving, and the database server gave up waiting for it: nothing was saved."
    ),
    N_("Please try again."),
)
_NO_SERVER: Final = (
    N_("The database server cannot be reached."),
    N_("Check the network and the server, then try again."),
)

_BY_SQLITE_CODE: Final = {
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_READONLY: _NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: _NOT_WRITABLE,
    sqlite3.SQLITE_PERM: _NOT_WRITABLE,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: _UNREADABLE,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
}

_BY_SERVER_CODE: Final = {
    "25P03": _STOPPED,  # idle_in_transaction_session_timeout
    "25006": _STANDBY,  # read_only_sql_transaction
    "40001": _COLLISION,  # serialization_failure
    "40P01": _COLLISION,  # deadlock_detected
    "53100": _FULL,  # disk_full
    "55P03": _BUSY,  # lock_not_available
    "57014": _BUSY,  # query_canceled, as by a time limit
    "58030": _UNREADABLE,  # io_error
}
"""What PostgreSQL says in words of its own (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

_TELLS_DAMAGE: Final = ("unsupported file format", "Could not decode to UTF-8")
"""How messages begin that have no code of their own."""


def explained(error: DBAPIError | sqlite3.Error) -> DatabaseError | None:
    """The sentence for what the environment did; None where the fault is in our own statement."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        # The low byte is the primary code, the rest says more (https://www.sqlite.org/rescode.html).
        words = _BY_SQLITE_CODE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        if words is None and str(cause).startswith(_TELLS_DAMAGE):
            words = _DAMAGED
    else:
        gone = _NO_SERVER if isinstance(error, OperationalError | InterfaceError) else None
        words = _BY_SERVER_CODE.get(getattr(cause, "sqlstate", None) or "", gone)
    if words is None:
        return None
    kind = DamageError if words is _DAMAGED else CollisionError if words is _COLLISION else DatabaseError
    return kind(*map(_, words))


def is_disk_error(error: DBAPIError) -> bool:
    """Whether SQLite says that the disk failed, rather than that it is full or that somebody else is writing."""
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR


@contextmanager
def plain_errors() -> Iterator[None]:
    """Raise the environment's failures inside the block as `DatabaseError`; let our own defects through."""
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseError(*tuple(map(_, _BUSY))) from error
    except UnicodeDecodeError as error:  # the driver wanted to say what is damaged, and quoted it
        raise DamageError(*map(_, _DAMAGED)) from error
    except (DBAPIError, sqlite3.Error) as error:
        told = explained(error)
        if told is None:
            raise
        raise told from error
