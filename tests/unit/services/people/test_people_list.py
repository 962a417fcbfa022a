from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.courses.courses import Course
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.consents import ConsentState
from kiosk.domain.people.people_list import ListedPerson, PeopleColumn, PeopleFilter
from kiosk.domain.people.staff import Role
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import ForbiddenError
from kiosk.settings import SchoolRules
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin, teacher
from tests.unit.services.attendance.classes import end, mark
from tests.world.school import SmallSchool

NAMES = ("Zoë Adler", "Bauer, Émile", "carl Conrad", "Anna van Aken")


@pytest.fixture
def people(school: SmallSchool) -> list[Student]:
    """Four in a course, by number; the first has an address."""
    _course, students = school.add_course("MA", students=len(NAMES))
    changed = [
        replace(one, full_name=name, email="Zoe.A@example.org" if name == NAMES[0] else None)
        for one, name in zip(students, NAMES, strict=True)
    ]

    def work(repositories: Repositories) -> None:
        for one in changed:
            repositories.students.update(one)

    school.store.write(work)
    return changed


def hold(school: SmallSchool, course: Course, statuses: dict[Student, Status]) -> None:
    """One class with these marks; everybody else is absent."""
    school.clock.advance(3600)
    session = school.sessions.start(course.course_id, actor=admin(), model="fake")
    for student, status in statuses.items():
        school.marks.mark(session.session_id, student.student_id, status, actor=admin(), reason="seen")
    school.clock.advance(600)
    school.sessions.end(session.session_id, actor=admin())


def course_of(school: SmallSchool) -> Course:
    return school.cases.courses.lists.course("MA")


def shown(
    school: SmallSchool,
    *filters: PeopleFilter,
    search: str = "",
    sort: str = "",
    descending: bool = False,
    actor: Actor | None = None,
) -> list[str]:
    """Numbers of those who are listed, in order; the count says the same number."""
    asked = ListQuestion(search, frozenset(filters), sort, descending)
    listing = school.cases.people.listing
    found = listing.page(asked, first=0, most=100, actor=actor or admin())
    assert listing.count(asked, actor=actor or admin()) == len(found)
    return [one.student.student_no for one in found]


def line(school: SmallSchool, student: Student, actor: Actor | None = None) -> ListedPerson:
    asked = ListQuestion(student.student_no)
    return school.cases.people.listing.page(asked, first=0, most=1, actor=actor or admin())[0]


@pytest.mark.usefixtures("people")
def test_people_are_listed_by_family_name(school: SmallSchool) -> None:
    assert shown(school) == ["MA-1", "MA-2", "MA-3", "MA-4"]
    assert shown(school, sort="name", descending=True) == ["MA-4", "MA-3", "MA-2", "MA-1"]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zoe", ["MA-1"]),
        ("ADLER zoë", ["MA-1"]),
        ("emile", ["MA-2"]),
        ("ma-3", ["MA-3"]),
        ("zoe.a@EXAMPLE", ["MA-1"]),
        ("a%", []),
        ("nobody", []),
        ("a" * 200, []),
    ],
)
def test_a_search_finds_names_numbers_and_addresses_without_case_and_accents(
    school: SmallSchool, typed: str, found: list[str]
) -> None:
    assert shown(school, search=typed) == found


def test_a_page_is_a_part_of_the_list(school: SmallSchool, people: list[Student]) -> None:
    page = school.cases.people.listing.page(ListQuestion(), first=1, most=2, actor=admin())
    assert [one.student for one in page] == people[1:3]


def test_a_line_says_courses_consent_pictures_pin_attendance_and_when_last_seen(
    school: SmallSchool, people: list[Student]
) -> None:
    school.enrol(people[0], 1, pictures=2)
    school.set_pin(people[0], "482913")
    hold(school, course_of(school), {people[0]: Status.LATE})
    first, second = line(school, people[0]), line(school, people[1])
    assert first.courses == ("MA",)
    assert (first.standing.state, first.faces, first.has_pin) == (ConsentState.YES, 2, True)
    assert (first.count.ratio, first.is_below) == (1.0, False)
    assert first.seen_at is not None
    assert (second.standing.state, second.faces, second.has_pin) == (ConsentState.UNANSWERED, 0, False)
    assert (second.count.ratio, second.is_below, second.seen_at) == (0.0, True, None)


