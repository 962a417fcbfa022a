"""Receipts for a word on face recognition, as a PDF. Any thread."""

from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.people.students import Student
from kiosk.services.people.consents import ConsentReceipt
from kiosk.services.ports.receipts import ReceiptSheet, ReceiptWriter
from kiosk.services.school.school_settings import School


class Receipts:
    """Writes what a student takes home."""

    def __init__(self, *, school: School, zone: ZoneInfo, write: ReceiptWriter) -> None:
        self._school = school
        self._zone = zone
        self._write = write

    def save(self, path: Path, student: Student, receipt: ConsentReceipt, *, actor: str) -> None:
        """Write the receipt.

        Raises:
            ExportError: The PDF cannot be written.
        """
        sheet = ReceiptSheet(
            number=receipt.number,
            school=self._school.rules().school_name,
            student=student,
            given=receipt.given,
            at=receipt.at.astimezone(self._zone),
            recorded_by=actor,
            deleted=receipt.deleted,
        )
        self._write(path, sheet)
