"""What a teacher should know about the class that is open: notes it, coalesces it, tells it. Any thread."""

from concurrent.futures import Future

from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.services.announcing import announced
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import Events, IncidentNoted, OutsiderRefused, SignInResting
from kiosk.services.ports.clock import Clock
from kiosk.storage.store import Store


class Incidents:
    """Incidents of class sessions; the same thing again counts up instead of making the list longer."""

    def __init__(self, *, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._on_event = events.emit

    def note(
        self, session_id: int, kind: IncidentKind, *, student_id: int | None = None, times: int = 1
    ) -> "Future[Incident]":
        """Keep an incident that was seen so many times and emit `IncidentNoted` after the commit.

        Raises (out of the future):
            NotFoundError: No such session.
        """
        seen = Incident(session_id, kind, student_id, None, self._clock.now(), times)
        written = self._store.write(lambda repositories: IncidentNoted(repositories.incidents.note(seen)))
        return announced(written, on_event=self._on_event, result=lambda noted: noted.incident)

    def of_session(self, session_id: int) -> list[Incident]:
        """A session's incidents, those seen longest ago first."""
        return self._store.read(lambda repositories: repositories.incidents.of_session(session_id))


class ClassIncidents:
    """Notes what happens around the class that is open; without one nobody is there to tell."""

    def __init__(self, *, running: RunningClass, incidents: Incidents) -> None:
        self._running = running
        self._incidents = incidents

    def on_event(self, event: SignInResting | OutsiderRefused) -> None:
        """Note it; whoever emits it does not wait for the commit."""
        shown = self._running.current
        if shown is None:
            return
        session_id = shown.session.session_id
        match event:
            case SignInResting(student=student):
                self._incidents.note(session_id, IncidentKind.SIGN_IN_RESTS, student_id=student.student_id)
            case OutsiderRefused():
                self._incidents.note(session_id, IncidentKind.OUTSIDE_NETWORK)
