"""Which records a list or a report shows, and its rows."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What an export covers; None means everything. Dates are days in the school's zone."""

    course_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""


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
