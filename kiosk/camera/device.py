"""A camera that is plugged in or built in; used by the camera thread only."""

import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2

from kiosk.camera.capture import (
    Capture,
    CaptureFacts,
    PatientCapture,
    facts,
    grab,
    hush,
)
from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.errors import SourceError
from kiosk.services.ports.sources import SourceInfo
from kiosk.translation import _

OPEN_S: Final = 4.5
"""Longest wait for a camera to open and give its first picture; slow ones need about 2 s."""

READ_S: Final = 3.0
"""Longest wait for one picture before the camera counts as lost."""

RETRY_S: Final = 1.0
"""How long failing reads are repeated; a loose cable drops single pictures only."""

PAUSE_S: Final = 0.02

WIDTH: Final = 1280
HEIGHT: Final = 720
FPS: Final = 30.0

_BACKENDS: Final = {
    "linux": cv2.CAP_V4L2,
    "win32": cv2.CAP_DSHOW,
    "darwin": cv2.CAP_AVFOUNDATION,
}
# Media Foundation, the other choice on Windows, takes up to 30 s to open some cameras.

_log = logging.getLogger(__name__)


class DeviceSource:
    """A camera by its index, asked for 720p at 30 frames/s."""

    def __init__(
        self,
        index: int,
        *,
        opener: Callable[[int], Capture] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        open_s: float = OPEN_S,
        read_s: float = READ_S,
    ) -> None:
        self._index = index
        self._opener = opener or open_device
        self._monotonic = monotonic
        self._pause = pause
        self._open_s = open_s
        self._read_s = read_s
        self._capture: PatientCapture | None = None
        self._first: BgrImage | None = None
        self._count = 0

    def open(self) -> SourceInfo:
        """Open the camera and wait for its first picture.

        Raises:
            SourceError: There is no such camera, another program has it, or it gives no picture in time.
        """
        self.close()
        hush()
        self._capture = PatientCapture(
            opener=lambda: self._opener(self._index),
            name=f"camera-device-{self._index}",
        )
        try:
            opened = self._capture.call(_first_picture, self._open_s)
        except TimeoutError:
            opened = None
        if opened is None:
            self.close()
            raise _missing(self._index)
        self._first, known = opened
        self._count = 0
        height, width = self._first.shape[:2]
        _log.info("camera %d opened: %d x %d", self._index, width, height)
        return SourceInfo(_("Camera {index}", index=self._index), width, height, known.fps or FPS, live=True)

    def read(self) -> Frame | None:
        """The next picture, stamped with the monotonic clock when it arrived.

        Raises:
            SourceError: The camera was unplugged or stopped giving pictures.
        """
        image, self._first = self._first, None
        if image is None:
            image = self._next()
        frame = Frame(image, self._monotonic(), self._count)
        self._count += 1
        return frame

    def close(self) -> None:
        """Release the camera."""
        capture, self._capture, self._first = self._capture, None, None
        if capture is not None:
            capture.close()

    def _next(self) -> BgrImage:
        if self._capture is None:
            raise _lost(self._index)
        tries = max(1, round(RETRY_S / PAUSE_S))
        for _unused in range(tries):
            try:
                image = self._capture.call(grab, self._read_s)
            except TimeoutError:
                break
            if image is not None:
                return image
            self._pause(PAUSE_S)
        raise _lost(self._index)


def open_device(index: int) -> Capture:
    """Open a camera through the system's own interface, at 720p and 30 frames/s where it can.

    Motion JPEG comes first because most USB cameras give 720p uncompressed at 10 frames/s only.
    """
    capture = cv2.VideoCapture(index, _BACKENDS.get(sys.platform, cv2.CAP_ANY))
    if capture.isOpened():
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
        capture.set(cv2.CAP_PROP_FPS, FPS)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture  # type: ignore[return-value]  # OpenCV's stub gives arrays of any number type


def _first_picture(capture: Capture) -> tuple[BgrImage, CaptureFacts] | None:
    if not capture.isOpened():
        return None
    for _unused in range(5):
        image = grab(capture)
        if image is not None:
            return image, facts(capture)
    return None


def _missing(index: int) -> SourceError:
    node = Path(f"/dev/video{index}")
    if sys.platform == "linux" and node.exists():
        if not os.access(node, os.R_OK | os.W_OK):
            return SourceError(
                _("Camera {index} is there, but this account may not use it.", index=index),
                _("Add the account to the group 'video' and sign in to the system again."),
            )
        return SourceError(
            _("Camera {index} is there but gives no picture.", index=index),
            _("Close other programs that use the camera, or choose another camera in the settings."),
        )
    return SourceError(
        _("No camera at index {index} gives a picture.", index=index),
        _("Plug a camera in, close other programs that use it, or choose another camera in the settings."),
    )


def _lost(index: int) -> SourceError:
    return SourceError(
        _("Camera {index} stopped giving pictures.", index=index),
        _("Check its cable; the kiosk goes on by itself as soon as the camera is back."),
    )
