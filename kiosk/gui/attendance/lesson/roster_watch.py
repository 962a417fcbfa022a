"""Reads again and again who is in the class that is shown. Main thread; reading runs in tasks.

Registrations have no event, and may come from another PC or from the command line.
"""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.services.attendance.sessions import RosterEntry, Sessions

EVERY_MS: Final = 5_000


class RosterWatch(QObject):
    """`arrived` carries the session's id and its list of `RosterEntry`, as the store has it at that moment."""

    arrived = Signal(int, object)

    def __init__(self, sessions: Sessions, parent: QObject) -> None:
        super().__init__(parent)
        self._sessions = sessions
        self._tasks = Tasks(self)
        self._session_id = 0
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)

    def follow(self, session_id: int) -> None:
        """Look at this class from now on, at once for the first time."""
        self._session_id = session_id
        self._timer.start()
        self.look()

    def rest(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Read it now."""
        session_id = self._session_id

        def then(entries: list[RosterEntry]) -> None:
            if session_id == self._session_id:
                self.arrived.emit(session_id, entries)

        def failed(_error: KioskError) -> None:
            """Counts stay as they were; the roster panel says why when it is opened."""

        if session_id:
            self._tasks.run(partial(self._sessions.roster, session_id), then=then, failed=failed)
