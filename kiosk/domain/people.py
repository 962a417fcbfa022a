"""Students, courses, who is registered where, and the people who sign in."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

STUDENT_NO: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,31}")
"""A student number: 1 to 32 letters, digits, dots, dashes, underscores or slashes."""

COURSE_CODE: Final = re.compile(r"[^\W_][\w .&+/-]{0,31}")
"""A course code: 1 to 32 characters that begin with a letter or digit."""


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody who can be marked.

    Attributes:
        student_id: Key in the store.
        student_no: The school's own number, unique; compared without regard to case.
        full_name: As the roster writes it.
        email: Optional.
    """

    student_id: int
    student_no: str
    full_name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """Something taught; a course that nobody named has its code as title."""

    course_id: int
    code: str
    title: str
    room: str = ""

    @property
    def label(self) -> str:
        """Code and title, such as ``CS 101 · Algorithms``."""
        return self.code if self.title in {"", self.code} else f"{self.code} · {self.title}"


@dataclass(frozen=True, slots=True)
class Registration:
    """One student being in one course from `since` (inclusive) until `until` (exclusive; None: still)."""

    student_id: int
    course_id: int
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One valid line of a roster file; `line` counts from 1 with the heading."""

    line: int
    student_no: str
    full_name: str
    email: str | None


class Role(StrEnum):
    """What a signed-in person may do."""

    TEACHER = "teacher"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """A teacher or an admin who signs in at the kiosk."""

    user_id: int
    name: str
    role: Role
    active: bool = True


class ConsentKind(StrEnum):
    """What a student allowed."""

    FACE_RECOGNITION = "face_recognition"


@dataclass(frozen=True, slots=True)
class Consent:
    """A student's word on one kind of processing; the newest one counts."""

    student_id: int
    kind: ConsentKind
    given: bool
    recorded_at: datetime
    recorded_by: str


def clean_text(text: str) -> str:
    """Fold white space and compose accents (NFC), so that one name has one spelling."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """The form in which names and numbers are compared and searched: no case, no accents."""
    decomposed = unicodedata.normalize("NFKD", clean_text(text).casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
