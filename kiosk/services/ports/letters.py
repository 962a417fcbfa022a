"""Letters that ask for consent: the port to the paper they stand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from kiosk.domain.people.notices import Notice
from kiosk.domain.people.students import Student


@dataclass(frozen=True, slots=True)
class ConsentLetter:
    """One student's letter; `code` is empty where phones do not come by HTTPS and the answer is on paper alone."""

    student: Student
    code: str


@dataclass(frozen=True, slots=True)
class LetterWords:
    """What stands on every letter.

    Attributes:
        school: Its name; empty: none is set.
        address: Where the code is answered; empty with letters without codes.
        until: Until when that can be done.
        deciding_age: From which age the student answers; 0: always.
    """

    school: str
    notice: Notice
    address: str
    made_on: date
    until: date
    deciding_age: int


class LetterWriter(Protocol):
    """Writes letters as a PDF, one sheet a student."""

    def __call__(self, path: Path, words: LetterWords, letters: Sequence[ConsentLetter]) -> None:
        """Write the PDF atomically. Raises ExportError: the target cannot be written."""
