from dataclasses import replace

import pytest

from kiosk.domain.courses.day_states import MeetingState
from kiosk.domain.courses.meetings import WeeklySlot
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.staff import Role, User
from kiosk.domain.trust.rights import Actor
from kiosk.errors import NotFoundError
from kiosk.services.courses.course_listing import CourseFilter, CourseListing, is_forgotten
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import end, face, start
from tests.unit.services.courses.timetables import at, span
from tests.world.school import SmallSchool

DAY_S = 86400


@pytest.fixture
def listing(school: SmallSchool) -> CourseListing:
    return school.cases.courses.listing


@pytest.fixture
def tom(school: SmallSchool) -> User:
    return school.accounts.add(name="Tom", role=Role.TEACHER, password="correct horse battery", actor=admin())


def codes(listing: CourseListing, actor: Actor | None = None, **asked: object) -> list[str]:
    question = replace(ListQuestion(), **asked)  # type: ignore[arg-type]
    return [one.course.code for one in listing.lines(question, actor=actor or admin())]


def test_a_line_says_teachers_students_term_and_the_next_meeting(
    school: SmallSchool, listing: CourseListing, tom: User
) -> None:
    course, _ = school.add_course("CS 101", 3)
    cases = school.cases.courses
    term = cases.year.save_term(span(0, "Autumn"), actor=admin())
    cases.editing.change(replace(course, term_id=term.term_id), actor=admin())
    cases.teachers.assign(course, [tom.user_id], actor=admin())
    cases.timetables.save_slot(WeeklySlot(0, course.course_id, 1, at(9), 90, "R1"), actor=admin())
    (line,) = listing.lines(ListQuestion(), actor=admin())
    assert line == listing.line(course.course_id, actor=admin())
    assert (line.teacher_names, line.students, line.term) == ("Tom", 3, term)
    assert line.next_meeting is not None
    assert line.next_meeting.room == "R1"
    with pytest.raises(NotFoundError):
        listing.line(99, actor=admin())


def test_courses_are_searched_by_all_that_is_shown_and_sorted_by_what_is_asked(
    school: SmallSchool, listing: CourseListing, tom: User
) -> None:
    first = school.add_course("B 2", 1)[0]
    second = school.add_course("A 1", 5)[0]
    cases = school.cases.courses
    cases.teachers.assign(first, [tom.user_id], actor=admin())
    cases.timetables.save_slot(WeeklySlot(0, second.course_id, 1, at(9), 90), actor=admin())
    assert codes(listing) == ["A 1", "B 2"]
    assert codes(listing, search="TOM") == ["B 2"]
    assert codes(listing, search="title a") == ["A 1"]
    assert codes(listing, search="nobody") == []
    assert codes(listing, sort="students") == ["B 2", "A 1"]
    assert codes(listing, sort="students", descending=True) == ["A 1", "B 2"]
    assert codes(listing, sort="next") == ["A 1", "B 2"]
    assert codes(listing, sort="teachers") == ["A 1", "B 2"]


def test_filters_find_ones_own_the_archived_and_what_is_missing(
    school: SmallSchool, listing: CourseListing, tom: User
) -> None:
    own, bare, over = school.add_course("A", 1)[0], school.add_course("B", 0)[0], school.add_course("C")[0]
    cases = school.cases.courses
    cases.teachers.assign(own, [tom.user_id], actor=admin())
    cases.timetables.save_slot(WeeklySlot(0, own.course_id, 1, at(9), 90), actor=admin())
    cases.editing.archive(over, actor=admin())
    ada = Actor("Ada", Actor.local("x").rights, user_id=None)
    found = {one: codes(listing, filters=frozenset({one.value}), actor=ada) for one in CourseFilter}
    assert found == {
        CourseFilter.MINE: [],
        CourseFilter.ARCHIVED: ["C"],
        CourseFilter.NO_STUDENTS: ["B"],
        CourseFilter.NO_TEACHER: ["B"],
        CourseFilter.NO_TIMETABLE: ["B"],
    }
    assert bare.code in codes(listing)
    teacher = Actor.of(tom)
    assert codes(listing, actor=teacher) == ["A"]
    assert codes(listing, actor=teacher, filters=frozenset({"mine"})) == ["A"]


def test_what_became_of_a_courses_meetings_is_listed_newest_first(
    school: SmallSchool, listing: CourseListing
) -> None:
    course, students = school.add_course("CS 101", 2)
    school.cases.courses.timetables.save_slot(WeeklySlot(0, course.course_id, 0, at(9), 90), actor=admin())
    session = start(school, course)
    face(school, session, students[0])
    end(school, session)
    school.clock.advance(14 * DAY_S + 3600)
    held = listing.held(course.course_id, actor=admin())
    assert [one.line.state for one in held] == [
        MeetingState.COMING,
        MeetingState.FORGOTTEN,
        MeetingState.DONE,
    ]
    assert [is_forgotten(one) for one in held] == [False, True, False]
    assert held[-1].count.attended == 1
    school.cases.courses.editing.archive(course, actor=admin())
    assert [one.line.state for one in listing.held(course.course_id, actor=admin())] == [MeetingState.DONE]


def test_before_the_first_class_nothing_was_forgotten(school: SmallSchool, listing: CourseListing) -> None:
    course, _ = school.add_course()
    school.cases.courses.timetables.save_slot(WeeklySlot(0, course.course_id, 6, at(9), 90), actor=admin())
    assert listing.held(course.course_id, actor=admin()) == []
