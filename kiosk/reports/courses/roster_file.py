"""Class lists: which sheet and columns are meant, and which rows can be taken. Any thread."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.courses.list_columns import ListChoices, ListReading
from kiosk.domain.people.same_person import name_key, without_zeros
from kiosk.domain.people.spelling import clean_name, clean_number
from kiosk.domain.people.students import JOINERS, STUDENT_NO, fold
from kiosk.errors import FileFormatError
from kiosk.reports.courses.columns import (
    Columns,
    family_columns,
    find_columns,
    is_class_list,
    other_guardian_columns,
)
from kiosk.reports.courses.doubts import not_a_number, number_doubt
from kiosk.reports.courses.full_name import family_name, full_name
from kiosk.reports.courses.one_roster import students_only
from kiosk.reports.courses.shown_part import shown_part
from kiosk.reports.courses.staff_rows import without_staff
from kiosk.reports.courses.system_ids import system_id, system_id_column
from kiosk.reports.tables.read_table import bounded, read_tables, shown_sheets
from kiosk.reports.tables.sheets import CellKind, Encoding, Row, Sheet, Table, doubt_words
from kiosk.services.ports.outputs import ListChoiceError, ListNote, RefusedRow, RosterFile
from kiosk.translation import _
from kiosk.wording.code_pages import code_page_words
from kiosk.wording.lists import listed

NEEDED: Final = ("student_no", "full_name")

MAX_NAME: Final = 200
MAX_EMAIL: Final = 254

_EMAIL: Final = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\".]{2,}")
_NO_EMAIL: Final = re.compile(r"[-–—./ ]*|n\.?/?a\.?|none|null|nil", re.IGNORECASE)
_NO_STUDENT: Final = frozenset({"points possible", "student, test", "test student"})
"""What stands in the place of a name in Canvas's gradebook and is nobody."""
_TOTALS: Final = (
    "|total|totals|grand total|all courses|in class|sum|average|mean|summe|gesamt|insgesamt|durchschnitt|totaal|suma|razem|"
    "somme|moyenne|totale|media|promedio|toplam|ortalama|итого|всего|сумма|среднее|المجموع|"
)
"""What stands at the head of a row of sums, each between bars, in this program's own workbook and in those of others."""


def read_roster_file(path: Path, choices: ListChoices | None = None) -> RosterFile:
    """Read a class list from CSV, XLSX or ODS; implements `RosterFileReader`.

    Columns may stand in any order; those that are not known are ignored. Rows with an empty, doubtful, badly formed or
    repeated number or no name are refused, each with its line and reason.

    Raises:
        FileFormatError: Unreadable, a needed column is missing, or not one usable row.
        ListChoiceError: Several sheets may be meant, or a needed column is not found.
    """
    choices = choices or ListChoices()
    table = read_tables(path, encoding=choices.encoding)
    sheet, notes = _sheet(path.name, table, choices.sheet)
    sheet, unseen = shown_part(sheet, choices)
    rows = bounded(path.name, sheet.rows)
    if not rows:
        raise FileFormatError(
            _("{name} is empty.", name=path.name), _("It needs the columns {needed}.", needed=listed(NEEDED))
        )
    columns = find_columns(rows, choices)
    _check_needed(path.name, columns, rows, _reading(table, sheet, columns))
    columns, left_out = students_only(path, columns)
    columns, of_others = without_staff(columns)
    reading = _reading(table, sheet, columns)
    result = _rows(columns, is_text=bool(table.encoding.name))
    if not result.rows:
        hint = [_("Each row needs a student number and a name.")]
        hint += [_("Line {line}: {reason}", line=one.line, reason=one.reason) for one in result.refused[:1]]
        raise FileFormatError(_("{name} has no row that can be used.", name=path.name), " ".join(hint))
    notes += [
        *unseen,
        *_one_of_guardians(columns),
        *left_out,
        *of_others,
        *_letters(table.encoding, result),
        *result.notes,
    ]
    return RosterFile(result.rows, result.refused, tuple(notes), reading)


