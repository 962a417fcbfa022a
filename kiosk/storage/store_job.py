"""One write on its way: it waits, is at work, is committed, and is answered once, by the store's thread or by its watch."""

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from kiosk.errors import StorageError, UnknownOutcomeError
from kiosk.storage.repositories.repositories import Repositories
from kiosk.translation import _

PATIENT_S: Final = 11.0
"""So long a write waits for those before it and for its transaction to begin; then whoever waits is told that it was not
written, and it never will be."""

COMMIT_S: Final = 3.0
"""So long a commit may take, or as long as the work before it; then whoever waits is told that nobody knows."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a write."""

    result: Any
    error: BaseException | None


class _Stage(Enum):
    WAITING = auto()
    AT_WORK = auto()
    COMMITTING = auto()
    ANSWERED = auto()


class Job:
    """A write and whoever waits for it. Any thread."""

    def __init__(self, work: Callable[[Repositories], Any], then: Callable[[Any], None] | None) -> None:
        self.work = work
        self.then = then
        self.answer: Future[Any] = Future()
        self.answer.set_running_or_notify_cancel()  # whoever stops waiting cancels no write
        self._lock = threading.Lock()
        self._stage = _Stage.WAITING
        self._until_s = time.monotonic() + PATIENT_S
        self._began_s = 0.0

    @property
    def is_answered(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._stage is _Stage.ANSWERED

    @property
    def is_at_work(self) -> bool:
        """Whether its transaction is open; how long it works is its own affair."""
        return self._stage is _Stage.AT_WORK

    def is_late(self, now_s: float) -> bool:
        """Whether whoever waits has waited long enough."""
        return not self.is_answered and now_s >= self._until_s

    def begin(self) -> bool:
        """Go to work; False when whoever waited was told that it was not written."""
        with self._lock:
            if self.is_answered:
                return False
            self._stage, self._began_s, self._until_s = _Stage.AT_WORK, time.monotonic(), math.inf
        return True

    def commit(self) -> None:
        """The work is done and its commit is next."""
        now_s = time.monotonic()
        with self._lock:
            if not self.is_answered:
                self._stage = _Stage.COMMITTING
                self._until_s = now_s + max(COMMIT_S, now_s - self._began_s)

    def settle(self, outcome: Outcome, tell: Callable[["Job", Any], None]) -> None:
        """Answer; what was written is told of first, and also when somebody was answered that nobody knows."""
        if outcome.error is None:
            tell(self, outcome.result)
        if not self._take_answer():
            return
        if outcome.error is not None:
            self.answer.set_exception(outcome.error)
        else:
            self.answer.set_result(outcome.result)

    def give_up(self, not_written: StorageError) -> None:
        """Answer without waiting any longer: not written, where its work has not begun and now never will."""
        with self._lock:
            if self.is_answered:
                return
            error = not_written if self._stage is _Stage.WAITING else _unknown()
            self._stage = _Stage.ANSWERED
        self.answer.set_exception(error)

    def _take_answer(self) -> bool:
        with self._lock:
            mine = not self.is_answered
            self._stage = _Stage.ANSWERED
        return mine


def _unknown() -> UnknownOutcomeError:
    return UnknownOutcomeError(
        _("Saving takes too long, so it is not known whether this was saved."),
        _("Look again in a moment, or do it once more: nothing is counted twice."),
    )
