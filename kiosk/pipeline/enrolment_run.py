"""A sitting with its threads: the camera's, and one that looks at frames. Implements `GuidedRun`.

The camera thread is the sole owner of the source (`CameraWorker`). The models are loaded on the thread ``enrolment``; the
window meanwhile shows the picture.
"""

import logging
import threading
from dataclasses import replace
from typing import Final, Protocol

from kiosk.domain.faces.frames import Frame
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, KioskError
from kiosk.pipeline.camera_worker import CameraWorker
from kiosk.services.events import CameraState, CameraStateChanged, Event, Events, WorkerFailed
from kiosk.services.faces.guided_enrolment import GuidedSitting, SavedSitting, SittingView
from kiosk.services.faces.recognition.slots import HandoffSlot, LatestSlot
from kiosk.services.ports.sources import FrameSource
from kiosk.translation import _

JOIN_S: Final = 5.0
POLL_S: Final = 0.25
log = logging.getLogger(__name__)


class Guides(Protocol):
    """Makes what guides a sitting."""

    def sitting(self, student_id: int) -> GuidedSitting:
        """Load models; on the thread ``enrolment``. Raises ModelError: recognition cannot work here."""


class EnrolmentRun:
    """Camera and guide of one student, from start to stop.

    Args:
        every_frame: As for a class: whether the camera waits until each frame was looked at.
    """

    def __init__(
        self,
        *,
        student: Student,
        source: FrameSource,
        guides: Guides,
        every_frame: bool = False,
        first_pause_s: float = 0.5,
    ) -> None:
        self._student = student
        self._guides = guides
        own_events = Events()
        own_events.subscribe(Event, self._on_event)
        self._frames: LatestSlot[Frame] = HandoffSlot() if every_frame else LatestSlot()
        self._preview: LatestSlot[Frame] = LatestSlot()
        self._camera = CameraWorker(
            source=source,
            frames=self._frames,
            preview=self._preview,
            events=own_events,
            first_pause_s=first_pause_s,
        )
        self._sitting: GuidedSitting | None = None
        self._failure: KioskError | None = None
        self._camera_state = CameraStateChanged(CameraState.OPENING)
        self._stop = threading.Event()
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="enrolment", daemon=True)

    @property
    def student(self) -> Student:
        """Who sits there."""
        return self._student

    def start(self) -> None:
        self._camera.start()
        self._thread.start()

    def frame(self) -> Frame | None:
        return self._preview.peek()

    def view(self) -> SittingView:
        """What is known now."""
        sitting, camera = self._sitting, self._camera_state
        view = sitting.view() if sitting is not None else SittingView()
        running = camera.state is CameraState.RUNNING
        return replace(
            view,
            camera=camera.state,
            trouble="" if running else camera.user_text,
            hint=camera.hint,
            over=view.over or self._failure,
        )

    def drop(self, number: int) -> None:
        """Throw a picture away; its step is taken again."""
        if self._sitting is not None:
            self._sitting.drop(number)

    def save(self, *, actor: Actor) -> SavedSitting:
        """Store the pictures and recognise with them from now on."""
        if self._sitting is None:
            raise ConflictError(_("Nothing was taken yet."), _("Wait until the camera shows a picture."))
        return self._sitting.save(actor=actor)

    def stop(self) -> tuple[str, ...]:
        """Camera first, then the guide; stopping twice does nothing more."""
        self._stop.set()
        if self._thread.ident is None:
            return ()
        stuck = []
        if not self._camera.stop(JOIN_S):
            stuck.append("camera")
        self._thread.join(JOIN_S)
        if self._thread.is_alive():
            stuck.append("enrolment")
        if self._sitting is not None:
            self._sitting.forget()
        return tuple(stuck)

    def _on_event(self, event: Event) -> None:
        """Comes from the camera thread; a sitting is nobody else's business."""
        if isinstance(event, CameraStateChanged):
            self._camera_state = event
        elif isinstance(event, WorkerFailed):
            self._failure = KioskError(event.user_text, event.hint)

    def _run(self) -> None:
        try:
            sitting = self._sitting = self._guides.sitting(self._student.student_id)
            while not self._stop.is_set() and not self._frames.closed:
                frame = self._frames.take(POLL_S)
                if frame is not None:
                    sitting.see(frame)
        except KioskError as error:
            self._failure = error
        except Exception:  # the top of a thread
            log.exception("the enrolment thread met something unforeseen")
            self._failure = KioskError(
                _("The pictures cannot be taken any more."), _("Close this and try again, or use a folder.")
            )
        finally:
            self.ended.set()
            self._drop_frames()

    def _drop_frames(self) -> None:
        """Keep the picture going until somebody closes it."""
        while not self._stop.is_set() and not self._frames.closed:
            self._frames.take(POLL_S)
