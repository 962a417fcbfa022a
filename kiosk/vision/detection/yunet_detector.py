"""YuNet, the face detector of OpenCV Zoo, where its file is installed.

Runs on the vision thread; OpenCV releases the interpreter lock. 7 ms at 640×360 on 2 cores; faces of about 10 to 300
pixels of the scaled picture (Wu, Peng and Yu 2023, "YuNet: A Tiny Millisecond-level Face Detector").
"""

from operator import attrgetter
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Box, Detection
from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.detection.reach import Reach, fit
from kiosk.vision.models.manifest import ModelEntry

_OVERLAP: Final = 0.3
"""Of two boxes that overlap more than this the weaker one is dropped (OpenCV's default)."""
_CANDIDATES: Final = 5000
"""Boxes looked at before that (OpenCV's default)."""
SMALLEST_SCORE: Final = 0.8
"""0 to 1; raising it finds fewer faces and fewer things that are none."""


class YunetDetector:
    """Implements the port `Detector`. Boxes reach from the forehead to the chin; five landmarks in `FIVE_POINTS` order."""

    def __init__(self, model_path: Path, *, entry: ModelEntry, reach: Reach = Reach.NEAR) -> None:
        """Load the model, checked against its manifest entry.

        Args:
            model_path: The ONNX file.
            entry: What the manifest says of it.
            reach: Size of the pictures it looks at.

        Raises:
            ModelError: The file is missing or damaged, or this OpenCV cannot load it.
        """
        self._name = entry.name
        self._reach = reach
        # The very bytes that were checked; a path with letters that OpenCV cannot open does not matter either.
        self._detector = _load(
            np.frombuffer(entry.read(model_path), dtype=np.uint8), SMALLEST_SCORE, entry.name
        )

    @property
    def name(self) -> str:
        """``yunet-2026may`` or ``yunet-2023mar``."""
        return self._name

    def detect(self, image: BgrImage) -> list[Detection]:
        """All faces, in the pixels of `image`, best score first.

        A face that fills the picture is too large for YuNet at the far reach, so that one looks again from nearer
        when it found nobody.
        """
        if image.size == 0:
            return []
        faces = self._look(image, self._reach)
        if not faces and self._reach is Reach.FAR:
            faces = self._look(image, Reach.NEAR)
        return sorted(faces, key=attrgetter("score"), reverse=True)

    def _look(self, image: BgrImage, reach: Reach) -> list[Detection]:
        small, across, down = fit(image, reach)
        self._detector.setInputSize((small.shape[1], small.shape[0]))
        # (faces, 15): x, y, width, height, five points, score. None, whatever the stub says, when there is no face.
        found: object = self._detector.detect(small)[1]
        if found is None:
            return []
        scale = np.array([across, down], dtype=np.float32)
        return [_detection(row, scale) for row in np.asarray(found, dtype=np.float32)]


def _load(model: NDArray[np.uint8], threshold: float, name: str) -> cv2.FaceDetectorYN:
    # OpenCV 5 warns on standard error that the network runs where it always runs, on the processor.
    level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    try:
        nothing = np.empty(0, dtype=np.uint8)
        detector = cv2.FaceDetectorYN.create(
            "onnx", model, nothing, (640, 360), threshold, _OVERLAP, _CANDIDATES
        )
        # A graph that another OpenCV was meant to run may load and fail at its first picture, or at the second size.
        for height, width in ((360, 640), (480, 640)):
            detector.setInputSize((width, height))
            detector.detect(np.zeros((height, width, 3), dtype=np.uint8))
    except cv2.error as error:
        raise ModelError(
            _("OpenCV {version} cannot run the face detector {name}.", version=cv2.__version__, name=name),
            _("Install the one made for it, see `kiosk models list`; the built-in detector is used instead."),
        ) from error
    finally:
        cv2.utils.logging.setLogLevel(level)
    return detector


def _detection(row: NDArray[np.float32], scale: NDArray[np.float32]) -> Detection:
    x, y = (float(value) for value in row[0:2] / scale)
    width, height = (float(value) for value in row[2:4] / scale)
    landmarks = (row[4:14].reshape(5, 2) / scale).astype(np.float32)
    return Detection(Box(x, y, width, height), float(row[14]), landmarks)
