"""Work for a few threads, taken by turns of those who asked for it, and no more than can be done soon.

Called on the web thread's event loop alone, which is why there is no lock.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from kiosk.errors import BusyError
from kiosk.translation import _, ngettext

MOST_OF_SOURCE: Final = 320
"""What one source may have waiting: a class of 300 may come from one address at the same moment."""

MOST: Final = 960

RETRY_S: Final = 10
"""What who is turned away is told to wait; about as long as a full queue takes."""

KEPT_FOR_OTHERS: Final = 2
"""Threads that one source never takes, however much it asks for."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[], Any]
    answer: "asyncio.Future[Any]"


class FairQueue:
    """Sources take turns for `slots` threads of an executor."""

    def __init__(self, executor: Executor, slots: int) -> None:
        self._executor = executor
        self._slots = slots
        self._waiting: dict[str, deque[_Job]] = {}
        self._running: dict[str, int] = {}
        self._queued = 0

    async def run(self, source: str, work: Callable[[], T]) -> T:
        """Run something when it is its source's turn.

        Raises:
            BusyError: So much is waiting that this would take too long.
        """
        if self._queued >= MOST or len(self._waiting.get(source, ())) >= MOST_OF_SOURCE:
            raise busy()
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(source, deque()).append(_Job(work, answer))
        self._queued += 1
        self._begin()
        return await answer

    def _begin(self) -> None:
        while sum(self._running.values()) < self._slots and (source := self._next_source()) is not None:
            queue = self._waiting.pop(source)
            job = queue.popleft()
            self._queued -= 1
            if queue:
                self._waiting[source] = queue  # behind the others
            if not job.answer.cancelled():
                self._start(source, job)

    def _next_source(self) -> str | None:
        """Whose turn it is among those who may have one more running."""
        most = max(1, self._slots - KEPT_FOR_OTHERS)
        return next((one for one in self._waiting if self._running.get(one, 0) < most), None)

    def _start(self, source: str, job: _Job) -> None:
        self._running[source] = self._running.get(source, 0) + 1

        def ended(done: "asyncio.Future[Any]") -> None:
            left = self._running.pop(source) - 1
            if left:
                self._running[source] = left
            self._begin()
            error = None if done.cancelled() else done.exception()
            if job.answer.done():
                return
            if done.cancelled():
                job.answer.cancel()
            elif error is not None:
                job.answer.set_exception(error)
            else:
                job.answer.set_result(done.result())

        asyncio.get_running_loop().run_in_executor(self._executor, job.work).add_done_callback(ended)


def busy() -> BusyError:
    """What who is turned away is told."""
    return BusyError(
        _("Very many phones are signing in at this moment."),
        ngettext(
            "Please go back and try again in {n} second.",
            "Please go back and try again in {n} seconds.",
            RETRY_S,
            n=RETRY_S,
        ),
        retry_s=RETRY_S,
    )
