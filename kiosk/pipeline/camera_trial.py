"""Somebody looks through a camera before choosing it: a camera thread, and the newest picture. Any thread."""

import logging
from typing import Final

from kiosk.domain.faces.frames import Frame
from kiosk.errors import KioskError, SourceError
from kiosk.pipeline.camera_worker import CameraWorker
from kiosk.services.events import CameraState, CameraStateChanged, Events
from kiosk.services.faces.recognition.slots import LatestSlot
from kiosk.services.ports.sources import FrameSource

JOIN_S: Final = 5.0
log = logging.getLogger(__name__)


class RunningTrial:
    """Implements `CameraTrial`; started when it is made."""

    def __init__(self, source: FrameSource) -> None:
        self._preview: LatestSlot[Frame] = LatestSlot()
        self._trouble: KioskError | None = None
        events = Events()
        events.subscribe(CameraStateChanged, self._on_event)
        self._worker = CameraWorker(source=source, frames=LatestSlot(), preview=self._preview, events=events)
        self._worker.start()

    def frame(self) -> Frame | None:
        return self._preview.peek()

    def trouble(self) -> KioskError | None:
        return self._trouble

    def stop(self) -> None:
        if not self._worker.stop(JOIN_S):
            log.warning("a camera that was tried out does not let go")

    def _on_event(self, event: CameraStateChanged) -> None:
        if event.state is CameraState.LOST:
            self._trouble = SourceError(event.user_text, event.hint)
        elif event.state is CameraState.RUNNING:
            self._trouble = None
