"""The sheet *Charts*: attendance, statuses and methods over weeks as charts of the spreadsheet program, over their figures."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.worksheet.pagebreak import Break

from kiosk.domain.attendance.attendance_rates import counted
from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.school_status import AnyStatus
from kiosk.domain.reports.reports import monday_of
from kiosk.reports.book import Book, Sheet
from kiosk.reports.cells import (
    CENTRED,
    DATE,
    HEADING,
    HEADING_CENTRED,
    NOTE,
    SHARE,
    TITLE,
    Look,
    Value,
    status_colours,
)
from kiosk.reports.records.figures import Figures, local
from kiosk.translation import _
from kiosk.wording.attendance import method_words, status_words

FIRST_CHART_ROW: Final = 4
CHART_ROWS: Final = 17
"""Rows that one chart covers."""
WIDTH_CM: Final = 33
HEIGHT_CM: Final = 8

_METHOD_COLOURS: Final = {
    Method.FACE: "1557C0",
    Method.PHONE: "0A7D45",
    Method.PASS: "7A4BB0",
    Method.MANUAL: "9A5B00",
}
_SHARE_COLUMN: Final = 2 + len(Status) + 1
_LIMIT_COLUMN: Final = _SHARE_COLUMN + 1


@dataclass(slots=True)
class _Week:
    """What was counted in one week."""

    classes: int = 0
    statuses: list[AnyStatus] = field(default_factory=list)
    methods: Counter[Method] = field(default_factory=Counter)


def make_charts(book: Book) -> Sheet:
    """The empty sheet."""
    return book.sheet(_("Charts"))


def fill_charts(sheet: Sheet, figures: Figures, *, heading: str, limit_percent: int, zone: ZoneInfo) -> None:
    """Write the sheet once all records are counted: charts above, and below them the figures that they show."""
    weeks = _weeks(figures, zone)
    columns = 2 + len(Status) + 2 + len(Method)
    sheet.widths([13, *[11] * (columns - 1)])
    sheet.row((TITLE, _("Attendance over weeks")), height=24)
    sheet.row((NOTE, heading))
    if not weeks:
        sheet.printed(heading_rows=(1, 2))
        sheet.row((NOTE, _("No session matches what was chosen.")))
        return
    head = FIRST_CHART_ROW + 3 * CHART_ROWS
    while sheet.rows < head - 1:
        sheet.gap(height=15)
    sheet.printed(heading_rows=(1, 2))
    sheet.row(
        (HEADING, _("Week of")),
        *((HEADING_CENTRED, words) for words in _headings()),
        height=32,
    )
    limit = limit_percent / 100 if limit_percent else None
    for monday in sorted(weeks):
        sheet.row((DATE, monday), *_figures(weeks[monday], limit))
    _add_charts(sheet, head, head + len(weeks), has_limit=limit is not None)


def _headings() -> list[str]:
    return [
        _("Sessions"),
        *(status_words(status).title for status in Status),
        _("Attendance"),
        _("Limit"),
        *(method_words(method).title for method in Method),
    ]


def _figures(week: _Week, limit: float | None) -> list[tuple[Look, Value]]:
    count = counted(week.statuses)
    numbers = [week.classes, *(count.of(status) for status in Status)]
    return [
        *((CENTRED, number) for number in numbers),
        (SHARE, count.ratio),
        (SHARE, limit),
        *((CENTRED, week.methods[method]) for method in Method),
    ]


def _weeks(figures: Figures, zone: ZoneInfo) -> dict[date, _Week]:
    found: dict[date, _Week] = defaultdict(_Week)
    week_of: dict[int, _Week] = {}
    for course in figures.courses.values():
        for session in course.sessions:
            week = found[monday_of(local(session.started_at, zone).date())]
            week.classes += 1
            week_of[session.session_id] = week
        for (session_id, _student), status in course.marks.items():
            week_of[session_id].statuses.append(status)
    for (session_id, method), number in figures.methods.items():
        if session_id in week_of:
            week_of[session_id].methods[method] += number
    return dict(found)


def _add_charts(sheet: Sheet, head: int, last: int, *, has_limit: bool) -> None:
    weeks = Reference(sheet.raw, min_col=1, min_row=head + 1, max_row=last)

    def series(column: int, colour: str, *, line: bool = False, dashed: bool = False) -> Series:
        values = Reference(sheet.raw, min_col=column, min_row=head, max_row=last)
        made: Series = SeriesFactory(values, title_from_data=True)
        if line:
            made.graphicalProperties.line.solidFill = colour
            made.graphicalProperties.line.width = 28_000
            made.smooth = False
            if dashed:
                made.graphicalProperties.line.dashStyle = "dash"
            else:
                made.marker = Marker(symbol="circle", spPr=GraphicalProperties(solidFill=colour))
        else:
            made.graphicalProperties.solidFill = colour
        return made

    share = LineChart()
    share.append(series(_SHARE_COLUMN, "1557C0", line=True))
    if has_limit:
        share.append(series(_LIMIT_COLUMN, "B3261E", line=True, dashed=True))
    share.y_axis.number_format = "0%"
    share.y_axis.scaling.min, share.y_axis.scaling.max = 0, 1
    statuses, methods = BarChart(), BarChart()
    for place, status in enumerate(Status):
        statuses.append(series(3 + place, status_colours(status)[0]))
    for place, method in enumerate(Method):
        methods.append(series(_LIMIT_COLUMN + 1 + place, _METHOD_COLOURS[method]))
    _place(sheet, share, _("Attendance, week by week"), weeks, 0)
    for number, (bars, title) in enumerate(
        ((statuses, _("Present, late, excused and absent")), (methods, _("What marked the students"))), 1
    ):
        bars.grouping, bars.overlap, bars.gapWidth = "stacked", 100, 60
        bars.y_axis.scaling.min = 0  # left to itself, an axis begins where the smallest pile ends
        _place(sheet, bars, title, weeks, number)


def _place(sheet: Sheet, chart: LineChart | BarChart, title: str, weeks: Reference, number: int) -> None:
    chart.title = title
    chart.width, chart.height = WIDTH_CM, HEIGHT_CM
    chart.set_categories(weeks)
    chart.x_axis.number_format = "yyyy-mm-dd"
    chart.legend = Legend()
    chart.legend.position = "b"
    # Left to themselves, newer programs hide both axes.
    chart.x_axis.delete = chart.y_axis.delete = False
    row = FIRST_CHART_ROW + number * CHART_ROWS
    if number == 2:  # two to a page, none cut through, nor its edge
        sheet.raw.row_breaks.append(Break(id=row - 2))
    sheet.raw.add_chart(chart, f"A{row}")
