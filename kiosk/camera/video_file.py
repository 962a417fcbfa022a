"""A recorded video; times come from the recording, so that every replay gives the same. Camera thread only."""

import logging
from pathlib import Path
from typing import Final

import cv2

from kiosk.camera.capture import Capture, fps_of, grab, hush
from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.errors import SourceError
from kiosk.services.ports.sources import SourceInfo
from kiosk.translation import _

DEFAULT_FPS: Final = 30.0
"""Assumed where a container states no rate."""

_log = logging.getLogger(__name__)


class VideoFileSource:
    """A video file in any container and codec that OpenCV's FFMPEG reads, upright as its metadata says."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._capture: Capture | None = None
        self._fps = DEFAULT_FPS
        self._expected = 0
        self._first: tuple[BgrImage, float] | None = None
        self._count = 0
        self._last_s = -1.0

    def open(self) -> SourceInfo:
        """Open the file and decode its first frame.

        Raises:
            SourceError: The file is missing, not readable, or no video.
        """
        self.close()
        hush()
        try:
            with self._path.open("rb"):
                pass
        except OSError as error:
            raise SourceError(
                _("The video {name} cannot be opened.", name=self._path.name),
                _("Check that the file exists and may be read."),
            ) from error
        capture: Capture = cv2.VideoCapture(str(self._path), cv2.CAP_FFMPEG)
        image = grab(capture) if capture.isOpened() else None
        if image is None:
            capture.release()
            raise SourceError(
                _("{name} holds no video that can be played.", name=self._path.name),
                _("The file may be damaged or not a video; MP4, AVI, MKV and MOV files work."),
            )
        self._capture = capture
        self._fps = fps_of(capture) or DEFAULT_FPS
        self._expected = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self._first = image, capture.get(cv2.CAP_PROP_POS_MSEC)
        self._count, self._last_s = 0, -1.0
        height, width = image.shape[:2]
        return SourceInfo(self._path.name, width, height, self._fps, live=False)

    def read(self) -> Frame | None:
        """The next frame with its position in the recording; None at the end."""
        if self._capture is None:
            return None
        taken, self._first = self._first, None
        if taken is None:
            image = grab(self._capture)
            if image is None:
                self._report_early_end()
                return None
            taken = image, self._capture.get(cv2.CAP_PROP_POS_MSEC)
        frame = Frame(taken[0], self._position_s(taken[1]), self._count)
        self._count += 1
        self._last_s = frame.time_s
        return frame

    def close(self) -> None:
        capture, self._capture, self._first = self._capture, None, None
        if capture is not None:
            capture.release()

    def _position_s(self, container_ms: float) -> float:
        """The container's time where it grows, else counted on from the last frame with the stated rate."""
        stated = container_ms / 1000
        if stated > self._last_s and (stated > 0 or self._count == 0):
            return stated
        return 0.0 if self._count == 0 else self._last_s + 1 / self._fps

    def _report_early_end(self) -> None:
        if self._expected > 0 and self._count < 0.9 * self._expected:
            _log.warning(
                "%s is damaged: it ended after %d of %d frames", self._path.name, self._count, self._expected
            )
