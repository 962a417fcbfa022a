"""The sheet *Minutes*: how long each student was in each class, where the school lets students check out."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.stays import CheckOut, came_at, stay_of
from kiosk.domain.records.filters import ReportRow
from kiosk.reports.book import Book, Sheet
from kiosk.reports.cells import BODY, DATE, HEADING, HEADING_CENTRED, NOTE, SHARE, TIME
from kiosk.reports.records.figures import local
from kiosk.services.ports.outputs import ReportContext
from kiosk.translation import N_, _

ROWS_A_SHEET: Final = 1_000_000

_HEADINGS: Final = (
    (HEADING_CENTRED, N_("Date")),
    (HEADING, N_("Course")),
    (HEADING, N_("Student no.")),
    (HEADING, N_("Name")),
    (HEADING_CENTRED, N_("Came")),
    (HEADING_CENTRED, N_("Left")),
    (HEADING_CENTRED, N_("Minutes")),
    (HEADING_CENTRED, N_("Of")),
    (HEADING_CENTRED, N_("Share")),
    (HEADING, N_("Note")),
)
_WIDTHS: Final = (12, 12, 14, 28, 9, 9, 10, 8, 9, 52)


def fill_minutes(book: Book, rows: Iterator[ReportRow], context: ReportContext) -> None:
    """Make and write the sheet; does nothing where the school counts no minutes. Rows come session by session."""
    outs_of = context.outs_of
    if outs_of is None:
        return
    sheet = book.sheet(_("Minutes"))
    sheet.widths(_WIDTHS)
    sheet.raw.freeze_panes = "A2"
    sheet.printed(heading_rows=(1, 1))
    sheet.row(*((look, _(text)) for look, text in _HEADINGS), height=20)
    session_id, outs = 0, dict[int, CheckOut]()
    for row in rows:
        if row.session.session_id != session_id:
            session_id = row.session.session_id
            outs = dict(outs_of(session_id))
        if sheet.rows > ROWS_A_SHEET:
            sheet.row((NOTE, _("There is no room for more: choose fewer days.")))
            break
        _write(sheet, row, outs, context.zone, context.generated_at)
    if sheet.rows == 1:
        sheet.row((NOTE, _("Nobody was there on these days.")))
    sheet.raw.auto_filter.ref = f"A1:J{sheet.rows}"


def _write(sheet: Sheet, row: ReportRow, outs: Mapping[int, CheckOut], zone: ZoneInfo, now: datetime) -> None:
    out = outs.get(row.student.student_id)
    stay = stay_of(row.session, row.record, out, now)
    if stay is None:
        return
    arrived = came_at(row.session, row.record)
    came = local(arrived, zone).time() if arrived is not None else None
    left = local(stay.left_at, zone).time() if stay.left_at is not None else None
    sheet.row(
        (DATE, local(row.session.started_at, zone).date()),
        (BODY, row.course.code),
        (BODY, row.student.student_no),
        (BODY, row.student.full_name),
        (TIME, came),
        (TIME, left),
        (BODY, stay.minutes),
        (BODY, stay.of),
        (SHARE, stay.percent / 100),
        (BODY, _note(out, is_to_the_end=stay.is_to_the_end, by_hand=stay.by_hand)),
    )


def _note(out: CheckOut | None, *, is_to_the_end: bool, by_hand: bool) -> str | None:
    if out is not None and by_hand:
        return _("by hand, {who}: “{why}”", who=out.by, why=out.reason)
    return _("never checked out: counted to the end") if is_to_the_end else None
