"""What students agreed to, and when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
