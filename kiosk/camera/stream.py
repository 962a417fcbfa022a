"""A network camera: an RTSP address, or an HTTP address that gives motion JPEG. Camera thread only.

A password in the address stays between this module and FFMPEG: names and errors carry scheme, host and path only.
"""

import logging
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

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

TIMEOUT_S: Final = 5.0
"""Longest wait for the connection, and for each picture."""

SPARE_S: Final = 1.0
"""FFMPEG keeps the limits itself; this much later the call is given up from outside."""

SCHEMES: Final = frozenset({"rtsp", "rtsps", "http", "https"})

_log = logging.getLogger(__name__)


class StreamSource:
    """A camera behind an address."""

    def __init__(
        self,
        address: str,
        *,
        timeout_s: float = TIMEOUT_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = address
        self._name = shown_address(address)
        self._timeout_s = timeout_s
        self._monotonic = monotonic
        self._capture: PatientCapture | None = None
        self._first: BgrImage | None = None
        self._count = 0

    def open(self) -> SourceInfo:
        """Connect and wait for the first picture.

        Raises:
            SourceError: Nobody answers, the address is refused, or what comes is no video.
        """
        self.close()
        hush()
        self._capture = PatientCapture(
            opener=lambda: open_stream(self._address, self._timeout_s),
            name="camera-stream",
        )
        limit = 2 * self._timeout_s + SPARE_S
        try:
            opened = self._capture.call(_first_picture, limit)
        except TimeoutError:
            opened = None
        if opened is None:
            self.close()
            raise SourceError(
                _("No picture comes from {name}.", name=self._name),
                _(
                    "Check the address, the user name and password in it, and that the camera is on and in this network."
                ),
            )
        self._first, known = opened
        self._count = 0
        height, width = self._first.shape[:2]
        _log.info("stream %s opened: %d x %d", self._name, width, height)
        return SourceInfo(self._name, width, height, known.fps or 25.0, live=True)

    def read(self) -> Frame | None:
        """The next picture, stamped with the monotonic clock when it arrived.

        Raises:
            SourceError: The connection ended or stalled.
        """
        image, self._first = self._first, None
        if image is None and self._capture is not None:
            try:
                image = self._capture.call(grab, self._timeout_s + SPARE_S)
            except TimeoutError:
                image = None
        if image is None:
            raise SourceError(
                _("The connection to {name} was lost.", name=self._name),
                _("Check the network and the camera; the kiosk goes on by itself as soon as it answers."),
            )
        frame = Frame(image, self._monotonic(), self._count)
        self._count += 1
        return frame

    def close(self) -> None:
        """End the connection."""
        capture, self._capture, self._first = self._capture, None, None
        if capture is not None:
            capture.close()


def shown_address(address: str) -> str:
    """Scheme, host, port and path of an address: user, password and query stay out.

    Raises:
        SourceError: The address names no host.
    """
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        raise _unreadable() from None
    if not host or scheme not in SCHEMES:
        raise _unreadable()
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}{f':{port}' if port else ''}{parts.path}"


def open_stream(address: str, timeout_s: float) -> Capture:
    """Open an address with FFMPEG; RTSP goes over TCP, which is its default in OpenCV."""
    limit = round(timeout_s * 1000)
    options = [
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
        limit,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC,
        limit,
    ]
    return cv2.VideoCapture(address, cv2.CAP_FFMPEG, options)  # type: ignore[return-value]  # as in device.py


def _first_picture(capture: Capture) -> tuple[BgrImage, CaptureFacts] | None:
    image = grab(capture) if capture.isOpened() else None
    return None if image is None else (image, facts(capture))


def _unreadable() -> SourceError:
    return SourceError(
        _("The camera's address cannot be read."),
        _("It should look like rtsp://host/path or http://host:port/path."),
    )
