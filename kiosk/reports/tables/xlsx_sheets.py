"""Sheets of an Excel workbook (.xlsx, .xlsm), each cell as Excel shows it. Any thread."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import repeat
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as BookCell
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.datetime import to_excel
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook

from kiosk.reports.tables.archives import damaged, too_much
from kiosk.reports.tables.number_format import is_date_format, shown
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

MAX_LINES: Final = 1_048_576
"""The last line that Excel has; its files may name empty lines up to it."""

_ROW_TAG: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_COLUMN_TAG: Final = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_HIDDEN: Final = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_LINE: Final = re.compile(rb"\br=[\"'](\d{1,7})[\"']")
_FIRST: Final = re.compile(rb"\bmin=[\"'](\d{1,5})[\"']")
_LAST: Final = re.compile(rb"\bmax=[\"'](\d{1,5})[\"']")

AnyCell = BookCell | MergedCell | ReadOnlyCell | EmptyCell

DAMAGED: Final = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
)
"""openpyxl says "damaged" in as many ways as there are parts that can be missing."""


def xlsx_sheets(name: str, data: bytes) -> list[Sheet]:
    """All sheets with cells, hidden ones too, each cut after `MAX_ROWS` and a few more rows.

    Raises:
        FileFormatError: Damaged, or with lines beyond Excel's last.
    """
    try:
        with closing(load_workbook(io.BytesIO(data), read_only=True, data_only=True)) as values:
            if not _has_formulas(data):
                return [
                    _with_hidden(data, values, place, _sheet(name, values, None, place))
                    for place in range(len(values.worksheets))
                ]
            with closing(load_workbook(io.BytesIO(data), read_only=True)) as formulas:
                return [
                    _with_hidden(data, values, place, _sheet(name, values, formulas, place))
                    for place in range(len(values.worksheets))
                ]
    except DAMAGED as error:
        raise damaged(name) from error


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(
            b"<f>" in part or b"<f " in part
            for part in (
                archive.read(one) for one in archive.namelist() if one.startswith("xl/worksheets/sheet")
            )
        )


def _with_hidden(data: bytes, values: Workbook, place: int, sheet: Sheet) -> Sheet:
    """The sheet with what it hides; openpyxl does not say so where it reads line by line."""
    part: Any = values.worksheets[place]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read(part._worksheet_path)
    lines = {
        int(found[1])
        for tag in _ROW_TAG.findall(text)
        if _HIDDEN.search(tag) and (found := _LINE.search(tag)) is not None
    }
    columns: set[int] = set()
    for tag in _COLUMN_TAG.findall(text):
        first, last = _FIRST.search(tag), _LAST.search(tag)
        if _HIDDEN.search(tag) and first is not None and last is not None:
            columns |= set(range(int(first[1]) - 1, min(int(last[1]), MAX_COLUMNS)))
    return replace(sheet, hidden_lines=frozenset(lines), hidden_columns=frozenset(columns))


def _sheet(name: str, values: Workbook, formulas: Workbook | None, place: int) -> Sheet:
    sheet: Any = values.worksheets[place]
    sheet.reset_dimensions()  # a sheet may claim a million columns
    beside: Iterator[tuple[AnyCell, ...] | None] = repeat(None)
    if formulas is not None:
        formula_sheet: Any = formulas.worksheets[place]
        formula_sheet.reset_dimensions()
        beside = formula_sheet.iter_rows(max_col=MAX_COLUMNS)
    rows: list[Row] = []
    for line, (row, written) in enumerate(zip(sheet.iter_rows(max_col=MAX_COLUMNS), beside, strict=False), 1):
        if line > MAX_LINES:
            raise too_much(name)
        if all(isinstance(cell, EmptyCell) for cell in row):  # a gap of a million rows costs the file nothing
            continue
        cells = tuple(_cell(cell) for cell in row)
        if written is not None:
            cells = tuple(_or_formula(cell, text) for cell, text in zip(cells, written, strict=False))
        if any(cell.text or cell.kind is CellKind.NO_VALUE for cell in cells):
            rows.append(Row(line, trimmed(cells)))
        if len(rows) > MAX_ROWS + 100:
            break
    return Sheet(sheet.title, tuple(rows), hidden=sheet.sheet_state != "visible")


def _or_formula(cell: Cell, written: AnyCell) -> Cell:
    """The cell, or the word that it is a formula without a value."""
    if not cell.text and written.data_type == "f":
        return Cell("", CellKind.NO_VALUE)
    return cell


def _cell(cell: AnyCell) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return Cell(str(value).upper(), CellKind.TRUTH)
    if cell.data_type == "e":
        return Cell(str(value), CellKind.ERROR)
    form = cell.number_format or ""
    if isinstance(value, (date, datetime, time, timedelta)):
        if is_date_format(form):
            return Cell(str(value), CellKind.DATE)
        value = float(to_excel(value))  # type: ignore[no-untyped-call]  # openpyxl took the letter of a format such as \S00000 for seconds
    if isinstance(value, (int, float)):
        text = shown(value, form)
        return Cell(str(value), CellKind.INEXACT) if text is None else Cell(text, CellKind.NUMBER)
    text = str(value).strip()
    return Cell(text, CellKind.ERROR) if is_error(text) else Cell(text)
