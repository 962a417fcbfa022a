"""The camera thread: sole owner of opening, reading and releasing a source.

A live source that is lost is reopened with a growing pause until the worker is stopped; a recording ends, at its end
or where it is damaged. A live picture that repeats the one before to the last bit says nothing new: recognition does not
get it, so that a frozen camera marks nobody, and one that stays frozen counts as lost.
"""

import logging
from typing import Final

from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.still_picture import StillPicture
from kiosk.errors import KioskError, SourceError
from kiosk.pipeline.frame_worker import FrameWorker
from kiosk.services.events import CameraState, CameraStateChanged, Events
from kiosk.services.faces.recognition.slots import LatestSlot, Slot
from kiosk.services.ports.sources import FrameSource
from kiosk.translation import N_, _

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 5.0
FROZEN_S: Final = 5.0
"""A live camera's picture that does not change by a single bit for so long is no picture of a room."""
FROZEN: Final = N_("The camera's picture does not change.")
FROZEN_HINT: Final = N_(
    "Open its cover, if it has one. The kiosk starts the camera anew by itself; if that does not help, unplug it and plug "
    "it in again."
)
TROUBLE: Final = N_("The camera stopped working."), N_("Please restart the kiosk.")
log = logging.getLogger(__name__)


class CameraWorker(FrameWorker):
    """Reads a source into a slot for recognition, one for the window, and one for the reading of codes, where there is one."""

    def __init__(
        self,
        *,
        source: FrameSource,
        frames: Slot[Frame],
        preview: LatestSlot[Frame],
        events: Events,
        codes: LatestSlot[Frame] | None = None,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        super().__init__(name="camera", frames=frames, events=events, trouble=TROUBLE)
        self._source = source
        self._preview = preview
        self._codes = codes
        self._first_pause_s = first_pause_s

    def _finish(self) -> None:
        self._source.close()
        self._frames.close()
        self._events.emit(CameraStateChanged(CameraState.CLOSED))

    def _work(self) -> None:
        pause = self._first_pause_s
        while not self._stop.is_set():
            try:
                self._events.emit(CameraStateChanged(CameraState.OPENING))
                info = self._source.open()
                self._events.emit(CameraStateChanged(CameraState.RUNNING, info.name))
                seen = self._deliver(StillPicture() if info.live else None)
                if seen is None or not info.live:
                    return
                # One new picture is what a frozen camera gives, too.
                pause = self._first_pause_s if seen > 1 else pause
            except SourceError as error:
                self._lost(error)
            self._source.close()
            if self._stop.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def _deliver(self, still: StillPicture | None) -> int | None:
        """Pass frames on until the source is lost (how many were new) or is over, or we are stopped (None)."""
        seen = 0
        try:
            while not self._stop.is_set():
                frame = self._source.read()
                if frame is None:
                    self._events.emit(CameraStateChanged(CameraState.ENDED))
                    return None
                self._preview.put(frame)
                if still is not None and still.repeats(frame):
                    if still.since_s >= FROZEN_S:
                        raise SourceError(_(FROZEN), _(FROZEN_HINT))
                    continue
                seen += 1
                if self._codes is not None:
                    self._codes.put(frame)
                if not self._frames.put(frame):
                    return None
        except SourceError as error:
            self._lost(error)
            return seen
        return None

    def _lost(self, error: KioskError) -> None:
        log.warning("camera lost: %s", error.user_text)
        self._events.emit(CameraStateChanged(CameraState.LOST, error.user_text, error.hint))
