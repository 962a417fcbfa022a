"""Which records a list or a report shows, and its rows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student

FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(9000, 1, 1)
"""Days outside of these are moved to them: no class was or will be there, and times can be reckoned within."""


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What an export covers; None means everything. Dates are days in the school's zone."""

    course_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    courses: frozenset[int] | None = None
    """Only these, such as those that a teacher teaches."""


@dataclass(frozen=True, slots=True)
class Days:
    """A course and days, both inclusive, in the school's zone; None means everything."""

    course_id: int | None = None
    first: date | None = None
    last: date | None = None

    def filter(self, zone: ZoneInfo) -> ReportFilter:
        """The class sessions of the course that began on these days."""
        return ReportFilter(
            self.course_id,
            since=_midnight(self.first, zone) if self.first else None,
            until=_midnight(self.last, zone, days_later=1) if self.last else None,
        )


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One record with what a reader needs beside it."""

    course: Course
    session: ClassSession
    student: Student
    record: AttendanceRecord


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records a listing covers; None means everything."""

    sessions: ReportFilter = ReportFilter()
    session_id: int | None = None
    student_id: int | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """A record with the student it is about."""

    record: AttendanceRecord
    student: Student


def _midnight(day: date, zone: ZoneInfo, *, days_later: int = 0) -> datetime:
    within = min(max(day, FIRST_DAY), LAST_DAY)
    return datetime.combine(within + timedelta(days=days_later), time(), tzinfo=zone)
