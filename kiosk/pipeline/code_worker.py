"""The ``codes`` thread: looks for QR codes in the camera's newest frame and hands on what they say.

The reading itself is done by a process of its own, which may die of a hostile picture: it is started again, and nothing
here notices but the next try. The thread never makes camera or recognition wait: it has a slot of its own, takes the newest
frame, tries a bounded number of times a second, and reads a smaller picture than recognition sees.
"""

import time
from dataclasses import dataclass
from typing import Final, Protocol

import cv2
import numpy as np

from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.pipeline.frame_worker import FrameWorker
from kiosk.services.events import Events, WorkerFailed
from kiosk.services.faces.recognition.slots import LatestSlot
from kiosk.services.ports.outputs import CodeReader
from kiosk.translation import N_, _

TRIES_PER_S: Final = 11.0
"""Raising it finds a pass sooner and costs recognition frames: a try of a 720p frame takes 11 ms of one core."""

READ_WIDTHS: Final = (896, 1344)
"""Frames are made so wide, by turns; none is enlarged. At 896 pixels a 720p frame is read in half the time of the whole one
and no worse (`tests/benchmarks/bench_passes.py`; below 850 passes of 160 pixels are lost); what is larger than 720p is also
looked at in more detail."""

READ_S: Final = 1.0
"""A picture that takes longer costs the reading process its life."""

POLL_S: Final = 0.25
FAILURES: Final = 5
"""After so many in a row something is said; the next picture may be read again, and a single one may be hostile."""

RESTING: Final = N_("Passes are not read for a moment."), N_("Students scan the code meanwhile.")
TROUBLE: Final = (
    N_("The camera does not read passes any more."),
    N_("Students scan the code on the screen instead; restart the kiosk after class."),
)


class HearsTexts(Protocol):
    """Who is told what codes say; `Passes` are."""

    def take(self, text: str) -> None:
        """Hear a text, on the ``codes`` thread; must return at once."""


@dataclass(frozen=True, slots=True)
class CodeReading:
    """How the codes of a class are read: by a reader, which the ``codes`` thread closes, and for whom."""

    reader: CodeReader
    listener: HearsTexts


class CodeWorker(FrameWorker):
    """Reads codes from frames until it is stopped or the frames end."""

    def __init__(
        self,
        *,
        frames: LatestSlot[Frame],
        reading: CodeReading,
        events: Events,
        tries_per_s: float = TRIES_PER_S,
        was_failing: bool = False,
    ) -> None:
        """`was_failing` says that the class was told so: the first picture that is read takes it back."""
        super().__init__(name="codes", frames=frames, events=events, trouble=TROUBLE)
        self._reading = reading
        self._period_s = 1 / tries_per_s
        self._said = was_failing
        self.tries = 0

    def _finish(self) -> None:
        self._reading.reader.close()

    def _work(self) -> None:
        reader, listener = self._reading.reader, self._reading.listener
        while not self._stop.is_set() and not self._frames.closed:
            frame = self._frames.take(POLL_S)
            if frame is None:
                continue
            began = time.monotonic()
            with self._step():
                texts = reader.read(smaller(frame.image, self.tries), timeout_s=READ_S)
            for text in texts if not self._abandoned else ():
                listener.take(text)
            self.tries += 1
            self._tell(reader.failures)
            self._stop.wait(max(0.0, self._period_s - (time.monotonic() - began)))

    def _tell(self, failures: int) -> None:
        """Say that no picture is read any more, and that one was again."""
        fails = failures >= FAILURES or (self._said and failures > 0)
        if fails is self._said or self._abandoned:
            return
        self._said = fails
        text, hint = RESTING if fails else ("", "")
        self._events.emit(WorkerFailed(self._name, text and _(text), hint and _(hint)))


def smaller(image: BgrImage, turn: int) -> BgrImage:
    """The picture in which codes are looked for at one turn."""
    height, width = image.shape[:2]
    widths = [one for one in READ_WIDTHS if one < width]
    if not widths:
        return image
    # A frame between the two sizes is looked at in the smaller one only.
    wide = widths[turn % len(widths)]
    size = (wide, max(1, round(height * wide / width)))
    # Linear: averaging by area takes 3 ms instead of 0.8, and finds no more.
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
