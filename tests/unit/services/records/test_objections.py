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
from tests.world.school import SmallSchool, open_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[SmallSchool]:
    with open_school(tmp_path) as made:
        yield made


class Bench:
    """One ended class in which nobody was marked, and what was told."""

    def __init__(self, school: SmallSchool) -> None:
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
def bench(school: SmallSchool) -> Bench:
    return Bench(school)


def test_an_objection_reaches_the_teacher(bench: Bench) -> None:
    made = bench.objections.make(bench.student.student_id, bench.record().record_id, " I sat  in\nrow 2 ")
    assert (made.reason, made.is_open) == ("I sat in row 2", True)
    assert bench.events == [ObjectionMade(bench.session.session_id, bench.student.student_id, made)]
    (waiting,) = bench.objections.waiting(bench.session.session_id, actor=admin())
    assert (waiting.student, waiting.record, waiting.objection) == (bench.student, bench.record(), made)
    assert bench.objections.open_by_session(bench.session.course_id) == {bench.session.session_id: 1}


def test_only_one_waits_for_each_record(bench: Bench) -> None:
    record_id = bench.record().record_id
    bench.objections.make(bench.student.student_id, record_id, "wrong")
    with pytest.raises(ConflictError, match="not answered"):
        bench.objections.make(bench.student.student_id, record_id, "still wrong")
    other = bench.students[1]
    bench.objections.make(other.student_id, bench.record(other).record_id, "mine, too")
    assert len(bench.objections.waiting(bench.session.session_id, actor=admin())) == 2


@pytest.mark.parametrize(("reason", "said"), [(" \n ", "write what"), ("x" * (MAX_LETTERS + 1), "too long")])
def test_a_reason_has_words_and_not_too_many(bench: Bench, reason: str, said: str) -> None:
    with pytest.raises(ConflictError, match=said):
        bench.objections.make(bench.student.student_id, bench.record().record_id, reason)
    assert bench.objections.waiting(bench.session.session_id, actor=admin()) == []


def test_somebody_elses_record_looks_like_none(bench: Bench) -> None:
    others = bench.record(bench.students[1]).record_id
    for record_id in (others, 9999):
        with pytest.raises(NotFoundError, match="no such record"):
            bench.objections.make(bench.student.student_id, record_id, "wrong")
        with pytest.raises(NotFoundError, match="no such record"):
            bench.objections.own(bench.student.student_id, record_id)
    assert bench.events == []


def test_the_teacher_changes_the_record_and_the_student_reads_the_answer(bench: Bench) -> None:
    before = bench.record()
    bench.objections.make(bench.student.student_id, before.record_id, "I was there")
    (waiting,) = bench.objections.waiting(bench.session.session_id, actor=admin())
    answered = bench.objections.answer(waiting, status=Status.PRESENT, answer="", actor=admin("teacher"))
    record = bench.record()
    assert (record.status, record.method, record.version) == (Status.PRESENT, Method.MANUAL, 2)
    assert record.evidence[-1].reason == CORRECTED
    assert isinstance(bench.events[-1], ObjectionAnswered)
    assert (answered.before, answered.record) == (before, record)
    own = bench.objections.own(bench.student.student_id, before.record_id)
    assert [(one.outcome, one.answered_by) for one in own.said] == [(ObjectionOutcome.CHANGED, "teacher")]
    assert own.can_object
    assert bench.objections.waiting(bench.session.session_id, actor=admin()) == []
    entry = bench.school.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.action, entry.detail) == ("objection.answered", "changed: present")


def test_keeping_a_record_needs_a_word(bench: Bench) -> None:
    bench.objections.make(bench.student.student_id, bench.record().record_id, "I was there")
    (waiting,) = bench.objections.waiting(bench.session.session_id, actor=admin())
    with pytest.raises(ConflictError, match="say why"):
        bench.objections.answer(waiting, status=None, answer="  ", actor=admin("teacher"))
    bench.objections.answer(waiting, status=None, answer="You left early.", actor=admin("teacher"))
    assert bench.record().version == 1
    (said,) = bench.objections.own(bench.student.student_id, bench.record().record_id).said
    assert (said.outcome, said.answer) == (ObjectionOutcome.KEPT, "You left early.")
    with pytest.raises(ConflictError, match="answered meanwhile"):
        bench.objections.answer(waiting, status=None, answer="Again.", actor=admin("other"))


def test_a_record_that_changed_meanwhile_is_looked_at_again(bench: Bench) -> None:
    bench.objections.make(bench.student.student_id, bench.record().record_id, "I was there")
    (waiting,) = bench.objections.waiting(bench.session.session_id, actor=admin())
    bench.school.marks.mark(
        bench.session.session_id, bench.student.student_id, Status.EXCUSED, actor=admin("other"), reason="ill"
    )
    with pytest.raises(ConflictError, match="changed meanwhile"):
        bench.objections.answer(waiting, status=Status.PRESENT, answer="", actor=admin("teacher"))
    assert bench.record().status is Status.EXCUSED


def test_after_three_answers_people_talk(bench: Bench) -> None:
    record_id = bench.record().record_id
    for _ in range(3):
        bench.objections.make(bench.student.student_id, record_id, "wrong")
        (waiting,) = bench.objections.waiting(bench.session.session_id, actor=admin())
        bench.objections.answer(waiting, status=None, answer="No.", actor=admin("teacher"))
    with pytest.raises(ConflictError, match="already"):
        bench.objections.make(bench.student.student_id, record_id, "wrong")
    assert not bench.objections.own(bench.student.student_id, record_id).can_object
