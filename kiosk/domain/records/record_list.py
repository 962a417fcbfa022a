"""All records of a school as one list: what is asked of it, its lines, and where each line stands. Pure.

A list of a million records is never read whole. It is cut into stretches, each the records of one class session (or of
one student) that are asked for; how long each is can be counted in one go, and then any page is read from the few
stretches that it covers.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import assert_never

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError
from kiosk.translation import _


class RecordOrder(StrEnum):
    """What the list is sorted by."""

    DAY = "day"
    """By the beginning of the class session, then by name."""
    STUDENT = "student"
    COURSE = "course"
    STATUS = "status"
    METHOD = "method"

    @property
    def begins_at_the_end(self) -> bool:
        """Whether the largest comes first when nothing else is asked: the newest day."""
        match self:
            case RecordOrder.DAY:
                return True
            case RecordOrder.STUDENT | RecordOrder.COURSE | RecordOrder.STATUS | RecordOrder.METHOD:
                return False
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class RecordQuestion:
    """Which records are asked for, and in which order; what is empty or None asks for nothing in particular.

    Attributes:
        search: Words, each of which must be in the student's name or number, the course, or who began the class.
        started_by: Who began the class session, as its account is called.
        first: First day, in the school's zone, inclusive.
        last: Last day, inclusive.
        days_back: So many days up to today, today among them; instead of `first` and `last`.
        methods: None in it stands for records without a method, such as absences.
        only_doubtful: A message of the student waits, or something was noticed about the student in that class.
        only_messages: A message of the student waits for an answer.
        only_changed: Marked or changed by hand.
    """

    search: str = ""
    student_id: int | None = None
    course_id: int | None = None
    started_by: str | None = None
    first: date | None = None
    last: date | None = None
    days_back: int | None = None
    statuses: frozenset[Status] = frozenset()
    methods: frozenset[Method | None] = frozenset()
    only_doubtful: bool = False
    only_messages: bool = False
    only_changed: bool = False
    order: RecordOrder = RecordOrder.DAY
    descending: bool = True

    def on(self, today: date) -> "RecordQuestion":
        """The same with days of the calendar: what is asked of the last days, asked on this one."""
        if self.days_back is None:
            return self
        first = today - timedelta(days=max(1, self.days_back) - 1)
        return replace(self, first=first, last=today, days_back=None)

    def require_days_in_order(self) -> None:
        """Raises ConflictError: the last day is before the first."""
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ConflictError(
                _("The last day is before the first."), _("Change one of the two days, or empty it.")
            )


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record as the list shows it.

    Attributes:
        version: Counts corrections, from 1: a correction says which version it saw.
        started_at: When the class session began, aware UTC.
        marked_at: Aware UTC.
        is_changed: Whether it was marked or changed by hand.
        has_message: Whether a message of the student waits for an answer.
        has_incident: Whether something was noticed about the student in that class.
        is_cancelled: Whether the class was cancelled, so that the record does not count.
        own: What the school calls it more exactly.
    """

    record_id: int
    version: int
    session_id: int
    student: Student
    course: Course
    started_at: datetime
    started_by: str
    status: Status
    method: Method | None
    marked_at: datetime
    is_changed: bool
    has_message: bool
    has_incident: bool
    is_cancelled: bool = False
    own: SchoolStatus | None = None

    @property
    def shown(self) -> AnyStatus:
        """The status as exactly as it is known."""
        return self.own or self.status

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody should look at it."""
        return self.has_message or self.has_incident


@dataclass(frozen=True, slots=True)
class Stretch:
    """Records that follow each other in the list: those of one class session, or of one student.

    Attributes:
        of: Id of the session, or of the student where the list is sorted by student.
        group: Status or method (as stored) where the list is sorted by it.
        length: How many of them are asked for.
    """

    of: int
    length: int
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a page takes of a stretch: so many after those that are skipped."""

    stretch: Stretch
    skipped: int
    taken: int


@dataclass(frozen=True, slots=True)
class Outline:
    """How long a list is and where its stretches lie, as it was when it was counted."""

    question: RecordQuestion
    stretches: Sequence[Stretch]
    ends: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends", tuple(accumulate(one.length for one in self.stretches)))

    @property
    def total(self) -> int:
        """How many records are asked for."""
        return self.ends[-1] if self.ends else 0

    def parts(self, first: int, most: int) -> Iterator[Part]:
        """What the lines from `first` on, at most so many, are read from."""
        place, end = max(0, first), min(self.total, max(0, first) + max(0, most))
        number = bisect_right(self.ends, place)
        while place < end:
            stretch = self.stretches[number]
            begins = self.ends[number] - stretch.length
            taken = min(end, self.ends[number]) - place
            yield Part(stretch, place - begins, taken)
            place += taken
            number += 1
