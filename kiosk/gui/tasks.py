"""Slow work off the main thread, results back on it.

`Tasks` is made and used on the main thread; work runs in a few short-lived threads per instance,
which end when nothing is left to do. Callbacks run on the main thread, and not at all once the owner is gone.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from kiosk.errors import KioskError
from kiosk.translation import _

T = TypeVar("T")

MAX_THREADS: Final = 2

_log = logging.getLogger(__name__)

OnError = Callable[[KioskError], None]


@dataclass(frozen=True, slots=True)
class _Ticket:
    relay: "_Relay"
    owner: QObject
    future: "Future[Any]"
    then: Callable[[Any], None]
    failed: OnError


class _Relay(QObject):
    """Lives on the main thread; keeps itself alive through the ticket until it was delivered."""

    done = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def _deliver(self, ticket: _Ticket) -> None:
        if not shiboken6.isValid(ticket.owner):
            return
        try:
            result = ticket.future.result()
        except CancelledError:
            return
        except KioskError as error:
            ticket.failed(error)
        except Exception as error:  # noqa: BLE001 - the top of the worker thread, one step later
            _log.error("Unforeseen failure in a task of the window", exc_info=error)
            ticket.failed(unforeseen())
        else:
            ticket.then(result)


class Tasks:
    """Runs callables for one owner, usually a view.

    Args:
        owner: When it is destroyed, results are dropped (the work itself is finished).
        threads: At most so many work at once; one keeps the order, for writes of which the last counts.
    """

    def __init__(self, owner: QObject, *, threads: int = MAX_THREADS) -> None:
        self._owner = owner
        self._most = threads
        self._relay = _Relay()
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._threads = 0

    def run(self, work: Callable[[], T], *, then: Callable[[T], None], failed: OnError) -> "Future[T]":
        """Run `work` in a thread; call `then(result)` or `failed(error)` on the main thread.

        An exception that is no `KioskError` is logged with its traceback and reaches `failed` as one plain sentence.
        """
        future: Future[T] = Future()
        with self._lock:
            self._waiting.append((work, future))
            start = self._threads < self._most
            self._threads += start
        ticket = _Ticket(self._relay, self._owner, future, then, failed)
        future.add_done_callback(lambda _done: ticket.relay.done.emit(ticket))
        if start:
            threading.Thread(target=self._work, name="window-task").start()
        return future

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads -= 1
                    return
                work, future = self._waiting.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - the top of a thread
                future.set_exception(error)
            else:
                future.set_result(result)


def unforeseen() -> KioskError:
    """What a person reads when something happened that nobody foresaw."""
    return KioskError(
        _("Something went wrong that was not foreseen."), _("It was written to the log. Please try again.")
    )
