"""The sheet *Register*: students by sessions with coloured letters; one sheet a course, to be printed and signed."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from openpyxl.utils import get_column_letter

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.school_status import AnyStatus
from kiosk.reports.book import Book, Sheet
from kiosk.reports.cells import (
    BODY,
    CENTRED,
    HEADING,
    HEADING_CENTRED,
    NOTE,
    SHARE,
    STATUS,
    TITLE,
    TOTAL,
    TOTAL_CENTRED,
    TOTAL_SHARE,
    Look,
    Value,
    status_look,
)
from kiosk.reports.records.figures import CourseFigures, Figures, local
from kiosk.services.ports.outputs import ReportContext
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import status_letter, status_title, status_word

DAY_ROW: Final = 4
SESSIONS_A_PAGE: Final = 40
"""More of them go onto further pages, side by side, with the names repeated."""

STUDENTS_A_PAGE: Final = 36
"""A class of up to so many is made to fit on one page."""

MAX_SESSIONS: Final = 16_000
"""A sheet has 16,384 columns; where there are more sessions, the newest are shown and the sheet says so."""

NO_COURSE: Final = 0
"""Stands for the course of the one empty sheet where nothing was chosen."""

DAY: Final = Look(
    bold=True, colour="FFFFFF", fill="1557C0", align="center", rotated=True, format="yyyy-mm-dd"
)
START: Final = Look(size=8, colour="FFFFFF", fill="1557C0", align="center", format="hh:mm")

_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


def make_registers(book: Book, figures: Figures) -> dict[int, Sheet]:
    """The empty sheets by course id: *Register* alone, or *Register CODE* for each of several courses."""
    if not figures.several:
        return {course_id: book.sheet(_("Register")) for course_id in figures.courses or (NO_COURSE,)}
    taken: set[str] = set()
    sheets = {}
    for course_id, course in figures.courses.items():
        name = sheet_name(_("Register {code}", code=course.course.code), taken)
        taken.add(name.casefold())
        sheets[course_id] = book.sheet(name)
    return sheets


def sheet_name(wanted: str, taken: set[str]) -> str:
    r"""A name that Excel accepts: 31 characters, none of ``[]:*?/\``, no apostrophe at the end, used once.

    Args:
        wanted: What it should be.
        taken: Names in use, case-folded.
    """
    clean = wanted.translate(_FORBIDDEN).strip(" '")
    name, number = clean[:31].rstrip(" '"), 1
    while name.casefold() in taken:
        number += 1
        ending = f" ({number})"
        name = clean[: 31 - len(ending)].rstrip(" '") + ending
    return name


def fill_empty_register(sheet: Sheet) -> None:
    """Write the sheet where there is no course to show."""
    sheet.row((TITLE, _("Register")), height=24)
    sheet.row((NOTE, _("No session matches what was chosen.")))


def fill_register(sheet: Sheet, figures: CourseFigures, context: ReportContext, *, period: str) -> None:
    """Write one course's sheet once all records are counted."""
    zone = context.zone
    sessions = figures.sessions[-MAX_SESSIONS:]
    # Few sessions get wider columns, so that the table fills the page.
    sheet.widths([14, 34, *[min(8.0, max(4.8, 80 / max(1, len(sessions))))] * len(sessions), 13])
    sheet.raw.freeze_panes = f"C{DAY_ROW + 2}"
    sheet.printed(
        heading_rows=(DAY_ROW, DAY_ROW + 1),
        heading_columns="A:B",
        pages_wide=max(1, math.ceil(len(sessions) / SESSIONS_A_PAGE)),
        pages_high=1 if len(figures.students) <= STUDENTS_A_PAGE else 0,
    )
    sheet.row((TITLE, figures.course.label), height=24)
    left_out = len(figures.sessions) - len(sessions)
    known = (*Status, *figures.own)
    meanings = ", ".join(f"{status_letter(one)} {status_word(one)}" for one in known)
    notes = [*((context.school,) if context.school else ()), _("Register"), period, meanings]
    if left_out:
        notes.append(
            ngettext(
                "the {n} oldest session is left out",
                "the {n} oldest sessions are left out",
                left_out,
                n=left_out,
            )
        )
    sheet.row((NOTE, " · ".join(notes)))
    sheet.gap()
    _heading(sheet, [local(session.started_at, zone) for session in sessions])
    for student in figures.students:
        cells: list[tuple[Look, Value]] = [(BODY, student.student_no), (BODY, student.full_name)]
        for session in sessions:
            status = figures.marks.get((session.session_id, student.student_id))
            cells.append((CENTRED, None) if status is None else (status_look(status), status_letter(status)))
        sheet.row(*cells, (SHARE, figures.count(student.student_id).ratio))
    share = get_column_letter(3 + len(sessions))
    sheet.mark_below(f"{share}{DAY_ROW + 2}:{share}{max(sheet.rows, DAY_ROW + 2)}", context.limit_percent)
    totals = [(TOTAL_CENTRED, figures.attended(session.session_id)) for session in sessions]
    sheet.row((TOTAL, _("In class")), (TOTAL, None), *totals, (TOTAL_SHARE, figures.total.ratio), height=18)
    if any(session.headcount is not None for session in sessions):
        counted = [_headcount(session, figures) for session in sessions]
        sheet.row((TOTAL, _("Counted in the room")), (TOTAL, None), *counted, (TOTAL, None), height=18)
    _legend(sheet, known)


def _heading(sheet: Sheet, starts: list[datetime]) -> None:
    sheet.row(
        (HEADING, None),
        (HEADING, None),
        *((DAY, start.date()) for start in starts),
        (HEADING_CENTRED, None),
        height=66,
    )
    sheet.row(
        (HEADING, _("Student no.")),
        (HEADING, _("Name")),
        *((START, start.time()) for start in starts),
        (HEADING_CENTRED, _("Attendance")),
        height=16,
    )


def _headcount(session: ClassSession, figures: CourseFigures) -> tuple[Look, Value]:
    """How many people a teacher counted, in the colour of *late* where more were marked; empty where nobody counted."""
    surplus = session.surplus(figures.attended(session.session_id))
    return (STATUS[Status.LATE] if surplus else TOTAL_CENTRED, session.headcount)


def _legend(sheet: Sheet, known: Sequence[AnyStatus]) -> None:
    sheet.gap()
    for status in known:
        sheet.row((status_look(status), status_letter(status)), (NOTE, status_title(status)))
    sheet.row((CENTRED, None), (NOTE, _("No record: not registered yet, or the session is still open")))
