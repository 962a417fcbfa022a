from datetime import timedelta

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.incidents import DeviceUse
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.records.stored import Kept
from kiosk.services.records.student_queries import StudentQueries
from kiosk.storage.store import Database
from tests.unit.storage.classroom import START, TERM, Classroom, add_session, mark


def test_a_student_reads_own_records_only(database: Database, classroom: Classroom) -> None:
    zoe, emile, _carl = classroom.students
    with database.transaction() as repositories:
        second = add_session(repositories, classroom.course, START + timedelta(days=7))
        first_mark = mark(repositories, classroom.session, zoe)
        second_mark = mark(repositories, second, zoe, Status.LATE)
        others = mark(repositories, second, emile)
    with database.snapshot() as repositories:
        own = StudentQueries(db_session=repositories.db_session)
        assert [one.record for one in own.records(zoe.student_id, limit=10)] == [second_mark, first_mark]
        assert [one.record for one in own.records(zoe.student_id, limit=1, offset=1)] == [first_mark]
        assert own.records(zoe.student_id, course_id=classroom.course.course_id + 1, limit=10) == []
        found = own.record(zoe.student_id, second_mark.record_id)
        assert found is not None
        assert (found.record, found.course, found.started_at) == (
            second_mark,
            classroom.course,
            second.started_at,
        )
        assert own.record(zoe.student_id, others.record_id) is None
        (course,) = own.courses(zoe.student_id)
        assert (course.course, course.count) == (classroom.course, AttendanceCount(present=1, late=1))


def test_a_course_that_somebody_left_stays_listed_and_others_do_not_show(
    database: Database, classroom: Classroom
) -> None:
    zoe, emile, _carl = classroom.students
    with database.transaction() as repositories:
        other = repositories.courses.add(code="ART-1", title="Art")
        repositories.courses.register(other.course_id, emile.student_id, TERM)
        repositories.courses.unregister(classroom.course.course_id, zoe.student_id, TERM + timedelta(days=30))
    with database.snapshot() as repositories:
        assert [
            one.course.code
            for one in StudentQueries(db_session=repositories.db_session).courses(zoe.student_id)
        ] == ["MATH-1"]
        codes = [
            one.course.code
            for one in StudentQueries(db_session=repositories.db_session).courses(emile.student_id)
        ]
    assert codes == ["ART-1", "MATH-1"]


def test_what_is_stored_is_counted_for_one_student(database: Database, classroom: Classroom) -> None:
    zoe, emile, carl = (one.student_id for one in classroom.students)
    later = START + timedelta(days=1)
    with database.transaction() as repositories:
        for student_id, given, at in ((zoe, True, START), (zoe, False, later), (emile, True, START)):
            word = Consent(student_id, ConsentKind.FACE_RECOGNITION, given, at, "desk")
            repositories.consents.add(word)
        for student_id, source, at in ((zoe, b"a", START), (zoe, b"b", later), (emile, b"c", START)):
            repositories.faces.add_sample(
                student_id=student_id, picture=b"jpeg", source=source, captured_at=at
            )
        for student_id in (zoe, emile):
            use = DeviceUse(classroom.session.session_id, student_id, f"d{student_id}", None, None, START)
            repositories.devices.add(use)
        mark(repositories, classroom.session, classroom.students[0])
        repositories.students.set_pin_hash(zoe, "hash")
    with database.snapshot() as repositories:
        stored = StudentQueries(db_session=repositories.db_session).stored(zoe)
        nothing = StudentQueries(db_session=repositories.db_session).stored(carl)
    assert (stored.samples, stored.device_uses) == (Kept(2, START, later), Kept(1, START, START))
    assert [word.given for word in stored.consents] == [False, True]
    assert (stored.records.number, stored.has_pin, stored.templates) == (1, True, ())
    assert (nothing.samples, nothing.records, nothing.consents) == (
        Kept(0, None, None),
        Kept(0, None, None),
        (),
    )
    assert not nothing.has_pin
