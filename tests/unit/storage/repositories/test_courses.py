from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.domain.courses.courses import Course
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.sql_database import SqlDatabase
from tests.unit.storage.classroom import START, TERM, Classroom

DAY = timedelta(days=1)


def _roster(database: SqlDatabase, classroom: Classroom, on: date) -> set[str]:
    course_id = classroom.course.course_id
    with database.snapshot() as repositories:
        roster = repositories.courses.roster(course_id, on)
        for student in classroom.students:
            assert repositories.courses.is_registered(course_id, student.student_id, on) == (
                student in roster
            )
            assert not repositories.courses.is_registered(course_id + 1, student.student_id, on)
        return {student.student_no for student in roster}


def test_a_code_is_found_without_regard_to_case_and_exists_once(
    database: SqlDatabase, classroom: Classroom
) -> None:
    with database.transaction() as repositories:
        assert repositories.courses.by_code("math-1") == classroom.course
        assert repositories.courses.by_code("math-2") is None
        with pytest.raises(ConflictError, match="Math-1"):
            repositories.courses.add(code="Math-1", title="Again")


def test_courses_are_listed_by_code(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        art = repositories.courses.add(code="art", title="Art")
        assert repositories.courses.all() == [art, classroom.course]
        assert repositories.courses.get(art.course_id) == art
        assert repositories.courses.get(99) is None


def test_a_changed_course_is_stored_unless_its_code_is_taken(
    database: SqlDatabase, classroom: Classroom
) -> None:
    with database.transaction() as repositories:
        art = repositories.courses.add(code="art", title="Art")
        repositories.courses.update(replace(art, code="ART-2", room="R9"))
        assert repositories.courses.by_code("art-2") == Course(
            art.course_id, "ART-2", "Art", "R9", version=art.version + 1
        )
        with pytest.raises(ConflictError):
            repositories.courses.update(replace(classroom.course, code="art-2"))
        with pytest.raises(NotFoundError):
            repositories.courses.update(Course(99, "n", "Nothing"))


def test_the_roster_is_in_order_of_family_names(database: SqlDatabase, classroom: Classroom) -> None:
    with database.snapshot() as repositories:
        roster = repositories.courses.roster(classroom.course.course_id, TERM)
    assert [student.full_name for student in roster] == ["Zoë Adler", "Émile Bauer", "carl Conrad"]


def test_a_registration_counts_from_its_first_day(database: SqlDatabase, classroom: Classroom) -> None:
    assert _roster(database, classroom, TERM - DAY) == set()
    assert _roster(database, classroom, TERM) == {"s1", "s2", "s3"}


def test_a_registration_ends_before_its_last_date(database: SqlDatabase, classroom: Classroom) -> None:
    last = TERM + 10 * DAY
    course_id, student_id = classroom.course.course_id, classroom.students[0].student_id
    with database.transaction() as repositories:
        assert repositories.courses.unregister(course_id, student_id, last)
        assert not repositories.courses.unregister(course_id, student_id, last)
    assert _roster(database, classroom, last - DAY) == {"s1", "s2", "s3"}
    assert _roster(database, classroom, last) == {"s2", "s3"}


def test_registering_twice_changes_nothing(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        assert not repositories.courses.register(
            classroom.course.course_id, classroom.students[0].student_id, TERM + DAY
        )
    assert _roster(database, classroom, TERM) == {"s1", "s2", "s3"}


def test_many_are_registered_as_one_after_the_other_would_be(
    database: SqlDatabase, classroom: Classroom
) -> None:
    course_id = classroom.course.course_id
    known, left, later = (one.student_id for one in classroom.students)
    with database.transaction() as repositories:
        repositories.courses.unregister(course_id, left, TERM + 5 * DAY)
        repositories.courses.unregister(course_id, later, TERM)
        repositories.courses.register(course_id, later, TERM + 20 * DAY)
        new = repositories.students.add(student_no="new", full_name="New", email=None).student_id
        ids = [known, left, later, new, new]
        assert repositories.courses.register_all(course_id, ids, TERM + 10 * DAY) == {left, later, new}
        assert repositories.courses.register_all(course_id, ids, TERM + 10 * DAY) == set()
    assert _roster(database, classroom, TERM + 9 * DAY) == {"s1"}
    assert _roster(database, classroom, TERM + 10 * DAY) == {"s1", "s2", "s3", "new"}
    assert _roster(database, classroom, TERM + 30 * DAY) == {"s1", "s2", "s3", "new"}


def test_somebody_who_left_can_come_back_the_same_day(database: SqlDatabase, classroom: Classroom) -> None:
    course_id, student_id = classroom.course.course_id, classroom.students[0].student_id
    with database.transaction() as repositories:
        repositories.courses.unregister(course_id, student_id, TERM + 5 * DAY)
        assert repositories.courses.register(course_id, student_id, TERM + 5 * DAY)
    assert _roster(database, classroom, TERM + 4 * DAY) == {"s1", "s2", "s3"}
    assert _roster(database, classroom, TERM + 5 * DAY) == {"s1", "s2", "s3"}


def test_courses_are_counted_by_those_registered_on_a_day_and_by_those_with_a_picture(
    database: SqlDatabase, classroom: Classroom
) -> None:
    course_id, first = classroom.course.course_id, classroom.students[0].student_id
    with database.transaction() as repositories:
        repositories.courses.add(code="EMPTY", title="Nobody")
        repositories.faces.add_sample(student_id=first, picture=b"a", source=b"a", captured_at=START)
        repositories.faces.add_sample(student_id=first, picture=b"b", source=b"b", captured_at=START)
        repositories.courses.unregister(course_id, classroom.students[1].student_id, TERM + DAY)
    with database.snapshot() as repositories:
        assert repositories.courses.sizes(TERM) == {course_id: 3}
        assert repositories.courses.sizes(TERM + DAY) == {course_id: 2}
        assert repositories.courses.sizes(TERM + DAY, enrolled=True) == {course_id: 1}


def test_registering_earlier_moves_the_beginning(database: SqlDatabase, classroom: Classroom) -> None:
    course_id, student_id = classroom.course.course_id, classroom.students[0].student_id
    with database.transaction() as repositories:
        assert repositories.courses.register(course_id, student_id, TERM - 7 * DAY)
        assert repositories.courses.unregister(course_id, student_id, TERM + DAY)
    assert _roster(database, classroom, TERM - 7 * DAY) == {"s1"}
    assert _roster(database, classroom, TERM + DAY) == {"s2", "s3"}


def test_leaving_on_the_first_day_leaves_no_registration(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        assert repositories.courses.unregister(
            classroom.course.course_id, classroom.students[0].student_id, TERM
        )
    assert _roster(database, classroom, TERM) == {"s2", "s3"}


def test_registering_an_unknown_student_is_said_in_words(database: SqlDatabase, classroom: Classroom) -> None:
    with pytest.raises(NotFoundError), database.transaction() as repositories:
        repositories.courses.register(classroom.course.course_id, 99, TERM)


def test_who_is_inactive_stays_registered_and_stands_in_no_roster_from_that_day_on(
    database: SqlDatabase, classroom: Classroom
) -> None:
    course_id, student = classroom.course.course_id, classroom.students[0]
    with database.transaction() as repositories:
        repositories.courses.register(course_id, student.student_id, date(2026, 9, 1))
        repositories.students.set_inactive(student.student_id, date(2026, 10, 1))
    with database.transaction() as repositories:
        courses = repositories.courses
        for day, there in ((date(2026, 9, 30), True), (date(2026, 10, 1), False)):
            assert (student in courses.roster(course_id, day)) is there
            assert courses.is_registered(course_id, student.student_id, day) is there
            assert (courses.sizes(day)[course_id] == len(courses.roster(course_id, day))) is True
        repositories.students.set_inactive(student.student_id, None)
        assert student in courses.roster(course_id, date(2026, 10, 1))
