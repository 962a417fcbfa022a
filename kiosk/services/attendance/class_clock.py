"""The time by which a class goes: what it was when the class began, carried on by the monotonic clock.

So a leap of the PC's clock (set by hand, or by the network after a flat battery) makes nobody late, ends no class, and ends
no claim early. It is kept with the class by how much the clock was moved; the records of a class all go by one time,
and adding that much corrects them. `on_event` runs on the thread of each event, `tick` on the housekeeping thread.
"""

import logging
from datetime import timedelta
from typing import Final

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.services.events import Event, Events, IncidentNoted, RuntimeStopped, SessionEnded, SessionStarted
from kiosk.services.ports.clock import SteadyClock
from kiosk.storage.store import Repositories, Store

LEAST: Final = timedelta(seconds=10)
"""A clock that is less ahead or behind was set right by a little, or goes too fast or too slow: no register shows seconds."""
KIOSK: Final = "the kiosk"

log = logging.getLogger(__name__)


class ClassClock:
    """Holds the kiosk's clock while a class is open, and notices when the PC's own was moved."""

    def __init__(self, *, store: Store, clock: SteadyClock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events
        self._session_id: int | None = None
        self._known = timedelta()

    def on_event(self, event: Event) -> None:
        """Hold the clock at the start of a class, and let go of it at the end."""
        match event:
            case SessionStarted(session=session):
                self._begin(session)
            case SessionEnded() if event.session_id == self._session_id:
                self._end()
            case RuntimeStopped():
                self._end()

    def tick(self) -> None:
        """Keep and tell by how much the PC's clock was moved, if it was.

        Raises:
            StorageError: That could not be written; the next call tries again.
        """
        session_id, moved = self._session_id, timedelta(seconds=round(self._clock.moved.total_seconds()))
        by = moved - self._known
        if session_id is None or abs(by) < LEAST:
            return
        log.warning("the clock of this PC was moved by %.0f s; the class does not follow", by.total_seconds())
        at = self._clock.now()

        def work(repositories: Repositories) -> IncidentNoted:
            repositories.class_sessions.set_clock_moved(session_id, moved)
            detail = f"by {by.total_seconds():+.0f} s, {moved.total_seconds():+.0f} s since the start"
            repositories.audit.add(at, KIOSK, "session.clock_moved", f"#{session_id}", detail)
            incident = Incident(session_id, IncidentKind.CLOCK_MOVED, None, None, at)
            return IncidentNoted(repositories.incidents.note(incident))

        self._store.write(work, then=self._events.emit)
        self._known = moved

    def _begin(self, session: ClassSession) -> None:
        newest = self._store.read(
            lambda repositories: repositories.class_sessions.newest_moment(session.session_id)
        )
        self._clock.hold(behind=session.clock_moved)
        early = (newest or session.started_at) - self._clock.now()
        if early > timedelta():  # the clock was set back while the kiosk was closed
            self._clock.hold(behind=session.clock_moved - early)
        self._session_id, self._known = session.session_id, session.clock_moved

    def _end(self) -> None:
        self._session_id = None
        self._clock.let_go()
