"""Faces as cameras catch them: tilted, cut by the frame's edge, near and far, in colour noise; no photographs."""

from collections.abc import Iterator

import cv2
import numpy as np

from kiosk.domain.faces.frames import BgrImage, Box, Detection
from kiosk.vision.embedding.sketched_faces import SIDE, sketch_face

WIDTH, HEIGHT = 641, 480


def face_cases() -> Iterator[tuple[str, BgrImage, Detection]]:
    """Name, picture and detection: 13 of them."""
    places = {
        "middle": (160, 80, 1.0),
        "top left corner": (-110, -90, 1.0),
        "top edge": (200, -120, 0.8),
        "right edge": (500, 100, 1.1),
        "bottom right corner": (520, 330, 1.0),
        "bottom edge": (100, 340, 0.9),
        "far": (300, 200, 0.21),
        "fills the picture": (-120, -150, 2.4),
    }
    for number, (name, (x, y, scale)) in enumerate(places.items()):
        yield name, *placed(number, x, y, scale)
    for number, angle in enumerate((-75, -30, 45, 90, 179)):
        yield f"turned by {angle}", *placed(20 + number, 160, 80, 1.0, angle)


def placed(number: int, x: float, y: float, scale: float, angle: float = 0) -> tuple[BgrImage, Detection]:
    """A sketched face at (x, y) of a noisy picture; what lies beyond the edge is cut off."""
    sketch, face = sketch_face(number)
    assert face.landmarks is not None
    turned = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), angle, scale)
    beyond = SIDE / 2 * (scale - 1)
    turned[:, 2] += np.array((x + beyond, y + beyond))
    noise = np.random.default_rng(number).integers(60, 200, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    picture = cv2.warpAffine(
        sketch, turned, (WIDTH, HEIGHT), dst=noise, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
    )
    middle = turned @ np.array((*face.box.centre, 1.0))
    width, height = face.box.width * scale, face.box.height * scale
    points = (face.landmarks @ turned[:, :2].T + turned[:, 2]).astype(np.float32)
    box = Box(float(middle[0]) - width / 2, float(middle[1]) - height / 2, width, height)
    return np.asarray(picture, np.uint8), Detection(box, 0.9, points)
