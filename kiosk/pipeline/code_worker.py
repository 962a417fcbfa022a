"""The ``codes`` thread: looks for QR codes in the camera's newest frame and hands on what they say.

The reading itself is done by a process of its own, which may die of a hostile picture: it is started again, and nothing
here notices but the next try. The thread never makes camera or recognition wait: it has a slot of its own, takes the newest
frame, tries a bounded number of times a second, and reads a smaller picture than recognition sees.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.services.events import Events, WorkerFailed
from kiosk.services.faces.recognition.slots import LatestSlot
from kiosk.services.ports.outputs import CodeReader
from kiosk.translation import _

TRIES_PER_S: Final = 11.0
"""Raising it finds a pass sooner and costs recognition frames: a try of a 720p frame takes 11 ms of one core."""

READ_WIDTHS: Final = (896, 1344)
"""Frames are made so wide, by turns; none is enlarged. At 896 pixels a 720p frame is read in half the time of the whole one
and no worse (`tests/benchmarks/bench_passes.py`; below 850 passes of 160 pixels are lost); what is larger than 720p is also
looked at in more detail."""

READ_S: Final = 1.0
"""A picture that takes longer costs the reading process its life."""

POLL_S: Final = 0.25
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CodeReading:
    """How the codes of a class are read.

    Attributes:
        open_reader: Makes the reader; called on the ``codes`` thread, which closes it.
        take: Hears each text that was read, on the ``codes`` thread; must return at once.
    """

    open_reader: Callable[[], CodeReader]
    take: Callable[[str], None]


class CodeWorker:
    """Reads codes from frames until it is stopped or the frames end."""

    def __init__(
        self,
        *,
        frames: LatestSlot[Frame],
        reading: CodeReading,
        events: Events,
        tries_per_s: float = TRIES_PER_S,
    ) -> None:
        self._frames = frames
        self._reading = reading
        self._events = events
        self._period_s = 1 / tries_per_s
        self._stop = threading.Event()
        self.ended = threading.Event()
        self.tries = 0
        self._thread = threading.Thread(target=self._run, name="codes", daemon=True)

    def start(self) -> None:
        """Start the thread; it starts the reading process."""
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Finish the try under way and stop the reading process; False when the thread did not end in time."""
        self._stop.set()
        self._frames.close()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            reader = self._reading.open_reader()
            try:
                self._work(reader)
            finally:
                reader.close()
        except Exception:
            log.exception("the code thread met something unforeseen")
            self._events.emit(
                WorkerFailed(
                    "codes",
                    _("The camera does not read passes any more."),
                    _("Students scan the code on the screen instead; restart the kiosk after class."),
                )
            )
        finally:
            self.ended.set()

    def _work(self, reader: CodeReader) -> None:
        while not self._stop.is_set() and not self._frames.closed:
            frame = self._frames.take(POLL_S)
            if frame is None:
                continue
            began = time.monotonic()
            for text in reader.read(smaller(frame.image, self.tries), timeout_s=READ_S):
                self._reading.take(text)
            self.tries += 1
            self._stop.wait(max(0.0, self._period_s - (time.monotonic() - began)))


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
