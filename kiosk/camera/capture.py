"""OpenCV's video capture with time limits and without its noise.

OpenCV may block for as long as a driver or a server likes. `PatientCapture` therefore opens, reads and releases on
one thread of its own and lets the camera thread wait only so long; a call that hangs is left behind, and its thread
releases the device as soon as the driver comes back.
"""

import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage

T = TypeVar("T")

JOIN_S: Final = 1.0
"""How long `PatientCapture.close` waits for the device to be released."""


class Capture(Protocol):
    """The part of `cv2.VideoCapture` that sources use."""

    def isOpened(self) -> bool: ...  # noqa: N802 - OpenCV's name
    def read(self) -> tuple[bool, NDArray[np.uint8] | None]: ...
    def get(self, propId: int, /) -> float: ...  # noqa: N803 - OpenCV's name
    def set(self, propId: int, value: float, /) -> bool: ...  # noqa: N803 - OpenCV's name
    def release(self) -> None: ...


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """What an opened capture says of itself; zeros where it does not know."""

    width: int
    height: int
    fps: float


def hush() -> None:
    """Keep OpenCV and FFMPEG from writing to stderr; what went wrong is said in our own words instead.

    FFMPEG's level is only looked at when it is used for the first time in a process.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(0)


def facts(capture: Capture) -> CaptureFacts:
    """Ask a capture for its size and rate."""
    fps = capture.get(cv2.CAP_PROP_FPS)
    return CaptureFacts(
        max(0, int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))),
        max(0, int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))),
        fps if 0 < fps <= 1000 else 0.0,
    )


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
    return image


class PatientCapture:
    """A capture on a thread of its own, called with time limits.

    Raises `TimeoutError` from `call` when the limit passes; the capture must be closed then.
    """

    def __init__(self, *, opener: Callable[[], Capture], name: str) -> None:
        self._opener = opener
        self._work: queue.SimpleQueue[Callable[[Capture], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, work: Callable[[Capture], T], timeout_s: float) -> T:
        """Run `work` on the capture's thread and wait for its answer.

        Raises:
            TimeoutError: No answer within `timeout_s`.
        """
        answer: Future[T] = Future()

        def run(capture: Capture) -> None:
            try:
                answer.set_result(work(capture))
            except (cv2.error, OSError) as error:
                answer.set_exception(error)

        self._work.put(run)
        return answer.result(timeout_s)

    def close(self) -> None:
        """Release the capture; returns within `JOIN_S` even if the driver hangs."""
        self._work.put(None)
        self._thread.join(JOIN_S)

    def _run(self) -> None:
        capture = self._opener()
        while (work := self._work.get()) is not None:
            work(capture)
        capture.release()
