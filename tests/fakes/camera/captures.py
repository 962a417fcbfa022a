"""A camera that does what a test says, in place of OpenCV's."""

import threading
from collections.abc import Sequence

import cv2
import numpy as np

from kiosk.domain.faces.frames import BgrImage


class FakeCapture:
    """Gives `images` one after the other (None: a failed read), then fails, or hangs until `release_hang`."""

    def __init__(
        self, images: Sequence[BgrImage | None], *, opened: bool = True, hangs: bool = False
    ) -> None:
        self.images = list(images)
        self.opened = opened
        self.hangs = hangs
        self.release_hang = threading.Event()
        self.released = threading.Event()
        self.read_by: set[str] = set()

    def isOpened(self) -> bool:
        return self.opened

    def read(self) -> tuple[bool, BgrImage | None]:
        self.read_by.add(threading.current_thread().name)
        if self.images:
            image = self.images.pop(0)
            return image is not None, image
        if self.hangs:
            self.release_hang.wait(30)
        return False, None

    def get(self, prop: int, /) -> float:
        return {cv2.CAP_PROP_FPS: 30.0, cv2.CAP_PROP_FRAME_WIDTH: 1280.0}.get(prop, 0.0)

    def set(self, prop: int, value: float, /) -> bool:
        return True

    def release(self) -> None:
        self.released.set()


def plain(value: int, *, width: int = 64, height: int = 48) -> BgrImage:
    """One grey value everywhere."""
    return np.full((height, width, 3), value, np.uint8)