def _sheet(name: str, table: Table, wanted: str | None) -> tuple[Sheet, list[ListNote]]:
    """The sheet that is meant, and what to say about those that are not read."""
    if wanted is not None:
        found = next((one for one in table.sheets if fold(one.name) == fold(wanted)), None)
        if found is None:
            raise FileFormatError(
                _("{name} has no sheet {wanted}.", name=name, wanted=wanted),
                _("Sheets are: {sheets}.", sheets=sheets)
                if (sheets := ", ".join(one.name for one in table.sheets if one.name))
                else _("It has no sheets; leave --sheet out."),
            )
        return found, []
    shown = shown_sheets(table)
    if len(shown) > 1:
        lists = [one for one in shown if is_class_list(one.rows)]
        if len(lists) != 1:
            raise ListChoiceError(
                _("{name} has several sheets: {sheets}.", name=name, sheets=_names(lists or shown)),
                _("Choose which one is meant (on the command line with --sheet NAME)."),
                ListReading(sheets=tuple(one.name for one in lists or shown)),
            )
        others = [one for one in shown if one is not lists[0]]
        words = _("Only sheet {sheet} was read, not {others}.", sheet=lists[0].name, others=_names(others))
        return lists[0], [ListNote(0, words)]
    if not shown:
        return Sheet("", ()), []
    hidden = [one for one in table.sheets if one.hidden and one.rows and one is not shown[0]]
    if hidden:
        words = _("Sheets that are hidden were not read: {sheets}.", sheets=_names(hidden))
        return shown[0], [ListNote(0, words)]
    return shown[0], []


def _names(sheets: Sequence[Sheet]) -> str:
    return ", ".join(sheet.name for sheet in sheets)


def _check_needed(name: str, columns: Columns, rows: Sequence[Row], reading: ListReading) -> None:
    """Raises ListChoiceError: a needed column is missing; says what was found."""
    missing = [
        one
        for one, found in zip(NEEDED, (columns.number is not None, bool(columns.names)), strict=True)
        if not found
    ]
    if not missing and not columns.only_part:
        return
    found = ", ".join(heading[:40] for heading in _headings_in(columns, rows)[:12])
    if not missing:
        raise ListChoiceError(
            _("{name} has only one part of the names, “{part}”.", name=name, part=columns.only_part),
            _(
                "First and family name are needed, in one column or two; found: {found}. If it is the whole name, say so "
                "(on the command line with --name).",
                found=found,
            ),
            reading,
        )
    raise ListChoiceError(
        _("{name} has no column {missing}.", name=name, missing=missing[0])
        if len(missing) == 1
        else _("{name} has no column {one} and no column {two}.", name=name, one=missing[0], two=missing[1]),
        _(
            "Headings such as student_no and full_name say which columns are meant; found: {found}. Choose the columns (on the "
            "command line with --number and --name).",
            found=found,
        ),
        reading,
    )


def _headings_in(columns: Columns, rows: Sequence[Row]) -> list[str]:
    """Headings that stand in the file, without the letters of those that have none."""
    texts = {text for row in rows[:30] for cell in row.cells if (text := " ".join(cell.text.split())[:80])}
    return [heading for heading in columns.headings if heading in texts]


def _reading(table: Table, sheet: Sheet, columns: Columns) -> ListReading:
    return ListReading(
        sheet=sheet.name,
        sheets=tuple(one.name for one in shown_sheets(table)),
        encoding=table.encoding.name,
        encodings=table.encoding.others,
        headings=columns.headings,
        number=columns.number,
        names=columns.names,
        email=columns.email,
        guardian=columns.guardian,
        is_guess=columns.is_guess,
        counts_lines=columns.counts_lines,
    )


def _letters(encoding: Encoding, result: RosterFile) -> list[ListNote]:
    """A word where the letters may be others."""
    if encoding.sure:
        return []
    odd = [row.full_name for row in result.rows if not row.full_name.isascii()][:3]
    return [
        ListNote(
            0,
            _(
                "Letters may be wrong: names were read as {encoding}, such as {names}; it could also be {others}. "
                "Choose another one if names look wrong (on the command line with --encoding).",
                encoding=_with_code(encoding.name),
                names=", ".join(odd) or "–",
                others=", ".join(_with_code(one) for one in encoding.others) or "–",
            ),
        )
    ]


def _with_code(name: str) -> str:
    """An encoding as people call it, and as it is typed."""
    return f"{code_page_words(name)} [{name}]"


