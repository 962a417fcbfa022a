"""Enrolment with fakes that a test can look at and change; pictures are text."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import BgrImage, Box, Detection
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.people.students import Student
from kiosk.errors import FileFormatError
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.people.consents import FaceConsents
from tests.fakes.actors import admin
from tests.fakes.vision.recognition import FACE, MODEL, FakeEmbedder, FakeQualityMeter, picture_of
from tests.world.school import SmallSchool

GOOD = Quality(150.0, 60.0, 120.0, 1.0)


def read_picture(data: bytes) -> BgrImage:
    """Pictures are text: ``3`` is person 3, ``3+50`` has a second face of 50 pixels, then any words.

    A last word that is a number is ten times the length of the embedding, for `StretchedEmbedder`.
    """
    text, *words = data.decode().split(" ")
    if text == "corrupt":
        raise FileFormatError("This is no picture.", "Use a JPEG or PNG file.")
    person, _, second = text.partition("+")
    image = picture_of(int(person))
    image[:, :, 1] = int(second or 0)
    image[:, :, 2] = int(words[-1]) if words and words[-1].isdecimal() else 10
    return image


class StretchedEmbedder(FakeEmbedder):
    def __init__(self, info: ModelInfo = MODEL) -> None:
        super().__init__()
        self.info = info

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        return super().embed(image, faces) * np.float32(image[0, 0, 2] / 10)


class CrowdDetector:
    name = "crowd"

    def detect(self, image: BgrImage) -> list[Detection]:
        person, second = int(image[0, 0, 0]), int(image[0, 0, 1])
        faces = [Detection(Box(0, 0, second, second), 0.9)] if second else []
        return [*faces, Detection(FACE, 0.8)] if person else faces


class Bench:
    """Enrolment with fakes that a test can look at and change."""

    def __init__(self, school: SmallSchool, embedder: FakeEmbedder | None = None) -> None:
        self.school = school
        self.embedder = embedder or FakeEmbedder()
        self.quality = FakeQualityMeter(GOOD)
        self.written: list[BgrImage] = []
        self.face_consents = FaceConsents(store=school.store, clock=school.clock, events=school.hub)
        self.enrolment = Enrolment(
            store=school.store,
            clock=school.clock,
            detector=CrowdDetector(),
            embedder=self.embedder,
            quality=self.quality,
            read_picture=read_picture,
            write_picture=self.write,
            lookalikes=school.lookalikes,
        )

    def write(self, image: BgrImage) -> bytes:
        self.written.append(image)
        return b"jpeg"

    def consent(self, student: Student, given: bool = True) -> None:
        self.school.clock.advance(1)
        self.face_consents.record(student.student_id, given=given, actor=admin("Anna"))

    def enrol(self, student: Student, picture: str = "1") -> bool:
        return self.enrolment.enrol_picture(student.student_id, picture.encode(), actor=admin("Anna"))

    def templates(self, student: Student) -> list[np.ndarray[tuple[int], np.dtype[np.float32]]]:
        found = self.school.store.read(
            lambda repositories: repositories.faces.templates([student.student_id], MODEL.name)
        )
        return [template.vector for template in found]

    def samples(self, student: Student) -> int:
        return len(
            self.school.store.read(lambda repositories: repositories.faces.samples(student.student_id))
        )

    def consents(self, student: Student) -> bool | None:
        word = self.school.store.read(
            lambda repositories: repositories.consents.newest(
                student.student_id, ConsentKind.FACE_RECOGNITION
            )
        )
        return word.given if word else None

    def audit(self) -> list[tuple[str, str]]:
        entries = self.school.store.read(lambda repositories: repositories.audit.entries())
        return [(entry.action, entry.subject) for entry in reversed(entries)]


def folder_of(root: Path, pictures: dict[str, Sequence[str]]) -> Path:
    for number, texts in pictures.items():
        (root / number).mkdir(parents=True)
        for index, text in enumerate(texts):
            (root / number / f"{index}.jpg").write_bytes(text.encode())
    return root
