"""Notices that the class which is open here was ended by another kiosk on the same database. Housekeeping thread."""

from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.attendance.sessions import ended_as_told
from kiosk.services.events import Events, SessionEnded
from kiosk.storage.store import Repositories, Store


class EndsElsewhere:
    """Tells this kiosk of an end that was written by another one."""

    def __init__(self, *, store: Store, running: RunningClass, events: Events) -> None:
        self._store = store
        self._running = running
        self._events = events
        self._seen: SessionEnded | None = None

    def tick(self) -> None:
        """Look, and tell at the second look: an end of this kiosk's own is told by whoever wrote it.

        Raises:
            StorageError: It cannot be read now.
        """
        shown = self._running.current
        ended = self._ended(shown.session.session_id) if shown is not None else None
        if ended is not None and ended == self._seen:
            self._events.emit(ended)
        self._seen = ended

    def _ended(self, session_id: int) -> SessionEnded | None:
        def query(repositories: Repositories) -> SessionEnded | None:
            session = repositories.class_sessions.get(session_id)
            if session is None or session.ended_at is None:
                return None
            return ended_as_told(repositories, session, session.ended_at)

        return self._store.read(query)
