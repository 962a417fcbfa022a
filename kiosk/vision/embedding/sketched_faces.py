"""Sketches of faces, each of nobody, with the detection that belongs to it: something to run a face network on.

They serve where a photograph may not: checking a converted network against the original, and spreading seeded weights.
Pure computation, a millisecond or two a face; the same number gives the same face.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Box, Detection

SIDE: Final = 320
"""Rows and columns of a sketch; the face's box covers its middle."""

_BOX: Final = Box(80.0, 50.0, 160.0, 210.0)


def sketch_face(number: int) -> tuple[BgrImage, Detection]:
    """A face of its own skin, hair, features, light and tilt, (320, 320, 3) BGR, and where it is."""
    random = np.random.default_rng((number, 71))
    skin = np.array((110, 140, 190)) * random.uniform(0.5, 1.25) + random.uniform(-12, 12, 3)
    picture = np.full((SIDE, SIDE, 3), random.uniform(20, 220, 3), np.float32)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    across = (columns - 160) / random.uniform(66, 84)
    down = (rows - 155) / random.uniform(95, 112)
    head = np.abs(across) ** random.uniform(1.9, 2.6) + down**2 <= 1
    light = 1.0 + random.uniform(-0.35, 0.35) * across - random.uniform(0.1, 0.4) * across**2
    picture[head] = (skin * light[..., None])[head]
    hair = head & (rows < random.uniform(80, 112) + random.uniform(-12, 12) * across)
    picture[hair] = random.uniform(10, 90, 3)
    canvas = np.ascontiguousarray(picture.clip(0, 255).astype(np.uint8))
    eyes = _draw_features(canvas, random, skin)
    turned = cv2.getRotationMatrix2D((160.0, 155.0), random.uniform(-20, 20), 1.0)
    tilted = cv2.warpAffine(canvas, turned, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    soft = np.asarray(cv2.GaussianBlur(tilted, (0, 0), random.uniform(0.8, 2.0)), np.float64)
    image = (soft + random.normal(0, 3, soft.shape)).clip(0, 255).astype(np.uint8)
    points = (eyes @ turned[:, :2].T + turned[:, 2]).astype(np.float32)
    return image, Detection(_BOX, 1.0, points)


def _draw_features(
    canvas: BgrImage, random: np.random.Generator, skin: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Eyes, brows, nose and mouth; returns the five points as they were drawn."""
    apart, level = random.integers(28, 40), random.integers(132, 146)
    dark = tuple(float(value) for value in skin * 0.45)
    brow, mouth_high = int(random.integers(2, 8)), random.integers(198, 218)
    iris = tuple(float(value) for value in random.uniform(10, 110, 3))
    for x in (160 - apart, 160 + apart):
        cv2.ellipse(
            canvas, (int(x), int(level)), (16, int(random.integers(6, 10))), 0, 0, 360, (232, 232, 232), -1
        )
        cv2.circle(canvas, (int(x), int(level)), int(random.integers(5, 8)), iris, -1)
        cv2.ellipse(canvas, (int(x), int(level) - 16), (20, 6), 0, 180, 360, dark, brow)
        if random.random() < 0.25:
            cv2.circle(canvas, (int(x), int(level)), 23, (30, 30, 30), 2)
    nose = int(level + random.integers(34, 48))
    wide, half = int(random.integers(10, 19)), int(random.integers(22, 36))
    cv2.line(canvas, (155, int(level)), (160 - wide // 2, nose), dark, 2)
    cv2.ellipse(canvas, (160, nose), (wide, 6), 0, 0, 180, dark, 3)
    lips = tuple(float(value) for value in skin * random.uniform(0.5, 0.9, 3))
    cv2.ellipse(canvas, (160, int(mouth_high)), (half, int(random.integers(5, 12))), 0, 0, 360, lips, -1)
    cv2.line(canvas, (160 - half, int(mouth_high)), (160 + half, int(mouth_high)), dark, 2)
    if random.random() < 0.3:
        cv2.ellipse(canvas, (160, 225), (half + 12, 30), 0, 10, 170, dark, int(random.integers(6, 16)))
    return np.array(
        [
            (160 - apart, level),
            (160 + apart, level),
            (160, nose),
            (160 - half, mouth_high),
            (160 + half, mouth_high),
        ],
        np.float64,
    )
