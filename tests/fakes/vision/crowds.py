"""Vision over picture files of letters: each holds the numbers of the people in it, and how they look in it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Box, Detection
from kiosk.errors import FileFormatError
from tests.fakes.vision.recognition import MODEL, vector_of


class CrowdDetector:
    """One face for each column of the picture."""

    name = "crowd"

    def detect(self, image: BgrImage) -> list[Detection]:
        return [Detection(Box(float(place), 0, 100, 100), 1.0) for place in range(image.shape[1])]


class CrowdEmbedder:
    """A face's first colour is the person, its second how much (in hundredths) it differs from the others."""

    info = MODEL

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        vectors = []
        for face in faces:
            person, look = (int(one) for one in image[0, int(face.box.x), :2])
            vector = vector_of(person)
            vector[0] = look / 100
            vectors.append(vector)
        return np.array(vectors, np.float32).reshape(len(faces), MODEL.dimensions)


def read_picture(data: bytes) -> BgrImage:
    """``"1/5 2/7"`` shows person 1 looking 0.05 different, and person 2."""
    try:
        people = [[*(int(part) for part in one.split("/")), 0] for one in data.decode("ascii").split()]
        return np.array([people], np.uint8).reshape(1, len(people), 3)
    except ValueError:
        raise FileFormatError("The file is no picture, or it is damaged.") from None


def write(folder: Path, **pictures: str) -> Path:
    """Make ``folder/name.jpg`` for each picture."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pictures.items():
        (folder / f"{name}.jpg").write_text(text, encoding="ascii")
    return folder
