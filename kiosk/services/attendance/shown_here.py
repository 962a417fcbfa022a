"""Which open classes are this room's, where many kiosks share one database. Any thread.

A class session does not say in which room it is held, so each kiosk remembers beside its settings which ones it shows. A kiosk that
lost that file offers its own class as one of another room, to be taken over after a question.
"""

import json
import logging
import threading
from pathlib import Path
from typing import Final

from kiosk.files import OWNER_ONLY, write_whole
from kiosk.services.events import Event, SessionEnded, SessionStarted

SHOWN_FILE: Final = "shown-classes.json"
MOST: Final = 20
"""More than a room ever leaves open; the oldest are forgotten."""

log = logging.getLogger(__name__)


class ShownHere:
    """Remembers the sessions that this kiosk began or took over, until they end."""

    def __init__(self, *, file: Path, place: str) -> None:
        """`place` tells the shared database from another one, whose sessions have other numbers."""
        self._file = file
        self._place = place
        self._lock = threading.Lock()
        self._sessions = self._read()

    def has(self, session_id: int) -> bool:
        """Whether a session is shown here, or was when this kiosk was closed."""
        with self._lock:
            return session_id in self._sessions

    def on_event(self, event: Event) -> None:
        """Keep what begins or is gone on with here, and forget what ends; on the thread of each event."""
        match event:
            case SessionStarted(session=session):
                self._keep(session.session_id, shown=True)
            case SessionEnded():
                self._keep(event.session_id, shown=False)

    def _keep(self, session_id: int, *, shown: bool) -> None:
        with self._lock:
            others = [one for one in self._sessions if one != session_id]
            changed = [*others, session_id][-MOST:] if shown else others
            if changed == self._sessions:
                return
            self._sessions = changed
            said = {"place": self._place, "sessions": changed}
            try:
                write_whole(self._file, json.dumps(said).encode(), mode=OWNER_ONLY)
            except OSError:  # after a restart the class is offered as one of another room
                log.warning("which class is shown here could not be kept", exc_info=True)

    def _read(self) -> list[int]:
        try:
            said = json.loads(self._file.read_bytes())
            return [int(one) for one in said["sessions"]] if said["place"] == self._place else []
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError):
            log.warning("the file of the classes that are shown here cannot be read")
            return []
