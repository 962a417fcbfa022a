from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import Method, ProofPolicy
from kiosk.domain.attendance.claims import Awaited, ClaimRule, PendingClaim
from kiosk.domain.attendance.record import Evidence
from kiosk.errors import NotFoundError
from kiosk.storage.store import Database
from tests.unit.storage.classroom import START, Classroom, add_classroom, mark


@pytest.fixture
def classroom(database: Database) -> Classroom:
    return add_classroom(database)


def claim(classroom: Classroom, place: int = 0, awaits: Awaited = Awaited.FACE) -> PendingClaim:
    evidence = Evidence(Method.PHONE, START + timedelta(seconds=place), device="d", address="10.0.0.9")
    student = classroom.students[place]
    return ClaimRule().claim(classroom.session.session_id, student.student_id, evidence, awaits)


def test_a_claim_comes_back_as_it_was_put(database: Database, classroom: Classroom) -> None:
    first, second = claim(classroom), claim(classroom, 1, Awaited.EYE)
    with database.transaction() as repositories:
        repositories.claims.put(second)
        repositories.claims.put(first)

    with database.snapshot() as repositories:
        assert repositories.claims.find(first.session_id, first.student_id) == first
        assert repositories.claims.find(first.session_id, classroom.students[2].student_id) is None
        assert repositories.claims.of_session(first.session_id) == [first, second]
        assert repositories.claims.of_session(first.session_id + 1) == []
    assert second.expires_at is None


def test_a_student_has_one_claim_in_a_session_the_newest(database: Database, classroom: Classroom) -> None:
    first = claim(classroom)
    later = START + timedelta(minutes=5)
    renewed = replace(
        first, evidence=Evidence(Method.PASS, later), made_at=later, expires_at=later + timedelta(minutes=1)
    )
    with database.transaction() as repositories:
        repositories.claims.put(first)
        repositories.claims.put(renewed)

        assert repositories.claims.of_session(first.session_id) == [renewed]


def test_claims_go_one_by_one_or_with_their_session(database: Database, classroom: Classroom) -> None:
    session_id = classroom.session.session_id
    with database.transaction() as repositories:
        for place in range(3):
            repositories.claims.put(claim(classroom, place))

        assert repositories.claims.remove(session_id, classroom.students[0].student_id)
        assert not repositories.claims.remove(session_id, classroom.students[0].student_id)
        assert repositories.claims.clear(session_id + 1) == 0
        assert repositories.claims.clear(session_id) == 2
        assert repositories.claims.of_session(session_id) == []


def test_nobody_can_claim_in_a_session_that_does_not_exist(database: Database, classroom: Classroom) -> None:
    with pytest.raises(NotFoundError), database.transaction() as repositories:
        repositories.claims.put(replace(claim(classroom), session_id=99))


def test_a_record_keeps_what_its_session_demanded(database: Database, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        session = repositories.class_sessions.add(
            course_id=classroom.course.course_id,
            started_at=START,
            late_after=timedelta(minutes=10),
            policy=ProofPolicy.SPOT_CHECK,
            liveness=classroom.session.liveness,
            started_by="teacher",
            model="m",
            code_key=b"k" * 32,
        )
        student = classroom.students[0]
        assert mark(repositories, session, student).policy is ProofPolicy.SPOT_CHECK
        assert mark(repositories, classroom.session, student).policy is ProofPolicy.EITHER

        found = repositories.records.find(session.session_id, student.student_id)
        assert found is not None
        assert found.policy is ProofPolicy.SPOT_CHECK
        assert [one.policy for one in repositories.records.of_session(session.session_id)] == [found.policy]
        changed = repositories.records.correct(found, corrected_at=START, actor="Tom", reason="r")
        assert changed.policy is ProofPolicy.SPOT_CHECK
