"""Rows of a text file: cells between commas, semicolons, tabs or bars. Any thread.

Lines are counted as an editor does. A quotation mark that is opened by mistake would make one cell of many lines; such a cell
is told from a rightly quoted one of several lines (an address, a heading) and refused with both of its lines.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kiosk.errors import FileFormatError
from kiosk.reports.tables.sheets import MAX_COLUMNS, MAX_ROWS, Cell, CellKind, Row, is_error
from kiosk.translation import _

_SEP: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_TEXT_FORMULA: Final = re.compile(r'="((?:[^"]|"")*)"', re.DOTALL)
"""How systems keep Excel from taking the zeros off a number."""

MAX_CELL_LINES: Final = 40
"""A quoted cell with more lines is no address."""
LOOKED_AT: Final = 50
_WIDE_DELIMITERS: Final = "，；؛،"
"""Commas and semicolons of other scripts: what a list is divided by that was typed by hand; none where a usual one divides it."""


def csv_rows(name: str, text: str) -> list[Row]:
    """All rows with text, a few more than `MAX_ROWS` at most.

    Raises:
        FileFormatError: A quotation mark is not closed, or swallows other lines.
    """
    lines = _LINE_END.split(text)
    hint = _SEP.fullmatch(lines[0])
    if hint is not None:
        delimiter, lines[0] = hint[1], ""
    else:
        delimiter = _delimiter(lines)
    rows = []
    for row in _Records(name, lines, delimiter).rows():
        if any(cell.text for cell in row.cells):
            rows.append(row)
        if len(rows) > MAX_ROWS + 100:
            break
    return rows


def _delimiter(lines: list[str]) -> str:
    """Whichever splits most of the first lines into equally many cells."""
    first = [re.sub(r'"[^"]*"', "", line) for line in lines if line.strip()][:LOOKED_AT]
    best, delimiter = (0, 0), ","
    for one in ",;\t|":
        counts = Counter(count for line in first if (count := line.count(one)))
        cells, agreeing = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if (agreeing, cells) > best:
            best, delimiter = (agreeing, cells), one
    if not best[1]:
        delimiter = next(
            (one for one in _WIDE_DELIMITERS if any(one in line for line in first[:1])), delimiter
        )
    return delimiter


@dataclass(slots=True)
class _Quoted:
    """A cell in quotation marks, as far as it was read."""

    opened_on: int
    text: str
    end: int
    """Where reading goes on in the last line."""
    last: int
    """Place of the last line."""


class _Records:
    """Goes through lines; a record has several where a cell does."""

    def __init__(self, name: str, lines: list[str], delimiter: str) -> None:
        self._name = name
        self._lines = lines
        self._delimiter = delimiter
        self._width = max(
            (line.count(delimiter) + 1 for line in lines[:LOOKED_AT] if '"' not in line), default=0
        )

    def rows(self) -> Iterator[Row]:
        place = 0
        while place < len(self._lines):
            line = self._lines[place]
            if '"' in line:
                cells, last = self._quoted_record(place)
            else:
                cells, last = line.split(self._delimiter), place
            yield Row(place + 1, tuple(_cell(text) for text in cells[:MAX_COLUMNS]))
            place = last + 1

    def _quoted_record(self, place: int) -> tuple[list[str], int]:
        cells: list[str] = []
        long_ones: list[_Quoted] = []
        last, start = place, 0
        while True:
            line = self._lines[last]
            begin = start + len(line[start:]) - len(line[start:].lstrip(" "))
            if line.startswith('"', begin):
                quoted = self._quoted(last, begin + 1, cells)
                if quoted.last != last:
                    long_ones.append(quoted)
                cells.append(quoted.text)
                last, end = quoted.last, quoted.end
                line = self._lines[last]
            else:
                end = line.find(self._delimiter, start)
                end = len(line) if end < 0 else end
                cells.append(line[start:end])
            if end >= len(line):
                break
            start = end + 1
        for quoted in long_ones:
            if len(cells) < self._width and self._delimiter in quoted.text:
                raise self._swallowed(quoted.opened_on, quoted.last)
        return cells, last

    def _quoted(self, place: int, start: int, before: list[str]) -> _Quoted:
        """Read a cell from behind its opening mark. A mark within the first line that nothing follows as it should is a text's own."""
        text, line_place, is_loose = "", place, False
        while True:
            line = self._lines[line_place]
            found = line.find('"', start)
            if found < 0:
                if line_place + 1 >= len(self._lines) or line_place - place >= MAX_CELL_LINES:
                    raise self._swallowed(place, line_place)
                text += line[start:] + "\n"
                line_place, start = line_place + 1, 0
                if self._is_like_a_row(self._lines[line_place], before):
                    raise self._swallowed(place, line_place)
                continue
            text += line[start:found]
            if line.startswith('""', found) and not (is_loose and self._ends(line[found + 2 :])):
                text, start = text + '"', found + 2
            elif self._ends(line[found + 1 :]):
                return _Quoted(place, text, self._next(line, found + 1), line_place)
            elif line.startswith('""', found):
                return _Quoted(place, text + '"', self._next(line, found + 2), line_place)
            elif line_place != place:
                raise self._swallowed(place, line_place)
            else:
                text, start, is_loose = text + '"', found + 1, True

    def _ends(self, rest: str) -> bool:
        return not rest.strip(" ") or rest.lstrip(" ").startswith(self._delimiter)

    def _next(self, line: str, end: int) -> int:
        found = line.find(self._delimiter, end)
        return len(line) if found < 0 else found

    def _is_like_a_row(self, line: str, before: list[str]) -> bool:
        """Whether a line within a cell is a row of its own: as many cells, and the first ones of the same kind."""
        cells = line.split(self._delimiter)
        return (
            bool(before)
            and len(cells) >= self._width > 1
            and all(_shape(mine) == _shape(known) for mine, known in zip(cells, before, strict=False))
        )

    def _swallowed(self, opened: int, last: int) -> FileFormatError:
        return FileFormatError(
            _(
                "Line {line} of {name} cannot be read: a quotation mark that opens there takes in the lines up to {last}.",
                line=opened + 1,
                name=self._name,
                last=last + 1,
            ),
            _("Look for a quotation mark that is not closed, and take it out."),
        )


def _shape(text: str) -> str:
    """What a cell looks like: digits, letters without blanks, or words."""
    text = text.strip()
    return (
        "empty"
        if not text
        else "words"
        if " " in text
        else "number"
        if any(sign.isdigit() for sign in text)
        else "letters"
    )


def _cell(text: str) -> Cell:
    text = text.strip().removeprefix("\ufeff")
    formula = _TEXT_FORMULA.fullmatch(text)
    if formula is not None:
        return Cell(formula[1].replace('""', '"').strip())
    return Cell(text, CellKind.ERROR) if is_error(text) else Cell(text)