def test_filters_narrow_the_list_down_together(school: SmallSchool, people: list[Student]) -> None:
    school.enrol(people[0], 1)
    school.enrol(people[1], 2, consent=False)
    school.set_pin(people[2], "482913")
    assert shown(school, PeopleFilter.NO_CONSENT) == ["MA-2", "MA-3", "MA-4"]
    assert shown(school, PeopleFilter.NO_PICTURES) == ["MA-3", "MA-4"]
    assert shown(school, PeopleFilter.NO_PICTURES, PeopleFilter.NO_PIN) == ["MA-4"]


def test_who_is_below_the_schools_limit_is_found(school: SmallSchool, people: list[Student]) -> None:
    course = course_of(school)
    assert shown(school, PeopleFilter.BELOW_LIMIT) == []
    hold(school, course, {people[0]: Status.PRESENT, people[1]: Status.EXCUSED, people[2]: Status.LATE})
    assert shown(school, PeopleFilter.BELOW_LIMIT) == ["MA-4"]
    hold(school, course, {people[0]: Status.PRESENT, people[1]: Status.PRESENT})
    assert shown(school, PeopleFilter.BELOW_LIMIT) == ["MA-3", "MA-4"]


def test_the_list_is_sorted_by_attendance_and_by_when_somebody_was_last_seen(
    school: SmallSchool, people: list[Student]
) -> None:
    course = course_of(school)
    hold(school, course, {people[2]: Status.PRESENT})
    hold(school, course, {people[2]: Status.PRESENT, people[1]: Status.PRESENT, people[3]: Status.EXCUSED})
    school.store.write(
        lambda repositories: repositories.students.add(student_no="X", full_name="Xaver New", email=None)
    )
    assert shown(school, sort="attendance") == ["MA-1", "MA-4", "MA-2", "MA-3", "X"]
    assert shown(school, sort="attendance", descending=True) == ["MA-3", "MA-2", "MA-1", "MA-4", "X"]
    assert shown(school, sort="seen", descending=True) == ["MA-2", "MA-3", "MA-1", "X", "MA-4"]
    hold(school, course, {people[3]: Status.LATE})
    assert shown(school, sort="seen", descending=True) == ["MA-4", "MA-2", "MA-3", "MA-1", "X"]
    assert shown(school, sort="seen") == ["MA-2", "MA-3", "MA-4", "MA-1", "X"]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("column", PeopleColumn)
@pytest.mark.parametrize("descending", [False, True])
def test_each_column_sorts_everybody(school: SmallSchool, column: PeopleColumn, descending: bool) -> None:
    assert sorted(shown(school, sort=column.value, descending=descending)) == ["MA-1", "MA-2", "MA-3", "MA-4"]


def test_who_has_nothing_to_sort_by_comes_last_in_both_directions(
    school: SmallSchool, people: list[Student]
) -> None:
    for descending in (False, True):
        assert shown(school, sort="email", descending=descending)[0] == people[0].student_no


def test_consent_sorts_those_first_about_whom_something_is_to_be_done(
    school: SmallSchool, people: list[Student]
) -> None:
    for place, student in enumerate(people[:3]):
        school.enrol(student, place + 1, consent=place != 1)
    assert shown(school, sort="consent", descending=True) == ["MA-1", "MA-3", "MA-2", "MA-4"]


def test_who_is_inactive_is_only_found_when_asked_for(school: SmallSchool, people: list[Student]) -> None:
    today = school.cases.core.today()
    school.store.write(lambda repositories: repositories.students.set_inactive(people[0].student_id, today))
    assert shown(school) == ["MA-2", "MA-3", "MA-4"]
    assert shown(school, search="adler") == ["MA-1"]
    assert shown(school, PeopleFilter.INACTIVE) == ["MA-1"]
    assert line(school, people[0]).inactive_from == today


def test_who_becomes_inactive_later_is_still_listed(school: SmallSchool, people: list[Student]) -> None:
    later = school.cases.core.today() + timedelta(days=1)
    school.store.write(lambda repositories: repositories.students.set_inactive(people[0].student_id, later))
    assert shown(school) == ["MA-1", "MA-2", "MA-3", "MA-4"]
    assert line(school, people[0]).inactive_from is None