def _rows(columns: Columns, *, is_text: bool) -> RosterFile:
    rows: list[RosterRow] = []
    refused: list[RefusedRow] = []
    notes: list[ListNote] = []
    seen: dict[str, int] = {}
    texts = [_number(row, columns) for row in columns.data]
    digits = sum(text.isdigit() for text in texts) * 2 >= len(texts)
    spilt = _spilt_lines(columns) if is_text else frozenset()
    of_system, of_family = system_id_column(columns), family_columns(columns)
    for row, number in zip(columns.data, texts, strict=True):
        name, was_odd = full_name(row, columns.names)
        if _is_total(row, number, name) or _is_heading(row, columns):
            continue
        if _is_nobody(row, columns):
            notes.append(_left_out(row))
            continue
        reason = _number_fault(row, columns, number, digits) or _name_fault(row, columns, number, name)
        if not reason and row.line in spilt:
            reason = _(
                "It has more cells than the heading: a name with a comma in it must stand in quotation marks."
            )
        if not reason and fold(number) in seen:
            reason = _(
                "The student number {number} is already on line {seen}.",
                number=number,
                seen=seen[fold(number)],
            )
        if reason:
            refused.append(RefusedRow(row.line, reason, number if STUDENT_NO.fullmatch(number) else ""))
            continue
        seen[fold(number)] = row.line
        email, guardian = _address(row, columns.email), _address(row, columns.guardian)
        notes += [ListNote(row.line, words) for words in _bad_addresses(email, guardian, number)]
        was_odd = was_odd or clean_number(row.cell(columns.number).text)[1]
        notes += [ListNote(row.line, words) for words in _remarks(number, name, was_odd=was_odd)]
        known_by = system_id(row.cell(of_system).text) if of_system is not None else ""
        family = family_name(row, of_family, name)
        rows.append(
            RosterRow(row.line, number, name, email.usable or None, known_by, family, guardian.usable)
        )
    return RosterFile(tuple(rows), tuple(refused), (*notes, *_alike(rows)))


def _left_out(row: Row) -> ListNote:
    said = next(cell.text for cell in row.cells if cell.text)
    return ListNote(
        row.line, _("It has neither a number nor a name and was left out: {said}.", said=said[:40])
    )


def _remarks(number: str, name: str, *, was_odd: bool) -> Iterator[str]:
    """What to know about a row that was taken."""
    if was_odd:
        yield _("Signs that nobody sees were taken out of {number}, {name}.", number=number, name=name)
    if _has_lost_letters(name):
        yield _("Letters of {number}, {name}, were lost when the file was saved.", number=number, name=name)


def _is_total(row: Row, number: str, name: str) -> bool:
    """Whether it is a row of sums, or of nobody: with figures, and without a number or without a name."""
    if number and name:
        return False
    said = (number or name).casefold().strip(" :")
    if (
        said in _NO_STUDENT
        or (said and f"|{said}|" in _TOTALS)
        or said in {_("Total").casefold(), _("All courses").casefold()}
    ):
        return True
    return not said and any(cell.kind in {CellKind.NUMBER, CellKind.INEXACT} for cell in row.cells)


def _is_nobody(row: Row, columns: Columns) -> bool:
    """Whether nothing stands where somebody would: a line of words below or above the students."""
    own = [row.cell(place) for place in (columns.number, columns.email, columns.guardian, *columns.names)]
    return all(not cell.text and cell.kind is not CellKind.NO_VALUE for cell in own) and any(
        cell.text for cell in row.cells
    )


def _is_heading(row: Row, columns: Columns) -> bool:
    """Whether the heading stands here again, as on each page of a printed list."""
    needed = [place for place in (columns.number, *columns.names) if place is not None]
    return all(row.cell(place).text == columns.headings[place] for place in needed)


def _spilt_lines(columns: Columns) -> frozenset[int]:
    """Lines of a text file in which a comma within a name may have cut it: they have more cells than the heading.

    Not where most lines have (the heading lacks a column), nor where the number stands behind the name and is right.
    """
    if columns.number is None or not columns.names or columns.number > max(columns.names):
        return frozenset()
    longer = [row.line for row in columns.data if len(row.cells) > columns.width]
    return frozenset(longer) if len(longer) * 2 < len(columns.data) or len(columns.data) < 3 else frozenset()


def _number(row: Row, columns: Columns) -> str:
    """The number as a person reads it, without the sign by which Excel (’) or a system (#) says that it is a text."""
    number = clean_number(row.cell(columns.number).text)[0]
    return number[1:] if number[:1] in {"'", "’", "#"} and STUDENT_NO.fullmatch(number[1:]) else number


