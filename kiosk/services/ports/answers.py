"""Answers about face recognition that a school collected elsewhere: the port to the file they come in."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from kiosk.domain.people.consents import Answerer
from kiosk.services.ports.outputs import RefusedRow


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One usable line: whose face it is about, yes or no, who said so and when."""

    line: int
    student_no: str
    given: bool
    answerer: Answerer
    answered_on: date


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """Usable lines, and refused ones with a sentence each."""

    rows: tuple[AnswerRow, ...]
    refused: tuple[RefusedRow, ...]


class AnswerFileReader(Protocol):
    """Reads answers from CSV or XLSX."""

    def __call__(self, path: Path) -> AnswerFile:
        """Read the whole file. Raises FileFormatError: unreadable, a column is missing, or not one usable line."""
