"""OpenCV's video capture with time limits and without its noise.

OpenCV may block for as long as a driver or a server likes. `PatientCapture` therefore opens, reads and releases on
one thread of its own and lets the camera thread wait only so long; a call that hangs is left behind, and its thread
releases the device as soon as the driver comes back.
"""

import os
import queue
import threading
from concurrent.futures import Future
from typing import Final, Protocol

import cv2
import numpy as np
from cv2.typing import MatLike

from kiosk.domain.faces.frames import BgrImage

JOIN_S: Final = 1.0
"""How long `PatientCapture.close` waits for the device to be released."""


class Capture(Protocol):
    """The part of `cv2.VideoCapture` that sources use."""

    def isOpened(self) -> bool: ...  # noqa: N802 - OpenCV's name
    def read(self) -> tuple[bool, MatLike | None]: ...
    def get(self, propId: int, /) -> float: ...  # noqa: N803 - OpenCV's name
    def set(self, propId: int, value: float, /) -> bool: ...  # noqa: N803 - OpenCV's name
    def release(self) -> None: ...


def hush() -> None:
    """Keep OpenCV and FFMPEG from writing to stderr; what went wrong is said in our own words instead.

    FFMPEG's level is only looked at when it is used for the first time in a process.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(0)


def fps_of(capture: Capture) -> float:
    """Frames a second as a capture says; 0 where it does not know."""
    fps = capture.get(cv2.CAP_PROP_FPS)
    return fps if 0 < fps <= 1000 else 0.0


def grab(capture: Capture) -> BgrImage | None:
    """Read one BGR picture of (height, width, 3); None where the capture has none."""
    try:
        good, image = capture.read()
    except cv2.error:
        return None
    if not good or image is None or image.size == 0:
        return None
    if image.ndim == 2:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return np.asarray(image, dtype=np.uint8)


class OpensCapture(Protocol):
    """Who knows how a capture is opened."""

    def open_capture(self) -> Capture: ...


class PatientCapture:
    """A capture on a thread of its own, asked with time limits; where one passes, it must be closed."""

    def __init__(self, source: OpensCapture, *, name: str) -> None:
        self._source = source
        self._asked: queue.SimpleQueue[tuple[int, Future[BgrImage | None]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.fps = 0.0
        """As the capture says after its first picture; 0 where it does not know."""
        self._thread.start()

    def picture(self, *, tries: int, timeout_s: float) -> BgrImage | None:
        """Read a picture; None when none of the tries gave one, or it is not open.

        Raises:
            TimeoutError: No answer within `timeout_s`.
        """
        answer: Future[BgrImage | None] = Future()
        self._asked.put((tries, answer))
        return answer.result(timeout_s)

    def close(self) -> None:
        """Release the capture; returns within `JOIN_S` even if the driver hangs."""
        self._asked.put(None)
        self._thread.join(JOIN_S)

    def _run(self) -> None:
        capture = self._source.open_capture()
        while (asked := self._asked.get()) is not None:
            tries, answer = asked
            try:
                answer.set_result(self._read(capture, tries))
            except (cv2.error, OSError) as error:
                answer.set_exception(error)
        capture.release()

    def _read(self, capture: Capture, tries: int) -> BgrImage | None:
        for _unused in range(tries if capture.isOpened() else 0):
            image = grab(capture)
            if image is not None:
                self.fps = self.fps or fps_of(capture)
                return image
        return None