def _has_lost_letters(name: str) -> bool:
    """Whether the file itself has wrong letters: signs for unknown ones, or UTF-8 that was once taken for another code page."""
    if "\ufffd" in name or re.search(r"(?<=[^\W\d_])\?(?=[^\W\d_])", name):
        return True
    for encoding in ("cp1252", "latin-1"):
        try:
            return name.encode(encoding).decode("utf-8") != name
        except UnicodeError:
            continue
    return False


def _alike(rows: Sequence[RosterRow]) -> list[ListNote]:
    """A word on people of one list who have one name: the list says that they are two, by their numbers."""
    names = Counter(name_key(row.full_name) for row in rows)
    first: dict[str, RosterRow] = {}
    notes = []
    for row in rows:
        key = name_key(row.full_name)
        known = first.setdefault(key, row) if names[key] > 1 else row
        if known is row:
            continue
        if without_zeros(known.student_no) == without_zeros(row.student_no):
            words = _(
                "{name} is in the list as {one} and as {two}, which differ only by zeros.",
                name=row.full_name, one=known.student_no, two=row.student_no,
            )  # fmt: skip
        else:
            words = _(
                "{name} is in the list twice, as {one} and as {two}.",
                name=row.full_name,
                one=known.student_no,
                two=row.student_no,
            )
        notes.append(ListNote(row.line, words))
    return notes


def _number_fault(row: Row, columns: Columns, number: str, digits: bool) -> str:
    """Why the number cannot be taken, as a sentence; empty when it can."""
    cell = row.cell(columns.number)
    doubt = doubt_words(cell.kind, cell.text)
    if doubt:
        return doubt
    if not number:
        return _("The student number is missing.")
    if STUDENT_NO.fullmatch(number) or "," in number:
        doubt = number_doubt(number, among_digits=digits) if cell.kind is CellKind.TEXT else ""
        if doubt:
            return doubt
    if not STUDENT_NO.fullmatch(number):
        return number_doubt(number, among_digits=digits) or not_a_number(number)
    return ""


def _name_fault(row: Row, columns: Columns, number: str, name: str) -> str:
    """Why the name cannot be taken, as a sentence; empty when it can."""
    for place in columns.names:
        cell = row.cell(place)
        if cell.kind is CellKind.NO_VALUE:
            return doubt_words(cell.kind, cell.text)
        if cell.text and cell.kind is not CellKind.TEXT:
            return _(
                "“{text}” is not the name of {number}: it is no text.", text=cell.text[:40], number=number
            )
    if not name:
        return _("The name of {number} is missing.", number=number)
    if not any(sign.isalpha() for sign in name) and not any(sign.isdigit() for sign in number):
        return _("“{number}” and “{name}” are neither a number nor a name.", number=number, name=name[:40])
    if len(name) > MAX_NAME or not all(sign.isprintable() or sign in JOINERS for sign in name):
        return _("The name of {number} is too long or has unusual characters.", number=number)
    return ""


@dataclass(frozen=True, slots=True)
class _Address:
    """What stands in a cell: an address, or something that is none."""

    usable: str = ""
    bad: str = ""


def _address(row: Row, place: int | None) -> _Address:
    cell = row.cell(place)
    text = clean_name(cell.text)[0]
    if not text or _NO_EMAIL.fullmatch(text):
        return _Address()
    if cell.kind is CellKind.TEXT and len(text) <= MAX_EMAIL and _EMAIL.fullmatch(text):
        return _Address(usable=text)
    return _Address(bad=text[:60])


def _bad_addresses(email: _Address, guardian: _Address, number: str) -> list[str]:
    """What to say of a row whose addresses cannot be taken."""
    said = []
    if email.bad:
        said.append(
            _("“{email}” is not an e-mail address; the student was taken without one.", email=email.bad)
        )
    if guardian.bad:
        said.append(
            _(
                "“{email}” is not one e-mail address of a parent or guardian; {number} was taken without it.",
                email=guardian.bad,
                number=number,
            )
        )
    return said


def _one_of_guardians(columns: Columns) -> list[ListNote]:
    """A word where a list has addresses of several guardians."""
    others = other_guardian_columns(columns)
    if columns.guardian is None or not others:
        return []
    words = _(
        "One address of a parent or guardian is kept: “{heading}” was read, not {others}.",
        heading=columns.headings[columns.guardian],
        others=listed(others),
    )
    return [ListNote(0, words)]
