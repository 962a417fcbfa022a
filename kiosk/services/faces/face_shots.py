"""From a picture to a shot: the one face in it, judged, measured and cut out. Slow; one thread at a time.

Whoever takes a shot has asked for consent before (`kiosk.services.people.consents`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from kiosk.domain.faces.face_quality import PICTURES, Limits, Quality, fitness, flaw_of
from kiosk.domain.faces.frames import BgrImage, Box, Detection, Vector
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.errors import ConflictError
from kiosk.services.ports.vision import Detector, Embedder, PictureWriter, QualityMeter
from kiosk.translation import _
from kiosk.wording.faces import flaw_words

SECOND_FACE: Final = 0.35
"""A second face of at least this share of the largest one's height may be meant as well; a smaller one is somebody in the
background. So is, in a picture that somebody chose, one that is out of focus, cut off or turned away."""

SAMPLE_MARGIN: Final = 0.6
"""Surroundings kept around the face, in face sizes on each side, so that another model can align it anew."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceShot:
    """A good face, ready to be stored.

    Attributes:
        source: The bytes it came from, by which it is known again.
        picture: JPEG of the face with `SAMPLE_MARGIN` around it.
        vector: Its embedding.
        model: Name of the model that made it.
        quality: As measured in the picture it came from.
        fitness: How good it is beside others, 0 to 1: by the length of the embedding where the model's says it, else by
            `kiosk.domain.faces.face_quality.fitness`.
    """

    source: bytes
    picture: bytes
    vector: Vector
    model: str
    quality: Quality
    fitness: float


class FaceShots:
    """Finds, judges and embeds the one face of a picture."""

    def __init__(
        self, *, detector: Detector, embedder: Embedder, quality: QualityMeter, write_picture: PictureWriter
    ) -> None:
        self._detector = detector
        self._embedder = embedder
        self._quality = quality
        self._write_picture = write_picture

    @property
    def model(self) -> ModelInfo:
        """Whose embeddings these are."""
        return self._embedder.info

    def take(self, image: BgrImage, source: bytes, *, limits: Limits = PICTURES) -> FaceShot:
        """Take the one face of a picture.

        Args:
            image: BGR.
            source: The bytes that the picture was read from.
            limits: What the face must keep to.

        Raises:
            ConflictError: The picture shows no face, several, or a poor one.
        """
        found = self.find(image)
        if not found:
            raise ConflictError(
                _("No face was found in it."), _("Use a picture that shows the face from the front.")
            )
        if any(flaw_of(quality, limits) is None for _unused, quality in found[1:]):
            raise ConflictError(
                _("It shows more than one face."), _("Cut the picture so that one face is left.")
            )
        (face, quality), *_unused2 = found
        flaw = flaw_of(quality, limits)
        if flaw is not None:
            raise ConflictError(*flaw_words(flaw, face_px=quality.face_px, least_px=limits.face_px))
        return self.cut(image, face, quality, source)

    def find(self, image: BgrImage) -> list[tuple[Detection, Quality]]:
        """The faces of a picture that count, measured, largest first: one, or several that compete."""
        return [(face, self._quality.measure(image, face)) for face in foremost(self._detector.detect(image))]

    def cut(
        self, image: BgrImage, face: Detection, quality: Quality, source: bytes | None = None
    ) -> FaceShot:
        """Embed a face that was judged, and cut it out; a shot without a source is its own."""
        vector = self._embedder.embed(image, [face])[0]
        picture = self._write_picture(around(image, face.box))
        model = self.model
        fit = fitness(quality) if model.clarity is None else model.clarity.of(vector)
        return FaceShot(source if source is not None else picture, picture, vector, model.name, quality, fit)


def foremost(faces: Sequence[Detection]) -> list[Detection]:
    """The largest face, and after it those that are large enough to be meant as well."""
    ordered = sorted(faces, key=attrgetter("box.height"), reverse=True)
    return [face for face in ordered if face.box.height >= SECOND_FACE * ordered[0].box.height]


def around(image: BgrImage, box: Box) -> BgrImage:
    """The face with `SAMPLE_MARGIN` around it, as far as the picture reaches."""
    aside, above = box.width * SAMPLE_MARGIN, box.height * SAMPLE_MARGIN
    left, top = max(0, int(box.x - aside)), max(0, int(box.y - above))
    right, bottom = int(box.x + box.width + aside), int(box.y + box.height + above)
    return image[top:bottom, left:right]
