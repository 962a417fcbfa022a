from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.domain.people.staff import Role
from kiosk.domain.records.record_list import RecordLine, RecordOrder, RecordQuestion
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, ForbiddenError, NotFoundError
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import end, face, mark
from tests.world.school import ZONE, SmallSchool

Q = RecordQuestion


class Year:
    """Two courses of three students, CS on two days and MA on one, in which this and that happened."""

    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        self.records = school.cases.records.all
        self.cs, self.cs_students = school.add_course("CS 101")
        self.ma, self.ma_students = school.add_course("MA 7")
        self.first_day = school.clock.now().astimezone(ZONE).date()
        self.first = self._start(self.cs.course_id, "Anna")
        face(school, self.first, self.cs_students[0])
        mark(school, self.first, self.cs_students[1], Status.EXCUSED, "ill")
        end(school, self.first)
        school.clock.advance(86_400)
        self.second = self._start(self.cs.course_id, "Anna")
        face(school, self.second, self.cs_students[2])
        end(school, self.second)
        school.clock.advance(86_400)
        self.third = self._start(self.ma.course_id, "Bo")
        end(school, self.third)

    def _start(self, course_id: int, who: str) -> ClassSession:
        return self.school.sessions.start(course_id, actor=admin(who), model="fake")

    def note(self, session_id: int, student_id: int, other_id: int | None) -> None:
        seen = Incident(session_id, IncidentKind.SAME_ADDRESS, student_id, other_id, self.school.clock.now())
        self.school.store.write(lambda repositories: repositories.incidents.note(seen))

    def all(self, asked: RecordQuestion) -> Sequence[RecordLine]:
        outline = self.records.outline(asked, actor=admin())
        lines = self.records.page(outline, 0, 100, actor=admin())
        assert len(lines) == outline.total
        return lines

    def said(self, asked: RecordQuestion) -> list[str]:
        return [f"{one.session_id}:{one.student.student_no}:{one.status.value}" for one in self.all(asked)]


@pytest.fixture
def year(school: SmallSchool) -> Year:
    return Year(school)


def test_all_records_of_all_courses_stand_in_one_list_the_newest_class_first(year: Year) -> None:
    assert year.said(Q()) == [
        "3:MA7-1:absent",
        "3:MA7-2:absent",
        "3:MA7-3:absent",
        "2:CS101-1:absent",
        "2:CS101-2:absent",
        "2:CS101-3:present",
        "1:CS101-1:present",
        "1:CS101-2:excused",
        "1:CS101-3:absent",
    ]


@pytest.mark.parametrize("size", [1, 2, 4, 9])
@pytest.mark.parametrize("order", list(RecordOrder))
@pytest.mark.parametrize("descending", [True, False])
def test_pages_of_any_size_make_up_the_whole_list(
    year: Year, size: int, order: RecordOrder, descending: bool
) -> None:
    asked = Q(order=order, descending=descending)
    outline = year.records.outline(asked, actor=admin())
    pages = [
        line
        for first in range(0, outline.total, size)
        for line in year.records.page(outline, first, size, actor=admin())
    ]
    assert pages == year.all(asked)
    assert len({line.record_id for line in pages}) == 9


def test_the_list_is_sorted_by_what_is_asked(year: Year) -> None:
    by_student = year.all(Q(order=RecordOrder.STUDENT, descending=False))
    names = [line.student.full_name for line in by_student]
    assert names == sorted(names)
    assert [line.course.code for line in year.all(Q(order=RecordOrder.COURSE, descending=False))] == [
        *["CS 101"] * 6,
        *["MA 7"] * 3,
    ]
    by_status = [line.status for line in year.all(Q(order=RecordOrder.STATUS, descending=False))]
    assert by_status == [*[Status.PRESENT] * 2, Status.EXCUSED, *[Status.ABSENT] * 6]
    methods = [line.method for line in year.all(Q(order=RecordOrder.METHOD, descending=True))]
    assert methods == [*[None] * 6, Method.MANUAL, *[Method.FACE] * 2]
    assert year.said(Q(descending=False))[0] == "1:CS101-1:present"


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (Q(statuses=frozenset({Status.EXCUSED, Status.PRESENT})), 3),
        (Q(methods=frozenset({Method.FACE})), 2),
        (Q(methods=frozenset({None})), 6),
        (Q(methods=frozenset({None, Method.MANUAL})), 7),
        (Q(course_id=2), 3),
        (Q(student_id=1), 2),
        (Q(started_by="Anna"), 6),
        (Q(started_by="nobody"), 0),
        (Q(only_changed=True), 1),
        (Q(search="cs101-2"), 2),
        (Q(search="MA 7"), 3),
        (Q(search="title of ma"), 3),
        (Q(search="Bo"), 3),
        (Q(search="student 3"), 3),
        (Q(search="student 3 anna"), 2),
        (Q(search="nothing of it"), 0),
        (Q(search="%"), 0),
        (Q(search="  "), 9),
    ],
)
def test_only_what_is_asked_for_is_listed(year: Year, asked: RecordQuestion, wanted: int) -> None:
    assert len(year.all(asked)) == wanted


def test_days_are_those_of_the_school_both_ends_included(year: Year) -> None:
    second = year.first_day + timedelta(days=1)
    assert {line.session_id for line in year.all(Q(first=second))} == {2, 3}
    assert {line.session_id for line in year.all(Q(last=second))} == {1, 2}
    assert {line.session_id for line in year.all(Q(first=second, last=second))} == {2}


