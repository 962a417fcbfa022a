"""How far a detector sees: the size at which it looks at a picture.

A detector finds faces from a certain number of pixels on, and its time grows with the pixels it looks at. Pure
computation, on the caller's thread.
"""

from enum import StrEnum
from typing import Final

import cv2
import numpy as np

from kiosk.domain.faces.frames import BgrImage

MAX_ENLARGEMENT: Final = 2.0
"""Small pictures are enlarged at most this much: beyond it blurred spots begin to look like faces."""


class Reach(StrEnum):
    """Distance at which students are found.

    `near` looks at 640 pixels (of the longer side), `far` at 1280: faces half the size are found, at about four times
    the work. Both bound the work for large pictures.
    """

    NEAR = "near"
    FAR = "far"

    @property
    def longest_side(self) -> int:
        """Pixels of the longer side of the picture that the detector sees."""
        return 640 if self is Reach.NEAR else 1280


def fit(image: BgrImage, reach: Reach) -> tuple[BgrImage, float, float]:
    """Scale a picture for detection.

    Returns:
        The picture, and how many of its pixels one pixel of `image` became, along x and along y.
    """
    height, width = image.shape[:2]
    factor = min(reach.longest_side / max(height, width, 1), MAX_ENLARGEMENT)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    if size == (width, height):
        return image, 1.0, 1.0
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(image, size, interpolation=how), dtype=np.uint8)
    return small, size[0] / width, size[1] / height
