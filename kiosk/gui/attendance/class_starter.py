"""Starts, continues and ends a class in tasks; that it began or ended comes as an event. Main thread only."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.services.app import KioskApp
from kiosk.services.events import SessionEnded


class ClassStarter(QObject):
    """Begins one class at a time; `locked` says whether the newest one asks for passwords.

    Signals:
        not_started: `KioskError`: why a class does not begin.
        not_ended: `KioskError`: why it goes on.
    """

    not_started = Signal(KioskError)
    not_ended = Signal(KioskError)

    def __init__(self, app: KioskApp, parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._tasks = Tasks(self)
        self._starting = self._ending = False
        self.locked = True

    def start(
        self,
        course_id: int,
        liveness: LivenessMode | None,
        policy: ProofPolicy | None,
        *,
        actor: Actor,
        locked: bool,
    ) -> None:
        """Start a class; what is not chosen is as usual for the course."""

        def work() -> ClassSession:
            mode = liveness or self._app.faces.liveness.presets([course_id])[course_id]
            demanded = policy or self._app.attendance.policies.presets([course_id])[course_id]
            return self._app.runtime.start_class(course_id, actor=actor, liveness=mode, policy=demanded)

        if self._begins(locked=locked):
            self._tasks.run(work, then=self._begun, failed=self._not_begun)

    def resume(self, session_id: int, *, actor: Actor) -> None:
        """Go on with an open class."""
        if self._begins(locked=True):
            work = partial(self._app.runtime.resume_class, session_id, actor=actor)
            self._tasks.run(work, then=self._begun, failed=self._not_begun)

    def end(self, actor: Actor) -> None:
        """End the class that is open; pressing twice ends it once."""
        if not self._ending:
            self._ending = True
            work = partial(self._app.runtime.end_class, actor=actor)
            self._tasks.run(work, then=self._ended, failed=self._not_ended)

    def _begins(self, *, locked: bool) -> bool:
        if self._starting:
            return False
        self._starting, self.locked = True, locked
        return True

    def _begun(self, _session: ClassSession) -> None:
        self._starting = False

    def _ended(self, _event: SessionEnded) -> None:
        self._ending = False

    def _not_ended(self, error: KioskError) -> None:
        self._ending = False
        self.not_ended.emit(error)

    def _not_begun(self, error: KioskError) -> None:
        self._starting = False
        self.not_started.emit(error)
