"""What the sheets show, counted in one pass over the records."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.attendance_rates import summed
from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import standing
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus, own_statuses
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.names import sort_name
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import ReportFilter, ReportRow


class CourseLookup(Protocol):
    """The part of `Courses` that reports need."""

    def get(self, course_id: int) -> Course | None: ...


class ReportQueries(Protocol):
    """The part of `Reports` that reports need."""

    def sessions(self, chosen: ReportFilter) -> list[ClassSession]: ...
    def cancelled(self, chosen: ReportFilter) -> list[ClassSession]: ...
    def students(self, chosen: ReportFilter) -> list[Student]: ...
    def rows(self, chosen: ReportFilter) -> Iterator[ReportRow]: ...


class ReportRepositories(Protocol):
    """The part of `Repositories` that reports need."""

    @property
    def courses(self) -> CourseLookup: ...
    @property
    def reports(self) -> ReportQueries: ...


@dataclass(slots=True)
class CourseFigures:
    """One course of the report; records are added while they stream by.

    Attributes:
        sessions: Oldest first.
        students: By family name.
        marks: Status by session id and student id.
        counts: By student id.
    """

    course: Course
    sessions: list[ClassSession]
    students: list[Student]
    marks: dict[tuple[int, int], AnyStatus] = field(default_factory=dict)
    counts: dict[int, AttendanceCount] = field(default_factory=dict)

    def add(self, row: ReportRow) -> None:
        """Count one record; one whose mark was taken back in a class that is open says nothing yet."""
        known = standing(row.record, is_open=row.session.is_open)
        if known is None:
            return
        student_id, status = row.student.student_id, known.shown
        self.marks[row.session.session_id, student_id] = status
        self.counts[student_id] = self.count(student_id).plus(status)

    def count(self, student_id: int) -> AttendanceCount:
        """The records of one student."""
        return self.counts.get(student_id, AttendanceCount())

    def attended(self, session_id: int) -> int:
        """How many students were in the room."""
        return sum(
            status.attended
            for student in self.students
            if (status := self.marks.get((session_id, student.student_id)))
        )

    @property
    def own(self) -> list[SchoolStatus]:
        """The statuses of the school's own that somebody has here."""
        return own_statuses(self.marks.values())

    @property
    def total(self) -> AttendanceCount:
        """The records of all students."""
        return summed(self.counts.values())


@dataclass(slots=True)
class Figures:
    """Everything the workbook shows except the records themselves."""

    courses: dict[int, CourseFigures]
    records: int = 0
    methods: Counter[tuple[int, Method]] = field(default_factory=Counter)
    """What marked those who were in class, by session id and method."""
    cancelled: list[ClassSession] = field(default_factory=list)

    def count(self, rows: Iterator[ReportRow]) -> Iterator[ReportRow]:
        """Pass records through and count them on the way."""
        for row in rows:
            self.courses[row.course.course_id].add(row)
            self.records += 1
            if row.record.method is not None and row.record.status.attended:
                self.methods[row.session.session_id, row.record.method] += 1
            yield row

    @property
    def own(self) -> list[SchoolStatus]:
        """The statuses of the school's own that somebody has in any of the courses."""
        return own_statuses(status for course in self.courses.values() for status in course.own)

    @property
    def several(self) -> bool:
        """Whether the course must be said beside each student."""
        return len(self.courses) > 1

    @property
    def total(self) -> AttendanceCount:
        """All records."""
        return summed(course.total for course in self.courses.values())


def gather(repositories: ReportRepositories, chosen: ReportFilter) -> Figures:
    """Sessions and students of each chosen course, in the order of their codes, with nothing counted yet."""
    by_course: dict[int, list[ClassSession]] = {}
    if chosen.course_id is not None:
        by_course[chosen.course_id] = []
    for session in repositories.reports.sessions(chosen):
        by_course.setdefault(session.course_id, []).append(session)
    courses = {}
    for course_id, sessions in by_course.items():
        course = repositories.courses.get(course_id)
        if course is not None:
            students = repositories.reports.students(replace(chosen, course_id=course_id))
            students.sort(key=_by_name)
            courses[course_id] = CourseFigures(course, sessions, students)
    return Figures(courses, cancelled=repositories.reports.cancelled(chosen))


def _by_name(student: Student) -> tuple[str, str]:
    return sort_name(student.full_name, student.family_name), student.student_no


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment as the school's clock showed it, to the second, without the zone that Excel does not know."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)
