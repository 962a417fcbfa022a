from dataclasses import replace

import pytest

from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.meetings import WeeklySlot
from kiosk.domain.people.staff import Role
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.courses.course_editing import CopyWishes, CourseEditing
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import end, start
from tests.unit.services.courses.timetables import at, span
from tests.world.school import SmallSchool


@pytest.fixture
def editing(school: SmallSchool) -> CourseEditing:
    return school.cases.courses.editing


def audit(school: SmallSchool) -> list[tuple[str, str, str]]:
    log = school.store.read(lambda repositories: repositories.audit.entries())
    return [(one.action, one.subject, one.detail) for one in log]


def test_a_changed_course_has_its_new_code_title_room_and_term(
    school: SmallSchool, editing: CourseEditing
) -> None:
    course, _ = school.add_course()
    term = school.cases.courses.year.save_term(span(0, "Autumn"), actor=admin())
    wanted = replace(course, code=" CS  102 ", title=" Data ", room=" 4 ", term_id=term.term_id)
    saved = editing.change(wanted, actor=admin())
    assert saved == editing.course(course.course_id)
    assert (saved.code, saved.title, saved.room, saved.term_id) == ("CS 102", "Data", "4", term.term_id)
    assert audit(school)[0] == ("course.changed", "CS 102", "was CS 101")
    assert editing.change(replace(saved, title=""), actor=admin()).title == "CS 102"


def test_the_second_of_two_admins_is_told_and_undoes_nothing(
    school: SmallSchool, editing: CourseEditing
) -> None:
    course, _ = school.add_course()
    editing.change(replace(course, title="Data"), actor=admin("Ada"))
    with pytest.raises(ConflictError, match="Somebody else changed CS 101"):
        editing.change(replace(course, room="4"), actor=admin("Eva"))
    assert (editing.course(course.course_id).title, editing.course(course.course_id).room) == ("Data", "")


@pytest.mark.parametrize("code", ["", "   ", "-1", "x" * 33, "MA 2", "ma 2"])
def test_a_code_that_is_none_or_anothers_is_refused(
    school: SmallSchool, editing: CourseEditing, code: str
) -> None:
    course, _ = school.add_course()
    school.add_course("MA 2")
    with pytest.raises(ConflictError):
        editing.change(replace(course, code=code), actor=admin())
    assert editing.course(course.course_id) == course


def test_an_archived_course_is_hidden_but_in_records_and_comes_back(
    school: SmallSchool, editing: CourseEditing
) -> None:
    course, _ = school.add_course()
    end(school, start(school, course))
    archived = editing.archive(course, actor=admin())
    assert archived.is_archived
    lists = school.cases.courses.lists
    assert (lists.courses(), lists.all_courses()) == ([], [archived])
    assert school.sessions.today() == []
    assert lists.course("CS 101") == archived
    with pytest.raises(ConflictError, match="CS 101 is archived"):
        start(school, course)
    assert editing.archive(course, actor=admin()) == archived
    assert [one[0] for one in audit(school)].count("course.archived") == 1
    assert not editing.reopen(course, actor=admin()).is_archived
    assert [one.course.code for one in school.sessions.today()] == ["CS 101"]


def test_a_course_whose_class_is_open_is_not_archived(school: SmallSchool, editing: CourseEditing) -> None:
    course, _ = school.add_course()
    session = start(school, course)
    with pytest.raises(ConflictError, match="A class of CS 101 is open"):
        editing.archive(course, actor=admin())
    end(school, session)
    assert editing.archive(course, actor=admin()).is_archived


def test_a_class_that_was_open_when_its_course_was_archived_elsewhere_can_be_ended(
    school: SmallSchool, editing: CourseEditing
) -> None:
    course, students = school.add_course()
    session = start(school, course)
    now = school.clock.now()
    school.store.write(lambda repositories: repositories.courses.set_archived(course.course_id, now))
    assert school.sessions.still_open()[0].is_archived
    assert end(school, session).absent == len(students)


def test_a_copy_has_the_students_teachers_and_slots_that_were_wished_and_no_records(
    school: SmallSchool, editing: CourseEditing
) -> None:
    course, students = school.add_course()
    tom = school.accounts.add(name="Tom", role=Role.TEACHER, password="correct horse battery", actor=admin())
    cases = school.cases.courses
    cases.teachers.assign(course, [tom.user_id], actor=admin())
    cases.timetables.save_slot(WeeklySlot(0, course.course_id, 0, at(9), 90, "R1"), actor=admin())
    end(school, start(school, course))

    bare = editing.copy(course, CopyWishes("CS 101-B", "", with_teachers=False), actor=admin())
    whole = editing.copy(
        course, CopyWishes("CS 101-C", "Group C", with_students=True, with_slots=True), actor=admin()
    )

    def held(one: Course) -> tuple[int, int, int, int]:
        day = school.kiosk.app.core.today()
        return (
            len(cases.lists.roster(one.course_id, day)),
            len(cases.timetables.of_course(one.course_id).slots),
            len(cases.teachers.of_course(one.course_id)),
            len(school.sessions.of_course(one.course_id)),
        )

    assert (bare.title, whole.title) == (course.title, "Group C")
    assert (held(bare), held(whole)) == ((0, 0, 0, 0), (len(students), 1, 1, 0))
    assert audit(school)[0] == ("course.added", "CS 101-C", "a copy of CS 101")
    with pytest.raises(ConflictError):
        editing.copy(course, CopyWishes("CS 101", ""), actor=admin())


def test_students_are_registered_once_and_not_in_an_archived_course(
    school: SmallSchool, editing: CourseEditing
) -> None:
    course, students = school.add_course("CS 101", 2)
    other, _ = school.add_course("MA 2", 0)
    day = school.kiosk.app.core.today()
    assert editing.register(other, students, since=day, actor=admin()) == students
    assert editing.register(other, students, since=day, actor=admin()) == []
    assert ("registration.added", "CS101-1", "MA 2") in audit(school)
    editing.archive(other, actor=admin())
    with pytest.raises(ConflictError, match="archived"):
        editing.register(other, students, since=day, actor=admin())
    with pytest.raises(NotFoundError):
        editing.register(replace(course, course_id=99), students, since=day, actor=admin())
