"""The store thread: every write, one at a time, never dropped, each answered.

Owns the threads ``store`` and ``store-watch``. Writes queue up; each is written wholly or not at all, and answered only after
the commit returned. Reads run in the calling thread.

A commit waits for the disk, several times longer than the write before it takes. So writes that waited for one are
committed together, each still undone alone when it fails: a class that comes at once waits for a few commits, not for
three a student.

A disk or a server may fail, or say nothing at all. Then `trouble` says why, whoever waits is answered by the watch, and while
nobody writes a little write every few seconds finds out that it works again.
"""

import logging
import math
import queue
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError

from kiosk.errors import CollisionError, DatabaseError, StorageError, UnknownOutcomeError
from kiosk.storage.database.tables import StoreFactRow
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database
from kiosk.storage.store_job import Job, Outcome
from kiosk.translation import _

T = TypeVar("T")

TOGETHER_MOST: Final = 64
"""Writes that share a commit; raising it makes a failing commit fail more of them."""

TOGETHER_S: Final = 0.02
"""How long the first of them waits for the others, which take less than a millisecond each as a rule."""

AGAIN_MOST: Final = 3
"""How often a write is tried by itself that another kiosk on the same server made impossible."""

PROBE_S: Final = 3.0
"""How long after a failure nobody writes until the store tries by itself."""

LOOK_S: Final = 0.5
"""How often the watch looks for whoever has waited long enough."""

WRITE_CHECK: Final = "write_check"
"""Name of the fact that is written to see whether anything can be."""

log = logging.getLogger(__name__)


class StoreWorker:
    """`Store` over a database, with one writing thread."""

    def __init__(
        self, *, database: Database, together_s: float = TOGETHER_S, probe_s: float = PROBE_S
    ) -> None:
        self._database = database
        self._together_s = together_s
        self._probe_s = probe_s
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._unanswered: set[Job] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._over = threading.Event()
        self._trouble: DatabaseError | None = None
        self._in_doubt = False
        self._probe: Future[None] | None = None
        self._on_trouble: Callable[[DatabaseError | None], None] = lambda _trouble: None
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._watch = threading.Thread(target=self._look_after, name="store-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._watch.start()

    @property
    def trouble(self) -> DatabaseError | None:
        return self._trouble

    def tell_of_trouble(self, on_trouble: Callable[[DatabaseError | None], None]) -> None:
        """Call `on_trouble` when writing fails for another reason than before, and with None when it works again.

        It is called before whoever waited is answered, on any thread, and must return at once.
        """
        self._on_trouble = on_trouble

    def write(self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None) -> T:
        if threading.current_thread() is self._thread:
            raise RuntimeError("A write in the store thread would wait for itself.")
        return self.write_later(work, then=then).result()

    def write_later(
        self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None
    ) -> "Future[T]":
        """Queue a transaction; the future carries its result or its exception."""
        job = Job(work, then)
        with self._lock:
            closed = self._closed
            if not closed:
                self._unanswered.add(job)
                self._jobs.put(job)
        if closed:
            job.give_up(_closing())
        job.answer.add_done_callback(partial(self._forget, job))
        return job.answer

    def read(self, query: Callable[[Repositories], T]) -> T:
        try:
            with self._database.snapshot() as repositories:
                return query(repositories)
        except DatabaseError:
            self._ask_whether_it_writes()
            raise

    def drain(self, timeout_s: float) -> bool:
        """Take no more writes, finish those queued; False when that took longer than `timeout_s`."""
        self._close()
        if self._thread.ident is None:
            self._refuse_the_rest()
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def abandon(self) -> None:
        """Let nobody wait any longer, and begin nothing more: the program ends while the database does not answer."""
        self._close()
        self._give_up(math.inf, _closing())

    def _close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)

    # -- the store thread ----------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while (job := self._await_job()) is not None:
                if not job.is_answered:
                    self._do(job)
        finally:  # nobody waits for a thread that is no more
            self._refuse_the_rest()
            self._over.set()

    def _await_job(self) -> Job | None:
        """The next write; while something is wrong and nobody writes, one that tries."""
        wait_s = 0.0 if self._in_doubt else self._probe_s if self._trouble is not None else None
        self._in_doubt = False
        try:
            return self._jobs.get(timeout=wait_s)
        except queue.Empty:
            return Job(_try_to_write, None)

    def _do(self, first: Job) -> None:
        taken: list[Job] = []
        try:
            alone = self._jobs.empty()
            outcomes = self._write_alone(first, taken) if alone else self._write_together(first, taken)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits; the thread goes on
            taken = taken or [first]
            outcomes = self._write_again(taken, error)
        else:
            self._note(None)
        for job, outcome in zip(taken, outcomes, strict=True):
            job.settle(outcome, _tell)

    def _write_alone(self, job: Job, taken: list[Job]) -> list[Outcome]:
        with self._database.transaction() as repositories:
            if not job.begin():
                return []
            taken.append(job)
            result = job.work(repositories)
            job.commit()
        return [Outcome(result, None)]

    def _write_together(self, first: Job, taken: list[Job]) -> list[Outcome]:
        """Write this job and those that wait behind it; all that were begun are then in `taken`."""
        waited, begun = self._jobs.qsize(), False
        try:
            with self._database.batch() as part:
                begun = True
                outcomes = [_attempt(part(), job) for job in self._waiting(first, taken)]
                for job in taken:
                    job.commit()
        except Exception:  # raised again below
            if not begun:  # those that waited as long would only wait in vain again, one after the other
                taken.append(first)
                while len(taken) <= waited and (behind := self._next()) is not None:
                    taken.append(behind)
            raise
        return outcomes

    def _write_again(self, taken: list[Job], error: BaseException) -> list[Outcome]:
        """What came of writes whose transaction failed: tried again one by one where another kiosk wrote the same meanwhile.

        Nothing of it was written then and nobody was told, and each takes its locks in the order that all keep.
        """
        outcomes: list[Outcome] = []
        for job in taken:
            outcome = self._write_apart(job, error) if _is_collision(error) else Outcome(None, error)
            if outcome.error is not None and not _is_collision(outcome.error):
                error = outcome.error if isinstance(outcome.error, DatabaseError) else error
            outcomes.append(outcome)
        if _is_collision(error):
            self._note(None)
        else:
            self._take_failure(error)
        return outcomes

    def _write_apart(self, job: Job, error: BaseException) -> Outcome:
        for _again in range(AGAIN_MOST):
            try:
                done = self._write_alone(job, [])
            except Exception as failure:  # noqa: BLE001 - handed to whoever waits
                error = failure
                if not _is_collision(error):
                    break
            else:
                return done[0] if done else Outcome(None, error)  # whoever waited had been answered
        return Outcome(None, error)

    def _waiting(self, first: Job, taken: list[Job]) -> Iterator[Job]:
        """A write, and those that wait behind it until some time has passed; each is begun and taken first."""
        until = time.monotonic() + self._together_s
        job: Job | None = first
        while job is not None:
            if job.begin():
                taken.append(job)
                yield job
            is_full = len(taken) >= TOGETHER_MOST or time.monotonic() > until
            job = None if is_full else self._next()

    def _next(self) -> Job | None:
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
            job.give_up(_closing())

    # -- trouble -------------------------------------------------------------------------------------------------

    def _take_failure(self, error: BaseException) -> None:
        if isinstance(error, UnknownOutcomeError):
            self._in_doubt = True
        elif isinstance(error, DatabaseError):
            self._note(error)

    def _note(self, trouble: DatabaseError | None) -> None:
        """Keep whether writing works, and tell of it when that is new."""
        with self._lock:
            before, self._trouble = self._trouble, trouble
        if str(before) == str(trouble):
            return
        if trouble is not None:
            log.error("Nothing can be written: %s", trouble.user_text)
        else:
            log.info("The database takes writes again.")
        self._on_trouble(trouble)

    def _ask_whether_it_writes(self) -> None:
        """Reading failed; writing may fail, too, and somebody should know."""
        with self._lock:
            asked = self._trouble is not None or (self._probe is not None and not self._probe.done())
        if not asked:
            self._probe = self.write_later(_try_to_write)

    def _look_after(self) -> None:
        """Own thread: answers whoever has waited long enough while the store thread is stuck."""
        while not self._over.wait(LOOK_S):
            self._give_up(time.monotonic(), None)

    def _give_up(self, now_s: float, why: StorageError | None) -> None:
        with self._lock:
            unanswered = tuple(self._unanswered)
        late = [job for job in unanswered if job.is_late(now_s)]
        if not late:
            return
        if why is None and any(job.is_at_work for job in unanswered):
            why = _occupied()
        elif why is None:
            self._note(silent := _silent())
            why = silent
        for job in late:
            job.give_up(why)

    def _forget(self, job: Job, _answer: "Future[Any]") -> None:
        with self._lock:
            self._unanswered.discard(job)


