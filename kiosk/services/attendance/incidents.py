"""What a teacher should know about the class that is open: notes it, coalesces it, tells it. Any thread."""

from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.courses.own_courses import require_session_id
from kiosk.services.events import Events, IncidentNoted, PinsGuessed, SignInResting
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store


class Incidents:
    """Incidents of class sessions; the same thing again counts up instead of making the list longer."""

    def __init__(self, *, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events

    def note(
        self, session_id: int, kind: IncidentKind, *, student_id: int | None = None, times: int = 1
    ) -> None:
        """Keep an incident that was seen so many times and emit `IncidentNoted` after the commit, without waiting.

        The event loop notes some of them; one of a session that is no more is dropped.
        """
        seen = Incident(session_id, kind, student_id, None, self._clock.now(), times)
        self._store.write_later(
            lambda repositories: IncidentNoted(repositories.incidents.note(seen)), then=self._events.emit
        )

    def of_session(self, session_id: int, *, actor: Actor) -> list[Incident]:
        """A session's incidents, those seen longest ago first. Raises ForbiddenError: it is of a course of somebody else's."""
        require(self._store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> list[Incident]:
            require_session_id(repositories, actor, session_id)
            return repositories.incidents.of_session(session_id)

        return self._store.read(query)


class ClassIncidents:
    """Notes what happens around the class that is open; without one nobody is there to tell."""

    def __init__(self, *, running: RunningClass, incidents: Incidents) -> None:
        self._running = running
        self._incidents = incidents

    def on_event(self, event: SignInResting | PinsGuessed) -> None:
        """Note it; whoever emits it does not wait for the commit."""
        shown = self._running.current
        if shown is None:
            return
        session_id = shown.session.session_id
        match event:
            case SignInResting(student=student):
                kind = IncidentKind.SIGN_IN_RESTS
                self._incidents.note(session_id, kind, student_id=student.student_id)
            case PinsGuessed():
                self._incidents.note(session_id, IncidentKind.GUESSED_PINS)
