"""A live camera to which a test holds things up, or before which it lets people stand."""

import threading
from collections.abc import Callable
from typing import Final

import numpy as np

from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.services.ports.sources import SourceInfo

WIDTH, HEIGHT = 1280, 720
ROOM: Final = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
"""A grey room with nobody in it."""


class HeldCamera:
    """Sees `ROOM` and whatever a test holds up; ten noisy pictures a second, stamped by the kiosk's clock."""

    def __init__(self, monotonic: Callable[[], float], *, noise: float = 6.0) -> None:
        self._monotonic = monotonic
        self._seen: BgrImage = ROOM
        self._random = np.random.default_rng(5)
        self._noise = noise
        self._pause = threading.Event()
        self._index = 0

    def hold(self, seen: BgrImage) -> None:
        """See this from the next picture on: 1280 x 720, BGR."""
        self._seen = seen

    @property
    def taken(self) -> int:
        """How many pictures were taken."""
        return self._index

    def open(self) -> SourceInfo:
        self._pause.clear()
        return SourceInfo("Held", WIDTH, HEIGHT, 10.0, live=True)

    def read(self) -> Frame | None:
        self._pause.wait(0.1)
        self._index += 1
        noise = self._random.normal(0, self._noise, (HEIGHT, WIDTH, 1))
        image = np.clip(self._seen + noise, 0, 255).astype(np.uint8)
        return Frame(image, self._monotonic(), self._index)

    def close(self) -> None:
        self._pause.set()
