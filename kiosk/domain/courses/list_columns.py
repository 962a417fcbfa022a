"""What a person chose about reading a class list, and how it was read. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListChoices:
    """What a person chose about reading a file; whatever is not chosen is guessed.

    A column is named by its heading, by its letter in a spreadsheet, or by its number from 1; surely by `column_at`.

    Attributes:
        sheet: Name of the sheet of a workbook.
        encoding: How the letters of a text file are read, as Python calls it.
        number: The column with the student numbers.
        names: Columns that make the name, joined in this order.
        email: The column with addresses; an empty text for none.
        guardian: The column with addresses of parents or guardians; an empty text for none.
    """

    sheet: str | None = None
    encoding: str | None = None
    number: str | None = None
    names: tuple[str, ...] = ()
    email: str | None = None
    guardian: str | None = None


@dataclass(frozen=True, slots=True)
class ListReading:
    """How a class list was read, to be shown and changed.

    Attributes:
        sheet: The sheet that was read; empty for a text file.
        sheets: All that could be.
        encoding: As Python calls it; empty for a workbook.
        encodings: What else it could be, likeliest first.
        headings: Of all columns, in order; a column without one has its letter.
        number: Place of the column with the numbers.
        names: Places of the columns that make the name, in this order.
        email: Place of the column with addresses.
        guardian: Place of the column with addresses of parents or guardians.
        is_guess: Whether columns were found by what stands in them, because headings did not say.
        counts_lines: Whether what stands for the number only counts the lines: 1, 2, 3.
    """

    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    encodings: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    number: int | None = None
    names: tuple[int, ...] = ()
    email: int | None = None
    guardian: int | None = None
    is_guess: bool = False
    counts_lines: bool = False

    def heading(self, place: int | None) -> str:
        """The heading of a column; empty for none."""
        return self.headings[place] if place is not None and place < len(self.headings) else ""


def column_at(place: int) -> str:
    """What `ListChoices` calls the column in a place, whatever its heading is."""
    return f"#{place + 1}"
