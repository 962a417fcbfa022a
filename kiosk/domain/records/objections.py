"""A student's "this record is wrong", and what a teacher made of it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

MAX_LETTERS: Final = 300
"""Of a reason, and of an answer."""

MAX_PER_RECORD: Final = 3
"""Objections to one record, answered ones included: after that, people talk."""


class ObjectionOutcome(StrEnum):
    """How it ended."""

    CHANGED = "changed"
    """The teacher changed the record."""
    KEPT = "kept"
    """The teacher left it as it was."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What a student says about one own record.

    Attributes:
        reason: In the student's own words, at most `MAX_LETTERS`.
        made_at: Aware UTC.
        outcome: None while it waits for the teacher.
        answer: In the teacher's words; empty while it waits.
        answered_at: Aware UTC; None while it waits.
        answered_by: User name; None while it waits.
    """

    objection_id: int
    record_id: int
    reason: str
    made_at: datetime
    outcome: ObjectionOutcome | None = None
    answer: str = ""
    answered_at: datetime | None = None
    answered_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for the teacher."""
        return self.outcome is None
