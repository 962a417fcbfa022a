"""The receipt that somebody takes home: the port to the paper it stands on."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from kiosk.domain.people.students import Student


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """What stands on the receipt for a word on face recognition.

    Attributes:
        number: Of the entry in the audit log.
        school: Its name; empty: none is set.
        student: Whose word it is.
        given: Whether consent was given; otherwise it was withdrawn.
        at: When it was recorded, in the school's zone.
        recorded_by: Who recorded it at the desk.
        deleted: How many pictures were deleted with a no.
        remains: What is left elsewhere, and until when, in sentences; empty with a yes.
    """

    number: int
    school: str
    student: Student
    given: bool
    at: datetime
    recorded_by: str
    deleted: int
    remains: tuple[str, ...] = ()


class ReceiptWriter(Protocol):
    """Writes a receipt as a PDF."""

    def __call__(self, path: Path, sheet: ReceiptSheet) -> None:
        """Write the PDF atomically. Raises ExportError: the target cannot be written."""
