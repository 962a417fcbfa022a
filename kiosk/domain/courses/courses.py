"""Courses, and who is registered in them."""

import re
from dataclasses import dataclass
from typing import Final

COURSE_CODE: Final = re.compile(r"[^\W_][\w .&+/-]{0,31}")
"""A course code: 1 to 32 characters that begin with a letter or digit."""


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
class RosterRow:
    """One valid line of a roster file; `line` counts from 1 with the heading."""

    line: int
    student_no: str
    full_name: str
    email: str | None
