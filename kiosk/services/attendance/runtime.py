"""The running kiosk as the window and the command line see it; `pipeline` implements it."""

from typing import Protocol

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.services.events import SessionEnded
from kiosk.services.faces.recognition.analysis import Preview


class KioskRuntime(Protocol):
    """Starts and stops the threads. No call blocks on a camera or a model; what writes waits for the store."""

    @property
    def preview(self) -> Preview:
        """What the window polls."""

    def start_class(
        self,
        course_id: int,
        *,
        actor: Actor,
        liveness: LivenessMode = LivenessMode.OFF,
        policy: ProofPolicy = ProofPolicy.EITHER,
    ) -> ClassSession:
        """Open a session and start camera and recognition for it; call it from a task, it may read model files.

        `SessionStarted` is emitted before it returns; `CameraStateChanged` and `RecognitionReady` follow.

        Raises:
            ConflictError: This kiosk already shows a class, or the course has an open session.
            NotFoundError: No such course.
            ModelError: Faces cannot be checked against pictures as `liveness` says; nothing was started.
            StorageError: The session could not be written; nothing was started.
        """

    def resume_class(self, session_id: int, *, actor: Actor) -> ClassSession:
        """Go on with a session that is still open in the store, for example after a power cut."""

    def end_class(self, *, actor: Actor) -> SessionEnded:
        """End the session that is shown, and stop camera and recognition in the background.

        Raises:
            ConflictError: No class is open here.
            StorageError: The end could not be written; the class goes on as it is, and may be ended again.
        """

    def stop(self) -> tuple[str, ...]:
        """Close everything in order and emit `RuntimeStopped`; returns the names of threads that did not end.

        An open class session stays open in the store, to be resumed.
        """
