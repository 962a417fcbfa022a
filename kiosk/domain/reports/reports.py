"""The values of the reports: what was counted, ready to be drawn or printed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from kiosk.domain.attendance.attendance_rates import Trend, summed
from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.attendance.school_status import AnyStatus
from kiosk.domain.people.students import Student
from kiosk.domain.reports.kinds import ReportHead

STEP_MIN: Final = 2
"""Arrivals are counted in steps of so many minutes."""

EARLIEST_MIN: Final = -20
LATEST_MIN: Final = 60
"""Who comes earlier or later is counted in the first or last step."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One class session as reports name it.

    Attributes:
        session_id: Key in the store.
        course_id: What was taught.
        started_at: Aware, in the school's zone.
        ended_at: The same; None while it is open.
        count: Its records.
    """

    session_id: int
    course_id: int
    started_at: datetime
    ended_at: datetime | None
    count: AttendanceCount = field(default_factory=AttendanceCount)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One student in the register: a status or None for each of its meetings."""

    student: Student
    marks: tuple[AnyStatus | None, ...]
    count: AttendanceCount


@dataclass(frozen=True, slots=True)
class CourseRegister:
    """Students by sessions: sessions oldest first, students by family name."""

    head: ReportHead
    meetings: tuple[Meeting, ...]
    rows: tuple[RegisterRow, ...]

    @property
    def total(self) -> AttendanceCount:
        """All records."""
        return summed(row.count for row in self.rows)


@dataclass(frozen=True, slots=True)
class Week:
    """The classes of one week; `monday` is its first day, in the school's zone."""

    monday: date
    meetings: int
    count: AttendanceCount


@dataclass(frozen=True, slots=True)
class AttendanceOverWeeks:
    """Attendance from week to week, oldest first, without weeks that had no class."""

    head: ReportHead
    weeks: tuple[Week, ...]

    @property
    def total(self) -> AttendanceCount:
        """All weeks."""
        return summed(week.count for week in self.weeks)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many came in one step of time."""

    from_min: int
    on_time: int
    late: int


@dataclass(frozen=True, slots=True)
class ArrivalTimes:
    """When students came, in minutes after the start (negative: before), where a camera or a phone marked them.

    Attributes:
        steps: Of `STEP_MIN` each, from the earliest to the latest, those in between without gaps.
        late_after_min: The late rule of most of the classes; None without any.
        median_min: Half came earlier; None without any.
        by_hand: Marks by hand, whose time is that of the click and which are not in the steps.
    """

    head: ReportHead
    steps: tuple[Arrivals, ...]
    late_after_min: int | None
    median_min: float | None
    by_hand: int

    @property
    def arrived(self) -> int:
        """How many are in the steps."""
        return sum(step.on_time + step.late for step in self.steps)


@dataclass(frozen=True, slots=True)
class WeekOfMethods:
    """What marked students in one week."""

    monday: date
    counts: Mapping[Method, int]


@dataclass(frozen=True, slots=True)
class HowMarked:
    """What marked the students who were in class, week by week, oldest first."""

    head: ReportHead
    weeks: tuple[WeekOfMethods, ...]

    def total(self, method: Method) -> int:
        """All weeks."""
        return sum(week.counts.get(method, 0) for week in self.weeks)

    @property
    def marks(self) -> int:
        """All methods."""
        return sum(self.total(method) for method in Method)


@dataclass(frozen=True, slots=True)
class Contact:
    """When somebody was written to last, and to whom."""

    at: datetime
    to: str


@dataclass(frozen=True, slots=True)
class StudentBelow:
    """A student who attends less of one course than the school wants.

    Attributes:
        count: In the days of the report.
        way: Whether it gets better; None: too few classes to say.
        missed_lately: Classes missed one after the other until now.
        last_seen: The last class attended, in the school's zone; None: never in these days.
        last_contact: The last message about it; None: there was none.
    """

    student: Student
    course_id: int
    course_label: str
    count: AttendanceCount
    way: Trend | None
    missed_lately: int
    last_seen: datetime | None
    last_contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class BelowLimit:
    """Who is below the limit, the lowest share first; `examined` says of how many (student and course)."""

    head: ReportHead
    students: tuple[StudentBelow, ...]
    examined: int


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One class of one student."""

    started_at: datetime
    course_label: str
    status: AnyStatus
    method: Method | None
    marked_at: datetime


@dataclass(frozen=True, slots=True)
class StudentCalendar:
    """One student's classes, oldest first, and the counts of each course."""

    head: ReportHead
    student: Student
    entries: tuple[DayEntry, ...]
    by_course: tuple[tuple[str, AttendanceCount], ...]

    @property
    def total(self) -> AttendanceCount:
        """All courses."""
        return summed(count for _label, count in self.by_course)

    def of_day(self, day: date) -> tuple[DayEntry, ...]:
        """The classes of one day."""
        return tuple(entry for entry in self.entries if entry.started_at.date() == day)


@dataclass(frozen=True, slots=True)
class HeldClass:
    """One class of a day.

    Attributes:
        registered: How many students were in the course on that day.
        held_by: Who started it.
    """

    meeting: Meeting
    course_label: str
    room: str
    registered: int
    held_by: str


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """All classes of one day, in the order of their start."""

    head: ReportHead
    day: date
    classes: tuple[HeldClass, ...]

    @property
    def total(self) -> AttendanceCount:
        """All classes."""
        return summed(one.meeting.count for one in self.classes)


Report = (
    CourseRegister | AttendanceOverWeeks | ArrivalTimes | HowMarked | BelowLimit | StudentCalendar | SchoolDay
)
"""Any of them."""


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
