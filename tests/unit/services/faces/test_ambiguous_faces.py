from datetime import UTC

import pytest

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import Box, Detection
from kiosk.domain.faces.lookalikes import PairOrigin
from kiosk.domain.faces.recognition import Decision, Match, Outcome
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.errors import NotFoundError
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import SessionStarted
from kiosk.services.faces.ambiguous_faces import CONFIRMED, AmbiguousFaces
from kiosk.services.faces.ambiguous_memory import AmbiguousFace, AmbiguousMemory
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.recognition.analysis import TrackDecision
from kiosk.services.faces.recognition.track_memory import ClosestLook
from tests.fakes.actors import admin
from tests.fakes.vision.recognition import (
    FACE,
    MODEL,
    FakeDetector,
    FakeEmbedder,
    FakeQualityMeter,
    picture_of,
    vector_of,
)
from tests.world.school import SmallSchool

GOOD = Quality(150.0, 60.0, 120.0, 1.0)


class Door:
    """An open class of three at whose camera people are not quite recognised. Pictures are text: the person."""

    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        self.course, self.students = school.add_course(students=3)
        self.session = school.sessions.start(self.course.course_id, actor=admin("Tom"), model=MODEL.name)
        self.faces = AmbiguousMemory(
            clock=school.clock, write_picture=lambda image: str(image[0, 0, 0]).encode()
        )
        self.faces.on_event(SessionStarted(self.session, self.course, 3))
        self.embedder = FakeEmbedder()
        self.quality = FakeQualityMeter(GOOD)
        self.ambiguous = AmbiguousFaces(
            store=school.store,
            clock=school.clock,
            sessions=school.sessions,
            marks=school.marks,
            faces=self.faces,
            enrolments=self,
        )
        self.tracks = 0

    def build(self) -> Enrolment:
        return Enrolment(
            store=self.school.store,
            clock=self.school.clock,
            detector=FakeDetector(),
            embedder=self.embedder,
            quality=self.quality,
            read_picture=lambda data: picture_of(int(data)),
            write_picture=lambda _image: b"jpeg",
            lookalikes=self.school.lookalikes,
        )

    def pass_by(self, candidate: Student, person: int = 1) -> AmbiguousFace:
        """Somebody is asked to scan now; a minute goes by."""
        self.tracks += 1
        match = Match(candidate.student_id, 0.55, 0.8)
        closest = ClosestLook(match, picture_of(person), Detection(FACE, 1.0), vector_of(person), 1.0)
        decision = TrackDecision(
            self.tracks, Box(0, 0, 9, 9), Decision(Outcome.AMBIGUOUS, match, 1.0, 12), None, 0.0, closest
        )
        self.faces.take(self.session.session_id, decision, self.school.clock.now())
        self.school.clock.advance(60)
        return self.faces.of_session(self.session.session_id)[-1]

    def consent(self, student: Student, given: bool = True) -> None:
        word = Consent(
            student.student_id, ConsentKind.FACE_RECOGNITION, given, self.school.clock.now(), "Ada"
        )
        self.school.store.write(lambda repositories: repositories.consents.add(word))
        self.school.clock.advance(1)

    def scan(self, student: Student) -> None:
        claim = Claim(
            self.session.session_id, student.student_id, Evidence(Method.PHONE, self.school.clock.now())
        )
        self.school.checkin.submit(claim).result()

    def pair(self, one: Student, two: Student) -> None:
        self.school.store.write(
            lambda repositories: repositories.face_pairs.add(
                student_id=one.student_id,
                other_id=two.student_id,
                origin=PairOrigin.LOOKALIKE,
                model=MODEL.name,
                distance=0.3,
                same_person=False,
                found_at=self.school.clock.now(),
                found_by="Ada",
            )
        )

    def waiting(self) -> list[int]:
        return [
            face.track_id for face in self.ambiguous.waiting(self.session.session_id, actor=admin()).faces
        ]

    def templates(self, student: Student) -> int:
        return len(
            self.school.store.read(
                lambda repositories: repositories.faces.templates([student.student_id], MODEL.name)
            )
        )

    def actions(self) -> list[str]:
        entries = self.school.store.read(lambda repositories: repositories.audit.entries())
        return [entry.action for entry in reversed(entries)]


@pytest.fixture
def door(school: SmallSchool) -> Door:
    return Door(school)


def test_an_ambiguous_face_waits_with_everybody_it_may_be(door: Door) -> None:
    one, two, three = door.students
    face = door.pass_by(one)
    door.scan(three)
    door.consent(one)

    waiting = door.ambiguous.waiting(door.session.session_id, actor=admin())

    assert waiting.faces == (face,)
    assert waiting.candidates == (one, two)
    assert waiting.consenting == {one.student_id}