def _attempt(part: AbstractContextManager[Repositories], job: Job) -> Outcome:
    """Run one write of several; what it raises is its own affair only where the database had no part in it.

    SQLite ends a transaction by itself when the disk is full or fails, and then there is nothing to undo alone.

    Raises:
        Exception: The whole transaction is not to be trusted any more.
    """
    own: Exception | None = None
    try:
        with part as repositories:
            try:
                return Outcome(job.work(repositories), None)
            except Exception as error:  # raised again, to undo its savepoint
                own = error
                raise
    except Exception as error:  # handed to whoever waits
        if error is not own or isinstance(error, StorageError | DBAPIError):
            raise
        return Outcome(None, error)


def _is_collision(error: BaseException) -> bool:
    """Whether another writer was faster by a moment, so that the same may well work now."""
    return isinstance(error, CollisionError | IntegrityError)


def _tell(job: Job, result: Any) -> None:
    """Tell of what was written; a listener that fails leaves nobody waiting."""
    if job.then is None:
        return
    try:
        job.then(result)
    except Exception:  # other people's code, at the top of the thread
        log.exception("a listener failed to hear what was written")


def _closing() -> StorageError:
    return StorageError(_("The kiosk is closing; nothing more can be written."))


def _silent() -> DatabaseError:
    return DatabaseError(
        _("The disk or the database server does not answer."),
        _("Check the disk, the network and the server; nothing that was confirmed is lost."),
    )


def _occupied() -> StorageError:
    return StorageError(
        _("Something large is being saved, so this was not."), _("Please try again in a moment.")
    )


def _try_to_write(repositories: Repositories) -> None:
    repositories.db_session.merge(StoreFactRow(name=WRITE_CHECK, value=secrets.token_hex(8)))
