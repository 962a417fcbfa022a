"""Marks of one session from a table: which columns mean what, and which lines can be taken. Any thread."""

import re
from datetime import time
from pathlib import Path
from typing import Final

from kiosk.domain.people.students import STUDENT_NO, clean_text, fold
from kiosk.errors import FileFormatError
from kiosk.reports.people.answer_file import COLUMNS as ANSWER_COLUMNS
from kiosk.reports.tables.read_table import read_table
from kiosk.reports.tables.sheets import Row, doubt_words
from kiosk.services.ports.marks import MarkFile, MarkRow
from kiosk.services.ports.outputs import RefusedRow
from kiosk.translation import _

COLUMNS: Final = {
    "student_no": ANSWER_COLUMNS["student_no"],
    "status": ("status", "attendance", "mark", "state", "presence"),
    "time": ("time", "at", "arrived", "arrival", "arrivaltime", "came", "cameat"),
}
"""Headings that are understood, best first, compared without case, accents, spaces and punctuation."""

_TIME: Final = re.compile(r"(?:^|[ T])(\d{1,2})[:.](\d{2})(?::\d{2})?(?:\s*([ap])\.?m\.?)?$", re.IGNORECASE)


def read_mark_file(path: Path) -> MarkFile:
    """Read marks; implements `MarkFileReader`.

    Raises:
        FileFormatError: Unreadable, a needed column is missing, or no line at all.
    """
    table = read_table(path)
    if len(table) < 2:
        raise FileFormatError(
            _("{name} has no marks in it.", name=path.name),
            _("It needs the columns student_no and status, and may have time."),
        )
    columns = _columns(path.name, table[0])
    rows: list[MarkRow] = []
    refused: list[RefusedRow] = []
    for row in table[1:]:
        found = _row(row, columns)
        if isinstance(found, MarkRow):
            rows.append(found)
        else:
            refused.append(RefusedRow(row.line, found))
    return MarkFile(tuple(rows), tuple(refused))


def _columns(name: str, heading: Row) -> dict[str, int]:
    keys = [re.sub(r"[\W_]+", "", fold(text)) for text in heading.texts()]
    columns = {}
    for column, synonyms in COLUMNS.items():
        found = next((one for one in synonyms if one in keys), None)
        if found is not None:
            columns[column] = keys.index(found)
    for needed in ("student_no", "status"):
        if needed not in columns:
            raise FileFormatError(
                _("{name} has no column {missing}.", name=name, missing=needed),
                _(
                    "The first line must have student_no and status (time is optional); found: {found}.",
                    found=", ".join(text[:40] for text in heading.texts()[:12] if text),
                ),
            )
    return columns


def _row(row: Row, columns: dict[str, int]) -> MarkRow | str:
    """The line, or why it cannot be taken."""
    cell = row.cell(columns["student_no"])
    number, status, at = (
        clean_text(row.cell(columns.get(one)).text) for one in ("student_no", "status", "time")
    )
    if doubt := doubt_words(cell.kind, cell.text):
        return doubt
    if not STUDENT_NO.fullmatch(number):
        return (
            _("“{number}” is not a student number.", number=number[:40])
            if number
            else _("The student number is missing.")
        )
    if not status:
        return _("The status is missing.")
    moment = _time(at) if at else None
    if at and moment is None:
        return _("“{at}” is not a time such as 09:05.", at=at[:40])
    return MarkRow(row.line, number, status, moment)


def _time(text: str) -> time | None:
    found = _TIME.search(text)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
