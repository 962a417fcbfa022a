from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.lookalikes import FacePair, PairOrigin
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import CheckInResult, GalleryChanged
from kiosk.services.faces.corrections import NOT_THIS_PERSON, MistakenFace
from tests.fakes.actors import admin
from tests.fakes.vision.recognition import MODEL
from tests.world.school import SmallSchool, open_school


class Lesson:
    """A class in which the first student was marked by a face."""

    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        self.course, self.students = school.add_course(students=3)
        self.session = school.sessions.start(self.course.course_id, actor=admin("Tom"), model=MODEL.name)
        school.clock.advance(60)
        self.by_face = self.show(self.students[0]).record

    def show(self, student: Student, method: Method = Method.FACE) -> CheckInResult:
        """A claim at the one door."""
        evidence = Evidence(method, self.school.clock.now(), distance=0.41, votes=3, model=MODEL.name)
        return self.school.checkin.submit(
            Claim(self.session.session_id, student.student_id, evidence)
        ).result()

    def correct(self, other: Student | None = None, student: Student | None = None) -> MistakenFace:
        self.school.clock.advance(60)
        return self.school.corrections.not_this_person(
            self.session.session_id,
            (student or self.students[0]).student_id,
            other.student_id if other else None,
            actor=admin("Tom"),
        )

    def undo(self, mistaken: MistakenFace) -> AttendanceRecord:
        self.school.clock.advance(5)
        return self.school.corrections.undo(mistaken, actor=admin("Tom"))

    def pairs(self) -> list[FacePair]:
        return self.school.store.read(lambda repositories: repositories.face_pairs.all())

    def look_alike(self) -> frozenset[int]:
        return second_factor(self.school, self.course, self.session)

    def actions(self) -> list[tuple[str, str, str]]:
        entries = self.school.store.read(lambda repositories: repositories.audit.entries())
        return [(one.action, one.subject, one.detail) for one in reversed(entries)]


def second_factor(school: SmallSchool, course: Course, session: ClassSession) -> frozenset[int]:
    day = session.started_at.date()
    return school.galleries.load(course.course_id, on=day, model=MODEL).second_factor


@pytest.fixture
def lesson(school: SmallSchool) -> Lesson:
    return Lesson(school)


def test_the_record_goes_and_what_it_was_stays_in_the_history(lesson: Lesson) -> None:
    mistaken = lesson.correct(lesson.students[1])

    assert mistaken.before == lesson.by_face
    record = mistaken.record
    assert (record.status, record.method, record.is_taken_back) == (Status.ABSENT, None, True)
    assert (record.evidence[-1].actor, record.evidence[-1].reason) == ("Tom", NOT_THIS_PERSON)
    (correction,) = lesson.school.sessions.history(record.record_id, actor=admin())
    assert (correction.before, correction.actor) == (mistaken.before, "Tom")
    assert lesson.school.sessions.roster(lesson.session.session_id)[0].record is None
    assert lesson.school.events[-2:] == [mistaken, GalleryChanged()]
    assert lesson.actions()[-1] == ("face.not_this_person", "CS101-1 CS101-2 #1", "")


def test_the_veto_keeps_both_from_being_marked_by_the_face_alone(lesson: Lesson) -> None:
    one, two, three = lesson.students
    lesson.correct(two)

    assert lesson.look_alike() == {one.student_id, two.student_id}
    assert lesson.show(one).outcome is CheckInOutcome.SECOND_FACTOR_NEEDED
    assert lesson.show(two).outcome is CheckInOutcome.SECOND_FACTOR_NEEDED
    assert lesson.show(three).outcome is CheckInOutcome.MARKED_PRESENT
    assert lesson.show(one, Method.PHONE).outcome is CheckInOutcome.MARKED_PRESENT


