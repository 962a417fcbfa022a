"""Everybody who can be marked, as a list: its columns, its filters, and a line of it. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.people.consents import NEVER_ASKED, Standing
from kiosk.domain.people.students import Student


class PeopleColumn(StrEnum):
    """What the list can be sorted by."""

    NAME = "name"
    """By family name."""
    NUMBER = "number"
    EMAIL = "email"
    COURSES = "courses"
    CONSENT = "consent"
    FACES = "faces"
    PIN = "pin"
    ATTENDANCE = "attendance"
    SEEN = "seen"

    @property
    def is_of_enrolment(self) -> bool:
        """Whether it is nothing for somebody who only holds classes."""
        return self in {PeopleColumn.CONSENT, PeopleColumn.FACES, PeopleColumn.PIN, PeopleColumn.EMAIL}


class PeopleFilter(StrEnum):
    """Whom the list can be narrowed down to."""

    NO_CONSENT = "no_consent"
    """Whose face may not be measured."""
    NO_PICTURES = "no_pictures"
    NO_PIN = "no_pin"
    BELOW_LIMIT = "below_limit"
    INACTIVE = "inactive"
    """Without it those who are inactive are only shown where they were searched for."""

    @property
    def is_of_enrolment(self) -> bool:
        """Whether it is nothing for somebody who only holds classes."""
        return self in {PeopleFilter.NO_CONSENT, PeopleFilter.NO_PICTURES, PeopleFilter.NO_PIN}


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A line of the list.

    Attributes:
        courses: Codes of the courses of today, by code; of a teacher's list the own ones only.
        standing: What was answered about the face; nothing was, for somebody who may not see it.
        faces: Pictures that are stored.
        count: Records; of a teacher's list in the own courses only.
        seen_at: When the student was last present, aware UTC; None: never.
        is_below: Whether less was attended than the school wants.
        inactive_from: Since when the student stands in no roster.
        picture: One of the stored pictures, encoded; empty where none is stored, None where the school shows none.
    """

    student: Student
    courses: tuple[str, ...] = ()
    standing: Standing = NEVER_ASKED
    faces: int = 0
    has_pin: bool = False
    count: AttendanceCount = field(default_factory=AttendanceCount)
    seen_at: datetime | None = None
    is_below: bool = False
    inactive_from: date | None = None
    picture: bytes | None = None
