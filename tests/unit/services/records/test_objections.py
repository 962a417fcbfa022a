from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.people.students import Student
from kiosk.domain.records.objections import MAX_LETTERS, ObjectionOutcome
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.events import Event, ObjectionMade
from kiosk.services.records.objections import CORRECTED, ObjectionAnswered, Objections
from tests.fakes.actors import admin
from tests.fakes.recorder import told
from tests.world.school import FakeSchool, open_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[FakeSchool]:
    with open_school(tmp_path) as made:
        yield made


class Desk:
    """One ended class in which nobody was marked, and what was told."""

    def __init__(self, school: FakeSchool) -> None:
        self.school = school
        self.events: list[Event] = []
        self.objections = Objections(store=school.store, clock=school.clock, events=told(self.events.append))
        course, self.students = school.add_course()
        self.session: ClassSession = school.sessions.start(
            course.course_id, actor=admin("teacher"), model="fake"
        )
        school.sessions.end(self.session.session_id, actor=admin("teacher"))
        self.student: Student = self.students[0]

    def record(self, student: Student | None = None) -> AttendanceRecord:
        who = (student or self.student).student_id
        found = self.school.store.read(
            lambda repositories: repositories.records.find(self.session.session_id, who)
        )
        assert found is not None
        return found


@pytest.fixture
def desk(school: FakeSchool) -> Desk:
    return Desk(school)


def test_an_objection_reaches_the_teacher(desk: Desk) -> None:
    made = desk.objections.make(desk.student.student_id, desk.record().record_id, " I sat  in\nrow 2 ")
    assert (made.reason, made.is_open) == ("I sat in row 2", True)
    assert desk.events == [ObjectionMade(desk.session.session_id, desk.student.student_id, made)]
    (waiting,) = desk.objections.waiting(desk.session.session_id, actor=admin())
    assert (waiting.student, waiting.record, waiting.objection) == (desk.student, desk.record(), made)
    assert desk.objections.open_by_session(desk.session.course_id) == {desk.session.session_id: 1}


def test_only_one_waits_for_each_record(desk: Desk) -> None:
    record_id = desk.record().record_id
    desk.objections.make(desk.student.student_id, record_id, "wrong")
    with pytest.raises(ConflictError, match="not answered"):
        desk.objections.make(desk.student.student_id, record_id, "still wrong")
    other = desk.students[1]
    desk.objections.make(other.student_id, desk.record(other).record_id, "mine, too")
    assert len(desk.objections.waiting(desk.session.session_id, actor=admin())) == 2


@pytest.mark.parametrize(("reason", "said"), [(" \n ", "write what"), ("x" * (MAX_LETTERS + 1), "too long")])
def test_a_reason_has_words_and_not_too_many(desk: Desk, reason: str, said: str) -> None:
    with pytest.raises(ConflictError, match=said):
        desk.objections.make(desk.student.student_id, desk.record().record_id, reason)
    assert desk.objections.waiting(desk.session.session_id, actor=admin()) == []


def test_somebody_elses_record_looks_like_none(desk: Desk) -> None:
    others = desk.record(desk.students[1]).record_id
    for record_id in (others, 9999):
        with pytest.raises(NotFoundError, match="no such record"):
            desk.objections.make(desk.student.student_id, record_id, "wrong")
        with pytest.raises(NotFoundError, match="no such record"):
            desk.objections.own(desk.student.student_id, record_id)
    assert desk.events == []


def test_the_teacher_changes_the_record_and_the_student_reads_the_answer(desk: Desk) -> None:
    before = desk.record()
    desk.objections.make(desk.student.student_id, before.record_id, "I was there")
    (waiting,) = desk.objections.waiting(desk.session.session_id, actor=admin())
    answered = desk.objections.answer(waiting, status=Status.PRESENT, answer="", actor=admin("teacher"))
    record = desk.record()
    assert (record.status, record.method, record.version) == (Status.PRESENT, Method.MANUAL, 2)
    assert record.evidence[-1].reason == CORRECTED
    assert isinstance(desk.events[-1], ObjectionAnswered)
    assert (answered.before, answered.record) == (before, record)
    own = desk.objections.own(desk.student.student_id, before.record_id)
    assert [(one.outcome, one.answered_by) for one in own.said] == [(ObjectionOutcome.CHANGED, "teacher")]
    assert own.can_object
    assert desk.objections.waiting(desk.session.session_id, actor=admin()) == []
    entry = desk.school.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.action, entry.detail) == ("objection.answered", "changed: present")


def test_keeping_a_record_needs_a_word(desk: Desk) -> None:
    desk.objections.make(desk.student.student_id, desk.record().record_id, "I was there")
    (waiting,) = desk.objections.waiting(desk.session.session_id, actor=admin())
    with pytest.raises(ConflictError, match="say why"):
        desk.objections.answer(waiting, status=None, answer="  ", actor=admin("teacher"))
    desk.objections.answer(waiting, status=None, answer="You left early.", actor=admin("teacher"))
    assert desk.record().version == 1
    (said,) = desk.objections.own(desk.student.student_id, desk.record().record_id).said
    assert (said.outcome, said.answer) == (ObjectionOutcome.KEPT, "You left early.")
    with pytest.raises(ConflictError, match="answered meanwhile"):
        desk.objections.answer(waiting, status=None, answer="Again.", actor=admin("other"))


def test_a_record_that_changed_meanwhile_is_looked_at_again(desk: Desk) -> None:
    desk.objections.make(desk.student.student_id, desk.record().record_id, "I was there")
    (waiting,) = desk.objections.waiting(desk.session.session_id, actor=admin())
    desk.school.marks.mark(
        desk.session.session_id, desk.student.student_id, Status.EXCUSED, actor=admin("other"), reason="ill"
    )
    with pytest.raises(ConflictError, match="changed meanwhile"):
        desk.objections.answer(waiting, status=Status.PRESENT, answer="", actor=admin("teacher"))
    assert desk.record().status is Status.EXCUSED


def test_after_three_answers_people_talk(desk: Desk) -> None:
    record_id = desk.record().record_id
    for _ in range(3):
        desk.objections.make(desk.student.student_id, record_id, "wrong")
        (waiting,) = desk.objections.waiting(desk.session.session_id, actor=admin())
        desk.objections.answer(waiting, status=None, answer="No.", actor=admin("teacher"))
    with pytest.raises(ConflictError, match="already"):
        desk.objections.make(desk.student.student_id, record_id, "wrong")
    assert not desk.objections.own(desk.student.student_id, record_id).can_object
