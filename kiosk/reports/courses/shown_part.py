"""What a sheet shows of a class list: lines behind a filter and hidden columns are not meant, as hidden sheets are not. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from openpyxl.utils import get_column_letter

from kiosk.domain.courses.list_columns import ListChoices
from kiosk.reports.courses.columns import is_class_list
from kiosk.reports.tables.sheets import EMPTY, Row, Sheet
from kiosk.services.ports.outputs import ListNote
from kiosk.translation import _


def shown_part(sheet: Sheet, choices: ListChoices) -> tuple[Sheet, list[ListNote]]:
    """The sheet without what it hides, and a word on that.

    All of it where nothing else would be left, and hidden columns where the others make no list or somebody chose columns.
    """
    notes = []
    rows = tuple(row for row in sheet.rows if row.line not in sheet.hidden_lines)
    if rows and len(rows) < len(sheet.rows):
        lines = _spans(row.line for row in sheet.rows if row.line in sheet.hidden_lines)
        notes.append(
            ListNote(0, _("Lines that are hidden, as by a filter, were not read: {lines}.", lines=lines))
        )
    else:
        rows = sheet.rows
    is_chosen = bool(choices.names) or any(
        one is not None for one in (choices.number, choices.email, choices.guardian)
    )
    if sheet.hidden_columns and not is_chosen:
        seen = tuple(_without(row, sheet.hidden_columns) for row in rows)
        if seen != rows and is_class_list(seen):
            letters = ", ".join(get_column_letter(place + 1) for place in sorted(sheet.hidden_columns)[:20])
            notes.append(ListNote(0, _("Columns that are hidden were not read: {columns}.", columns=letters)))
            rows = tuple(row for row in seen if any(cell != EMPTY for cell in row.cells))
    return replace(sheet, rows=rows), notes


def _without(row: Row, hidden: frozenset[int]) -> Row:
    return replace(
        row, cells=tuple(EMPTY if place in hidden else cell for place, cell in enumerate(row.cells))
    )


def _spans(lines: Iterable[int]) -> str:
    """Such as ``3, 5–9``; the first dozen."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and spans[-1][1] == line - 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    words = [str(first) if first == last else f"{first}–{last}" for first, last in spans]
    return ", ".join(words[:12]) + (" …" if len(words) > 12 else "")
