from datetime import timedelta

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.records.filters import RecordFilter, ReportFilter
from kiosk.services.records.listing_queries import ListingQueries
from kiosk.storage.database.sql_database import SqlDatabase
from tests.unit.storage.classroom import START, Classroom, add_session

EVERYTHING = ReportFilter()


def test_slices_of_records_meet_without_gap_or_overlap(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        for student, status in zip(
            classroom.students, (Status.PRESENT, Status.LATE, Status.LATE), strict=True
        ):
            repositories.records.add(
                session_id=classroom.session.session_id,
                student_id=student.student_id,
                status=status,
                method=Method.PHONE,
                marked_at=START,
                evidence=[],
            )
    with database.snapshot() as repositories:
        listings = ListingQueries(db_session=repositories.db_session)
        first = listings.records(RecordFilter(), after_id=0, limit=2)
        rest = listings.records(RecordFilter(), after_id=first[-1].record.record_id, limit=2)
        assert [one.student for one in first + rest] == list(classroom.students)
        late = listings.records(RecordFilter(status=Status.LATE), after_id=0, limit=9)
        assert [one.student for one in late] == list(classroom.students[1:])
        third = classroom.students[2].student_id
        assert len(listings.records(RecordFilter(student_id=third), after_id=0, limit=9)) == 1
        assert listings.records(RecordFilter(session_id=99), after_id=0, limit=9) == []
        assert listings.record(first[1].record.record_id) == first[1]
        assert listings.record(99) is None


def test_sessions_are_chosen_by_state_and_start(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        later = add_session(repositories, classroom.course, START + timedelta(days=1))
        repositories.class_sessions.end(later.session_id, START + timedelta(days=1, hours=1))
    with database.snapshot() as repositories:

        def ids(
            chosen: ReportFilter = EVERYTHING, is_open: bool | None = None, after_id: int = 0
        ) -> list[int]:
            found = ListingQueries(db_session=repositories.db_session).sessions(
                chosen, is_open=is_open, after_id=after_id, limit=9
            )
            return [session.session_id for session in found]

        both = [classroom.session.session_id, later.session_id]
        assert ids() == both
        assert ids(is_open=True) == both[:1]
        assert ids(is_open=False) == both[1:]
        assert ids(after_id=both[0]) == both[1:]
        assert ids(ReportFilter(since=START + timedelta(hours=1))) == both[1:]
        assert ids(ReportFilter(until=START + timedelta(hours=1))) == both[:1]
        assert ids(ReportFilter(course_id=99)) == []
