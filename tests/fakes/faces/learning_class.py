"""Classes from which faces are learned: each day one, whose clear faces a test hands over.

Pictures are text: the person, how many hundredths from the enrolled picture, and a number that makes it another file.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.attendance.choices import Method, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.faces.recognition import Template
from kiosk.domain.faces.samples import LearnedSample
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.services.attendance.check_in import Claim
from kiosk.services.faces.clear_faces import ClearFace
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.learning import Learned, Learning
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.settings import SchoolRules
from tests.fakes.actors import admin
from tests.fakes.vision.recognition import (
    MODEL,
    FakeDetector,
    FakeEmbedder,
    FakeQualityMeter,
    picture_of,
)
from tests.world.school import ZONE, SmallSchool

DAY_S = 86_400.0
KIOSK = Actor.system("kiosk")


def read_picture(data: bytes) -> BgrImage:
    person, hundredths, *_unused = map(int, data.split(b":"))
    image = picture_of(person)
    image[:, :, 1] = hundredths
    return image


class AsideEmbedder(FakeEmbedder):
    """Puts a face as far from the enrolled picture as the picture says."""

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        vectors = super().embed(image, faces)
        vectors[:, 0] = image[0, 0, 1] / 100.0
        return vectors


class LearningClass:
    """A course of three, each enrolled as the person of their number; the school learns from today on."""

    def __init__(self, school: SmallSchool, *, rules: SchoolRules | None = None) -> None:
        self.school = school
        self.course, self.students = school.add_course(students=3)
        for person, student in enumerate(self.students, 1):
            school.enrol(student, person)
        school.school.change_rules(rules or SchoolRules(learn_faces_from="2026-11-23"), actor=admin())
        self.quality = FakeQualityMeter(Quality(150.0, 60.0, 120.0, 1.0))
        self.learning = Learning(
            store=school.store,
            clock=school.clock,
            zone=ZONE,
            events=school.hub,
            galleries=school.galleries,
            read_picture=read_picture,
        )
        self.pictures = 0

    def build(self) -> Enrolment:
        return Enrolment(
            store=self.school.store,
            clock=self.school.clock,
            detector=FakeDetector(),
            embedder=AsideEmbedder(),
            quality=self.quality,
            read_picture=read_picture,
            write_picture=lambda _image: b"jpeg",
            lookalikes=self.school.lookalikes,
        )

    def start(self, policy: ProofPolicy = ProofPolicy.EITHER) -> ClassSession:
        return self.school.sessions.start(
            self.course.course_id, actor=admin("Tom"), model=MODEL.name, policy=policy
        )

    def mark(self, session: ClassSession, student: Student, *methods: Method) -> None:
        for method in methods or (Method.FACE,):
            evidence = Evidence(method, self.school.clock.now())
            self.school.checkin.submit(Claim(session.session_id, student.student_id, evidence)).result()

    def face(self, student: Student, hundredths: int = 20, *, person: int = 0) -> ClearFace:
        """A clear face of a student, or of another person whom the camera took for one."""
        self.pictures += 1
        person = person or self.students.index(student) + 1
        picture = f"{person}:{hundredths}:{self.pictures}".encode()
        return ClearFace(student.student_id, self.school.clock.now(), picture, 1.0)

    def end(self, session: ClassSession) -> None:
        self.school.sessions.end(session.session_id, actor=admin("Tom"))

    def learn(self, session: ClassSession, *faces: ClearFace, progress: Progress = UNWATCHED) -> Learned:
        return self.learning.learn(
            session.session_id, faces, enrolment=self.build(), actor=KIOSK, progress=progress
        )

    def day(self, student: Student, hundredths: int = 20, *methods: Method) -> Learned:
        """A class in which a student was marked and seen, and what was learned of it; then it is the next day."""
        policy = ProofPolicy.BOTH if len(methods) > 1 else ProofPolicy.EITHER
        session = self.start(policy)
        self.mark(session, student, *methods)
        face = self.face(student, hundredths)
        self.end(session)
        learned = self.learn(session, face)
        self.school.clock.advance(DAY_S)
        return learned

    def learned(self, student: Student) -> list[LearnedSample]:
        return self.school.store.read(lambda repositories: repositories.faces.learned(student.student_id))

    def templates(self, student: Student) -> list[Template]:
        return self.school.store.read(
            lambda repositories: repositories.faces.templates([student.student_id], MODEL.name)
        )

    def log(self) -> list[tuple[str, str]]:
        """What the audit says of learning, oldest first."""
        entries = self.school.store.read(lambda repositories: repositories.audit.entries())
        return [
            (entry.action, entry.detail) for entry in reversed(entries) if entry.action.startswith("faces.")
        ]
