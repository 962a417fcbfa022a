"""Two models: what a school was enrolled with, and one it switches to."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.faces.recognition import Metric, ModelInfo, Thresholds
from tests.fakes.vision.recognition import picture_of, vector_of

NEW_MODEL = ModelInfo("new-model", 8, Metric.COSINE, Thresholds(0.3, 0.4, 0.05))


def stored_picture(person: int) -> bytes:
    """What `read_stored` reads back."""
    return f"{person}".encode()


def read_stored(data: bytes) -> BgrImage:
    return picture_of(int(data))


class NewEmbedder:
    """Of `NEW_MODEL`; lists whom it embedded."""

    info = NEW_MODEL

    def __init__(self) -> None:
        self.embedded: list[int] = []

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        self.embedded.append(int(image[0, 0, 0]))
        return np.array([vector_of(int(image[0, 0, 0])) for _ in faces], np.float32)
