"""What the reports on screen read: counts made by the database, and marks of one course. Runs inside the caller's view.

Which class sessions count is `counted_sessions`, and nothing here decides it again.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, cast, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.attendance.school_status import AnyStatus
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import ReportFilter
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    ClassSessionRow,
    CourseRow,
    RegistrationRow,
    StudentRow,
)
from kiosk.storage.repositories.records import AttendanceRecords
from kiosk.storage.repositories.reports import counted_sessions
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.school_statuses import OwnStatuses
from kiosk.storage.repositories.students import is_active, list_students

AT_ONCE: Final = 400
"""So many students are asked for in one query: SQLite takes some thousands of values, PostgreSQL more."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A class session with its records counted."""

    session_id: int
    course_id: int
    started_at: datetime
    ended_at: datetime | None
    late_after_s: float
    started_by: str
    count: AttendanceCount


@dataclass(frozen=True, slots=True)
class PastMark:
    """One record of one student, with when its class began."""

    student_id: int
    course_id: int
    status: AnyStatus
    started_at: datetime


@dataclass(frozen=True, slots=True)
class StudentMark:
    """One record of a student's calendar."""

    course_label: tuple[str, str]
    started_at: datetime
    status: AnyStatus
    method: Method | None
    marked_at: datetime


class ReportQueries(Repository):
    """Read-only; slow at a large school, so never on the window's thread."""

    def __init__(self, *, db_session: Session) -> None:
        super().__init__(db_session=db_session)
        self._records = AttendanceRecords(db_session=db_session)
        self._own = OwnStatuses(db_session=db_session)

    def sessions(self, chosen: ReportFilter) -> list[SessionRow]:
        """All class sessions that count, oldest first, each with how many records of each status it has."""
        counts: dict[int, AttendanceCount] = defaultdict(AttendanceCount)
        counted = (
            select_columns(col(AttendanceRecordRow.session_id), col(AttendanceRecordRow.status), func.count())
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(*counted_sessions(chosen))
            .group_by(col(AttendanceRecordRow.session_id), col(AttendanceRecordRow.status))
        )
        for session_id, status, number in self._db_session.connection().execute(counted):
            counts[session_id] = counts[session_id].plus(Status(status), number)
        for (session_id,), own, number in self._records.refinements(
            [col(AttendanceRecordRow.session_id)], *counted_sessions(chosen)
        ):
            counts[session_id] = counts[session_id].refined(own, number)
        wanted = (
            select_columns(
                col(ClassSessionRow.id),
                col(ClassSessionRow.course_id),
                col(ClassSessionRow.started_at),
                col(ClassSessionRow.ended_at),
                col(ClassSessionRow.late_after_s),
                col(ClassSessionRow.started_by),
            )
            .where(*counted_sessions(chosen))
            .order_by(col(ClassSessionRow.started_at), col(ClassSessionRow.id))
        )
        return [
            SessionRow(*row, counts.get(row[0], AttendanceCount()))
            for row in self._db_session.connection().execute(wanted)
        ]

    def holders(self, chosen: ReportFilter) -> list[tuple[str, int]]:
        """(name of an account, how many classes) of who held the classes, the most first."""
        number, name = func.count(), col(ClassSessionRow.started_by)
        wanted = (
            select_columns(name, number)
            .where(*counted_sessions(chosen))
            .group_by(name)
            .order_by(number.desc(), name)
        )
        return [(name, number) for name, number in self._db_session.connection().execute(wanted)]

    def students(self, ids: Sequence[int]) -> dict[int, Student]:
        """Students by id."""
        found: dict[int, Student] = {}
        for start in range(0, len(ids), AT_ONCE):
            some = list_students(self._db_session, col(StudentRow.id).in_(ids[start : start + AT_ONCE]))
            found |= {student.student_id: student for student in some}
        return found

    def marks(self, chosen: ReportFilter) -> dict[tuple[int, int], AnyStatus]:
        """Each status by session and student; of one course, or it is large."""
        wanted = (
            select_columns(
                col(AttendanceRecordRow.session_id),
                col(AttendanceRecordRow.student_id),
                col(AttendanceRecordRow.status),
                col(AttendanceRecordRow.school_status_id),
            )
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(*counted_sessions(chosen))
        )
        return {
            (session, student): self._own.of(own) or Status(status)
            for session, student, status, own in self._db_session.connection().execute(wanted)
        }

    def arrivals(self, chosen: ReportFilter) -> list[tuple[int, Status, bool, int]]:
        """(whole seconds after the start, status, whether marked by hand, how many) of those who came.

        Counted by the database: a million records are some thousands of lines.
        """
        began, marked = col(ClassSessionRow.started_at), col(AttendanceRecordRow.marked_at)
        by_hand = col(AttendanceRecordRow.method) == Method.MANUAL.value
        if self._db_session.connection().dialect.name == "sqlite":
            seconds = _unix_time(marked) - _unix_time(began)
        else:
            seconds = cast(func.floor(func.extract("epoch", marked - began)), Integer)
        wanted = (
            select_columns(seconds, col(AttendanceRecordRow.status), by_hand, func.count())
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(
                *counted_sessions(chosen),
                col(AttendanceRecordRow.status).in_([one.value for one in Status if one.attended]),
                col(AttendanceRecordRow.method).is_not(None),
            )
            .group_by(seconds, col(AttendanceRecordRow.status), by_hand)
        )
        return [
            (int(after), Status(status), bool(is_by_hand), number)
            for after, status, is_by_hand, number in self._db_session.connection().execute(wanted)
        ]

    def methods(self, chosen: ReportFilter) -> list[tuple[datetime, Method, int]]:
        """(start, method, number) of each class session and method of those who came."""
        started, method = col(ClassSessionRow.started_at), col(AttendanceRecordRow.method)
        session = col(AttendanceRecordRow.session_id)
        wanted = (
            select_columns(started, method, func.count())
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(
                *counted_sessions(chosen),
                col(AttendanceRecordRow.status).in_([one.value for one in Status if one.attended]),
                method.is_not(None),
            )
            .group_by(session, started, method)
            .order_by(started)
        )
        rows = self._db_session.connection().execute(wanted)
        return [(at, Method(how), number) for at, how, number in rows if how]

    def counts(self, chosen: ReportFilter, *, registered_on: date) -> dict[tuple[int, int], AttendanceCount]:
        """The records of each student and course, of those who are registered and active on a day.

        Courses that are archived are over, and are counted only where one is asked for by itself.
        """
        counts: dict[tuple[int, int], AttendanceCount] = defaultdict(AttendanceCount)
        student, course = col(AttendanceRecordRow.student_id), col(ClassSessionRow.course_id)
        status = col(AttendanceRecordRow.status)
        wanted = (
            select_columns(student, course, status, func.count())
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(*counted_sessions(chosen))
            .group_by(student, course, status)
        )
        here = self._registered(registered_on, with_archived=chosen.course_id is not None)
        for student_id, course_id, value, number in self._db_session.connection().execute(wanted):
            if (student_id, course_id) in here:
                key = student_id, course_id
                counts[key] = counts[key].plus(Status(value), number)
        for key, own, number in self._records.refinements([student, course], *counted_sessions(chosen)):
            if key in counts:
                counts[key] = counts[key].refined(own, number)
        for record in self._records.undecided(*counted_sessions(chosen)):
            session = self._get(ClassSessionRow, record.session_id)
            key = record.student_id, session.course_id
            if key in counts:
                counts[key] = counts[key].plus(record.status, -1)
        return dict(counts)

    def newest_first(self, chosen: ReportFilter, student_ids: Sequence[int]) -> list[PastMark]:
        """All records of some students, newest first."""
        found: list[PastMark] = []
        for start in range(0, len(student_ids), AT_ONCE):
            wanted = (
                select_columns(
                    col(AttendanceRecordRow.student_id),
                    col(ClassSessionRow.course_id),
                    col(AttendanceRecordRow.status),
                    col(AttendanceRecordRow.school_status_id),
                    col(ClassSessionRow.started_at),
                )
                .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
                .where(
                    col(AttendanceRecordRow.student_id).in_(student_ids[start : start + AT_ONCE]),
                    *counted_sessions(chosen),
                )
                .order_by(col(ClassSessionRow.started_at).desc())
            )
            found.extend(
                PastMark(student, course, self._own.of(own) or Status(status), at)
                for student, course, status, own, at in self._db_session.connection().execute(wanted)
            )
        return found

    def calendar(self, chosen: ReportFilter, student_id: int) -> list[StudentMark]:
        """One student's records, oldest first."""
        wanted = (
            select_columns(
                col(CourseRow.code),
                col(CourseRow.title),
                col(ClassSessionRow.started_at),
                col(AttendanceRecordRow.status),
                col(AttendanceRecordRow.school_status_id),
                col(AttendanceRecordRow.method),
                col(AttendanceRecordRow.marked_at),
            )
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .join(CourseRow, col(CourseRow.id) == ClassSessionRow.course_id)
            .where(col(AttendanceRecordRow.student_id) == student_id, *counted_sessions(chosen))
            .order_by(col(ClassSessionRow.started_at), col(ClassSessionRow.id))
        )
        return [
            StudentMark(
                (code, title), at, self._own.of(own) or Status(status), Method(how) if how else None, marked
            )
            for code, title, at, status, own, how, marked in self._db_session.connection().execute(wanted)
        ]

    def _registered(self, day: date, *, with_archived: bool) -> set[tuple[int, int]]:
        until = col(RegistrationRow.until)
        wanted = (
            select_columns(col(RegistrationRow.student_id), col(RegistrationRow.course_id))
            .join(StudentRow, col(StudentRow.id) == col(RegistrationRow.student_id))
            .where(col(RegistrationRow.since) <= day, or_(until.is_(None), until > day), is_active(day))
        )
        if not with_archived:
            wanted = wanted.join(CourseRow, col(CourseRow.id) == col(RegistrationRow.course_id)).where(
                col(CourseRow.archived_at).is_(None)
            )
        return {(student, course) for student, course in self._db_session.connection().execute(wanted)}


def _unix_time(moment: SQLColumnExpression[datetime]) -> ColumnElement[int]:
    """SQLite's text as whole seconds."""
    return cast(func.strftime("%s", moment), Integer)
