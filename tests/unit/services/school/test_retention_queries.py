from datetime import timedelta

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.incidents import DeviceUse, Incident, IncidentKind
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.school.kept_data import EnrolledCourse, EnrolledFace, PhoneTraces
from kiosk.services.school.retention_queries import RetentionQueries
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database
from tests.unit.storage.classroom import START, TERM, Classroom, add_session


def add_check_in(repositories: Repositories, classroom: Classroom, place: int, days: int) -> int:
    """A scan of a student in a class so many days after the first one, later corrected; returns its session."""
    student, at = classroom.students[place], START + timedelta(days=days, minutes=place)
    session = add_session(repositories, classroom.course, at)
    proof = Evidence(Method.PHONE, at, device="browser", address="10.0.0.7", agent="kind", distance=0.25)
    repositories.devices.add(
        DeviceUse(session.session_id, student.student_id, "browser", "10.0.0.7", "kind", at)
    )
    kind = IncidentKind.SECOND_DEVICE_FLAGGED
    repositories.incidents.note(Incident(session.session_id, kind, student.student_id, None, at))
    record = repositories.records.add(
        session_id=session.session_id,
        student_id=student.student_id,
        status=Status.PRESENT,
        method=Method.PHONE,
        marked_at=at,
        evidence=[proof],
    )
    repositories.records.correct(record, corrected_at=at, actor="Tom", reason="late")
    return session.session_id


def test_who_is_enrolled_stands_there_with_courses_and_their_last_class(
    database: Database, classroom: Classroom
) -> None:
    zoe, emile, _carl = classroom.students
    newest = START + timedelta(days=3)
    with database.transaction() as repositories:
        art = repositories.courses.add(code="ART-1", title="Art")
        repositories.courses.register(art.course_id, zoe.student_id, TERM)
        repositories.courses.unregister(art.course_id, zoe.student_id, TERM + timedelta(days=9))
        add_session(repositories, classroom.course, START - timedelta(days=7))
        for source, student, at in ((b"a", zoe, START), (b"b", zoe, newest), (b"c", emile, START)):
            repositories.faces.add_sample(
                student_id=student.student_id, picture=b"jpeg", source=source, captured_at=at
            )
    with database.snapshot() as repositories:
        first, second = RetentionQueries(db_session=repositories.db_session).enrolled()
        (only,) = RetentionQueries(db_session=repositories.db_session).enrolled(emile.student_id)
        assert (
            RetentionQueries(db_session=repositories.db_session).enrolled(classroom.students[2].student_id)
            == []
        )
    math = EnrolledCourse(TERM, None, classroom.session.started_at)
    assert second == only == EnrolledFace(emile, 1, START, (math,))
    assert (first.student, first.samples, first.newest_at) == (zoe, 2, newest)
    assert set(first.courses) == {math, EnrolledCourse(TERM, TERM + timedelta(days=9), None)}


def test_old_traces_of_phones_go_and_attendance_stays(database: Database, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        old = [add_check_in(repositories, classroom, place, place) for place in (0, 1)]
        young = add_check_in(repositories, classroom, 2, 50)
    before = START + timedelta(days=40)
    with database.transaction() as repositories:
        assert RetentionQueries(db_session=repositories.db_session).traces(before) == PhoneTraces(2, 2)
        assert RetentionQueries(db_session=repositories.db_session).forget_traces(
            before, limit=1
        ) == PhoneTraces(1, 2)
        assert RetentionQueries(db_session=repositories.db_session).forget_traces(
            before, limit=5
        ) == PhoneTraces(1, 0)
        assert not RetentionQueries(db_session=repositories.db_session).traces(before)
    with database.snapshot() as repositories:
        for session_id in old:
            (record,) = repositories.records.of_session(session_id)
            assert record.status is Status.PRESENT
            proofs = [*record.evidence, *repositories.records.history(record.record_id)[0].before.evidence]
            assert [(one.device, one.address, one.agent) for one in proofs] == [(None, None, None)] * 2
            assert [one.distance for one in proofs] == [0.25] * 2
            assert repositories.devices.of_device(session_id, "browser") == []
        (kept,) = repositories.records.of_session(young)
        assert kept.evidence[0].device == "browser"
        assert len(repositories.devices.of_device(young, "browser")) == 1
        assert len(repositories.incidents.of_session(young)) == 1
