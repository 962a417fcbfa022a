from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.staff import Role, User
from kiosk.domain.records.filters import Days
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ForbiddenError, NotFoundError
from kiosk.services.courses.teacher_queries import TeacherQueries
from kiosk.storage.database.sql_database import SqlDatabase
from tests.fakes.actors import admin
from tests.unit.storage.classroom import add_classroom
from tests.world.school import SmallSchool

PASSWORD = "correct horse battery"


def teacher(school: SmallSchool, name: str) -> User:
    return school.accounts.add(name=name, role=Role.TEACHER, password=PASSWORD, actor=admin())


def entries(school: SmallSchool) -> list[tuple[str, str, str, str]]:
    log = school.store.read(lambda repositories: repositories.audit.entries())
    return [(one.actor, one.action, one.subject, one.detail) for one in log]


def test_a_teacher_who_was_never_assigned_sees_every_course_as_before(school: SmallSchool) -> None:
    tom, teachers = teacher(school, "Tom"), school.cases.courses.teachers
    course, _students = school.add_course()
    assert teachers.seen_by(actor=Actor.of(tom)) is None
    other = teacher(school, "Eva")
    teachers.assign(course, [other.user_id], actor=admin())
    assert teachers.seen_by(actor=Actor.of(tom)) is None


def test_a_teacher_of_a_course_sees_the_own_ones_alone_and_the_log_says_who_assigned(
    school: SmallSchool,
) -> None:
    tom, teachers = teacher(school, "Tom"), school.cases.courses.teachers
    own, other = school.add_course("CS 101")[0], school.add_course("MA 2")[0]
    assert teachers.assign(own, [tom.user_id], actor=admin("Ada")) == [tom]
    assert teachers.seen_by(actor=Actor.of(tom)) == teachers.taught_by(tom.user_id) == {own.course_id}
    assert (teachers.of_course(own.course_id), teachers.of_course(other.course_id)) == ([tom], [])
    assert entries(school)[0] == ("Ada", "course.teachers", "CS 101", "Tom")


def test_admins_the_command_line_and_the_kiosk_see_every_course(school: SmallSchool) -> None:
    ada = school.accounts.add(name="Ada", role=Role.ADMIN, password=PASSWORD, actor=admin())
    teachers = school.cases.courses.teachers
    teachers.assign(school.add_course()[0], [ada.user_id], actor=admin())
    for actor in (Actor.of(ada), Actor.local("kim"), Actor.system("the kiosk")):
        assert teachers.seen_by(actor=actor) is None


def test_assigning_replaces_who_taught_before_and_the_same_again_is_no_entry_of_the_log(
    school: SmallSchool,
) -> None:
    tom, eva, teachers = teacher(school, "Tom"), teacher(school, "Eva"), school.cases.courses.teachers
    course, _students = school.add_course()
    teachers.assign(course, [tom.user_id], actor=admin())
    assert teachers.assign(course, [eva.user_id, tom.user_id], actor=admin()) == [eva, tom]
    before = len(entries(school))
    teachers.assign(course, [tom.user_id, eva.user_id], actor=admin())
    assert len(entries(school)) == before
    assert teachers.assign(course, [], actor=admin()) == []
    assert entries(school)[0][2:] == ("CS 101", "nobody")


def test_a_closed_account_stays_the_teacher_of_its_courses_and_is_no_choice(school: SmallSchool) -> None:
    tom, teachers = teacher(school, "Tom"), school.cases.courses.teachers
    course, _students = school.add_course()
    teachers.assign(course, [tom.user_id], actor=admin())
    assert tom in teachers.choices(actor=admin())
    school.accounts.set_active(tom.user_id, False, actor=admin())
    assert [one.name for one in teachers.of_course(course.course_id)] == ["Tom"]
    assert teachers.choices(actor=admin()) == []


def test_an_account_or_course_that_is_gone_is_said_and_changes_nothing(school: SmallSchool) -> None:
    tom, teachers = teacher(school, "Tom"), school.cases.courses.teachers
    course, _students = school.add_course()
    teachers.assign(course, [tom.user_id], actor=admin())
    with pytest.raises(NotFoundError, match="user"):
        teachers.assign(course, [99], actor=admin())
    assert teachers.of_course(course.course_id) == [tom]
    with pytest.raises(NotFoundError, match="course"):
        teachers.assign(type(course)(99, "X", "X"), [tom.user_id], actor=admin())


