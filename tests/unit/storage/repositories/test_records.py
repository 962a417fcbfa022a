from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceCount, Correction, Evidence
from kiosk.domain.faces.model_parts import PartDistance
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.sql_database import SqlDatabase
from tests.unit.storage.classroom import START, Classroom, add_session, mark

LATER = START + timedelta(minutes=30)


def test_a_record_comes_back_with_all_its_evidence(database: SqlDatabase, classroom: Classroom) -> None:
    proofs = (
        Evidence(
            Method.FACE,
            START,
            first_seen_at=START - timedelta(seconds=1),
            distance=0.42,
            margin=0.1,
            votes=3,
            model="m",
            parts=(PartDistance("facenet128", 0.3), PartDistance("sface", 0.5)),
        ),
        Evidence(Method.PHONE, LATER, device="d0", address="192.0.2.7"),
        Evidence(Method.MANUAL, LATER, actor="teacher", reason="was „here“ ✓"),
    )
    with database.transaction() as repositories:
        added = repositories.records.add(
            session_id=classroom.session.session_id,
            student_id=classroom.students[0].student_id,
            status=Status.LATE,
            method=Method.PHONE,
            marked_at=LATER,
            evidence=proofs,
        )
    with database.snapshot() as repositories:
        found = repositories.records.find(classroom.session.session_id, classroom.students[0].student_id)
    assert found == added
    assert found.evidence == proofs
    assert (found.status, found.method, found.marked_at, found.version) == (
        Status.LATE,
        Method.PHONE,
        LATER,
        1,
    )


def test_an_endless_margin_is_stored_as_unknown(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        repositories.records.add(
            session_id=classroom.session.session_id,
            student_id=classroom.students[0].student_id,
            status=Status.PRESENT,
            method=Method.FACE,
            marked_at=START,
            evidence=[Evidence(Method.FACE, START, distance=0.3, margin=float("inf"))],
        )
    with database.snapshot() as repositories:
        found = repositories.records.find(classroom.session.session_id, classroom.students[0].student_id)
    assert found is not None
    assert found.evidence == (Evidence(Method.FACE, START, distance=0.3),)


def test_an_absence_needs_no_method(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        absent = repositories.records.add(
            session_id=classroom.session.session_id,
            student_id=classroom.students[0].student_id,
            status=Status.ABSENT,
            method=None,
            marked_at=LATER,
            evidence=(),
        )
    with database.snapshot() as repositories:
        assert repositories.records.of_session(classroom.session.session_id) == [absent]


def test_a_student_is_marked_once_in_a_session_and_again_in_the_next(
    database: SqlDatabase, classroom: Classroom
) -> None:
    with database.transaction() as repositories:
        mark(repositories, classroom.session, classroom.students[0])
        with pytest.raises(ConflictError, match="marked already"):
            mark(repositories, classroom.session, classroom.students[0], Status.LATE)
        following = add_session(repositories, classroom.course, LATER)
        mark(repositories, following, classroom.students[0])


def test_a_record_of_nobody_is_no_double_marking(database: SqlDatabase, classroom: Classroom) -> None:
    nobody = replace(classroom.students[0], student_id=99)
    with pytest.raises(NotFoundError), database.transaction() as repositories:
        mark(repositories, classroom.session, nobody)


def test_records_of_a_session_come_in_the_order_of_marking(
    database: SqlDatabase, classroom: Classroom
) -> None:
    def add(student: int, minutes: int) -> int:
        return repositories.records.add(
            session_id=classroom.session.session_id,
            student_id=classroom.students[student].student_id,
            status=Status.PRESENT,
            method=Method.FACE,
            marked_at=START + timedelta(minutes=minutes),
            evidence=(),
        ).record_id

    with database.transaction() as repositories:
        ids = [add(0, 5), add(1, 1), add(2, 3)]
        found = repositories.records.of_session(classroom.session.session_id)
    assert [record.record_id for record in found] == [ids[1], ids[2], ids[0]]


def test_a_correction_keeps_what_was_before(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        first = mark(repositories, classroom.session, classroom.students[0], Status.LATE)
    wanted = replace(first, status=Status.EXCUSED, method=Method.MANUAL, marked_at=LATER)
    with database.transaction() as repositories:
        second = repositories.records.correct(wanted, corrected_at=LATER, actor="teacher", reason="doctor")
    assert second == replace(wanted, version=2)
    with database.transaction() as repositories:
        third = repositories.records.correct(
            replace(second, status=Status.PRESENT), corrected_at=LATER, actor="admin", reason="was here"
        )
    with database.snapshot() as repositories:
        assert (
            repositories.records.find(classroom.session.session_id, classroom.students[0].student_id) == third
        )
        assert repositories.records.history(first.record_id) == [
            Correction(first, LATER, "teacher", "doctor"),
            Correction(second, LATER, "admin", "was here"),
        ]


def test_a_correction_of_an_outdated_record_is_refused(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        first = mark(repositories, classroom.session, classroom.students[0])
        second = repositories.records.correct(
            replace(first, status=Status.EXCUSED), corrected_at=LATER, actor="a", reason="r"
        )
    with pytest.raises(ConflictError, match="Somebody else"), database.transaction() as repositories:
        repositories.records.correct(
            replace(first, status=Status.ABSENT), corrected_at=LATER, actor="b", reason="r"
        )
    with database.snapshot() as repositories:
        assert repositories.records.of_session(classroom.session.session_id) == [second]
        assert len(repositories.records.history(first.record_id)) == 1


def test_a_correction_of_nothing_is_said_in_words(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        record = mark(repositories, classroom.session, classroom.students[0])
        with pytest.raises(NotFoundError):
            repositories.records.correct(
                replace(record, record_id=99), corrected_at=LATER, actor="a", reason="r"
            )


def test_counts_cover_one_student_and_course_only(database: SqlDatabase, classroom: Classroom) -> None:
    anna, ben, carl = classroom.students
    with database.transaction() as repositories:
        following = add_session(repositories, classroom.course, LATER)
        art = add_session(repositories, repositories.courses.add(code="ART", title="Art"), LATER)
        mark(repositories, classroom.session, anna)
        mark(repositories, following, anna, Status.LATE)
        mark(repositories, classroom.session, ben, Status.ABSENT)
        mark(repositories, art, ben)
        course_id = classroom.course.course_id
        counts = [repositories.records.count(course_id, one.student_id) for one in (anna, ben, carl)]
        sessions = repositories.records.counts(course_id)
    assert counts == [AttendanceCount(present=1, late=1), AttendanceCount(absent=1), AttendanceCount()]
    assert sessions == {
        classroom.session.session_id: AttendanceCount(present=1, absent=1),
        following.session_id: AttendanceCount(late=1),
    }
