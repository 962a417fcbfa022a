"""A simple shaded face that the real detectors find: a picture of nobody, for tests of boxes and alignment."""

import cv2
import numpy as np

from kiosk.domain.faces.frames import BgrImage

_CANVAS = 400
_SKIN = (150, 180, 220)


def drawn_face(side: int = 200) -> BgrImage:
    """A face from the front on grey, (side, side, 3); the head fills about two thirds of it."""
    size = _CANVAS
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32)
    image = np.full((size, size, 3), 128.0, np.float32)
    head = ((columns - 200) / 105) ** 2 + ((rows - 200) / 140) ** 2 <= 1
    shade = 1.05 - 0.35 * ((columns - 200) / 105) ** 2 - 0.1 * ((rows - 180) / 140) ** 2
    image[head] = (np.array(_SKIN, np.float32) * shade[..., None])[head]
    hair = head & (rows < 115)
    image[hair] = (30, 35, 45)
    picture = np.ascontiguousarray(image.clip(0, 255).astype(np.uint8))
    for x in (155, 245):
        cv2.ellipse(picture, (x, 178), (30, 20), 0, 0, 360, (105, 130, 165), -1)
        cv2.ellipse(picture, (x, 182), (21, 10), 0, 0, 360, (235, 235, 235), -1)
        cv2.circle(picture, (x, 182), 10, (40, 30, 20), -1)
        cv2.ellipse(picture, (x, 155), (32, 8), 0, 180, 360, (30, 35, 45), 9)
    cv2.line(picture, (192, 180), (186, 228), (125, 152, 190), 7)
    cv2.line(picture, (208, 180), (214, 228), (125, 152, 190), 7)
    cv2.ellipse(picture, (200, 236), (24, 10), 0, 0, 180, (80, 100, 135), 6)
    cv2.ellipse(picture, (200, 280), (40, 12), 0, 0, 360, (80, 80, 150), -1)
    cv2.line(picture, (160, 280), (240, 280), (40, 40, 80), 3)
    soft = cv2.GaussianBlur(picture, (0, 0), 3)
    return np.asarray(cv2.resize(soft, (side, side), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def scene(*places: tuple[int, int, int], width: int = 1280, height: int = 720) -> BgrImage:
    """A grey picture with drawn faces at (x, y, side) of their upper left corners; parts beyond the edge are cut off."""
    image = np.full((height, width, 3), 128, np.uint8)
    for x, y, side in places:
        left, top = max(0, x), max(0, y)
        right, bottom = min(width, x + side), min(height, y + side)
        image[top:bottom, left:right] = drawn_face(side)[top - y : bottom - y, left - x : right - x]
    return image
