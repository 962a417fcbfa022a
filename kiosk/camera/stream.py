"""A network camera: an RTSP address, or an HTTP address that gives motion JPEG. Camera thread only.

A password in the address stays between this module and FFMPEG: names and errors carry scheme, host and path only.
"""

from typing import Final
from urllib.parse import urlsplit

import cv2

from kiosk.camera.capture import Capture
from kiosk.camera.live import LiveSource, Patience
from kiosk.errors import SourceError
from kiosk.services.ports.clock import SYSTEM_CLOCK, Clock
from kiosk.translation import _

TIMEOUT_S: Final = 5.0
"""Longest wait for the connection, and for each picture."""

SPARE_S: Final = 1.0
"""FFMPEG keeps the limits itself; this much later the call is given up from outside."""

SCHEMES: Final = frozenset({"rtsp", "rtsps", "http", "https"})


class StreamSource(LiveSource):
    """A camera behind an address."""

    def __init__(self, address: str, *, timeout_s: float = TIMEOUT_S, clock: Clock = SYSTEM_CLOCK) -> None:
        super().__init__(
            name=shown_address(address),
            thread="camera-stream",
            usual_fps=25.0,
            patience=Patience(open_s=2 * timeout_s + SPARE_S, read_s=timeout_s + SPARE_S),
            clock=clock,
        )
        self._address = address
        self._timeout_s = timeout_s

    def open_capture(self) -> Capture:
        """Open the address with FFMPEG; RTSP goes over TCP, which is its default in OpenCV."""
        limit = round(self._timeout_s * 1000)
        options = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, limit, cv2.CAP_PROP_READ_TIMEOUT_MSEC, limit]
        return cv2.VideoCapture(self._address, cv2.CAP_FFMPEG, options)

    def missing(self) -> SourceError:
        """Nobody answers, the address is refused, or what comes is no video."""
        return SourceError(
            _("No picture comes from {name}.", name=self.name),
            _(
                "Check the address, the user name and password in it, and that the camera is on and in this network."
            ),
        )

    def lost(self) -> SourceError:
        """Ask for a look at the network."""
        return SourceError(
            _("The connection to {name} was lost.", name=self.name),
            _("Check the network and the camera; the kiosk goes on by itself as soon as it answers."),
        )


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


def _unreadable() -> SourceError:
    return SourceError(
        _("The camera's address cannot be read."),
        _("It should look like rtsp://host/path or http://host:port/path."),
    )
