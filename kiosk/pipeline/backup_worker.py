"""The backup thread: makes what is due, one at a time.

It is a thread of its own, there only while there is something to do: a share that does not answer must not keep the
housekeeping from ending forgotten classes and following the PC's address.
"""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from kiosk.domain.trust.backups import Origin
from kiosk.services.events import Events, WorkerFailed
from kiosk.translation import _

log = logging.getLogger(__name__)


class Rounds(Protocol):
    """What is due, and how it is made (`kiosk.services.trust.backup_rounds`)."""

    def due(self) -> Origin | None: ...

    def run(self, origin: Origin, is_stopped: Callable[[], bool]) -> None: ...


class BackupWorker:
    """Runs them in the background."""

    def __init__(self, *, rounds: Rounds, events: Events) -> None:
        self._rounds = rounds
        self._events = events
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def tick(self) -> None:
        """Begin what is due, if nothing is under way; quick, for housekeeping."""
        if self._stopping.is_set() or (self._thread is not None and self._thread.is_alive()):
            return
        origin = self._rounds.due()
        if origin is not None:
            self._thread = threading.Thread(target=self._run, args=(origin,), name="backup", daemon=True)
            self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """End what is under way; False when that took longer."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
        return self._thread is None or not self._thread.is_alive()

    def _run(self, origin: Origin) -> None:
        try:
            self._rounds.run(origin, self._stopping.is_set)
        except Exception:  # the top of a thread
            log.exception("a backup met something unforeseen")
            self._events.emit(WorkerFailed("backup", _("A backup failed."), _("See the log.")))
