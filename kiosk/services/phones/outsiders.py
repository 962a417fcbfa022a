"""Phones from networks that may not be used, told to the teacher. Safe to call from any thread."""

import threading
from typing import Final

from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.services.attendance.incidents import Incidents
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.ports.clock import Clock

TELL_EVERY_S: Final = 10.0
"""However many requests come, the teacher's list is written to no more often than this."""


class Outsiders:
    """Notes an incident of the class now and then."""

    def __init__(self, *, running: RunningClass, incidents: Incidents, clock: Clock) -> None:
        self._running = running
        self._incidents = incidents
        self._clock = clock
        self._lock = threading.Lock()
        self._quiet_until_s = float("-inf")

    def refused(self) -> None:
        """Hear that a phone was refused; between classes nobody is there to tell."""
        shown = self._running.current
        now_s = self._clock.monotonic()
        with self._lock:
            if shown is None or now_s < self._quiet_until_s:
                return
            self._quiet_until_s = now_s + TELL_EVERY_S
        self._incidents.note(shown.session.session_id, IncidentKind.OUTSIDE_NETWORK)
