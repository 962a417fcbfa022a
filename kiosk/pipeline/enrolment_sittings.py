"""Who may use the camera for enrolment: one sitting at a time, and none while a class is open. Any thread."""

import threading
from typing import Protocol

from kiosk.errors import ConflictError
from kiosk.pipeline.enrolment_run import EnrolmentRun
from kiosk.services.attendance.running_class import RunningClass
from kiosk.translation import _


class EnrolmentRuns(Protocol):
    """Makes sittings with their threads."""

    def run(self, student_id: int) -> EnrolmentRun:
        """One that is not started yet; raises what `EnrolmentSittings.open` raises."""


class EnrolmentSittings:
    """Opens sittings and closes the last one with the kiosk."""

    def __init__(self, *, runs: EnrolmentRuns, running: RunningClass) -> None:
        self._runs = runs
        self._running = running
        self._lock = threading.Lock()
        self._run: EnrolmentRun | None = None

    def open(self, student_id: int) -> EnrolmentRun:
        """A sitting for a student, not started yet; one that was left open is stopped.

        Raises:
            ConflictError: A class is open and uses the camera, or the student does not consent.
            NotFoundError: No such student.
            SourceError: The settings name no camera.
        """
        if self._running.is_open:
            raise ConflictError(_("A class is open and uses the camera."), _("End the class first."))
        run = self._runs.run(student_id)
        self.close()
        with self._lock:
            self._run = run
        return run

    def close(self) -> tuple[str, ...]:
        """Stop what is open; returns the names of threads that did not end."""
        with self._lock:
            run, self._run = self._run, None
        return run.stop() if run is not None else ()
