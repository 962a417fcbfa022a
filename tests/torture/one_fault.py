"""One fault that waits for the nth chance to strike, then strikes once: in the driver, in the operating system, or in a socket.

The operating system's need `failing_io.c` to be preloaded. What is raised here in the place of a driver is what SQLite itself
raises, and where it ends the transaction by itself, so does this.
"""

import ctypes
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from kiosk.storage.database.sqlite_library import sqlite3


class Fault(Enum):
    """What fails."""

    BEGIN = "begin"
    STATEMENT = "statement"
    COMMIT = "commit"
    WRITE = "write"
    SYNC = "sync"
    OPEN = "open"
    SOCKET = "socket"
    ANSWER = "answer"
    """The server does what it is told; the answer to the commit is lost."""


ON_SQLITE: Final = (Fault.BEGIN, Fault.STATEMENT, Fault.COMMIT)
ON_DISK: Final = (Fault.WRITE, Fault.SYNC, Fault.OPEN)
ON_SERVER: Final = (Fault.SOCKET, Fault.ANSWER)

_ENDS_IT: Final = {
    Fault.BEGIN: (sqlite3.SQLITE_BUSY, "database is locked"),
    Fault.STATEMENT: (sqlite3.SQLITE_FULL, "database or disk is full"),
    Fault.COMMIT: (sqlite3.SQLITE_IOERR, "disk I/O error"),
}

_PRELOADED: Final = ctypes.CDLL(None)


def disk_can_fail() -> bool:
    """Whether `failing_io.c` is preloaded."""
    return hasattr(_PRELOADED, "fault_arm")


class OneFault:
    """Armed with a kind and how many chances it lets pass; `struck` counts what it did."""

    def __init__(self) -> None:
        self.struck = 0
        self._kind: Fault | None = None
        self._left = 0

    def arm(self, kind: Fault, nth: int) -> None:
        """Let the nth chance from now on fail."""
        self.disarm()
        self._kind, self._left = kind, nth
        if kind in ON_DISK:
            _PRELOADED.fault_arm(1 + ON_DISK.index(kind), nth)

    def disarm(self) -> None:
        """Let everything work."""
        if self._kind in ON_DISK:
            self._left = _PRELOADED.fault_left()
            self.struck += self._left == 0
            _PRELOADED.fault_arm(0, 0)
        self._kind = None

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Inside the block everything works, and no chance is counted."""
        kind = self._kind
        self.disarm()
        try:
            yield
        finally:
            if kind is not None and self._left > 0:
                self.arm(kind, self._left)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Inside the block it hears of every statement and commit."""
        event.listen(Engine, "before_cursor_execute", self._on_statement)
        event.listen(Engine, "commit", self._on_commit)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", self._on_statement)
            event.remove(Engine, "commit", self._on_commit)

    def _on_statement(self, connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("BEGIN"):
            self._strike(connection, Fault.BEGIN)
        elif not statement.startswith("PRAGMA"):
            self._strike(connection, Fault.STATEMENT, Fault.SOCKET)

    def _on_commit(self, connection: Connection) -> None:
        self._strike(connection, Fault.COMMIT, Fault.ANSWER)

    def _strike(self, connection: Connection, *kinds: Fault) -> None:
        kind = self._kind
        if kind not in kinds:
            return
        self._left -= 1
        if self._left > 0:
            return
        self._kind = None
        self.struck += 1
        driver: Any = connection.connection.dbapi_connection
        if kind in ON_SERVER:
            # Nothing more is received; the end of what is sent comes with the connection's.
            way = socket.SHUT_RDWR if kind is Fault.SOCKET else socket.SHUT_RD
            with socket.socket(fileno=os.dup(driver.fileno())) as line:
                line.shutdown(way)
            return
        code, words = _ENDS_IT[kind]
        if kind is not Fault.BEGIN:
            driver.rollback()
        error = sqlite3.OperationalError(words)
        error.sqlite_errorcode = code
        raise error
