"""Pictures from a source and the faces found in them.

Pixel coordinates are those of the frame: origin in the top-left corner, x to the right, y down.
Every colour picture is BGR, ``uint8``, of shape (height, width, 3), as OpenCV gives it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

BgrImage = NDArray[np.uint8]
"""(height, width, 3), blue-green-red, 0-255."""

RgbImage = NDArray[np.uint8]
"""(height, width, 3), red-green-blue, 0-255."""

Points = NDArray[np.float32]
"""(n, 2) pixel coordinates, x before y."""

Vector = NDArray[np.float32]
"""(dimensions,) an embedding."""

FIVE_POINTS: Final = ("right_eye", "left_eye", "nose", "right_mouth", "left_mouth")
"""Order of `Detection.landmarks`: sides are the person's own, as in OpenCV's YuNet."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture with its capture time.

    Attributes:
        image: BGR picture. Treat it as read-only: it is shared between threads.
        time_s: Capture time in seconds on the source's own timeline: the monotonic clock for a live
            camera, the position in the recording for a recorded one.
        index: Number of the frame in the source, from 0, without gaps for dropped frames.
    """

    image: BgrImage
    time_s: float
    index: int

    @property
    def width(self) -> int:
        return int(self.image.shape[1])

    @property
    def height(self) -> int:
        return int(self.image.shape[0])


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels; it may reach beyond the frame's edge."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Square pixels; 0 for a degenerate box."""
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def centre(self) -> tuple[float, float]:
        """(x, y) of the middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def scaled(self, factor: float) -> "Box":
        """The same rectangle in a picture resized by `factor`."""
        return Box(self.x * factor, self.y * factor, self.width * factor, self.height * factor)

    def moved(self, x: float, y: float) -> "Box":
        """The same rectangle shifted by (x, y)."""
        return Box(self.x + x, self.y + y, self.width, self.height)

    def intersection_over_union(self, other: "Box") -> float:
        """Overlap from 0 (apart) to 1 (the same); the Jaccard index of the two areas."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right = min(self.x + self.width, other.x + other.width)
        bottom = min(self.y + self.height, other.y + other.height)
        shared = max(0.0, right - left) * max(0.0, bottom - top)
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """A face found in one frame.

    Attributes:
        box: Where it is, in the frame's pixels.
        score: The detector's own confidence; only comparable within one detector.
        landmarks: Five points in the order of `FIVE_POINTS`, or None where the detector gives none.
    """

    box: Box
    score: float
    landmarks: Points | None = None

    def mirrored(self, width: float) -> "Detection":
        """The same face in the mirror image of a picture so wide; sides are the person's own, so pairs of points change places."""
        box = Box(width - self.box.x - self.box.width, self.box.y, self.box.width, self.box.height)
        if self.landmarks is None:
            return Detection(box, self.score)
        points = self.landmarks[[1, 0, 2, 4, 3]]
        points[:, 0] = width - 1 - points[:, 0]
        return Detection(box, self.score, points)


def surroundings(image: BgrImage, box: Box, margin: float) -> tuple[BgrImage, float, float]:
    """A copy of a box and what is around it, as far as the picture reaches, and the (x, y) of its upper left corner.

    `margin` is in box sizes on each side. A box outside the picture gives an empty copy.
    """
    height, width = image.shape[:2]
    aside, above = box.width * margin, box.height * margin
    left, top = min(width, max(0, int(box.x - aside))), min(height, max(0, int(box.y - above)))
    right, bottom = int(box.x + box.width + aside), int(box.y + box.height + above)
    cut = image[top : max(top, bottom), left : max(left, right)]
    return cut.copy(), float(left), float(top)


def reduced(image: BgrImage, times: int) -> BgrImage:
    """A picture `times` times smaller, each pixel the mean of a square; what does not fill a square is cut off."""
    height, width = image.shape[0] // times, image.shape[1] // times
    squares = image[: height * times, : width * times].reshape(height, times, width, times, 3)
    return np.asarray(squares.mean(axis=(1, 3), dtype=np.float32) + 0.5, np.uint8)


def head_turn(eyes_and_nose: Points) -> float:
    """How far a head is turned to a side, from the projection of the nose on the line between the eyes.

    Args:
        eyes_and_nose: At least (3, 2): right eye, left eye, nose, the person's own sides.

    Returns:
        The nose's distance from the middle of the eyes along their line, in eye distances: 0 for a face seen from the
        front, positive when the person looks to the own left (the right of an unmirrored picture). The tip of a nose
        is about 0.35 eye distances before the eyes, so 0.12 is about 20°. 0 where both eyes are in one place.
    """
    right, left, nose = eyes_and_nose[0], eyes_and_nose[1], eyes_and_nose[2]
    line = left - right
    length = float(line @ line)
    return 0.0 if length == 0 else float((nose - (right + left) / 2) @ line) / length
