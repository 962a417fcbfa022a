from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.courses.courses import Course
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.sql_database import SqlDatabase
from tests.unit.storage.classroom import START, Classroom, add_session

HOUR = timedelta(hours=1)


def test_a_session_comes_back_as_it_went_in(database: SqlDatabase, classroom: Classroom) -> None:
    with database.snapshot() as repositories:
        stored = repositories.class_sessions.get(classroom.session.session_id)
        assert repositories.class_sessions.get(99) is None
    assert stored == classroom.session
    assert stored.code_key == b"k" * 32
    assert stored.late_after == timedelta(minutes=10)


def test_sessions_are_listed_newest_first(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        later = add_session(repositories, classroom.course, START + 2 * HOUR)
        art = repositories.courses.add(code="ART", title="Art")
        other = add_session(repositories, art, START + HOUR)
    with database.snapshot() as repositories:
        sessions = repositories.class_sessions
        assert sessions.of_course(classroom.course.course_id) == [later, classroom.session]
        assert sessions.latest(START) == [later, other, classroom.session]
        assert sessions.latest(START + timedelta(microseconds=1)) == [later, other]


def test_an_ended_session_is_no_longer_open(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        assert repositories.class_sessions.open_ones() == [classroom.session]
        repositories.class_sessions.end(classroom.session.session_id, START + HOUR)
    with database.snapshot() as repositories:
        assert repositories.class_sessions.open_ones() == []
        ended = repositories.class_sessions.get(classroom.session.session_id)
    assert ended == replace(classroom.session, ended_at=START + HOUR)


def test_a_session_ends_once(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        repositories.class_sessions.end(classroom.session.session_id, START + HOUR)
    with pytest.raises(ConflictError), database.transaction() as repositories:
        repositories.class_sessions.end(classroom.session.session_id, START + 2 * HOUR)


def test_what_does_not_exist_is_said_in_words(database: SqlDatabase) -> None:
    with database.transaction() as repositories:
        with pytest.raises(NotFoundError):
            repositories.class_sessions.end(99, START)
        with pytest.raises(NotFoundError):
            add_session(repositories, Course(99, "N", "Nothing"))


def test_a_headcount_is_kept_and_taken_back(database: SqlDatabase, classroom: Classroom) -> None:
    session_id = classroom.session.session_id
    assert classroom.session.headcount is None
    with database.transaction() as repositories:
        counted = repositories.class_sessions.set_headcount(session_id, 23)
    assert counted == replace(classroom.session, headcount=23)
    with database.snapshot() as repositories:
        assert repositories.class_sessions.get(session_id) == counted
    with database.transaction() as repositories:
        assert repositories.class_sessions.set_headcount(session_id, None) == classroom.session
        with pytest.raises(NotFoundError):
            repositories.class_sessions.set_headcount(99, 1)
