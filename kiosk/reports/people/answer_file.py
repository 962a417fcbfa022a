"""Answers about face recognition from a table: which columns and words mean what, and which lines can be taken. Any thread."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Final

from kiosk.domain.people.consents import AnsweredBy, Answerer
from kiosk.domain.people.students import STUDENT_NO, clean_text, fold
from kiosk.errors import FileFormatError
from kiosk.reports.courses.roster_file import MAX_NAME
from kiosk.reports.tables.read_table import read_table
from kiosk.reports.tables.sheets import Row, doubt_words
from kiosk.services.ports.answers import AnswerFile, AnswerRow
from kiosk.services.ports.outputs import RefusedRow
from kiosk.translation import _
from kiosk.wording.lists import listed

NEEDED: Final = ("student_no", "answer", "by", "date")

COLUMNS: Final = {
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
    "answer": ("answer", "consent", "word"),
    "by": ("by", "answeredby", "bywhom", "who"),
    "date": ("date", "answeredon", "day", "signedon"),
    "name": ("guardianname", "nameofguardian", "guardian", "signedby", "name"),
}
"""Headings that are understood, best first, compared without case, accents, spaces and punctuation."""

YES: Final = frozenset({"yes", "y", "true", "1", "given", "consents"})
NO: Final = frozenset({"no", "n", "false", "0", "refused", "withdrawn", "objects"})
BY: Final = {
    "student": AnsweredBy.STUDENT,
    "pupil": AnsweredBy.STUDENT,
    "child": AnsweredBy.STUDENT,
    "guardian": AnsweredBy.GUARDIAN,
    "parent": AnsweredBy.GUARDIAN,
    "mother": AnsweredBy.GUARDIAN,
    "father": AnsweredBy.GUARDIAN,
}


def read_answer_file(path: Path) -> AnswerFile:
    """Read answers from CSV or XLSX; implements `AnswerFileReader`.

    Raises:
        FileFormatError: Unreadable, a needed column is missing, or not one usable line.
    """
    table = read_table(path)
    if not table:
        raise FileFormatError(
            _("{name} is empty.", name=path.name), _("It needs the columns {needed}.", needed=listed(NEEDED))
        )
    columns = _columns(path.name, table[0])
    result = _rows(table[1:], columns)
    if not result.rows:
        hint = [_("Each line needs a student number, yes or no, student or guardian, and a date.")] + [
            _("Line {line}: {reason}", line=one.line, reason=one.reason) for one in result.refused[:1]
        ]
        raise FileFormatError(_("{name} has no row that can be used.", name=path.name), " ".join(hint))
    return result


def _columns(name: str, heading: Row) -> dict[str, int]:
    keys = [re.sub(r"[\W_]+", "", fold(text)) for text in heading.texts()]
    columns = {}
    for column, synonyms in COLUMNS.items():
        found = next((one for one in synonyms if one in keys), None)
        if found is not None:
            columns[column] = keys.index(found)
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise FileFormatError(
            _("{name} has no column {missing}.", name=name, missing=missing[0]),
            _(
                "The first line must have student_no, answer, by and date (guardian_name is optional); found: {found}.",
                found=", ".join(text[:40] for text in heading.texts()[:12] if text),
            ),
        )
    return columns


def _rows(table: Iterable[Row], columns: dict[str, int]) -> AnswerFile:
    rows: list[AnswerRow] = []
    refused: list[RefusedRow] = []
    for row in table:
        found = _row(row, columns)
        if isinstance(found, AnswerRow):
            rows.append(found)
        else:
            refused.append(RefusedRow(row.line, found))
    return AnswerFile(tuple(rows), tuple(refused))


def _row(row: Row, columns: dict[str, int]) -> AnswerRow | str:
    """The line, or why it cannot be taken."""
    number, answer, by, day, name = (
        _cell(row, columns.get(column)) for column in ("student_no", "answer", "by", "date", "name")
    )
    cell = row.cell(columns["student_no"])
    if doubt := doubt_words(cell.kind, cell.text):
        return doubt
    if not STUDENT_NO.fullmatch(number):
        return (
            _("“{number}” is not a student number.", number=number[:40])
            if number
            else _("The student number is missing.")
        )
    said, who, when = fold(answer), BY.get(fold(by)), _day(day)
    if said not in YES | NO:
        return _("“{answer}” is neither yes nor no.", answer=answer[:40])
    if who is None:
        return _("“{by}” is neither student nor guardian.", by=by[:40])
    if when is None:
        return _("“{day}” is not a date such as 2026-12-01.", day=day[:40])
    if len(name) > MAX_NAME or not name.isprintable():
        return _("The name of the parent or guardian is too long or has unusual characters.")
    answerer = Answerer(who, name if who is AnsweredBy.GUARDIAN else "")
    return AnswerRow(row.line, number, said in YES, answerer, when)


def _day(text: str) -> date | None:
    """A day as ISO writes it, alone or with a time, or as 1.12.2026; 12/1/2026 means different days in different places."""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return None


def _cell(row: Row, place: int | None) -> str:
    return clean_text(row.cell(place).text)
