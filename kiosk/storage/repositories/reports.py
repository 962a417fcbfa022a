"""What exports read. Runs inside the caller's reading view, on the exporting thread.

Records are streamed from the database's cursor; only courses, sessions and students (some thousands at
most) are held in memory, so 100,000 records stay small.
"""

from collections.abc import Iterator
from datetime import UTC, date
from typing import Final

from sqlalchemy import ColumnElement, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import ReportFilter, ReportRow
from kiosk.storage.backup.report_copies import ReportCopy
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    ClassSessionRow,
    CourseRow,
    RegistrationRow,
    StudentRow,
)
from kiosk.storage.repositories.class_sessions import class_session_of, counts, is_there
from kiosk.storage.repositories.courses import course_of
from kiosk.storage.repositories.records import record_columns, record_of
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.school_statuses import OwnStatuses
from kiosk.storage.repositories.students import list_students

ROWS_AT_A_TIME: Final = 1000


class Reports(Repository):
    """Read-only queries for exports; rows are streamed, not collected."""

    def __init__(self, *, db_session: Session, copies: ReportCopy | None) -> None:
        super().__init__(db_session=db_session)
        self._copies = copies

    def sessions(self, chosen: ReportFilter) -> list[ClassSession]:
        """By course code, then start."""
        if self._copies is not None:
            self._copies.prepare()
        wanted = (
            select(ClassSessionRow)
            .join(CourseRow, col(CourseRow.id) == ClassSessionRow.course_id)
            .where(*counted_sessions(chosen))
            .order_by(col(CourseRow.code_folded), col(ClassSessionRow.started_at), col(ClassSessionRow.id))
        )
        return [class_session_of(row) for row in self._db_session.exec(wanted)]

    def cancelled(self, chosen: ReportFilter) -> list[ClassSession]:
        """Those that a filter covers and that do not count, by start; they are in nothing else here."""
        wanted = (
            select(ClassSessionRow)
            .where(*chosen_sessions(chosen, cancelled=True), col(ClassSessionRow.cancelled_at).is_not(None))
            .order_by(col(ClassSessionRow.started_at), col(ClassSessionRow.id))
        )
        return [class_session_of(row) for row in self._db_session.exec(wanted)]

    def students(self, chosen: ReportFilter) -> list[Student]:
        """Registered means: on the (UTC) day of a chosen session, or between the first and the last of them."""
        sessions = self.sessions(chosen)
        recorded = (
            select_columns(col(AttendanceRecordRow.student_id))
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(*counted_sessions(chosen))
        )
        registered = [
            col(StudentRow.id).in_(
                select_columns(col(RegistrationRow.student_id)).where(
                    col(RegistrationRow.course_id) == course_id,
                    col(RegistrationRow.since) <= last,
                    or_(col(RegistrationRow.until).is_(None), col(RegistrationRow.until) > first),
                )
            )
            for course_id, (first, last) in _days(sessions).items()
        ]
        return list_students(self._db_session, or_(col(StudentRow.id).in_(recorded), *registered))

    def rows(self, chosen: ReportFilter) -> Iterator[ReportRow]:
        """By course code, session start, family name."""
        sessions = {one.session_id: one for one in self.sessions(chosen)}
        courses = {row.id: course_of(row) for row in self._db_session.exec(select(CourseRow))}
        students = {student.student_id: student for student in list_students(self._db_session)}
        own = OwnStatuses(db_session=self._db_session)
        wanted = (
            select_columns(*record_columns())
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .join(CourseRow, col(CourseRow.id) == ClassSessionRow.course_id)
            .join(StudentRow, col(StudentRow.id) == AttendanceRecordRow.student_id)
            .where(*counted_sessions(chosen))
            .order_by(
                col(CourseRow.code_folded),
                col(ClassSessionRow.started_at),
                col(ClassSessionRow.id),
                col(StudentRow.sort_name_folded),
                col(StudentRow.student_no_folded),
            )
            .execution_options(yield_per=ROWS_AT_A_TIME)
        )
        for row in self._db_session.connection().execute(wanted):
            session = sessions[row.session_id]
            yield ReportRow(
                courses[session.course_id], session, students[row.student_id], record_of(row, own)
            )


def chosen_sessions(chosen: ReportFilter, *, cancelled: bool = False) -> list[ColumnElement[bool]]:
    """What holds for the class sessions that a filter covers: those that count, and with `cancelled` those that do not, too."""
    conditions = [is_there() if cancelled else counts()]
    if chosen.course_id is not None:
        conditions.append(col(ClassSessionRow.course_id) == chosen.course_id)
    if chosen.courses is not None:
        conditions.append(col(ClassSessionRow.course_id).in_(sorted(chosen.courses)))
    if chosen.since is not None:
        conditions.append(col(ClassSessionRow.started_at) >= chosen.since)
    if chosen.until is not None:
        conditions.append(col(ClassSessionRow.started_at) < chosen.until)
    return conditions


def counted_sessions(chosen: ReportFilter) -> list[ColumnElement[bool]]:
    """The same, of those class sessions alone that count in reports, in the workbook and in everybody's share.

    One that was written down afterwards counts from its first mark on: until then nobody has said who was there.
    """
    record = aliased(AttendanceRecordRow)
    marked = select(record.id).where(record.session_id == ClassSessionRow.id).correlate(ClassSessionRow)
    return [*chosen_sessions(chosen), or_(col(ClassSessionRow.added_at).is_(None), marked.exists())]


def _days(sessions: list[ClassSession]) -> dict[int, tuple[date, date]]:
    # First and last day of each course's sessions; the zone is not known here, UTC is near enough.
    days: dict[int, tuple[date, date]] = {}
    for session in sessions:
        day = session.started_at.astimezone(UTC).date()
        first, last = days.get(session.course_id, (day, day))
        days[session.course_id] = min(first, day), max(last, day)
    return days
