"""Codes, passwords and files: the smaller ports."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.attendance.stays import CheckOut
from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.courses.list_columns import ListChoices, ListReading
from kiosk.domain.faces.frames import BgrImage
from kiosk.domain.faces.open_set import Searches
from kiosk.domain.faces.recognition import Thresholds
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import ReportFilter
from kiosk.errors import FileFormatError
from kiosk.storage.store import Repositories


class QrDrawer(Protocol):
    """Draws QR codes."""

    def modules(self, text: str) -> NDArray[np.bool_]:
        """Square matrix of modules, True for dark, without the quiet zone, error correction M."""

    def picture(self, text: str, *, module_px: int = 8) -> BgrImage:
        """Black on white with a quiet zone of four modules."""


class CodeReader(Protocol):
    """Reads QR codes from pictures, in a process of its own."""

    def read(self, image: BgrImage, *, timeout_s: float = 2.0) -> list[str]:
        """Texts of all codes in the picture; empty when there is none or the reading process died."""

    @property
    def failures(self) -> int:
        """How many pictures in a row the process did not look at: it did not start, died, or took too long."""

    def close(self) -> None:
        """Stop the process."""


class PasswordHasher(Protocol):
    """Slow, salted hashes of passwords and PINs (argon2id)."""

    def hash(self, secret: str) -> str: ...
    def verify(self, secret_hash: str | None, secret: str) -> bool:
        """Compare in the same time whether there is a hash or not (None: always False)."""

    def is_outdated(self, secret_hash: str) -> bool:
        """Whether the parameters have since been raised."""


class RosterFileReader(Protocol):
    """Reads a class list from CSV, XLSX or ODS."""

    def __call__(self, path: Path, choices: ListChoices) -> "RosterFile":
        """Read the whole file as was chosen, and guess the rest.

        Raises:
            FileFormatError: Unreadable, no such columns, or not one usable row.
            ListChoiceError: Several sheets may be meant, or a needed column is not found.
        """


class ListChoiceError(FileFormatError):
    """A sheet or columns must be chosen by somebody; `reading` has what there is to choose from."""

    def __init__(self, user_text: str, hint: str, reading: ListReading) -> None:
        super().__init__(user_text, hint)
        self.reading = reading


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A line that cannot be taken, and why; `student_no` is the number that it has, if that can be told."""

    line: int
    reason: str
    student_no: str = ""


@dataclass(frozen=True, slots=True)
class ListNote:
    """Something to know about a line that was taken, or about the list (line 0)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class RosterFile:
    """What a class list says: usable rows, refused ones with a sentence each, notes, and how it was read."""

    rows: tuple[RosterRow, ...]
    refused: tuple[RefusedRow, ...]
    notes: tuple[ListNote, ...] = ()
    reading: ListReading = field(default_factory=ListReading)


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What stands on the *About* sheet."""

    chosen: ReportFilter
    course_label: str
    generated_at: datetime
    generated_by: str
    zone: ZoneInfo
    version: str
    log_head: str = ""
    """Number and hash of the newest entry in the log: a log that lacks it later was changed."""
    school: str = ""
    limit_percent: int = 0
    """The share of classes that the school wants attended; 0: it says none."""
    outs_of: Callable[[int], Mapping[int, CheckOut]] | None = None
    """Who left a session when, by student; None where the school counts no minutes."""


class WorkbookWriter(Protocol):
    """Writes the attendance workbook."""

    def __call__(self, path: Path, repositories: Repositories, context: ReportContext) -> int:
        """Write (atomically: a temporary file beside the target, then a rename) and return the number of records.

        Raises:
            ExportError: The target cannot be written (missing folder, no rights, full disk, open in Excel).
        """


class TableWriter(Protocol):
    """Writes rows of plain words as a table."""

    def __call__(
        self, path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]
    ) -> int:
        """Write atomically, as CSV where the name ends in ``.csv``, else as a workbook; returns the number of rows.

        Raises:
            ExportError: The target cannot be written.
        """


@dataclass(frozen=True, slots=True)
class PinSlip:
    """One student's new PIN, printed once and stored only as a hash."""

    student: Student
    pin: str


class PinSlipWriter(Protocol):
    """Writes PIN slips as a PDF to cut apart."""

    def __call__(self, path: Path, *, title: str, slips: Sequence[PinSlip], address: str) -> None:
        """Write the PDF atomically; `address` is where phones sign in, or empty.

        Raises ExportError: the target cannot be written.
        """


@dataclass(frozen=True, slots=True, eq=False)
class DistanceChart:
    """The two groups of distances that decide who is recognised, and where the thresholds lie between them.

    Attributes:
        genuine: (n,) distance of each picture to the closest other one of the same person.
        impostor: (m,) distance of each picture to the closest one of anybody else.
        in_use: Thresholds to show.
        own_accept: The model's own accept, shown where it differs.
    """

    genuine: NDArray[np.float32]
    impostor: NDArray[np.float32]
    in_use: Thresholds
    own_accept: float

    @classmethod
    def of(cls, searches: Searches, thresholds: Thresholds, *, own: Thresholds) -> Self:
        """The chart of searches with a known truth; `own` are the model's own thresholds."""
        strangers = searches.best[~searches.mated]
        return cls(searches.own[searches.mated], strangers[np.isfinite(strangers)], thresholds, own.accept)


class DistanceChartDrawer(Protocol):
    """Draws a `DistanceChart`."""

    def __call__(self, chart: DistanceChart, *, dark: bool, scale: float = 1.0) -> bytes:
        """A PNG of 960 × 350 pixels times `scale`, on the colour of a card of the light or dark window."""