def test_teachers_assign_nobody(school: SmallSchool) -> None:
    tom, (course, _students) = teacher(school, "Tom"), school.add_course()
    with pytest.raises(ForbiddenError):
        school.cases.courses.teachers.assign(course, [tom.user_id], actor=Actor.of(tom))


def test_assignments_are_kept_on_both_databases(database: SqlDatabase) -> None:
    course = add_classroom(database).course.course_id
    with database.transaction() as repositories:
        ids = [
            repositories.users.add(name=name, role=Role.TEACHER, password_hash="x").user_id
            for name in ("tom", "Eva")
        ]
        queries = TeacherQueries(db_session=repositories.db_session)
        queries.assign(course, ids)
        with pytest.raises(NotFoundError):
            queries.assign(course, [*ids, 99])
    with database.snapshot() as repositories:
        queries = TeacherQueries(db_session=repositories.db_session)
        assert [one.name for one in queries.of_course(course)] == ["Eva", "tom"]
        assert queries.of_courses([course, 99]).keys() == {course}
        assert queries.taught_by(ids[0]) == {course}


def test_taking_the_last_course_away_shows_nothing_instead_of_everything(school: SmallSchool) -> None:
    tom, teachers = teacher(school, "Tom"), school.cases.courses.teachers
    course, students = school.add_course()
    teachers.assign(course, [tom.user_id], actor=admin())
    teachers.assign(course, [], actor=admin())
    assert teachers.seen_by(actor=Actor.of(tom)) == frozenset()
    assert school.cases.people.listing.count(ListQuestion(), actor=Actor.of(tom)) == 0
    with pytest.raises(ForbiddenError, match="nobody has assigned you"):
        school.cases.reports.exports.workbook(Path("none.xlsx"), Days(), actor=Actor.of(tom))
    teachers.assign(school.add_course("MA 2")[0], [tom.user_id], actor=admin())
    with pytest.raises(ForbiddenError):
        school.cases.courses.listing.students(course.course_id, actor=Actor.of(tom))
    assert students


def test_who_stood_in_reaches_the_class_then_and_later_and_nothing_else_of_the_course(
    school: SmallSchool,
) -> None:
    tom, eva, teachers = teacher(school, "Tom"), teacher(school, "Eva"), school.cases.courses.teachers
    course, (student, *_others) = school.add_course()
    teachers.assign(course, [eva.user_id], actor=admin())
    teachers.assign(school.add_course("MA 2")[0], [tom.user_id], actor=admin())
    stands_in, marks = Actor.of(tom), school.marks
    session = school.sessions.start(course.course_id, actor=stands_in, model="fake").session_id
    assert school.cases.phones.enrolments.of_student(student, actor=stands_in) == []
    marks.mark(session, student.student_id, Status.LATE, actor=stands_in, reason="bus")
    school.sessions.end(session, actor=stands_in)
    marks.mark(session, student.student_id, Status.PRESENT, actor=stands_in, reason="was here")
    assert school.cases.records.summaries.of(session, actor=stands_in).tally.present == 1
    with pytest.raises(ForbiddenError, match="none of your courses"):
        school.cases.phones.enrolments.of_student(student, actor=stands_in)
    with pytest.raises(ForbiddenError, match="somebody else"):
        school.cases.courses.listing.held(course.course_id, actor=stands_in)


def test_a_class_of_others_is_ended_by_any_teacher_once_a_lessons_time_is_over(school: SmallSchool) -> None:
    tom, eva, teachers = teacher(school, "Tom"), teacher(school, "Eva"), school.cases.courses.teachers
    course = school.add_course()[0]
    teachers.assign(course, [eva.user_id], actor=admin())
    teachers.assign(school.add_course("MA 2")[0], [tom.user_id], actor=admin())
    session = school.sessions.start(course.course_id, actor=Actor.of(eva), model="fake").session_id
    school.clock.advance(45 * 60 - 1)
    with pytest.raises(ForbiddenError, match="begun by Eva"):
        school.sessions.end(session, actor=Actor.of(tom))
    school.clock.advance(1)
    with pytest.raises(ForbiddenError):
        school.sessions.require_reached(session, Actor.of(tom))
    assert school.sessions.end(session, actor=Actor.of(tom)).tally.absent == 3
