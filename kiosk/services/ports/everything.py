"""Everything about one student: the port to the one file that it is handed out in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, eq=False)
class StudentFile:
    """What the file holds.

    Attributes:
        about: By subject, values that JSON knows.
        tables: By name, rows with equal keys, as tables to be opened in Excel.
        pictures: Name and bytes of each picture of the face that is kept.
    """

    school: str
    student_no: str
    made_at: datetime
    about: Mapping[str, Any]
    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    pictures: Sequence[tuple[str, bytes]]


class StudentFileWriter(Protocol):
    """Writes such a file."""

    def __call__(self, path: Path, found: StudentFile) -> None:
        """Write it atomically, for its owner alone. Raises ExportError: the target cannot be written."""
