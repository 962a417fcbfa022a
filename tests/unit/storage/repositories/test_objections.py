from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.records.objections import ObjectionOutcome
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.store import Database
from tests.unit.storage.classroom import START, Classroom, mark


def test_objections_wait_until_they_are_answered_once(database: Database, classroom: Classroom) -> None:
    zoe, emile, _carl = classroom.students
    session_id, course_id = classroom.session.session_id, classroom.course.course_id
    later = START + timedelta(hours=1)
    with database.transaction() as repositories:
        record, others = (mark(repositories, classroom.session, one) for one in (zoe, emile))
        first = repositories.objections.add(record_id=record.record_id, reason="wrong", made_at=START)
        second = repositories.objections.add(record_id=others.record_id, reason="mine", made_at=later)
        assert repositories.objections.open_of_session(session_id) == [
            (zoe.student_id, first),
            (emile.student_id, second),
        ]
        assert repositories.objections.open_by_session(course_id) == {session_id: 2}
        closed = replace(
            first, outcome=ObjectionOutcome.KEPT, answer="No.", answered_at=later, answered_by="Tom"
        )
        repositories.objections.close(closed)
        with pytest.raises(ConflictError, match="meanwhile"):
            repositories.objections.close(closed)
        assert repositories.objections.get(first.objection_id) == closed
        third = repositories.objections.add(record_id=record.record_id, reason="again", made_at=later)
    with database.snapshot() as repositories:
        assert repositories.objections.of_record(record.record_id) == [closed, third]
        assert repositories.objections.of_student(emile.student_id) == [second]
        assert repositories.objections.open_by_session(course_id + 1) == {}


def test_the_database_itself_takes_one_waiting_objection_for_each_record(
    database: Database, classroom: Classroom
) -> None:
    with database.transaction() as repositories:
        record = mark(repositories, classroom.session, classroom.students[0])
        repositories.objections.add(record_id=record.record_id, reason="wrong", made_at=START)
        with pytest.raises(ConflictError):
            repositories.objections.add(record_id=record.record_id, reason="again", made_at=START)
        with pytest.raises(NotFoundError):
            repositories.objections.add(record_id=9999, reason="wrong", made_at=START)
