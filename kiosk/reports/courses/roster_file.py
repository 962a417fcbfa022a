"""Class lists: which columns mean what, and which rows can be taken. Any thread."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.people.students import STUDENT_NO, clean_text, fold
from kiosk.errors import FileFormatError
from kiosk.reports.tables.roster_table import TextRow, read_table
from kiosk.services.ports.outputs import RefusedRow, RosterFile
from kiosk.translation import _
from kiosk.wording.lists import listed

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
        raise FileFormatError(
            _("{name} is empty.", name=path.name), _("It needs the columns {needed}.", needed=listed(NEEDED))
        )
    columns = _columns(path.name, table[0])
    result = _rows(table[1:], columns)
    if not result.rows:
        hint = [_("Each row needs a student number and a name.")]
        hint += [_("Line {line}: {reason}", line=one.line, reason=one.reason) for one in result.refused[:1]]
        raise FileFormatError(_("{name} has no row that can be used.", name=path.name), " ".join(hint))
    return result


def _columns(name: str, heading: TextRow) -> dict[str, int]:
    """Place of each known column. Raises FileFormatError: a needed one is missing; says what was found."""
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
            _("{name} has no column {missing}.", name=name, missing=missing[0])
            if len(missing) == 1
            else _(
                "{name} has no column {one} and no column {two}.", name=name, one=missing[0], two=missing[1]
            ),
            _(
                "The first line must have student_no and full_name (email is optional); found: {found}.",
                found=found,
            ),
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
            reason = _(
                "The student number {number} is already on line {seen}.",
                number=number,
                seen=seen[fold(number)],
            )
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
        return _("The student number is missing.")
    if not STUDENT_NO.fullmatch(number):
        return _(
            "“{number}” is not a student number: use 1 to 32 letters, digits, dots, dashes or slashes.",
            number=number[:40],
        )
    if not name:
        return _("The name of {number} is missing.", number=number)
    if len(name) > MAX_NAME or not name.isprintable():
        return _("The name of {number} is too long or has unusual characters.", number=number)
    if email and (len(email) > MAX_EMAIL or not _EMAIL.fullmatch(email)):
        return _("“{email}” is not an e-mail address.", email=email[:60])
    return ""
