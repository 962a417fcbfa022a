"""A camera that is plugged in or built in; used by the camera thread only."""

import os
import re
import sys
from pathlib import Path
from typing import Final

import cv2

from kiosk.camera.capture import Capture
from kiosk.camera.live import LiveSource, Patience
from kiosk.errors import SourceError
from kiosk.services.ports.clock import SYSTEM_CLOCK, Clock
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

_NODE: Final = re.compile(r"video([0-9]+)")
_BACKENDS: Final = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}
# Media Foundation, the other choice on Windows, takes up to 30 s to open some cameras.

PATIENCE: Final = Patience(
    open_s=OPEN_S, read_s=READ_S, first_reads=5, reads=round(RETRY_S / PAUSE_S), pause_s=PAUSE_S
)


class DeviceSource(LiveSource):
    """A camera by its index, or by a link of ``/dev`` that stays when the index changes, asked for 720p at 30 frames/s."""

    def __init__(
        self,
        index: int = 0,
        *,
        link: Path | None = None,
        patience: Patience = PATIENCE,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(
            name=_("Camera {index}", index=index if link is None else link.name),
            thread=f"camera-device-{index if link is None else link.name}",
            usual_fps=FPS,
            patience=patience,
            clock=clock,
        )
        self._link = link
        self._given = index

    @property
    def _index(self) -> int:
        """Where it is now; -1 where it is not plugged in."""
        if self._link is None:
            return self._given
        found = _NODE.fullmatch(self._link.resolve().name)
        return int(found[1]) if found and self._link.exists() else -1

    def open_capture(self) -> Capture:
        """Open it through the system's own interface, at 720p and 30 frames/s where it can.

        Motion JPEG comes first because most USB cameras give 720p uncompressed at 10 frames/s only.
        """
        capture = cv2.VideoCapture(self._index, _BACKENDS.get(sys.platform, cv2.CAP_ANY))
        if capture.isOpened():
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
            capture.set(cv2.CAP_PROP_FPS, FPS)
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return capture

    def missing(self) -> SourceError:
        """Say whether it is there but not ours, busy, or not there."""
        if self._link is not None and self._index < 0:
            return SourceError(
                _("The camera {name} is not plugged in.", name=self._link.name),
                _("Plug it in, or choose another camera in the settings."),
            )
        index, node = self._index, Path(f"/dev/video{self._index}")
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
            _(
                "Plug a camera in, close other programs that use it, or choose another camera in the settings."
            ),
        )

    def lost(self) -> SourceError:
        """Ask for a look at its cable."""
        return SourceError(
            _("Camera {index} stopped giving pictures.", index=self._index),
            _("Check its cable; the kiosk goes on by itself as soon as the camera is back."),
        )
