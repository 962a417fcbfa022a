"""What a list shows, and where it comes from. Values only; any thread."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.listing import ListQuestion
from kiosk.gui.theme import Tone


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its words, what their colour says beside them, and a tool tip where more is to be said.

    `picture` stands before the words, as the bytes of an image file; it is drawn when it comes into view.
    """

    text: str
    tone: Tone = Tone.TEXT
    tip: str = ""
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row; `key` names what it stands for, such as a student's id."""

    key: Hashable
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column.

    Attributes:
        name: What the source is asked to sort by, and under what its width is remembered.
        heading: As people read it.
        width: Pixels at 1080p at first; 0 takes the room that is left.
        is_number: Whether it stands to the right, under a heading that does.
        sorts: Whether pressing the heading sorts.
    """

    name: str
    heading: str
    width: int = 160
    is_number: bool = False
    sorts: bool = True


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A filter that can be switched on: its name for the source, and its words."""

    name: str
    words: str


class ListSource(Protocol):
    """Where the rows of a list come from. Called on a worker's thread; may raise KioskError."""

    def count(self, asked: ListQuestion) -> int:
        """How many rows there are."""

    def rows(self, asked: ListQuestion, *, first: int, most: int) -> Sequence[ListRow]:
        """Those from place `first` (from 0), at most `most`."""
