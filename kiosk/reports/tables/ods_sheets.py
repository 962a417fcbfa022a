"""Sheets of an OpenDocument spreadsheet (.ods), each cell as it shows. Any thread.

The file keeps beside each value the text that was shown for it, so that no number format needs to be understood.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from kiosk.errors import FileFormatError
from kiosk.reports.tables.archives import damaged
from kiosk.reports.tables.sheets import (
    EMPTY,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    CellKind,
    Row,
    Sheet,
    is_error,
    trimmed,
)
from kiosk.translation import _

_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"

_KINDS: Final = {
    "float": CellKind.NUMBER,
    "date": CellKind.DATE,
    "time": CellKind.DATE,
    "boolean": CellKind.TRUTH,
    "percentage": CellKind.INEXACT,
    "currency": CellKind.INEXACT,
}
_GROUPED: Final = re.compile(r"\d{1,3}(?:[.,’' \u00a0\u202f]\d{3})+")


DEPTH: Final = 20
"""Text within text beyond this is nobody's list."""


def ods_sheets(name: str, data: bytes) -> list[Sheet]:
    """All sheets with cells, hidden ones too.

    Raises:
        FileFormatError: Damaged, or protected with a password.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise FileFormatError(
                    _("{name} is protected with a password.", name=name), _("Save it without one, or as CSV.")
                )
            content = archive.read("content.xml")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise damaged(name)
        root = fromstring(content)  # noqa: S314  without a document type there are no entities to unfold
    except (zipfile.BadZipFile, zlib.error, KeyError, ParseError, OSError, EOFError, RuntimeError) as error:
        raise damaged(name) from error
    hidden = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    return [_sheet(table, hidden) for table in root.iter(f"{_TABLE}table")]


def _sheet(table: Element, hidden: set[str | None]) -> Sheet:
    return Sheet(
        table.get(f"{_TABLE}name", ""),
        tuple(_rows(table)),
        hidden=table.get(f"{_TABLE}style-name") in hidden,
        hidden_lines=_hidden_lines(table),
        hidden_columns=_hidden_columns(table),
    )


def _is_hidden(element: Element) -> bool:
    return element.get(f"{_TABLE}visibility") in {"collapse", "filter"}


def _hidden_lines(table: Element) -> frozenset[int]:
    line, hidden = 1, set[int]()
    for row in table.iter(f"{_TABLE}table-row"):
        repeated = _times(row, "number-rows-repeated")
        if _is_hidden(row):
            hidden |= set(range(line, line + min(repeated, MAX_ROWS + 100)))
        line += repeated
    return frozenset(hidden)


def _hidden_columns(table: Element) -> frozenset[int]:
    places: list[bool] = []
    for column in table.iter(f"{_TABLE}table-column"):
        free = MAX_COLUMNS - len(places)
        places += [_is_hidden(column)] * min(_times(column, "number-columns-repeated"), free)
    return frozenset(place for place, is_hidden in enumerate(places) if is_hidden)


def _rows(table: Element) -> Iterator[Row]:
    line, taken = 1, 0
    for row in table.iter(f"{_TABLE}table-row"):
        repeated = _times(row, "number-rows-repeated")
        cells = _cells(row)
        if any(cell.text or cell.kind is CellKind.NO_VALUE for cell in cells):
            for more in range(min(repeated, MAX_ROWS + 100)):
                yield Row(line + more, cells)
                taken += 1
                if taken > MAX_ROWS + 100:
                    return
        line += repeated


def _cells(row: Element) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for cell in row:
        if cell.tag in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            free = MAX_COLUMNS - len(cells)
            cells += [_cell(cell)] * min(_times(cell, "number-columns-repeated"), free)
    return trimmed(cells)


def _cell(cell: Element) -> Cell:
    text = "\n".join(_words(part) for part in cell.findall(f"{_TEXT}p")).strip()
    kind = _KINDS.get(cell.get(f"{_OFFICE}value-type", ""), CellKind.TEXT)
    formula = cell.get(f"{_TABLE}formula")
    if formula is not None and not text and not cell.get(f"{_OFFICE}value-type"):
        return Cell("", CellKind.NO_VALUE)
    if not text:
        return EMPTY
    if is_error(text):
        return Cell(text, CellKind.ERROR)
    if kind is CellKind.NUMBER and not _is_exact(cell.get(f"{_OFFICE}value", ""), text):
        kind = CellKind.INEXACT
    if kind is CellKind.DATE:
        text = cell.get(f"{_OFFICE}date-value", text)
    return Cell(text, kind)


def _is_exact(value: str, text: str) -> bool:
    """Whether a number is whole, kept with all its digits, and shown without marks between thousands."""
    try:
        number = float(value)
    except ValueError:
        return False
    return number.is_integer() and abs(number) < 1e15 and not _GROUPED.fullmatch(text) and "E+" not in text


def _words(part: Element, depth: int = 0) -> str:
    """The text of a paragraph; the format writes several blanks as elements, and notes are no part of it."""
    if depth > DEPTH:
        return ""
    words = part.text or ""
    for inner in part:
        if inner.tag == f"{_TEXT}s":
            words += " " * min(_times(inner, "c", space=_TEXT), 100)
        elif inner.tag in {f"{_TEXT}tab", f"{_TEXT}line-break"}:
            words += " "
        elif not inner.tag.startswith((_OFFICE, f"{_TEXT}ruby-text")):
            words += _words(inner, depth + 1)
        words += inner.tail or ""
    return words


def _times(element: Element, name: str, *, space: str = _TABLE) -> int:
    try:
        return max(1, int(element.get(f"{space}{name}", "1")))
    except ValueError:
        return 1
