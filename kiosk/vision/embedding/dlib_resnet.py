"""The built-in embedder: dlib's alignment and dlib's network, the network run by ONNX Runtime.

A face is embedded twice, as it is and in the mirror image of its picture; the mean of both, brought to one length, misses much
less than either (docs/recognition.md).

Runs on the vision thread (a second instance may serve enrolment). Alignment takes about 1 ms a face; the network 4 ms for one face
and less for each of several, with the interpreter lock released, against 66 ms with the lock held in dlib's own call of
the network once (2 cores).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Box, Detection, Points, RgbImage
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.vision.detection.eyes_and_nose import load_predictor
from kiosk.vision.embedding.dlib_weights import CHIP_SIDE
from kiosk.vision.embedding.onnx_session import open_session

_CHIP_PADDING: Final = 0.25
"""What dlib trained the network with (`get_face_chip`, size 150, padding 0.25)."""

LENGTH: Final = 1.43
"""Of every embedding. dlib's own are 1.43 long in the mean, so distances stay on its scale; how long one is says nothing of the face."""

_BOX_PER_SPREAD: Final = 1.61
"""Side of dlib's HOG box over the hypotenuse of eye distance and eyes-to-mouth distance.

The median over 61 photographs, standard deviation 0.12; with it, embeddings from YuNet's detections lie 0.035 (median)
from those of the HOG detector's, as near as those of a HOG box moved by 5 % (0.039). YuNet's own taller box: 0.060.
"""


class DlibResNetEmbedder:
    """Implements the port `Embedder` with dlib-resnet-v1: 128 numbers, Euclidean."""

    def __init__(self, *, graph: bytes, info: ModelInfo, landmarks: Path) -> None:
        """Load the network and the landmark predictor.

        Args:
            graph: The network as `builtin_graph` gives it.
            info: How templates refer to it.
            landmarks: dlib's `shape_predictor_5_face_landmarks.dat`.

        Raises:
            ModelError: One of them cannot be loaded.
        """
        self._info = info
        self._session = open_session(graph, name=info.known_as)
        self._input: str = self._session.get_inputs()[0].name
        self._predictor = load_predictor(landmarks)

    @property
    def info(self) -> ModelInfo:
        return self._info

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        if not faces:
            return np.empty((0, self._info.dimensions), np.float32)
        width, rgb = image.shape[1], _rgb(image)
        chips = self._chips(rgb, faces)
        cv2.flip(rgb, 1, dst=rgb)  # in its place: of a 4K picture one copy is 25 MB
        chips += self._chips(rgb, [face.mirrored(width) for face in faces])
        (vectors,) = self._session.run(None, {self._input: np.stack(chips)})
        means = vectors[: len(faces)] + vectors[len(faces) :]
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(LENGTH * means / np.maximum(lengths, 1e-9), dtype=np.float32)

    def align(self, image: BgrImage, faces: Sequence[Detection]) -> list[RgbImage]:
        """Upright chips of (150, 150, 3) RGB with the eyes where the network expects them; black beyond the edge."""
        return self._chips(_rgb(image), faces)

    def _chips(self, rgb: RgbImage, faces: Sequence[Detection]) -> list[RgbImage]:
        return [
            np.asarray(
                dlib.get_face_chip(rgb, self._predictor(rgb, _rectangle(face)), CHIP_SIDE, _CHIP_PADDING),
                dtype=np.uint8,
            )
            for face in faces
        ]


def _rgb(image: BgrImage) -> RgbImage:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def hog_like_box(landmarks: Points) -> Box:
    """The box that dlib's HOG detector would give a face with these five points.

    The landmark predictor was trained on HOG boxes and reads a face wrongly in another detector's box.
    """
    eyes, mouth = landmarks[:2].mean(axis=0), landmarks[3:].mean(axis=0)
    between_eyes = float(np.linalg.norm(landmarks[0] - landmarks[1]))
    side = _BOX_PER_SPREAD * float(np.hypot(between_eyes, np.linalg.norm(mouth - eyes)))
    x, y = (float(value) for value in landmarks.mean(axis=0))
    return Box(x - side / 2, y - side / 2, side, side)


def _rectangle(face: Detection) -> dlib.rectangle:
    """The face as dlib's predictor expects it; dlib counts the right and bottom pixel in."""
    box = face.box if face.landmarks is None else hog_like_box(face.landmarks)
    return dlib.rectangle(
        round(box.x), round(box.y), round(box.x + box.width) - 1, round(box.y + box.height) - 1
    )
