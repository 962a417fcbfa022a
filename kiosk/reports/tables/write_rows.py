"""Rows of plain words as a table to keep: a workbook of one sheet, or CSV. Slow; any thread but the window's."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from kiosk.reports.atomic import replacing
from kiosk.reports.book import Book
from kiosk.reports.cells import BODY, HEADING, TITLE, is_risky, safe_text

WIDTH: Final = 22
"""Characters of a column."""

_NO_SHEET_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\'"))


def write_rows(path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]) -> int:
    """Write the table and return the number of rows; implements `TableWriter`.

    Raises:
        ExportError: The target cannot be written; an old file there stays as it was.
    """
    if path.suffix.lower() == ".csv":
        return _write_csv(path, headings, rows)
    return _write_workbook(path, title, headings, rows)


def _write_csv(path: Path, headings: Sequence[str], rows: Iterator[Sequence[str]]) -> int:
    count = 0
    with replacing(path, suffix=".csv") as stream:
        # With a byte order mark: without one Excel takes the letters for those of the old code page.
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(headings)
        for row in rows:
            writer.writerow([_plain(cell) for cell in row])
            count += 1
        text.detach()
    return count


def _write_workbook(path: Path, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]) -> int:
    count = 0
    with Book() as book, replacing(path, suffix=".xlsx") as stream:
        sheet = book.sheet(title.translate(_NO_SHEET_NAME)[:31] or "1")
        sheet.widths([WIDTH] * len(headings))
        sheet.row((TITLE, title))
        sheet.row(*((HEADING, heading) for heading in headings))
        for row in rows:
            sheet.row(*((BODY, cell) for cell in row))
            count += 1
        sheet.raw.freeze_panes = "A3"
        sheet.printed(heading_rows=(2, 2))
        book.save(stream)
    return count


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = safe_text(text)
    return f"'{text}" if is_risky(text) else text
