"""Somebody before the camera, as pictures of a few pixels: who it is, which way the head turns, what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import BgrImage, Detection, Frame
from kiosk.domain.faces.guided_enrolment import Advice
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.domain.people.students import Student
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.guided_enrolment import GuidedSitting
from kiosk.services.people.consents import FaceConsents
from tests.fakes.actors import admin
from tests.fakes.vision.recognition import FACE, MODEL, vector_of
from tests.world.school import SmallSchool

GOOD = Quality(200.0, 200.0, 120.0, 1.0, 0.0)
FPS = 10.0
_TURN_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands before the camera; `person` 0 is nobody."""

    person: int = 1
    turn: float = 0.0
    faces: int = 1
    brightness: int = 120
    sharp: bool = True
    far: bool = False

    def picture(self) -> BgrImage:
        image = np.zeros((180, 320, 3), np.uint8)
        image[0, 0] = (self.person, self.faces if self.person else 0, 128 + round(self.turn / _TURN_STEP))
        image[0, 1] = (self.brightness, int(self.sharp), int(self.far))
        return image


def frames_of(shown: Sequence[Shown], *, start_s: float = 0.0, first: int = 0) -> list[Frame]:
    return [Frame(one.picture(), start_s + i / FPS, first + i) for i, one in enumerate(shown)]


def obedient(person: int = 1, *, seconds: float = 2.4) -> list[Shown]:
    """A person who looks straight, left, right and straight again, each for long enough."""
    held = round(seconds * FPS)
    return [Shown(person, turn) for turn in (0.0, 0.15, -0.15, 0.0) for _ in range(held)]


class SittingDetector:
    name = "sitting"

    def detect(self, image: BgrImage) -> list[Detection]:
        return [
            Detection(replace(FACE, x=FACE.x + 110 * number), 0.9) for number in range(int(image[0, 0, 1]))
        ]


class SittingMeter:
    def measure(self, image: BgrImage, face: Detection) -> Quality:
        brightness, sharp, far = (int(value) for value in image[0, 1])
        return Quality(
            face_px=60.0 if far else 200.0,
            sharpness=200.0 if sharp else 2.0,
            brightness=float(brightness),
            inside=1.0,
            turn=(int(image[0, 0, 2]) - 128) * _TURN_STEP,
        )


class SittingEmbedder:
    """The pixel says who it is; `embedded` lists everybody who was embedded."""

    def __init__(self) -> None:
        self.embedded: list[int] = []

    @property
    def info(self) -> ModelInfo:
        return MODEL

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        person = int(image[0, 0, 0])
        self.embedded.append(person)
        return np.array([vector_of(person) for _ in faces], np.float32)


class Studio:
    """A camera, a model and a school."""

    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        self.consents = FaceConsents(store=school.store, clock=school.clock, events=school.hub)
        self.embedder = SittingEmbedder()
        self.written = 0
        self.enrolment = Enrolment(
            store=school.store,
            clock=school.clock,
            detector=SittingDetector(),
            embedder=self.embedder,
            quality=SittingMeter(),
            read_picture=lambda data: np.frombuffer(data, np.uint8).reshape(180, 320, 3),
            write_picture=self.write,
            lookalikes=school.lookalikes,
        )
        self.shown_s = 0.0
        self.shown = 0

    def write(self, image: BgrImage) -> bytes:
        self.written += 1
        return f"jpeg {self.written}".encode()

    def consent(self, student: Student, given: bool = True) -> None:
        self.school.clock.advance(1)
        self.consents.record(student.student_id, given=given, actor=admin("Anna"))

    def sit(self, student: Student) -> GuidedSitting:
        return GuidedSitting(student_id=student.student_id, store=self.school.store, enrolment=self.enrolment)

    def show(self, sitting: GuidedSitting, shown: Sequence[Shown]) -> list[Advice]:
        advice = []
        for frame in frames_of(shown, start_s=self.shown_s, first=self.shown):
            sitting.see(frame)
            advice.append(sitting.view().advice)
        self.shown_s += len(shown) / 10
        self.shown += len(shown)
        return advice

    def samples(self, student: Student) -> int:
        return len(
            self.school.store.read(lambda repositories: repositories.faces.samples(student.student_id))
        )

    def templates(self, student: Student) -> int:
        return len(
            self.school.store.read(
                lambda repositories: repositories.faces.templates([student.student_id], MODEL.name)
            )
        )
