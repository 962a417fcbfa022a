"""Telling a live picture from one that stands still. Pure computation, on the camera thread."""

import zlib
from typing import Final

import numpy as np

from kiosk.domain.faces.frames import BgrImage, Frame

_STEP: Final = 8
"""Every eighth pixel of every eighth row is compared first: 0.05 ms for 720p."""


class StillPicture:
    """Remembers the newest picture and whether the next ones repeat it to the last bit.

    The noise of a sensor changes every picture of a real room, in the dark too, and so does every codec's. What
    repeats is a driver that hangs, a closed shutter, or a camera that sends each picture twice.

    Attributes:
        since_s: How long the newest picture has been standing still, in seconds of the frames' own time; 0 for a new one.
    """

    def __init__(self) -> None:
        self.since_s = 0.0
        self._first: Frame | None = None
        self._mark = 0

    def repeats(self, frame: Frame) -> bool:
        """Whether a frame shows exactly what the one before it showed."""
        mark = _mark(frame.image)
        first = self._first
        if first is not None and mark == self._mark and np.array_equal(first.image, frame.image):
            self.since_s = frame.time_s - first.time_s
            return True
        self._first, self._mark, self.since_s = frame, mark, 0.0
        return False


def _mark(image: BgrImage) -> int:
    return zlib.crc32(np.ascontiguousarray(image[::_STEP, ::_STEP]).tobytes())
