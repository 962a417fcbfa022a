"""Courses, and who is registered in them."""

import re
from dataclasses import dataclass
from typing import Final

from kiosk.domain.people.students import clean_text
from kiosk.errors import ConflictError
from kiosk.translation import _

COURSE_CODE: Final = re.compile(r"[^\W_][\w .&+/-]{0,31}")
"""A course code: 1 to 32 characters that begin with a letter or digit."""


def checked_code(text: str) -> str:
    """A course code as it was typed, white space folded. Raises ConflictError: it cannot be one."""
    code = clean_text(text)
    if not COURSE_CODE.fullmatch(code):
        raise ConflictError(
            _("“{code}” cannot be a course code.", code=code),
            _("Use 1 to 32 letters, digits, blanks, dots or dashes."),
        )
    return code


@dataclass(frozen=True, slots=True)
class Course:
    """Something taught; a course that nobody named has its code as title.

    Attributes:
        term_id: The term that it belongs to, if to one.
        is_archived: Whether it is over: hidden everywhere but in records.
        version: Counts its changes, so that two people do not undo each other's without seeing it.
    """

    course_id: int
    code: str
    title: str
    room: str = ""
    term_id: int | None = None
    is_archived: bool = False
    version: int = 1

    @property
    def label(self) -> str:
        """Code and title, such as ``CS 101 · Algorithms``."""
        return self.code if self.title in {"", self.code} else f"{self.code} · {self.title}"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One valid line of a roster file; `line` counts from 1 with the heading.

    Attributes:
        system_id: What the system that made the list knows the student by, whatever number and name are; may be empty.
        guardian_email: Of a parent or guardian; may be empty.
        family_name: As a column of its own says it; empty where there is none, or where the full name gives the same.
    """

    line: int
    student_no: str
    full_name: str
    email: str | None
    system_id: str = ""
    family_name: str = ""
    guardian_email: str = ""
