"""The sheet *Summary*: one line a student and course, with totals."""

from typing import Final

from openpyxl.utils import get_column_letter

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.reports.book import Book, Sheet
from kiosk.reports.cells import (
    BODY,
    CENTRED,
    HEADING,
    HEADING_CENTRED,
    NOTE,
    SHARE,
    TITLE,
    TOTAL,
    TOTAL_CENTRED,
    TOTAL_SHARE,
    Look,
    Value,
)
from kiosk.reports.records.figures import CourseFigures, Figures
from kiosk.translation import _
from kiosk.wording.attendance import status_words

HEADING_ROW: Final = 4


def make_summary(book: Book) -> Sheet:
    """The empty sheet, made first so that it comes first."""
    return book.sheet(_("Summary"))


def fill_summary(sheet: Sheet, figures: Figures, *, heading: str, limit_percent: int = 0) -> None:
    """Write the sheet once all records are counted."""
    several = figures.several
    counted = (_("Sessions"), *(status_words(status).title for status in Status), _("Attendance"))
    share = get_column_letter((3 if several else 2) + len(counted))
    sheet.widths([14, 16, 38, *[12] * len(counted)] if several else [16, 46, *[13] * len(counted)])
    sheet.raw.freeze_panes = f"{'D' if several else 'C'}{HEADING_ROW + 1}"
    sheet.printed(heading_rows=(HEADING_ROW, HEADING_ROW))
    sheet.row((TITLE, _("Attendance summary")), height=24)
    sheet.row((NOTE, heading))
    sheet.gap()
    who = [(HEADING, _("Course"))] if several else []
    who += [(HEADING, _("Student no.")), (HEADING, _("Name"))]
    sheet.row(*who, *((HEADING_CENTRED, text) for text in counted), height=20)
    for course in figures.courses.values():
        _fill_course(sheet, course, several=several)
    if not any(course.students for course in figures.courses.values()):
        sheet.row((NOTE, _("No student and no session matches what was chosen.")))
        return
    sheet.mark_below(f"{share}{HEADING_ROW + 1}:{share}{sheet.rows}", limit_percent)
    label = _("All courses") if several else _("Total")
    sheet.row(*_total_head(label, several=several), *_numbers(figures.total, total=True), height=18)


def _fill_course(sheet: Sheet, figures: CourseFigures, *, several: bool) -> None:
    for student in figures.students:
        who: list[tuple[Look, Value]] = [(BODY, figures.course.code)] if several else []
        who += [(BODY, student.student_no), (BODY, student.full_name)]
        sheet.row(*who, *_numbers(figures.count(student.student_id), total=False))
    if several:
        head = _total_head(figures.course.label, several=True)
        sheet.row(*head, *_numbers(figures.total, total=True))


def _total_head(label: str, *, several: bool) -> list[tuple[Look, Value]]:
    return [(TOTAL, label), *[(TOTAL, None)] * (2 if several else 1)]


def _numbers(count: AttendanceCount, *, total: bool) -> list[tuple[Look, Value]]:
    look, share = (TOTAL_CENTRED, TOTAL_SHARE) if total else (CENTRED, SHARE)
    values = (count.total, *(count.of(status) for status in Status))
    return [*((look, value) for value in values), (share, count.ratio)]
