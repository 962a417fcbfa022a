"""The store thread: every write, one at a time, never dropped.

Owns the thread ``store``. Writes queue up; each runs in one transaction of its own, and its future is done only
after the commit returned. Reads run in the calling thread.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from kiosk.errors import StorageError
from kiosk.services.ports.store import Database, Repositories

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    work: Callable[[Repositories], Any]
    answer: "Future[Any]"


class StoreWorker:
    """`Store` over a database, with one writing thread."""

    def __init__(self, *, database: Database) -> None:
        self._database = database
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def write(self, work: Callable[[Repositories], T]) -> "Future[T]":
        """Queue a transaction; the future carries its result or its exception."""
        answer: Future[T] = Future()
        answer.set_running_or_notify_cancel()  # whoever stops waiting cancels no write
        with self._lock:
            if self._closed:
                answer.set_exception(StorageError("The kiosk is closing; nothing more can be written."))
                return answer
            self._jobs.put(_Job(work, answer))
        return answer

    def read(self, query: Callable[[Repositories], T]) -> T:
        """Run a query in this thread on a consistent view."""
        with self._database.snapshot() as repositories:
            return query(repositories)

    def drain(self, timeout_s: float) -> bool:
        """Take no more writes, finish those queued; False when that took longer than `timeout_s`."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        if self._thread.ident is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                with self._database.transaction() as repositories:
                    result = job.work(repositories)
            except Exception as error:  # noqa: BLE001 - handed to whoever waits; the thread goes on for others
                job.answer.set_exception(error)
            else:
                job.answer.set_result(result)
