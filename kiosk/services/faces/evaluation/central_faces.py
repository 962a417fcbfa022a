"""Embeds the one face that each labelled picture is about, as benchmarks mean it. Slow: call from a worker thread.

Of several faces the one that holds the middle of the picture is meant, the largest of them where they are several, and the
closest to the middle where there is none: LFW centres each picture on the person it is named after. No picture is refused for
its quality, and one without a face counts as missed, so that figures can be compared with others'.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.errors import ConflictError, KioskError
from kiosk.services.faces.evaluation.labelled_pictures import Failure, LabelledPicture, read_file
from kiosk.services.ports.progress import Counter
from kiosk.services.ports.vision import Detector, Embedder, PictureReader
from kiosk.translation import _


@dataclass(frozen=True, slots=True, eq=False)
class CentralFaces:
    """One face a picture.

    Attributes:
        pictures: What was looked at.
        names: Everybody, in the order of the numbers in `people`.
        people: (pictures,) whose face each shows.
        vectors: (pictures, dimensions) embeddings; zeros where none was found.
        found: (pictures,) whether a face was found.
        failures: Why not.
        twice: Pairs of pictures that are the same file.
    """

    pictures: Sequence[LabelledPicture]
    names: tuple[str, ...]
    people: NDArray[np.int64]
    vectors: NDArray[np.float32]
    found: NDArray[np.bool_]
    failures: tuple[Failure, ...]
    twice: tuple[tuple[str, str], ...]


def central_faces(
    pictures: Sequence[LabelledPicture],
    *,
    detector: Detector,
    embedder: Embedder,
    read_picture: PictureReader,
    counter: Counter,
) -> CentralFaces:
    """Embed the face of each picture; only one picture is in memory at a time."""
    names = tuple(sorted({picture.person for picture in pictures}))
    numbers = {name: number for number, name in enumerate(names)}
    vectors = np.zeros((len(pictures), embedder.info.dimensions), np.float32)
    found = np.zeros(len(pictures), bool)
    failures: list[Failure] = []
    twice: list[tuple[str, str]] = []
    seen: dict[bytes, str] = {}
    for row, picture in enumerate(pictures):
        try:
            data = read_file(picture)
            first = seen.setdefault(hashlib.sha256(data).digest(), picture.name)
            if first != picture.name:
                twice.append((first, picture.name))
            image = read_picture(data)
            face = central_face(image, detector.detect(image))
            if face is None:
                raise ConflictError(_("No face was found in it."))
            vectors[row] = embedder.embed(image, [face])[0]
            found[row] = bool(np.isfinite(vectors[row]).all())
        except KioskError as error:
            failures.append(Failure(picture.name, error.user_text))
        counter.add()
    people = np.array([numbers[picture.person] for picture in pictures], np.int64)
    return CentralFaces(pictures, names, people, vectors, found, tuple(failures), tuple(twice))


def central_face(image: BgrImage, faces: Sequence[Detection]) -> Detection | None:
    """The face that a picture is about; None without one."""
    middle = image.shape[1] / 2, image.shape[0] / 2
    holding = [face for face in faces if _holds(face, middle)]
    if holding:
        return max(holding, key=_area)
    return min(faces, key=lambda face: math.dist(face.box.centre, middle), default=None)


def _holds(face: Detection, point: tuple[float, float]) -> bool:
    box = face.box
    return box.x <= point[0] <= box.x + box.width and box.y <= point[1] <= box.y + box.height


def _area(face: Detection) -> float:
    return face.box.area
