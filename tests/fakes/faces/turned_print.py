"""A printed photograph that is turned before a camera: exact projection of a plane, no detector and no luck in it."""

import cv2
import numpy as np

from kiosk.domain.faces.frames import BgrImage

WIDTH, HEIGHT = 1280, 720
FOCAL = 1000.0
FACE_MM = 160.0
"""Life size: the height of the face on the print."""


def turned_print(
    photograph: BgrImage, *, face_px: float, yaw: float, distance: float, x: float = 0.0
) -> BgrImage:
    """What a camera sees of a print turned by `yaw` degrees about its upright axis, `distance` millimetres away."""
    height, width = photograph.shape[:2]
    scale = FACE_MM / face_px
    angle = np.radians(yaw)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    flat = (corners - (width / 2, height / 2)) * scale
    across = flat[:, 0] * np.cos(angle) + x
    depth = distance + flat[:, 0] * np.sin(angle)
    seen = np.stack(
        [WIDTH / 2 + FOCAL * across / depth, HEIGHT / 2 + FOCAL * flat[:, 1] / depth], axis=1
    ).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    grey = (150, 150, 150)
    return np.asarray(
        cv2.warpPerspective(photograph, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderValue=grey),
        np.uint8,
    )
