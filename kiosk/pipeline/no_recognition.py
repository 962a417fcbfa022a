"""What stands in the place of recognition where a school uses no faces: it takes frames and looks at none of them.

It loads nothing, and imports nothing that knows what a face is.
"""

from typing import Final

from kiosk.domain.faces.frames import Frame
from kiosk.pipeline.frame_worker import FrameWorker
from kiosk.services.events import Events
from kiosk.services.faces.recognition.recogniser import Recognition
from kiosk.services.faces.recognition.slots import Slot
from kiosk.translation import N_

POLL_S: Final = 0.25
TROUBLE: Final = N_("The camera's frames are not taken any more."), N_("Please restart the kiosk.")


class NoRecognition(FrameWorker):
    """Lets frames go, so that a camera or a recording goes on."""

    def __init__(self, *, frames: Slot[Frame], events: Events) -> None:
        super().__init__(name="vision", frames=frames, events=events, trouble=TROUBLE)
        self.frames_seen = 0

    def replace(self, recognition: Recognition) -> None:
        """There is nothing to replace."""

    def look_anew(self) -> None:
        """There is nobody to look at."""

    def settle(self, timeout_s: float) -> None:
        """Nothing was claimed."""

    def _work(self) -> None:
        while not self._stop.is_set() and not self._frames.closed:
            self._frames.take(POLL_S)
