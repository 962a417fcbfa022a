"""One set of heads as each network takes them, so that both sides of a comparison get the same numbers."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import RgbImage

COMPARED: Final = 8
"""Heads whose embeddings are compared, and faces in a batch."""


def dlib_chips(crops: Path) -> list[RgbImage]:
    """(150, 150, 3) RGB, for dlib's network."""
    return [
        np.ascontiguousarray(cv2.resize(crop, (150, 150), interpolation=cv2.INTER_AREA)[:, :, ::-1])
        for crop in np.load(crops)
    ]


def deepface_inputs(crops: Path, side: int, count: int) -> NDArray[np.float32]:
    """(count, side, side, 3) BGR 0-1, for deepface's networks."""
    heads = [cv2.resize(crop, (side, side), interpolation=cv2.INTER_CUBIC) for crop in np.load(crops)[:count]]
    return np.stack(heads).astype(np.float32) / np.float32(255)
