"""Codes, passwords and files: the smaller ports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frames import BgrImage
from kiosk.domain.people import RosterRow, Student
from kiosk.services.ports.store import ReportFilter, Repositories


class QrDrawer(Protocol):
    """Draws QR codes."""

    def modules(self, text: str) -> NDArray[np.bool_]:
        """Square matrix of modules, True for dark, without the quiet zone, error correction M."""
        ...

    def picture(self, text: str, *, module_px: int = 8) -> BgrImage:
        """Black on white with a quiet zone of four modules."""
        ...


class CodeReader(Protocol):
    """Reads QR codes from pictures, in a process of its own."""

    def read(self, image: BgrImage, *, timeout_s: float = 2.0) -> list[str]:
        """Texts of all codes in the picture; empty when there is none or the reading process died."""
        ...

    def close(self) -> None:
        """Stop the process."""
        ...


class PasswordHasher(Protocol):
    """Slow, salted hashes of passwords and PINs (argon2id)."""

    def hash(self, secret: str) -> str: ...
    def verify(self, secret_hash: str | None, secret: str) -> bool:
        """Compare in the same time whether there is a hash or not (None: always False)."""
        ...

    def is_outdated(self, secret_hash: str) -> bool:
        """Whether the parameters have since been raised."""
        ...


class RosterFileReader(Protocol):
    """Reads a class list from CSV or XLSX."""

    def __call__(self, path: Path) -> "RosterFile":
        """Read the whole file.

        Raises:
            FileFormatError: Unreadable, no such columns, or not one usable row.
        """
        ...


@dataclass(frozen=True, slots=True)
class RosterFile:
    """What a class list says: usable rows, and refused ones with a sentence each."""

    rows: tuple[RosterRow, ...]
    refused: tuple["RefusedRow", ...]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A line that cannot be taken, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What stands on the *About* sheet."""

    chosen: ReportFilter
    course_label: str
    generated_at: datetime
    generated_by: str
    zone: ZoneInfo
    version: str


class WorkbookWriter(Protocol):
    """Writes the attendance workbook."""

    def __call__(self, path: Path, repositories: Repositories, context: ReportContext) -> int:
        """Write (atomically: a temporary file beside the target, then a rename) and return the number of records.

        Raises:
            ExportError: The target cannot be written (missing folder, no rights, full disk, open in Excel).
        """
        ...


@dataclass(frozen=True, slots=True)
class PinSlip:
    """One student's new PIN, printed once and stored only as a hash."""

    student: Student
    pin: str


class PinSlipWriter(Protocol):
    """Writes PIN slips as a PDF to cut apart."""

    def __call__(self, path: Path, *, title: str, slips: Sequence[PinSlip]) -> None:
        """Write the PDF atomically.

        Raises:
            ExportError: The target cannot be written.
        """
        ...
