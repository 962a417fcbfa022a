"""Connections to SQLite or PostgreSQL, set up for safety. Engines may be used from any thread.

Both databases are driven by the same code; what differs stands here: how a transaction begins, how durable
it is, and what a reading view means.
"""

import os
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from kiosk.errors import DatabaseError, StorageError
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import HERE
from kiosk.storage.keys.private_files import private_folder, storage_errors
from kiosk.translation import _

PATIENCE_S: Final = 5
"""How long one step waits for another writer, for a free connection or for the server. Whoever writes is answered within 15 s,
and a write may come when the one before it has just begun to wait."""

IDLE_S: Final = 30
"""How long a kiosk may think inside a transaction on a server; one that was suspended there would hold up all others."""

BUSY_TIMEOUT_MS: Final = PATIENCE_S * 1000
"""How long SQLite waits for another writer or, in a rollback journal, for readers before a commit."""

_SERVER_PATIENCE: Final = {
    "connect_timeout": PATIENCE_S,
    "tcp_user_timeout": PATIENCE_S
    * 1000,  # a server that is gone without a word, such as a cable that was pulled
    "keepalives_idle": PATIENCE_S,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "options": f"-c lock_timeout={PATIENCE_S * 1000}",
}
"""What the driver is told, or it would wait for minutes."""

WAL_RESET_FIXES: Final = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""First SQLite versions, per line, without the bug that could corrupt a database when a WAL is reset."""

EXTRA: Final = 3
"""`PRAGMA synchronous`: a commit is on the disk when it returns. With a write-ahead log it is what FULL is; with a rollback
journal FULL leaves the unlinked journal's folder unsynced, and a power cut in the next seconds rolls the commit back."""

_READS: Final = "kiosk_reads"


def engine_for(target: str | Path) -> Engine:
    """An engine for a file path, a ``sqlite:///`` or a ``postgresql+psycopg://`` address.

    Raises:
        StorageError: The address is none, or the folder of the file cannot be used.
    """
    url = _url(target)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    if url.drivername == "postgresql+psycopg":
        return _server_engine(url)
    raise StorageError(
        _("This kind of database is not supported."),
        _("Use a file, or an address that begins with postgresql+psycopg://."),
    )


def place_of(url: URL) -> str:
    """What tells one database from another in the files beside it: a server's without user and password, or `HERE`."""
    if url.get_backend_name() == "sqlite":
        return HERE
    return f"{url.host or url.query.get('host', '')}:{url.port or ''}/{url.database}"


def is_absent(target: str | Path) -> bool:
    """Whether a target is an SQLite file that is not there or holds nothing; looking makes none."""
    url = _url(target)
    if url.get_backend_name() != "sqlite" or not url.database:
        return False
    path = Path(url.database)
    with storage_errors(path):
        try:
            return path.stat().st_size == 0
        except FileNotFoundError:
            return True


def reading(engine: Engine) -> Engine:
    """The same connections, but every transaction is one consistent view that cannot write."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_READS: True})
    return engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True, **{_READS: True}
    )


def has_wal_fix(version: tuple[int, ...]) -> bool:
    """Whether an SQLite of this version may keep a write-ahead log (docs/decisions/0013-sqlite-first.md)."""
    if version >= max(WAL_RESET_FIXES):
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in WAL_RESET_FIXES)


def set_journal(engine: Engine) -> None:
    """Choose the journal by the version of SQLite (the choice stays with the file), and look whether it holds.

    Raises:
        StorageError: A commit here would not survive a power cut.
    """
    mode = "WAL" if has_wal_fix(sqlite3.sqlite_version_info) else "DELETE"
    connection = engine.raw_connection()  # a journal changes outside of transactions only
    try:
        cursor = connection.cursor()
        # A file system without shared memory refuses a write-ahead log and keeps the journal that it has.
        journal = cursor.execute(f"PRAGMA journal_mode={mode}").fetchone()
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()
        cursor.close()
    finally:
        connection.close()
    if journal not in (("wal",), ("delete",)) or synchronous != (EXTRA,):
        raise StorageError(
            _("The database cannot be set up so that a power cut loses nothing."),
            _("Keep the data directory on a disk of this PC."),
        )


def emptied_log(engine: Engine) -> bool:
    """Bring the write-ahead log into the database and cut it to nothing; False while somebody reads from it."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")
        busy: int = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()
    finally:
        connection.close()
    return busy == 0


def _url(target: str | Path) -> URL:
    if isinstance(target, Path) or "://" not in target:
        return URL.create("sqlite", database=str(target))
    try:
        return make_url(target)
    except (ArgumentError, ValueError):  # such as a port that is no number
        raise StorageError(
            _("The address of the database cannot be read."), _("Check it in the settings.")
        ) from None


def _sqlite_engine(url: URL) -> Engine:
    if url.database:
        path = Path(url.database)
        private_folder(path.parent)
        with storage_errors(path):
            # Journals take over the mode of the database file: nobody but the owner reads either.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(url, pool_size=8, module=sqlite3)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "checkin", _leave_no_transaction)
    event.listen(engine, "commit", _require_transaction)
    event.listen(engine, "savepoint", _require_transaction)
    event.listen(engine, "release_savepoint", _require_transaction)
    event.listen(engine, "rollback_savepoint", _require_transaction)
    return engine


def _server_engine(url: URL) -> Engine:
    from kiosk.storage.database.server_connection import PatientConnection

    def connect(_dialect: Any, _record: Any, words: Any, options: Any) -> PatientConnection:
        return PatientConnection.connect(*words, **options)

    engine = create_engine(url, pool_pre_ping=True, pool_timeout=PATIENCE_S, connect_args=_SERVER_PATIENCE)
    event.listen(engine, "do_connect", connect)
    event.listen(engine, "begin", _begin_on_server)
    return engine


def _begin_on_server(connection: Connection) -> None:
    """Let the server end a transaction that writes and says nothing more: others wait for its locks."""
    if not connection.get_execution_options().get(_READS):
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{IDLE_S}s'")


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # We say BEGIN ourselves: Python's own begins too late for a view.
    for pragma in (
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        f"synchronous={EXTRA}",
        "secure_delete=ON",  # a forgotten face and its key are overwritten, not only unlinked
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    reads = bool(connection.get_execution_options().get(_READS))
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _leave_no_transaction(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Roll back what a commit that failed left open: SQLAlchemy takes it for ended, and nothing could begin here again."""
    if connection is not None and connection.in_transaction:
        connection.rollback()


def _require_transaction(connection: Connection, *_savepoint: object) -> None:
    """Refuse to go on where SQLite has ended the transaction by itself, as it does when the disk is full or fails.

    A COMMIT of nothing would succeed, and a savepoint would become a transaction of its own.
    """
    driver = connection.connection.dbapi_connection
    if driver is not None and not driver.in_transaction:
        raise DatabaseError(
            _("The disk reports an error while reading or writing the database."),
            _("Check the disk's free space and cables, and make a backup to another disk."),
        )