def test_who_scanned_as_asked_waits_no_longer(door: Door) -> None:
    one, two, _ = door.students
    door.pass_by(one)
    door.pass_by(two)

    door.scan(one)

    assert door.waiting() == [2]


def test_a_face_that_may_be_the_other_twins_waits_on(door: Door) -> None:
    one, two, _ = door.students
    door.pair(one, two)
    door.pass_by(one)

    door.scan(one)

    assert door.waiting() == [1]


def test_a_dismissed_face_is_forgotten(door: Door) -> None:
    face = door.pass_by(door.students[0])

    door.ambiguous.dismiss(face.face_id, actor=admin())

    assert door.waiting() == []


def test_confirming_marks_by_hand_from_when_the_face_was_seen(door: Door, school: SmallSchool) -> None:
    one, two, _ = door.students
    school.clock.advance(400)
    face = door.pass_by(one)
    school.clock.advance(500)  # after the late time

    confirmed = door.ambiguous.confirm(face.face_id, two.student_id, actor=admin("Tom"))

    record = confirmed.record
    assert (record.student_id, record.status, record.method) == (
        two.student_id,
        Status.PRESENT,
        Method.MANUAL,
    )
    assert record.marked_at == face.seen_at.astimezone(UTC)
    (evidence,) = record.evidence
    assert (evidence.actor, evidence.reason, evidence.at) == ("Tom", CONFIRMED, school.clock.now())
    assert confirmed.learnt is None
    assert door.embedder.embedded == 0
    assert door.waiting() == []
    assert "record.marked_by_hand" in door.actions()


def test_nothing_is_learnt_unless_asked_for(door: Door) -> None:
    one = door.students[0]
    door.consent(one)
    face = door.pass_by(one)

    door.ambiguous.confirm(face.face_id, one.student_id, actor=admin("Tom"))

    assert door.templates(one) == 0


def test_a_picture_is_learnt_when_asked_for_and_allowed(door: Door) -> None:
    one = door.students[0]
    door.consent(one)
    face = door.pass_by(one)

    confirmed = door.ambiguous.confirm(face.face_id, one.student_id, actor=admin("Tom"), learn=True)

    assert (confirmed.learnt, confirmed.refusal) == (b"1", "")
    assert door.templates(one) == 1
    assert door.actions()[-2:] == ["face.enrolled", "face.learnt_from_class"]


@pytest.mark.parametrize("given", [None, False])
def test_without_consent_the_mark_is_made_and_nothing_is_embedded_or_stored(
    door: Door, given: bool | None
) -> None:
    one = door.students[0]
    if given is not None:
        door.consent(one, given)
    face = door.pass_by(one)

    confirmed = door.ambiguous.confirm(face.face_id, one.student_id, actor=admin("Tom"), learn=True)

    assert confirmed.record.status is Status.PRESENT
    assert confirmed.learnt is None
    assert "No consent" in confirmed.refusal
    assert door.embedder.embedded == 0
    assert door.templates(one) == 0


def test_a_poor_picture_is_not_learnt_and_the_reason_is_said(door: Door) -> None:
    one = door.students[0]
    door.consent(one)
    door.quality.quality = Quality(150.0, 60.0, 10.0, 1.0)
    face = door.pass_by(one)

    confirmed = door.ambiguous.confirm(face.face_id, one.student_id, actor=admin("Tom"), learn=True)

    assert "too dark" in confirmed.refusal
    assert door.templates(one) == 0


def test_a_learnt_picture_that_looks_like_another_is_warned_about(door: Door) -> None:
    one, two, _ = door.students
    door.school.enrol(two, 1)
    door.consent(one)
    face = door.pass_by(two)

    confirmed = door.ambiguous.confirm(face.face_id, one.student_id, actor=admin("Tom"), learn=True)

    assert [(warning.student_no, warning.other_no) for warning in confirmed.warnings] == [
        (one.student_no, two.student_no)
    ]


def test_undo_takes_mark_and_picture_back(door: Door) -> None:
    one, two, _ = door.students
    door.school.enrol(two, 1)
    door.consent(one)
    face = door.pass_by(one)
    confirmed = door.ambiguous.confirm(face.face_id, one.student_id, actor=admin("Tom"), learn=True)

    record = door.ambiguous.undo(confirmed, actor=admin("Tom"))

    assert record.is_taken_back
    assert door.templates(one) == 0
    assert door.school.store.read(lambda repositories: repositories.face_pairs.all()) == []
    assert "face.unlearnt_from_class" in door.actions()


def test_a_face_that_is_not_kept_any_more_says_what_to_do(door: Door) -> None:
    face = door.pass_by(door.students[0])
    door.school.clock.advance(600)

    with pytest.raises(NotFoundError, match="not kept any more"):
        door.ambiguous.confirm(face.face_id, door.students[0].student_id, actor=admin("Tom"))
