"""Which reports there are, and what each is asked."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never


class ReportKind(StrEnum):
    """A report that people look at; the values are typed on the command line."""

    REGISTER = "register"
    """Who was in which class: students by sessions."""
    WEEKS = "weeks"
    """Attendance from week to week."""
    ARRIVALS = "arrivals"
    """How long before or after the start students come."""
    METHODS = "methods"
    """What marked them: face, phone, pass, hand."""
    BELOW_LIMIT = "below-limit"
    """Students who attend less than the school wants."""
    STUDENT = "student"
    """One student's calendar."""
    DAY = "day"
    """All classes of one day."""

    @property
    def needs_course(self) -> bool:
        """Whether it is about exactly one course."""
        match self:
            case ReportKind.REGISTER:
                return True
            case (
                ReportKind.WEEKS
                | ReportKind.ARRIVALS
                | ReportKind.METHODS
                | ReportKind.BELOW_LIMIT
                | ReportKind.STUDENT
                | ReportKind.DAY
            ):
                return False
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """What somebody wants to see.

    Attributes:
        kind: Which report.
        course_id: One course; None: all that the asker may see.
        student_id: Whose calendar; for no other report.
        first: First day, in the school's zone; None: from the beginning. The day of `ReportKind.DAY`.
        last: Last day, inclusive; None: until today.
    """

    kind: ReportKind
    course_id: int | None = None
    student_id: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What stands above every report.

    Attributes:
        school: Name of the school, or empty.
        course: Label of the course, or empty for all courses.
        teachers: Names of who teaches it, or of who asked.
        first: First day shown; None: from the beginning.
        last: Last day shown; None: until now.
        made_at: When it was read; aware UTC.
        made_by: For whom.
        limit_percent: Share of classes that the school wants attended.
    """

    school: str
    course: str
    teachers: tuple[str, ...]
    first: date | None
    last: date | None
    made_at: datetime
    made_by: str
    limit_percent: int
