"""Class lists: which columns mean what, and which rows can be taken. Any thread."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.people.students import STUDENT_NO, clean_text, fold
from kiosk.errors import FileFormatError
from kiosk.reports.roster_table import TextRow, read_table
from kiosk.services.ports.outputs import RefusedRow, RosterFile

NEEDED: Final = ("student_no", "full_name")

SYNONYMS: Final = {
    "student_no": (
        "studentno",
        "studentnumber",
        "studentnr",
        "studentid",
        "matriculationno",
        "matriculationnumber",
        "admissionno",
        "rollno",
        "rollnumber",
        "number",
        "no",
        "nr",
        "id",
    ),
    "full_name": ("fullname", "studentname", "name", "student"),
    "email": ("email", "emailaddress", "studentemail", "mail"),
}
"""Headings that are understood, best first, compared without case, accents, spaces and punctuation."""

MAX_NAME: Final = 200
MAX_EMAIL: Final = 254

_EMAIL: Final = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\".]{2,}")


def read_roster_file(path: Path) -> RosterFile:
    """Read a class list from CSV or XLSX; implements `RosterFileReader`.

    Columns may stand in any order; those that are not known are ignored. Rows with an empty, badly formed or
    repeated number, no name or a bad address are refused, each with its line and reason.

    Raises:
        FileFormatError: Unreadable, a needed column is missing, or not one usable row.
    """
    table = read_table(path)
    if not table:
        raise FileFormatError(f"{path.name} is empty.", f"It needs the columns {' and '.join(NEEDED)}.")
    columns = _columns(path.name, table[0])
    result = _rows(table[1:], columns)
    if not result.rows:
        why = f" Line {result.refused[0].line}: {result.refused[0].reason}" if result.refused else ""
        raise FileFormatError(
            f"{path.name} has no row that can be used.", f"Each row needs a student number and a name.{why}"
        )
    return result


def _columns(name: str, heading: TextRow) -> dict[str, int]:
    """Place of each known column.

    Raises:
        FileFormatError: A needed one is missing; says what was found.
    """
    keys = [re.sub(r"[\W_]+", "", fold(cell)) for cell in heading.cells]
    columns = {}
    for column, synonyms in SYNONYMS.items():
        for synonym in synonyms:
            if synonym in keys:
                columns[column] = keys.index(synonym)
                break
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        found = ", ".join(cell[:40] for cell in heading.cells[:12] if cell)
        raise FileFormatError(
            f"{name} has no column {' and no column '.join(missing)}.",
            f"The first line must have student_no and full_name (email is optional); found: {found}.",
        )
    return columns


def _rows(table: Iterable[TextRow], columns: dict[str, int]) -> RosterFile:
    rows: list[RosterRow] = []
    refused: list[RefusedRow] = []
    seen: dict[str, int] = {}
    for row in table:
        number, name, email = (
            _cell(row, columns.get(column)) for column in ("student_no", "full_name", "email")
        )
        reason = _fault(number, name, email)
        if not reason and fold(number) in seen:
            reason = f"The student number {number} is already on line {seen[fold(number)]}."
        if reason:
            refused.append(RefusedRow(row.line, reason))
            continue
        seen[fold(number)] = row.line
        rows.append(RosterRow(row.line, number, name, email or None))
    return RosterFile(tuple(rows), tuple(refused))


def _cell(row: TextRow, place: int | None) -> str:
    return clean_text(row.cells[place]) if place is not None and place < len(row.cells) else ""


def _fault(number: str, name: str, email: str) -> str:
    """Why a row cannot be taken, as a sentence; empty when it can."""
    if not number:
        return "The student number is missing."
    if not STUDENT_NO.fullmatch(number):
        return (
            f"“{number[:40]}” is not a student number: use 1 to 32 letters, digits, dots, dashes or slashes."
        )
    if not name:
        return f"The name of {number} is missing."
    if len(name) > MAX_NAME or not name.isprintable():
        return f"The name of {number} is too long or has unusual characters."
    if email and (len(email) > MAX_EMAIL or not _EMAIL.fullmatch(email)):
        return f"“{email[:60]}” is not an e-mail address."
    return ""
