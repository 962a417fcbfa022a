"""What the page of one student shows, and what may be changed there. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.samples import SampleOrigin
from kiosk.domain.people.consents import NEVER_ASKED, Consent, Standing
from kiosk.domain.people.spelling import clean_name, clean_number
from kiosk.domain.people.students import JOINERS, STUDENT_NO, Student
from kiosk.domain.phones.enrolled import EnrolledPhone
from kiosk.domain.records.objections import Objection
from kiosk.domain.records.stored import StudentRecord
from kiosk.errors import ConflictError
from kiosk.translation import _

MAX_NAME: Final = 200
"""Letters of a full name, and of a family name."""

MAX_CALLED: Final = 60
"""Letters of what the screen greets with: it is read from across the room."""

MAX_EMAIL: Final = 254

_EMAIL: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]+")


@dataclass(frozen=True, slots=True)
class CourseOfPerson:
    """A period in a course; `until` is the first day on which the student is not in it any more."""

    course: Course
    since: date
    until: date | None
    count: AttendanceCount


@dataclass(frozen=True, slots=True)
class PictureOfPerson:
    """A stored picture, not opened; `quality` (0 to 1) is None where no model has a template of it."""

    sample_id: int
    captured_at: datetime
    origin: SampleOrigin
    quality: float | None


@dataclass(frozen=True, slots=True)
class MessageOfPerson:
    """What the student wrote about a record of the own, and the answer."""

    objection: Objection
    course: Course
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """One student with all that the page shows; what the reader may not see is left empty.

    Attributes:
        student: Without the e-mail address where the reader is not shown it.
        has_pin: False where the reader does not manage PINs.
        inactive_from: The first day on which the student is in no roster; None: is active.
        courses: Newest period first.
        standing: What all answers about the face come to; `words` are these, newest first.
        history: Newest class first, at most `MOST_RECORDS`.
        picture: One of the stored pictures, encoded, where the school shows pictures; None otherwise.
    """

    student: Student
    inactive_from: date | None
    has_pin: bool
    count: AttendanceCount
    seen_at: datetime | None
    is_below: bool
    courses: tuple[CourseOfPerson, ...] = ()
    standing: Standing = NEVER_ASKED
    words: tuple[Consent, ...] = ()
    pictures: tuple[PictureOfPerson, ...] = ()
    phones: tuple[EnrolledPhone, ...] = ()
    messages: tuple[MessageOfPerson, ...] = ()
    history: tuple[StudentRecord, ...] = ()
    picture: bytes | None = None


MOST_RECORDS: Final = 2000
"""Records of one student that the page shows; more than four lessons a day of a school year."""


def usable(student: Student) -> Student:
    """The same as it may be stored: without signs that nobody sees, digits as 0 to 9.

    Raises:
        ConflictError: A field cannot be taken; the sentence says which and why.
    """
    number = clean_number(student.student_no)[0]
    if not STUDENT_NO.fullmatch(number):
        raise ConflictError(
            _("“{number}” cannot be a student number.", number=number[:40]),
            _("Use 1 to 32 letters, digits, dots, dashes, underscores or slashes."),
        )
    full_name = _name(student.full_name, MAX_NAME, _("The name"))
    if not full_name:
        raise ConflictError(_("The name is missing."), _("Type the full name."))
    email = clean_name(student.email or "")[0]
    if email and not (len(email) <= MAX_EMAIL and _EMAIL.fullmatch(email)):
        raise ConflictError(
            _("“{email}” is not an e-mail address.", email=email[:60]), _("Correct it, or leave it empty.")
        )
    return replace(
        student,
        student_no=number,
        full_name=full_name,
        email=email or None,
        family_name=_name(student.family_name, MAX_NAME, _("The family name")),
        called=_name(student.called, MAX_CALLED, _("The name for the screen")),
    )


def _name(text: str, most: int, what: str) -> str:
    name = clean_name(text)[0]
    if len(name) > most or not all(sign.isprintable() or sign in JOINERS for sign in name):
        raise ConflictError(
            _("{what} is too long or has unusual characters.", what=what),
            _("It can have at most {most} letters.", most=most),
        )
    return name
