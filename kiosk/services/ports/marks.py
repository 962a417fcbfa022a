"""Marks of a session that somebody kept elsewhere: the port to the file they come in."""

from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Protocol

from kiosk.services.ports.outputs import RefusedRow


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One line: whose mark, how it counts as the file says it, and when the student came, if that is said."""

    line: int
    student_no: str
    status: str
    at: time | None


@dataclass(frozen=True, slots=True)
class MarkFile:
    """Usable lines, and refused ones with a sentence each."""

    rows: tuple[MarkRow, ...]
    refused: tuple[RefusedRow, ...]


class MarkFileReader(Protocol):
    """Reads marks from CSV, XLSX or ODS."""

    def __call__(self, path: Path) -> MarkFile:
        """Read the whole file. Raises FileFormatError: unreadable, a column is missing, or no line at all."""
