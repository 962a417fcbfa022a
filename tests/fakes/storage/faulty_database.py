"""A database that refuses, or stands still, when a test says so."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from kiosk.errors import StorageError
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database

WAIT_S: Final = 60.0


class FaultyDatabase:
    """A database of which a test says what does not work.

    Attributes:
        refuses: What every transaction and view is refused with.
        refuses_writes: What transactions alone are refused with.
        begin: Waited for before a transaction is open.
        commit: Waited for before it is committed.
        at_commit: Set as soon as one is done and about to be committed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.close = database.close
        self.refuses: StorageError | None = None
        self.refuses_writes: StorageError | None = None
        self.begin, self.commit, self.begins = threading.Event(), threading.Event(), threading.Event()
        self.at_commit = threading.Event()
        self.begin.set()
        self.commit.set()

    @contextmanager
    def transaction(self) -> Iterator[Repositories]:
        self._open()
        with self._database.transaction() as repositories:
            yield repositories
            self._reach_commit()

    @contextmanager
    def batch(self) -> Iterator[Callable[[], AbstractContextManager[Repositories]]]:
        self._open()
        with self._database.batch() as part:
            yield part
            self._reach_commit()

    @contextmanager
    def snapshot(self) -> Iterator[Repositories]:
        if self.refuses is not None:
            raise self.refuses
        with self._database.snapshot() as repositories:
            yield repositories

    def _reach_commit(self) -> None:
        self.at_commit.set()
        self.commit.wait(WAIT_S)

    def _open(self) -> None:
        self.begins.set()
        self.begin.wait(WAIT_S)
        if (refusal := self.refuses or self.refuses_writes) is not None:
            raise refusal