def test_one_course_can_be_listed_alone(school: SmallSchool, people: list[Student]) -> None:
    course, _others = school.add_course("BIO", students=2)
    listing = school.cases.people.listing
    found = listing.page(ListQuestion(), first=0, most=9, actor=admin(), course_id=course.course_id)
    assert [one.student.student_no for one in found] == ["BIO-1", "BIO-2"]
    assert len(people) + 2 == listing.count(ListQuestion(), actor=admin())


def test_a_teacher_is_not_shown_what_is_about_enrolment(school: SmallSchool, people: list[Student]) -> None:
    school.enrol(people[0], 1)
    school.set_pin(people[0], "482913")
    seen = line(school, people[0], teacher())
    assert (seen.standing.state, seen.faces, seen.has_pin) == (ConsentState.UNANSWERED, 0, False)
    assert seen.student.email is None
    assert shown(school, PeopleFilter.NO_PIN, sort="pin", actor=teacher()) == ["MA-1", "MA-2", "MA-3", "MA-4"]


def test_nobody_without_the_right_reads_it(school: SmallSchool) -> None:
    with pytest.raises(ForbiddenError):
        school.cases.people.listing.count(ListQuestion(), actor=NOBODY)


def test_what_was_read_of_everybody_is_read_anew_after_a_new_record(
    school: SmallSchool, people: list[Student]
) -> None:
    hold(school, course_of(school), {people[0]: Status.PRESENT})
    assert shown(school, PeopleFilter.BELOW_LIMIT) == ["MA-2", "MA-3", "MA-4"]
    hold(school, course_of(school), dict.fromkeys(people, Status.PRESENT))
    hold(school, course_of(school), dict.fromkeys(people, Status.PRESENT))
    hold(school, course_of(school), dict.fromkeys(people, Status.PRESENT))
    assert shown(school, PeopleFilter.BELOW_LIMIT) == []


def test_what_was_read_of_everybody_is_read_anew_after_a_correction_and_while_a_class_is_open_again(
    school: SmallSchool, people: list[Student]
) -> None:
    course = course_of(school)
    hold(school, course, {people[0]: Status.PRESENT, people[2]: Status.PRESENT, people[3]: Status.PRESENT})
    (session,) = school.sessions.of_course(course.course_id)
    assert shown(school, PeopleFilter.BELOW_LIMIT) == ["MA-2"]
    mark(school, session, people[0], Status.ABSENT)
    assert shown(school, PeopleFilter.BELOW_LIMIT) == ["MA-1", "MA-2"]
    reopening = school.cases.attendance.afterwards.reopening
    reopening.open_again(session.session_id, actor=admin())
    assert shown(school, PeopleFilter.BELOW_LIMIT) == ["MA-1"]  # nobody has decided on the other
    end(school, session)
    assert shown(school, PeopleFilter.BELOW_LIMIT) == ["MA-1", "MA-2"]


def test_a_teacher_sees_the_students_of_the_own_courses_alone(
    school: SmallSchool, people: list[Student]
) -> None:
    other, _others = school.add_course("BIO", students=2)
    tom = school.accounts.add(name="Tom", role=Role.TEACHER, password="a long password", actor=admin())
    anna = school.accounts.add(name="Anna", role=Role.TEACHER, password="a long password", actor=admin())
    hold(school, other, {})
    everybody = ["BIO-1", "BIO-2", *(one.student_no for one in people)]
    assert sorted(shown(school, actor=Actor.of(tom))) == sorted(everybody)
    school.cases.courses.teachers.assign(course_of(school), [tom.user_id], actor=admin())
    school.cases.courses.teachers.assign(other, [anna.user_id], actor=admin())
    assert shown(school, actor=Actor.of(tom)) == [one.student_no for one in people]
    assert shown(school, PeopleFilter.BELOW_LIMIT, actor=Actor.of(tom)) == []
    assert shown(school, PeopleFilter.BELOW_LIMIT, actor=Actor.of(anna)) == ["BIO-1", "BIO-2"]
    assert shown(school, search="ma-1", actor=Actor.of(anna)) == []
    assert sorted(shown(school, actor=admin())) == sorted(everybody)


def test_a_line_has_a_picture_only_where_the_school_shows_pictures(
    school: SmallSchool, people: list[Student]
) -> None:
    school.enrol(people[0], 1)
    assert line(school, people[0]).picture is None
    school.school.change_rules(SchoolRules(pictures_in_lists=True), actor=admin())
    assert (line(school, people[0]).picture, line(school, people[1]).picture) == (b"1", b"")
