"""From a picture and a detection to a network's input, exactly as deepface 0.0.103 does it; its thresholds hold only so.

Source: `modules/detection.py` (`detect_faces`, `extract_face`, `extract_sub_image`, `align_img_wrt_eyes`,
`project_facial_area`), `modules/representation.py` and `modules/preprocessing.py` (`resize_image`, normalisation
``base``) of deepface, and the rounding of `models/face_detection/YuNet.py`. The black border that deepface puts around
the whole picture is only imagined here: the part around the face is cut from an endless black plane instead.

Pure computation on the caller's thread, 1 to 2 ms a face.
"""

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection, Points
from kiosk.vision.detection.eyes_and_nose import EyesAndNose

BORDER: Final = 0.5
"""deepface's black border on each side, in widths and heights of the picture; boxes are clipped to it."""

Corners = tuple[int, int, int, int]
"""Left, top, right, bottom."""


class DeepfaceAlignment:
    """Cuts faces out upright and brings them to a network's size."""

    def __init__(self, *, side: int, eyes: EyesAndNose) -> None:
        """Align for a network of `side` rows and columns; `eyes` finds them where a detector gives none."""
        self._side = side
        self._eyes = eyes

    def align(self, image: BgrImage, face: Detection) -> NDArray[np.float32]:
        """The network's input for one face: (side, side, 3) BGR, 0-1, padded with black.

        A face that lies outside the picture altogether gives a black input.
        """
        return fitted(upright_crop(image, face, self._eyes.find(image, face)), self._side)


def upright_crop(image: BgrImage, face: Detection, eyes: Points | None) -> BgrImage:
    """The face's box after turning it so that the eyes are level, in the picture's own pixels.

    Args:
        image: The picture that the face was found in.
        face: Where; its numbers are cut to whole pixels, as deepface's detectors do.
        eyes: Right and left eye (the person's own) in its first two rows, or None to leave the face as it is.
    """
    left, top, right, bottom = _clipped(face, image.shape[1], image.shape[0])
    width, height = right - left, bottom - top
    aside, above = int(0.5 * width), int(0.5 * height)
    around = _cut(image, left - aside, top - above, width + 2 * aside, height + 2 * above)
    if around.size == 0:
        return around
    angle = 0.0 if eyes is None else _angle(eyes)
    if eyes is not None:
        around = _turned(around, angle)
    x1, y1, x2, y2 = _projected((aside, above, aside + width, above + height), angle, around.shape[:2])
    return around[y1:y2, x1:x2]


def fitted(crop: BgrImage, side: int) -> NDArray[np.float32]:
    """Divide by 255, scale so that the longer side fits and put it in the middle of black, as `resize_image` does."""
    height, width = crop.shape[:2]
    if height == 0 or width == 0:
        return np.zeros((side, side, 3), np.float32)
    # deepface divides what is not black in double precision, and scales that.
    values = crop / 255 if crop.max() > 1 else crop
    factor = min(side / height, side / width)
    # A box thinner than 1 in `side` would be scaled to nothing; deepface fails there.
    size = max(1, int(width * factor)), max(1, int(height * factor))
    scaled = np.asarray(cv2.resize(values, size))
    beside, over = side - size[0], side - size[1]
    padded = np.pad(scaled, ((over // 2, over - over // 2), (beside // 2, beside - beside // 2), (0, 0)))
    return padded.astype(np.float32)


def _clipped(face: Detection, width: int, height: int) -> Corners:
    """The box in whole pixels, inside the imagined border."""
    beside, over = int(BORDER * width), int(BORDER * height)
    # deepface's detectors see the border, so their whole numbers are rounded down, and the corner is kept inside.
    left, top = max(math.floor(face.box.x), -beside), max(math.floor(face.box.y), -over)
    right = min(width + beside, left + int(face.box.width))
    bottom = min(height + over, top + int(face.box.height))
    return left, top, max(left, right), max(top, bottom)


def _cut(image: BgrImage, left: int, top: int, width: int, height: int) -> BgrImage:
    """A part of the picture; black where it reaches beyond."""
    rows, columns = image.shape[:2]
    if left >= 0 and top >= 0 and left + width <= columns and top + height <= rows:
        return image[top : top + height, left : left + width]
    part = np.zeros((height, width, 3), np.uint8)
    x1, y1 = max(0, left), max(0, top)
    x2, y2 = min(columns, left + width), min(rows, top + height)
    if x1 < x2 and y1 < y2:
        part[y1 - top : y2 - top, x1 - left : x2 - left] = image[y1:y2, x1:x2]
    return part


def _angle(eyes: Points) -> float:
    """Degrees by which the line from the right to the left eye falls, from the eyes' whole pixels."""
    right, left = np.floor(eyes[:2]).astype(int)
    return float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))


def _turned(around: BgrImage, angle: float) -> BgrImage:
    height, width = around.shape[:2]
    rotation = cv2.getRotationMatrix2D((width // 2, height // 2), angle, 1.0)
    turned = cv2.warpAffine(
        around,
        rotation,
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0, 0, 0),
    )
    return np.asarray(turned, dtype=np.uint8)


def _projected(corners: Corners, angle: float, size: tuple[int, ...]) -> Corners:
    """Where a box lies after the picture around it was turned about its middle; in deepface's order of arithmetic."""
    if abs(angle) % 360 == 0:
        return corners
    radians = angle * np.pi / 180
    cosine, sine = float(np.cos(radians)), float(np.sin(radians))
    height, width = size
    left, top, right, bottom = corners
    x, y = (left + right) / 2 - width / 2, (top + bottom) / 2 - height / 2
    middle_x = x * cosine + y * sine + width / 2
    middle_y = -x * sine + y * cosine + height / 2
    return (
        max(int(middle_x - (right - left) / 2), 0),
        max(int(middle_y - (bottom - top) / 2), 0),
        min(int(middle_x + (right - left) / 2), width),
        min(int(middle_y + (bottom - top) / 2), height),
    )