def test_a_face_that_nobody_knows_leaves_a_veto_too(lesson: Lesson) -> None:
    lesson.correct()

    (pair,) = lesson.pairs()
    assert (pair.origin, pair.other_id, pair.distance) == (PairOrigin.CORRECTION, None, 0.41)
    assert lesson.look_alike() == {lesson.students[0].student_id}
    assert lesson.actions()[-1] == ("face.not_this_person", "CS101-1 #1", "somebody else")


def test_a_veto_survives_a_restart(lesson: Lesson, school: SmallSchool, data_dir: Path) -> None:
    lesson.correct(lesson.students[1])
    school.database.close()

    with open_school(data_dir) as again:
        assert second_factor(again, lesson.course, lesson.session) == {
            lesson.students[0].student_id,
            lesson.students[1].student_id,
        }


def test_enrolling_anew_lifts_the_veto(lesson: Lesson, school: SmallSchool) -> None:
    student = lesson.students[0]
    school.enrol(student, 1)
    lesson.correct(lesson.students[1])
    school.store.write(lambda repositories: repositories.faces.forget(student.student_id))
    assert lesson.look_alike()

    school.clock.advance(60)
    school.enrol(student, 1)
    school.lookalikes.refresh(MODEL, actor="Ada", among={student.student_id})

    assert lesson.look_alike() == frozenset()
    assert lesson.show(student).outcome is CheckInOutcome.MARKED_PRESENT


def test_undo_brings_record_and_trust_back(lesson: Lesson) -> None:
    mistaken = lesson.correct(lesson.students[1])

    record = lesson.undo(mistaken)

    assert (record.status, record.method, record.marked_at) == (
        Status.PRESENT,
        Method.FACE,
        mistaken.before.marked_at,
    )
    assert lesson.pairs() == []
    assert lesson.look_alike() == frozenset()
    assert lesson.actions()[-1][0] == "face.correction_undone"


def test_undo_leaves_a_veto_that_stood_before(lesson: Lesson) -> None:
    lesson.undo(lesson.correct(lesson.students[1]))
    first = lesson.correct(lesson.students[1])
    lesson.school.lookalikes.lift(first.pair.pair_id, actor=admin("Ada"))
    (lifted,) = lesson.pairs()
    lesson.show(lesson.students[0])
    second = lesson.correct(lesson.students[1])
    assert lesson.pairs() == [second.pair]
    assert not second.pair.is_lifted

    lesson.undo(second)

    assert lesson.pairs() == [lifted]


def test_undo_is_refused_when_the_student_checked_in_meanwhile(lesson: Lesson) -> None:
    mistaken = lesson.correct(lesson.students[1])
    lesson.show(lesson.students[0], Method.PHONE)

    with pytest.raises(ConflictError, match="marked again meanwhile"):
        lesson.undo(mistaken)
    assert len(lesson.pairs()) == 1


def test_correcting_the_same_mistake_twice_keeps_one_veto(lesson: Lesson) -> None:
    one, two, _ = lesson.students
    first = lesson.correct(two)
    lesson.school.lookalikes.lift(first.pair.pair_id, actor=admin("Ada"))
    lesson.show(one)

    lesson.correct(two)

    (pair,) = lesson.pairs()
    assert not pair.is_lifted
    assert pair.found_at == lesson.school.clock.now()


def test_in_an_ended_session_the_student_was_absent(lesson: Lesson, school: SmallSchool) -> None:
    school.sessions.end(lesson.session.session_id, actor=admin("Tom"))

    record = lesson.correct().record

    assert (record.status, record.is_taken_back) == (Status.ABSENT, False)


def test_only_a_record_made_by_a_face_can_be_a_wrong_face(lesson: Lesson) -> None:
    lesson.show(lesson.students[1], Method.PHONE)

    with pytest.raises(ConflictError, match="not marked by face"):
        lesson.correct(student=lesson.students[1])
    with pytest.raises(NotFoundError):
        lesson.correct(student=lesson.students[2])
    assert lesson.pairs() == []


def test_nobody_is_taken_for_himself(lesson: Lesson) -> None:
    with pytest.raises(ConflictError, match="the same student"):
        lesson.correct(lesson.students[0])
