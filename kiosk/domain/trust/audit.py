"""What the audit log keeps of an action, and what is asked of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when; chained by hashes so that a removed or changed entry shows."""

    entry_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


class AuditGroup(StrEnum):
    """What an action is about; a new action belongs to one by the first word of its name."""

    CLASSES = "classes"
    MARKS = "marks"
    PEOPLE = "people"
    COURSES = "courses"
    FACES = "faces"
    PHONES = "phones"
    ACCOUNTS = "accounts"
    SETTINGS = "settings"
    DATA = "data"

    @property
    def first_words(self) -> Sequence[str]:
        """First words of the actions that belong to it."""
        return _FIRST_WORDS[self]


_FIRST_WORDS = {
    AuditGroup.CLASSES: ("session", "recheck", "checkout", "policy", "liveness", "lesson_pin"),
    AuditGroup.MARKS: ("record", "objection", "claim", "mark", "absence", "view"),
    AuditGroup.PEOPLE: ("student", "people", "pin", "consent", "letters", "answers", "notice", "guardian"),
    AuditGroup.COURSES: ("course", "registration", "timetable", "holiday", "term"),
    AuditGroup.FACES: ("face", "faces", "thresholds", "model"),
    AuditGroup.PHONES: ("phone", "https"),
    AuditGroup.ACCOUNTS: ("user", "token"),
    AuditGroup.SETTINGS: ("setting", "rule", "school", "kiosk", "status"),
    AuditGroup.DATA: (
        "records",
        "list",
        "backup",
        "recovery",
        "traces",
        "kept",
        "log",
        "report",
        "mail",
        "messages",
    ),
}


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """Which entries are asked for, newest first; what is empty or None asks for nothing in particular.

    Attributes:
        search: Words, each of which must be in who, about what, the details, or the name of the student who is meant.
        by: Who did it, as it stands in the log.
        first: First day, in the school's zone, inclusive.
        last: Last day, inclusive.
    """

    search: str = ""
    group: AuditGroup | None = None
    by: str | None = None
    first: date | None = None
    last: date | None = None

    def require_days_in_order(self) -> None:
        """Raises ConflictError: the last day is before the first."""
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ConflictError(
                _("The last day is before the first."), _("Change one of the two days, or empty it.")
            )


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry with what its subject names, where that is still known."""

    entry: AuditEntry
    student: Student | None = None
    session: ClassSession | None = None
    course: Course | None = None
