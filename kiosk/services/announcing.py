"""Telling everybody what was written, after the commit returned and before whoever waits goes on.

Runs on the store thread.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from kiosk.services.events import Event, OnEvent

E = TypeVar("E", bound=Event)
R = TypeVar("R")


def announced(written: "Future[E]", *, on_event: OnEvent, result: Callable[[E], R]) -> "Future[R]":
    """Emit what was written, then give `result` of it to whoever waits; nobody can cancel that.

    Nothing is emitted for a write that failed. A listener that fails leaves nobody waiting.
    """
    answer: Future[R] = Future()
    answer.set_running_or_notify_cancel()  # whoever stops waiting cancels nothing

    def tell(done: "Future[E]") -> None:
        error = done.exception()
        if error is not None:
            answer.set_exception(error)
            return
        try:
            on_event(done.result())
        finally:
            answer.set_result(result(done.result()))

    written.add_done_callback(tell)
    return answer
