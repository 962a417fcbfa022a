"""What the store tells one student about themselves: records, and what is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk.domain.attendance.record import AttendanceCount, AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.consents import Consent


@dataclass(frozen=True, slots=True)
class StudentRecord:
    """One record of the student with the class that it is about."""

    record: AttendanceRecord
    course: Course
    started_at: datetime
    """When the class session began, aware UTC."""
    cancelled: str | None = None
    """Why the class session does not count; None for one that does."""


@dataclass(frozen=True, slots=True)
class StudentCourse:
    """A course that the student is or was in, with the student's records counted, those of cancelled sessions apart."""

    course: Course
    count: AttendanceCount


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of something are kept, and of when; both moments are None for none."""

    number: int
    first_at: datetime | None
    last_at: datetime | None


NOTHING: Final = Kept(0, None, None)


@dataclass(frozen=True, slots=True)
class ModelTemplates:
    """How many templates a model made of the student's pictures."""

    model: str
    number: int


@dataclass(frozen=True, slots=True)
class StoredAboutStudent:
    """Everything that is kept about one student, counted; no picture and no vector is opened.

    Attributes:
        has_pin: Whether a PIN is kept (as a hash).
        samples: Pictures of the face, with the moments of enrolment.
        templates: By model name.
        consents: Every word that the student ever gave, newest first.
        records: Attendance records, with the moments of the marks.
        corrections: Earlier versions of these records.
        messages: What the student wrote to teachers about them, with the moments.
        device_uses: Check-ins by phone: which browser, from which address, when.
        incidents: Notes to a teacher in which the student is named.
        face_pairs: Look-alikes and corrections of the camera in which the student is named.
        pending_claims: Scans that wait for the camera or the teacher.
        enrolled_phones: Phones that were enrolled for the student at the kiosk, with the moments.
        planned_absences: Days on which somebody announced the student to be away, with the moments of that.
        rechecks: Re-checks in mid-class that asked the student to show up again, with the moments.
        sent_mails: E-mails about the attendance that were sent to the student or a guardian, or tried, with the moments.
        has_guardian: Whether an e-mail address of a parent or guardian is kept.
        no_mails: Whether it is kept that no such e-mails are wanted.
        check_outs: Classes that the student left by checking out, or of which a teacher typed the minutes.
        learned: How many of the pictures come from classes.
    """

    has_pin: bool
    samples: Kept
    templates: tuple[ModelTemplates, ...]
    consents: tuple[Consent, ...]
    records: Kept
    corrections: int
    messages: Kept
    device_uses: Kept
    incidents: int
    face_pairs: int
    pending_claims: int
    enrolled_phones: Kept
    learned: int = 0
    planned_absences: Kept = NOTHING
    rechecks: Kept = NOTHING
    sent_mails: Kept = NOTHING
    has_guardian: bool = False
    no_mails: bool = False
    check_outs: int = 0
