"""Calendars that are read again each night, in the database. Runs inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_
from sqlmodel import col, select

from kiosk.storage.database.course_tables import CourseCalendarRow
from kiosk.storage.database.tables import CourseRow
from kiosk.storage.repositories.repository import Repository


@dataclass(frozen=True, slots=True)
class KeptCalendar:
    """The calendar of a course.

    Attributes:
        agreed_by: Who looked at what it says and took it.
        read_at: When it was read last; None before the first night.
        problem: What went wrong then; empty when nothing did.
        waits: Whether it says something that somebody has to look at first.
    """

    course_id: int
    address: str
    agreed_at: datetime
    agreed_by: str
    read_at: datetime | None = None
    problem: str = ""
    waits: bool = False


class CalendarQueries(Repository):
    """At most one calendar a course."""

    def of_course(self, course_id: int) -> KeptCalendar | None:
        row = self._row(course_id)
        return _kept(row) if row is not None else None

    def keep(self, calendar: KeptCalendar) -> None:
        """Write a course's calendar, in place of whatever it had. Raises NotFoundError: there is no such course."""
        self.forget(calendar.course_id)
        row = CourseCalendarRow(
            course_id=calendar.course_id,
            address=calendar.address,
            agreed_at=calendar.agreed_at,
            agreed_by=calendar.agreed_by,
            read_at=calendar.read_at,
        )
        self._insert(row, (CourseRow, calendar.course_id))

    def forget(self, course_id: int) -> bool:
        """Read it no more; False when there was none."""
        gone = delete(CourseCalendarRow).where(col(CourseCalendarRow.course_id) == course_id)
        return bool(self._db_session.exec(gone).rowcount)

    def note(self, course_id: int, at: datetime, *, problem: str = "", waits: bool = False) -> None:
        """Say what came of a reading; nothing where the calendar is gone."""
        row = self._row(course_id)
        if row is not None:
            row.read_at, row.problem, row.waits = at, problem, waits
            self._db_session.flush()

    def due(self, before: datetime) -> list[int]:
        """Courses that are not archived whose calendar was not read since a moment."""
        wanted = (
            select(CourseCalendarRow.course_id)
            .join(CourseRow, col(CourseRow.id) == CourseCalendarRow.course_id)
            .where(
                col(CourseRow.archived_at).is_(None),
                or_(col(CourseCalendarRow.read_at).is_(None), col(CourseCalendarRow.read_at) < before),
            )
            .order_by(col(CourseCalendarRow.course_id))
        )
        return list(self._db_session.exec(wanted))

    def _row(self, course_id: int) -> CourseCalendarRow | None:
        wanted = select(CourseCalendarRow).where(CourseCalendarRow.course_id == course_id)
        return self._db_session.exec(wanted).one_or_none()


def _kept(row: CourseCalendarRow) -> KeptCalendar:
    return KeptCalendar(
        *(row.course_id, row.address, row.agreed_at, row.agreed_by),
        *(row.read_at, row.problem, row.waits),
    )
