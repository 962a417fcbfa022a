"""Receipts for a word on face recognition, as a PDF. Any thread."""

from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.people.consents import ConsentReceipt
from kiosk.services.people.remains import Remains
from kiosk.services.ports.receipts import ReceiptSheet, ReceiptWriter
from kiosk.services.school.school_settings import School
from kiosk.services.trust.rights import require
from kiosk.storage.store import Store


class Receipts:
    """Writes what a student takes home.

    Attributes:
        zone: The school's zone, in which moments stand on it.
    """

    def __init__(
        self, *, store: Store, school: School, zone: ZoneInfo, write: ReceiptWriter, remains: Remains
    ) -> None:
        self._store = store
        self._school = school
        self.zone = zone
        self._write = write
        self._remains = remains

    def save(self, path: Path, student: Student, receipt: ConsentReceipt, *, actor: Actor) -> None:
        """Write the receipt. Raises ExportError: the PDF cannot be written."""
        require(self._store, actor, Right.ENROL)
        sheet = ReceiptSheet(
            number=receipt.number,
            school=self._school.rules().school_name,
            student=student,
            given=receipt.given,
            at=receipt.at.astimezone(self.zone),
            recorded_by=actor.name,
            deleted=receipt.deleted,
            remains=() if receipt.given else self._remains.sentences(receipt.at),
        )
        self._write(path, sheet)
