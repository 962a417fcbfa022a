"""The running kiosk as the window and the command line see it; `pipeline` implements it."""

from concurrent.futures import Future
from typing import Protocol

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.services.events import SessionEnded
from kiosk.services.faces.recognition.analysis import Preview


class KioskRuntime(Protocol):
    """Starts and stops the threads. No call blocks on a camera or a model."""

    @property
    def preview(self) -> Preview:
        """What the window polls."""
        ...

    def start_class(
        self,
        course_id: int,
        *,
        actor: Actor,
        liveness: LivenessMode = LivenessMode.OFF,
        policy: ProofPolicy = ProofPolicy.EITHER,
    ) -> "Future[ClassSession]":
        """Open a session and start camera and recognition for it; call it from a task, it may read model files.

        The future is done when the session is stored. `SessionStarted`, `CameraStateChanged` and
        `RecognitionReady` follow as events.

        Raises (out of the future):
            ConflictError: This kiosk already shows a class, or the course has an open session.
            NotFoundError: No such course.
            ModelError: Faces cannot be checked against pictures as `liveness` says; nothing was started.
        """
        ...

    def resume_class(self, session_id: int, *, actor: Actor) -> "Future[ClassSession]":
        """Go on with a session that is still open in the store, for example after a power cut."""
        ...

    def end_class(self, *, actor: Actor) -> "Future[SessionEnded]":
        """Stop camera and recognition, and end the session that is shown.

        Raises (out of the future):
            ConflictError: No class is open here.
        """
        ...

    def reload_gallery(self) -> None:
        """Recognise with what is enrolled now, from one of the next frames on; does nothing between classes."""
        ...

    def stop(self) -> tuple[str, ...]:
        """Close everything in order and emit `RuntimeStopped`; returns the names of threads that did not end.

        An open class session stays open in the store, to be resumed.
        """
        ...
