"""The store thread: every write, one at a time, never dropped, each answered.

Owns the thread ``store``. Writes queue up; each is written wholly or not at all, and answered only after the commit
returned. Reads run in the calling thread.

A commit waits for the disk, several times longer than the write before it takes. So writes that waited for one are
committed together, each still undone alone when it fails: a class that comes at once waits for a few commits, not for
three a student.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy.exc import DBAPIError

from kiosk.errors import StorageError
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database
from kiosk.translation import _

T = TypeVar("T")

TOGETHER_MOST: Final = 64
"""Writes that share a commit; raising it makes a failing commit fail more of them."""

TOGETHER_S: Final = 0.02
"""How long the first of them waits for the others, which take less than a millisecond each as a rule."""


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    work: Callable[[Repositories], Any]
    then: Callable[[Any], None] | None
    answer: "Future[Any]"


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: Any
    error: BaseException | None


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
        self._thread.start()

    def write(self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None) -> T:
        if threading.current_thread() is self._thread:
            raise RuntimeError("A write in the store thread would wait for itself.")
        return self.write_later(work, then=then).result()

    def write_later(
        self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None
    ) -> "Future[T]":
        """Queue a transaction; the future carries its result or its exception."""
        answer: Future[T] = Future()
        answer.set_running_or_notify_cancel()  # whoever stops waiting cancels no write
        with self._lock:
            if self._closed:
                answer.set_exception(_closing())
                return answer
            self._jobs.put(_Job(work, then, answer))
        return answer

    def read(self, query: Callable[[Repositories], T]) -> T:
        with self._database.snapshot() as repositories:
            return query(repositories)

    def drain(self, timeout_s: float) -> bool:
        """Take no more writes, finish those queued; False when that took longer than `timeout_s`."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        if self._thread.ident is None:
            self._refuse_the_rest()
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                taken = [job]
                try:
                    outcomes = self._write_alone(job) if self._jobs.empty() else self._write_together(taken)
                except BaseException as error:  # noqa: BLE001 - handed to whoever waits; the thread goes on
                    outcomes = [_Outcome(None, error)] * len(taken)
                _answer(taken, outcomes)
        finally:  # nobody waits for a thread that is no more
            self._refuse_the_rest()

    def _write_alone(self, job: _Job) -> list[_Outcome]:
        with self._database.transaction() as repositories:
            result = job.work(repositories)
        return [_Outcome(result, None)]

    def _write_together(self, taken: list[_Job]) -> list[_Outcome]:
        """Write the job in `taken` and those that wait behind it, which are then in `taken`, too."""
        waited, begun = self._jobs.qsize(), False
        try:
            with self._database.batch() as part:
                begun = True
                outcomes = [_attempt(part(), job) for job in self._waiting(taken)]
        except Exception:  # raised again below
            if not begun:  # those that waited as long would only wait in vain again, one after the other
                while len(taken) <= waited and (job := self._next()) is not None:
                    taken.append(job)
            raise
        return outcomes

    def _waiting(self, taken: list[_Job]) -> Iterator[_Job]:
        """The write in `taken`, and those that wait behind it until some time has passed; each is taken first."""
        until = time.monotonic() + self._together_s
        yield taken[0]
        while len(taken) < TOGETHER_MOST and time.monotonic() <= until:
            job = self._next()
            if job is None:
                return
            taken.append(job)
            yield job

    def _next(self) -> _Job | None:
        """The next that waits; this thread alone takes from the queue."""
        if self._jobs.empty():
            return None
        job = self._jobs.get()
        if job is None:
            self._jobs.put(None)  # nothing comes behind the end
        return job

    def _refuse_the_rest(self) -> None:
        with self._lock:
            self._closed = True
        while (job := self._next()) is not None:
            job.answer.set_exception(_closing())


def _attempt(part: AbstractContextManager[Repositories], job: _Job) -> _Outcome:
    """Run one write of several; what it raises is its own affair only where the database had no part in it.

    SQLite ends a transaction by itself when the disk is full or fails, and then there is nothing to undo alone.

    Raises:
        Exception: The whole transaction is not to be trusted any more.
    """
    own: Exception | None = None
    try:
        with part as repositories:
            try:
                return _Outcome(job.work(repositories), None)
            except Exception as error:  # raised again, to undo its savepoint
                own = error
                raise
    except Exception as error:  # handed to whoever waits
        if error is not own or isinstance(error, StorageError | DBAPIError):
            raise
        return _Outcome(None, error)


def _answer(taken: list[_Job], outcomes: list[_Outcome]) -> None:
    for job, outcome in zip(taken, outcomes, strict=True):
        if outcome.error is not None:
            job.answer.set_exception(outcome.error)
        else:
            _tell(job, outcome.result)
            job.answer.set_result(outcome.result)


def _tell(job: _Job, result: Any) -> None:
    """Tell of what was written; a listener that fails leaves nobody waiting."""
    if job.then is None:
        return
    try:
        job.then(result)
    except Exception:  # other people's code, at the top of the thread
        log.exception("a listener failed to hear what was written")


def _closing() -> StorageError:
    return StorageError(_("The kiosk is closing; nothing more can be written."))
