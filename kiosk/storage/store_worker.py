"""The store thread: every write, one at a time, never dropped.

Owns the thread ``store``. Writes queue up; each is written wholly or not at all, and its future is done only after the
commit returned. Reads run in the calling thread.

A commit waits for the disk, several times longer than the write before it takes. So writes that waited for one are
committed together, each still undone alone when it fails: a class that comes at once waits for a few commits, not for
three a student.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from kiosk.errors import StorageError
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database

T = TypeVar("T")

TOGETHER_MOST: Final = 64
"""Writes that share a commit; raising it makes a failing commit fail more of them."""

TOGETHER_S: Final = 0.02
"""How long the first of them waits for the others, which take less than a millisecond each as a rule."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    work: Callable[[Repositories], Any]
    answer: "Future[Any]"


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: Any
    error: Exception | None


class StoreWorker:
    """`Store` over a database, with one writing thread."""

    def __init__(self, *, database: Database, together_s: float = TOGETHER_S) -> None:
        self._database = database
        self._together_s = together_s
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
            if self._jobs.empty():
                self._write_alone(job)
            else:
                self._write_together(job)

    def _write_alone(self, job: _Job) -> None:
        try:
            with self._database.transaction() as repositories:
                result = job.work(repositories)
        except Exception as error:  # noqa: BLE001 - handed to whoever waits; the thread goes on for others
            job.answer.set_exception(error)
        else:
            job.answer.set_result(result)

    def _write_together(self, first: _Job) -> None:
        taken: list[_Job] = []
        outcomes: list[_Outcome] = []
        try:
            with self._database.batch() as part:
                for job in self._waiting(first):
                    taken.append(job)
                    outcomes.append(_attempt(part, job))
        except Exception as error:  # noqa: BLE001 - as above; none of them was written
            outcomes = [_Outcome(None, error)] * len(taken)
        for job, outcome in zip(taken, outcomes, strict=True):
            if outcome.error is not None:
                job.answer.set_exception(outcome.error)
            else:
                job.answer.set_result(outcome.result)

    def _waiting(self, first: _Job) -> Iterator[_Job]:
        """The first write, and those that wait behind it until some time has passed."""
        until = time.monotonic() + self._together_s
        yield first
        for _ in range(TOGETHER_MOST - 1):
            if time.monotonic() > until or self._jobs.empty():
                return
            job = self._jobs.get()  # this thread alone takes from the queue
            if job is None:
                self._jobs.put(None)  # nothing comes behind the end
                return
            yield job


def _attempt(part: Callable[[], AbstractContextManager[Repositories]], job: _Job) -> _Outcome:
    """Run one write of several; what it raises is its own affair as long as it could be undone alone.

    Raises:
        Exception: The whole transaction is not to be trusted any more.
    """
    own: Exception | None = None
    try:
        with part() as repositories:
            try:
                return _Outcome(job.work(repositories), None)
            except Exception as error:
                own = error
                raise
    except Exception as error:
        if error is not own or isinstance(
            error, StorageError
        ):  # SQLite ends a transaction when the disk is full
            raise
        return _Outcome(None, error)
