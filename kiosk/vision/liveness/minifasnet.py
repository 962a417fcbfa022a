"""MiniFASNet, passive presentation attack detection: two small networks look at a face and what is around it.

Runs on the vision thread; 1.4 ms a network and face on 2 cores, interpreter lock released. The networks are those of
Minivision's Silent-Face-Anti-Spoofing as deepface publishes them: NHWC, BGR, 0-255, softmax inside; of their three
classes the middle one is a live face. The crops are deepface's to the pixel (`FasNetUtils.crop` and the clipping in
`modules/detection.py` of deepface 0.0.103), or the scores would mean nothing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from kiosk.domain.faces.frames import BgrImage, Box, Detection
from kiosk.vision.embedding.onnx_session import open_session
from kiosk.vision.models.manifest import ModelEntry

NARROW: Final = 2.7
WIDE: Final = 4.0
"""How much larger than the face the crops are: the wider one sees the edges of a screen or a sheet."""

_BROWS_TO_CHIN: Final = (0.94, -0.24, 1.30)
"""What makes a box of dlib's frontal detector, a square from the brows to the chin, one of YuNet's, from the forehead to the
chin: width, shift of the upper edge and height, in sizes of the square. Medians of both on 61 photographs of 13 people."""

_SIDE: Final = 80
_LIVE: Final = 1
"""Which of the three classes is a live face; the others are flat pictures and screens."""


class MiniFasNet:
    """Implements the port `AttackDetector`."""

    def __init__(self, models_dir: Path, *, narrow: ModelEntry, wide: ModelEntry) -> None:
        """Load both networks, checked against their manifest entries.

        Raises:
            ModelError: A file is missing or damaged, or ONNX Runtime cannot run it.
        """
        self._networks = tuple(
            (scale, open_session(entry.read(models_dir / entry.file), name=entry.name))
            for scale, entry in ((NARROW, narrow), (WIDE, wide))
        )

    @property
    def name(self) -> str:
        return "minifasnet"

    def scores(self, image: BgrImage, faces: Sequence[Detection]) -> list[float]:
        """How live each face looks, 0 (a picture of one) to 1: the mean of both networks' probability of class 1.

        The networks want boxes as deepface's better detectors give them. A face without landmarks is one of dlib's detector;
        its box is made one of those first, or a live face that moves a little scores anything from 0.1 to 1.

        This is not deepface's ``antispoof_score``, which is the confidence of whichever class won. A face outside the
        picture, or one without a size, gets 0.
        """
        boxes = [face.box if face.landmarks is not None else _forehead_to_chin(face.box) for face in faces]
        fit = [place for place, box in enumerate(boxes) if _is_inside(image, box)]
        scores = [0.0] * len(faces)
        if not fit:
            return scores
        live = np.zeros(len(fit), dtype=np.float64)
        for scale, network in self._networks:
            crops = np.stack([crop(image, boxes[place], scale) for place in fit])
            (probabilities,) = network.run(None, {"input": crops.astype(np.float32)})
            live += probabilities[:, _LIVE]
        for place, score in zip(fit, live / len(self._networks), strict=True):
            scores[place] = float(score)
        return scores


def crop(image: BgrImage, face: Box, scale: float) -> BgrImage:
    """A face and what is around it, as (80, 80, 3) BGR.

    The crop is `scale` times the box, or as much of that as the picture holds, moved inside the picture; so a face that
    fills the picture is seen with less around it.
    """
    height, width = image.shape[:2]
    x, y = max(0, int(face.x)), max(0, int(face.y))
    box_width = min(width - x - 1, int(face.width))
    box_height = min(height - y - 1, int(face.height))
    scale = min((height - 1) / box_height, (width - 1) / box_width, scale)
    left, right = _span(x, box_width, scale, width)
    top, bottom = _span(y, box_height, scale, height)
    part = image[top : bottom + 1, left : right + 1]
    return np.asarray(cv2.resize(part, (_SIDE, _SIDE)), dtype=np.uint8)


def _forehead_to_chin(square: Box) -> Box:
    width, shift, height = _BROWS_TO_CHIN
    left = square.x + square.width * (1 - width) / 2
    return Box(left, square.y + square.height * shift, square.width * width, square.height * height)


def _span(start: int, length: int, scale: float, limit: int) -> tuple[int, int]:
    middle, half = length / 2 + start, length * scale / 2
    first, last = middle - half, middle + half
    if first < 0:
        first, last = 0, last - first
    if last > limit - 1:
        first, last = first - (last - limit + 1), limit - 1
    return int(first), int(last)


def _is_inside(image: BgrImage, face: Box) -> bool:
    """Whether at least a pixel of the face is in the picture."""
    height, width = image.shape[:2]
    across = min(width - 1, int(face.x + face.width)) - max(0, int(face.x))
    down = min(height - 1, int(face.y + face.height)) - max(0, int(face.y))
    return bool(across >= 1 and down >= 1)
