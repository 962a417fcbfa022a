"""What only a database can say right, with SQLite and with PostgreSQL."""

from datetime import UTC, datetime, timedelta

from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.records.filters import ReportFilter
from kiosk.services.reports.report_queries import ReportQueries
from kiosk.storage.database.sql_database import SqlDatabase

START = datetime(2026, 9, 7, 7, 0, 0, 250_000, tzinfo=UTC)


def test_arrivals_are_counted_in_whole_seconds_before_and_after_the_start(database: SqlDatabase) -> None:
    with database.transaction() as repositories:
        course = repositories.courses.add(code="CS", title="")
        session = repositories.class_sessions.add(
            course_id=course.course_id,
            started_at=START,
            late_after=timedelta(minutes=10),
            policy=ProofPolicy.EITHER,
            liveness=LivenessMode.OFF,
            started_by="Tom",
            model="fake",
            code_key=bytes(32),
        )
        for number, (after, method) in enumerate(
            [(-90, Method.FACE), (-90, Method.PHONE), (61, Method.FACE), (61, Method.MANUAL)]
        ):
            student = repositories.students.add(student_no=f"S{number}", full_name="Ada", email=None)
            repositories.records.add(
                session_id=session.session_id,
                student_id=student.student_id,
                status=Status.PRESENT,
                method=method,
                marked_at=START + timedelta(seconds=after),
                evidence=(),
            )
    with database.snapshot() as repositories:
        found = ReportQueries(db_session=repositories.db_session).arrivals(ReportFilter())
    assert sorted(found) == [
        (-90, Status.PRESENT, False, 2),
        (61, Status.PRESENT, False, 1),
        (61, Status.PRESENT, True, 1),
    ]