def test_the_last_days_are_counted_from_today_whenever_they_are_asked_for(year: Year) -> None:
    assert {line.session_id for line in year.all(Q(days_back=1))} == {3}
    assert {line.session_id for line in year.all(Q(days_back=2))} == {2, 3}
    year.school.clock.advance(86_400)
    assert {line.session_id for line in year.all(Q(days_back=2))} == {3}


def test_days_that_end_before_they_begin_are_refused(year: Year) -> None:
    asked = Q(first=year.first_day, last=year.first_day - timedelta(days=1))
    with pytest.raises(ConflictError, match="last day is before the first"):
        year.records.outline(asked, actor=admin())


def test_what_somebody_should_look_at_is_found(year: Year) -> None:
    school, student = year.school, year.cs_students[2]
    absent = next(line for line in year.all(Q(student_id=student.student_id)) if line.session_id == 1)
    school.cases.records.objections.make(student.student_id, absent.record_id, "I was there")
    first, second = (one.student_id for one in year.cs_students[:2])
    year.note(2, first, second)

    assert year.said(Q(only_messages=True)) == ["1:CS101-3:absent"]
    doubtful = year.all(Q(only_doubtful=True))
    assert [(one.session_id, one.student.student_no) for one in doubtful] == [
        (2, "CS101-1"),
        (2, "CS101-2"),
        (1, "CS101-3"),
    ]
    assert [(one.has_message, one.has_incident) for one in doubtful] == [
        (False, True),
        (False, True),
        (True, False),
    ]
    assert all(one.is_doubtful for one in doubtful)


def test_a_record_that_went_since_it_was_counted_is_not_made_up(year: Year) -> None:
    outline = year.records.outline(Q(), actor=admin())
    year.school.store.write(lambda repositories: repositories.class_sessions.remove(3))
    lines = year.records.page(outline, 0, 100, actor=admin())
    assert {line.session_id for line in lines} == {1, 2}


def test_records_of_a_cancelled_class_are_shown_as_such_and_those_of_a_deleted_one_are_not(
    year: Year,
) -> None:
    afterwards = year.school.cases.attendance.afterwards
    afterwards.cancelling.cancel(3, reason="storm", actor=admin())
    afterwards.deleting.delete(2, actor=admin())
    assert {(line.session_id, line.is_cancelled) for line in year.all(Q())} == {(3, True), (1, False)}
    assert {line.session_id for line in year.all(Q(started_by="Anna"))} == {1}


def test_one_record_tells_its_history_messages_and_what_was_noticed(year: Year) -> None:
    school, student = year.school, year.cs_students[1]
    school.clock.advance(60)
    mark(school, year.first, student, Status.LATE, "came after all")
    line = next(one for one in year.all(Q(student_id=student.student_id)) if one.session_id == 1)
    school.cases.records.objections.make(student.student_id, line.record_id, "not ill")
    other = year.cs_students[0].student_id
    year.note(1, other, student.student_id)
    year.note(1, other, None)

    file = year.records.file(line.record_id, actor=admin())

    assert (file.line.student, file.session.session_id) == (student, 1)
    assert replace(file.line, has_message=False, has_incident=False) == replace(
        line, has_message=False, has_incident=False
    )
    (change,) = file.changes
    assert (change.before.status, change.after.status) == (Status.EXCUSED, Status.LATE)
    assert (change.actor, change.reason, change.at) == ("Anna", "came after all", school.clock.now())
    assert [one.reason for one in file.messages] == ["not ill"]
    assert [one.kind for one in file.incidents] == [IncidentKind.SAME_ADDRESS]
    assert file.others[other].student_no == "CS101-1"


def test_a_record_that_nobody_changed_has_no_history(year: Year) -> None:
    file = year.records.file(year.all(Q())[0].record_id, actor=admin())
    assert (file.changes, file.messages, file.incidents) == ([], [], [])


def test_a_record_that_is_not_there_is_said_so(year: Year) -> None:
    with pytest.raises(NotFoundError, match="no such record"):
        year.records.file(999, actor=admin())


def test_a_teacher_is_shown_the_records_of_the_own_courses_and_no_others(year: Year) -> None:
    school = year.school
    user = school.accounts.add(name="Tom", role=Role.TEACHER, password="correct horse battery", actor=admin())
    tom = Actor.of(user)
    assert year.records.outline(Q(), actor=tom).total == 9  # nobody is assigned to any course
    all_of_it = year.records.outline(Q(), actor=tom)
    school.cases.courses.teachers.assign(year.ma, [user.user_id], actor=admin())

    outline = year.records.outline(Q(), actor=tom)

    assert {one.course for one in year.records.page(outline, 0, 100, actor=tom)} == {year.ma}
    assert {one.course for one in year.records.page(all_of_it, 0, 100, actor=tom)} == {year.ma}
    assert year.records.outline(Q(course_id=year.cs.course_id), actor=tom).total == 0
    assert year.records.courses(actor=tom) == [year.ma]
    assert year.records.starters(actor=tom) == ["Bo"]
    other = next(line for line in year.all(Q()) if line.course == year.cs)
    assert year.records.lines([other.record_id], actor=tom) == []
    with pytest.raises(NotFoundError, match="no such record"):
        year.records.file(other.record_id, actor=tom)
    with pytest.raises(ForbiddenError, match="do not teach"):
        school.cases.records.correcting.mark([other], Status.LATE, reason="bus", actor=tom)


def test_filters_offer_the_courses_and_whoever_began_classes(year: Year) -> None:
    assert year.records.starters(actor=admin()) == ["Anna", "Bo"]
    assert [one.code for one in year.records.courses(actor=admin())] == ["CS 101", "MA 7"]
