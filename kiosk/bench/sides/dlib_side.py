"""dlib called as its users call it: its own network, and the loop of `face_recognition`'s webcam example.

The package `face_recognition` is a thin layer over dlib and is not a dependency of the kiosk; where it is absent, the
same calls with the same parameters are made here (face_recognition 1.3, `api.py`). Child processes only.
"""

import importlib.util
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray

from kiosk.bench.answers import EmbeddingAnswer, LoopAnswer
from kiosk.bench.chosen_frames import chosen_frames
from kiosk.bench.inputs import dlib_chips
from kiosk.bench.stopwatch import least_ms
from kiosk.domain.faces.frames import RgbImage
from kiosk.translation import N_
from kiosk.vision.embedding.package_data import package_model

TOLERANCE: Final = 0.6
"""`compare_faces`' own."""
_QUARTER: Final = 0.25
_TIMES: Final = 7


@dataclass(frozen=True, slots=True)
class DlibEmbedding:
    """dlib's `compute_face_descriptor` on an aligned chip."""

    crops: Path

    def rounds(self) -> Iterator[EmbeddingAnswer]:
        network = dlib.face_recognition_model_v1(
            str(package_model("dlib_face_recognition_resnet_model_v1.dat"))
        )
        chips = dlib_chips(self.crops)
        vectors = np.array([network.compute_face_descriptor(chip) for chip in chips], dtype=np.float32)
        while True:
            one = least_ms(partial(network.compute_face_descriptor, chips[0]), times=_TIMES)
            yield EmbeddingAnswer(one, None, None, vectors)


@dataclass(frozen=True, slots=True)
class FaceRecognitionLoop:
    """`face_recognition`'s `examples/facerec_from_webcam_faster.py`, without the window.

    A quarter of the size, HOG with one enlargement, five landmarks, dlib's network, one distance to each known face. The
    example leaves every other frame out; both ways are measured.
    """

    video: Path
    gallery: Path
    frames: int

    def rounds(self) -> Iterator[LoopAnswer]:
        locate, encode, origin = _face_recognition()
        known = []
        for picture in sorted(self.gallery.glob("*.jpg")):
            rgb = np.ascontiguousarray(np.asarray(cv2.imread(str(picture)), np.uint8)[:, :, ::-1])
            known += encode(rgb, locate(rgb))[:1]
        templates = np.array(known)
        while True:
            seconds, read_s, faces = 0.0, 0.0, 0
            for frame, decode_s in chosen_frames(self.video, self.frames):
                began = time.perf_counter()
                small = np.asarray(cv2.resize(frame, (0, 0), fx=_QUARTER, fy=_QUARTER), np.uint8)
                rgb = np.ascontiguousarray(small[:, :, ::-1])
                for vector in encode(rgb, locate(rgb)):
                    faces += 1
                    _ = np.linalg.norm(templates - vector, axis=1) <= TOLERANCE
                seconds += time.perf_counter() - began
                read_s += decode_s
            looked = 1000 * (seconds + read_s) / self.frames
            skipped = 1000 * read_s / self.frames
            yield LoopAnswer(looked, (looked + skipped) / 2, faces / self.frames, origin)


Locate = Callable[[RgbImage], Sequence[Any]]
Encode = Callable[[RgbImage, Sequence[Any]], list[NDArray[np.float64]]]


def _face_recognition() -> tuple[Locate, Encode, str]:
    """Finding and encoding as the package does it, by the package itself where it is installed."""
    if importlib.util.find_spec("face_recognition") is not None:
        package = importlib.import_module("face_recognition")
        return package.face_locations, package.face_encodings, ""
    detector = dlib.get_frontal_face_detector()
    predictor = dlib.shape_predictor(str(package_model("shape_predictor_5_face_landmarks.dat")))
    network = dlib.face_recognition_model_v1(str(package_model("dlib_face_recognition_resnet_model_v1.dat")))

    def locate(rgb: RgbImage) -> Sequence[Any]:
        return list(detector(rgb, 1))

    def encode(rgb: RgbImage, places: Sequence[Any]) -> list[NDArray[np.float64]]:
        shapes = [predictor(rgb, place) for place in places]
        return [np.array(network.compute_face_descriptor(rgb, shape, 1)) for shape in shapes]

    return locate, encode, N_("face_recognition is not installed: its calls of dlib, with its parameters")
