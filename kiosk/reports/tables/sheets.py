"""What a table in a file consists of, whichever kind of file it is: sheets, rows, and cells with what is doubtful about them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, assert_never

from kiosk.translation import _

MAX_BYTES: Final = 10_000_000
MAX_ROWS: Final = 10_000
MAX_COLUMNS: Final = 64


class CellKind(Enum):
    """What a cell holds, as far as its file says so."""

    TEXT = auto()
    NUMBER = auto()
    """A whole number, written as the sheet shows it."""
    DATE = auto()
    TRUTH = auto()
    ERROR = auto()
    INEXACT = auto()
    """A number that the sheet shows otherwise than it can be told here: a fraction, more than 15 digits, a rare format."""
    NO_VALUE = auto()
    """A formula whose file does not say what it comes to."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as a person reads it, and what kind of thing that is."""

    text: str
    kind: CellKind = CellKind.TEXT


EMPTY: Final = Cell("")

_OFFICE_ERROR: Final = re.compile(
    r"(?:Err|Error|Erreur|Errore|Fehler|Fout|Błąd|Chyba|Hiba|Ошибка)\s?:\s?\d{3}", re.IGNORECASE
)
_ERROR: Final = re.compile(r"#(?:#*|[¡¿]?[^\W\d_][\w/ ]*[!?؟]?)")


def is_error(text: str) -> bool:
    """Whether a text is what spreadsheets write for a value that there is none of, in any language: ``#REF!``, ``Err:502``."""
    if _OFFICE_ERROR.fullmatch(text):
        return True
    if (
        not _ERROR.fullmatch(text)
        or text != text.upper()
        or any(sign.isdigit() for sign in text.replace("/0", ""))
    ):
        return False
    return text.endswith(("#", "!", "?", "؟")) or any(sign.isupper() for sign in text)


def trimmed(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells without empty ones at the end."""
    end = len(cells)
    while end and cells[end - 1] == EMPTY:
        end -= 1
    return tuple(cells[:end])


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `line` counts from 1 as an editor or Excel does."""

    line: int
    cells: tuple[Cell, ...]

    def cell(self, place: int | None) -> Cell:
        """The cell in that column; an empty one where there is none."""
        return self.cells[place] if place is not None and place < len(self.cells) else EMPTY

    def texts(self) -> tuple[str, ...]:
        """All cells as text."""
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows that are not empty. A text file has one without a name."""

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False
    hidden_lines: frozenset[int] = frozenset()
    """Lines that the sheet does not show, as behind a filter; they are among the rows."""
    hidden_columns: frozenset[int] = frozenset()
    """Places of columns that the sheet does not show; the rows have their cells."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the letters of a text file were read.

    Attributes:
        name: As Python calls it; empty for a workbook, which says it itself.
        sure: Whether there is nothing else that it could sensibly be.
        others: What else it could be, likeliest first.
    """

    name: str = ""
    sure: bool = True
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """All sheets of a file, and how its letters were read."""

    sheets: tuple[Sheet, ...]
    encoding: Encoding


def doubt_words(kind: CellKind, text: str) -> str:
    """Why a cell of this kind is no student number, as a sentence; empty when nothing speaks against it."""
    text = text[:40]
    match kind:
        case CellKind.TEXT | CellKind.NUMBER:
            return ""
        case CellKind.DATE:
            return _("“{text}” is a date: the spreadsheet made one of the number.", text=text)
        case CellKind.TRUTH:
            return _("“{text}” is a yes or no of the spreadsheet, not a text.", text=text)
        case CellKind.ERROR:
            return _("“{text}” is an error of the spreadsheet.", text=text)
        case CellKind.INEXACT:
            return _(
                "“{text}” is a number that the spreadsheet rounded, or shows in a way that cannot be told here: "
                "format the column as text.",
                text=text,
            )
        case CellKind.NO_VALUE:
            return _("The formula has no value: open the file in the spreadsheet and save it again.")
        case _:
            assert_never(kind)
