"""Vision without pictures: a frame's first pixel says whose face is in it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import BgrImage, Box, Detection, Frame
from kiosk.domain.faces.recognition import Metric, ModelInfo, Thresholds, Track
from kiosk.services.ports.vision import TrackUpdate
from tests.fakes.vision.spreads import SPREAD

MODEL = ModelInfo("fake-model", 8, Metric.EUCLIDEAN, Thresholds(0.5, 0.6, 0.05), spread=SPREAD)
FACE = Box(40.0, 20.0, 100.0, 100.0)


def picture_of(person: int) -> BgrImage:
    """A small picture with the face of `person` (1 to 7), or of nobody (0)."""
    image = np.zeros((180, 320, 3), np.uint8)
    image[:, :, 0] = person
    return image


def vector_of(person: int) -> NDArray[np.float32]:
    """One-hot: different people are 1.41 apart."""
    vector = np.zeros(MODEL.dimensions, np.float32)
    vector[person] = 1.0
    return vector


def alike(person: int) -> NDArray[np.float32]:
    """People who all look alike: 0.35 apart, where other people are 1.41."""
    vector = np.zeros(MODEL.dimensions, np.float32)
    vector[0], vector[person + 1] = 1.0, 0.25
    return vector


def frames_of(people: Sequence[int], fps: float = 10.0) -> list[Frame]:
    """One frame a person in the list."""
    return [Frame(picture_of(person), index / fps, index) for index, person in enumerate(people)]


def with_noise(frames: Sequence[Frame]) -> list[Frame]:
    """The same frames with one pixel that flickers, as a live camera's all do: see `kiosk.domain.faces.still_picture`."""
    noisy = []
    for frame in frames:
        image = frame.image.copy()
        image[-1, -1, 2] = frame.index % 251
        noisy.append(Frame(image, frame.time_s, frame.index))
    return noisy


class FakeDetector:
    name = "fake-detector"

    def detect(self, image: BgrImage) -> list[Detection]:
        return [Detection(FACE, 1.0)] if image[0, 0, 0] else []


class FakeEmbedder:
    info = MODEL

    def __init__(self) -> None:
        self.embedded = 0

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        self.embedded += len(faces)
        return np.array([vector_of(int(image[0, 0, 0])) for _ in faces], np.float32)


class FakeQualityMeter:
    def __init__(self, quality: Quality | None = None) -> None:
        self.quality = quality or Quality(100.0, 50.0, 120.0, 1.0)

    def measure(self, image: BgrImage, face: Detection) -> Quality:
        return self.quality


class FakeTracker:
    """One track as long as a face is in view."""

    def __init__(self) -> None:
        self._next = 0
        self._since: float | None = None

    def update(self, time_s: float, detections: Sequence[Detection]) -> TrackUpdate:
        if not detections:
            lost = () if self._since is None else (self._next,)
            self._since = None
            return TrackUpdate((), lost)
        if self._since is None:
            self._next += 1
            self._since = time_s
        return TrackUpdate((Track(self._next, detections[0], self._since),), ())


class FakeLoadedModel:
    """`LoadedModel` that is the fake one."""

    def info(self) -> ModelInfo:
        return MODEL
