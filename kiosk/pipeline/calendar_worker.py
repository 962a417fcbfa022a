"""The thread that reads calendars again each night.

It is a thread of its own, there only while there is something to do: an address that does not answer must not keep the
housekeeping from what classes need.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from kiosk.errors import StorageError

log = logging.getLogger(__name__)

EVERY_S: Final = 600.0
"""Between two looks at what is due."""


class Calendars(Protocol):
    """What is due, and reading it (`kiosk.services.courses.course_calendars`)."""

    def due(self) -> Sequence[int]: ...

    def read_due(self, is_stopped: Callable[[], bool]) -> int: ...


class CalendarWorker:
    """Reads them in the background, not while a class is open."""

    def __init__(
        self, *, calendars: Calendars, is_class_open: Callable[[], bool], monotonic: Callable[[], float]
    ) -> None:
        self._calendars = calendars
        self._is_class_open = is_class_open
        self._monotonic = monotonic
        self._next_s = 0.0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def tick(self) -> None:
        """Begin what is due, if nothing is under way; quick, for housekeeping."""
        now_s = self._monotonic()
        if self._stopping.is_set() or now_s < self._next_s or self._is_class_open():
            return
        if self._thread is not None and self._thread.is_alive():
            return
        self._next_s = now_s + EVERY_S
        if self._calendars.due():
            self._thread = threading.Thread(target=self._run, name="calendars", daemon=True)
            self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """End what is under way; False when that took longer."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
        return self._thread is None or not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._calendars.read_due(lambda: self._stopping.is_set() or self._is_class_open())
        except StorageError as error:
            log.warning("calendars could not be read: %s", error.user_text)
        except Exception:  # the top of a thread
            log.exception("reading calendars met something unforeseen")
