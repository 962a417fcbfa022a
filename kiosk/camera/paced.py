"""A recording played at its own speed, as if it were a camera. Camera thread only."""

from typing import Final

from kiosk.domain.faces.frames import Frame
from kiosk.services.ports.clock import SYSTEM_CLOCK, Clock
from kiosk.services.ports.sources import FrameSource, SourceInfo

MOST_DROPPED_S: Final = 1.0
"""Where decoding cannot keep up, a frame is given after at most this much dropped recording, and time starts anew."""


class PacedSource:
    """Gives an inner recording's frames when they are due, stamped with the monotonic clock.

    What is overdue by more than a frame's time is dropped, as a camera would. With `loop` the recording begins
    again at its end. Frames are numbered as they are given.
    """

    def __init__(self, inner: FrameSource, *, loop: bool = False, clock: Clock = SYSTEM_CLOCK) -> None:
        self._inner = inner
        self._loop = loop
        self._clock = clock
        self._period_s = 1 / 30
        self._offset_s: float | None = None
        self._count = 0

    def open(self) -> SourceInfo:
        """Open the recording; its time runs from the first frame that is read.

        Raises:
            SourceError: As the inner source.
        """
        info = self._inner.open()
        self._period_s = 1 / info.fps if info.fps > 0 else 1 / 30
        self._offset_s = None
        self._count = 0
        return SourceInfo(info.name, info.width, info.height, info.fps, live=True)

    def read(self) -> Frame | None:
        """Wait for the next frame that is not overdue; None at the end when it does not loop.

        Raises:
            SourceError: As the inner source.
        """
        first_s: float | None = None
        while True:
            frame = self._inner.read()
            if frame is None:
                frame = self._again()
                first_s = None
            if frame is None:
                return None
            now = self._clock.monotonic()
            if self._offset_s is None:
                self._offset_s = now - frame.time_s
            if first_s is None:
                first_s = frame.time_s
            due = self._offset_s + frame.time_s
            if now - due <= self._period_s:
                break
            if frame.time_s - first_s >= MOST_DROPPED_S:
                self._offset_s, due = now - frame.time_s, now
                break
        if due > now:
            self._clock.sleep(due - now)
        given = Frame(frame.image, due, self._count)
        self._count += 1
        return given

    def close(self) -> None:
        self._inner.close()

    def _again(self) -> Frame | None:
        if not self._loop or self._offset_s is None:
            return None
        self._inner.close()
        self._inner.open()
        self._offset_s = None
        return self._inner.read()
