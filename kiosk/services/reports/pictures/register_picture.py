"""The course register as a heat map: students by sessions, a coloured letter each. Pure."""

from dataclasses import dataclass
from typing import Final

from kiosk.domain.attendance.attendance_rates import is_below
from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import AnyStatus, own_statuses
from kiosk.domain.reports.reports import CourseRegister, Meeting, RegisterRow
from kiosk.services.reports.pictures.legend import LEGEND_HEIGHT, every, legend
from kiosk.services.reports.pictures.picture import (
    SMALL,
    Align,
    Box,
    Ink,
    Mark,
    Picture,
    Room,
    Spot,
    Stroke,
    Words,
    status_inks,
)
from kiosk.translation import _
from kiosk.wording.attendance import status_letter, status_title, status_word
from kiosk.wording.dates import date_and_time, short_day
from kiosk.wording.reports import percent

ROW: Final = 26.0
WIDEST_CELL: Final = 44.0
LETTER_CELL: Final = 16.0
"""Narrower cells have no letter."""
NARROWEST_CELL: Final = 5.0
HEAD: Final = 96.0
FOOT: Final = 34.0
SHARE_WIDTH: Final = 70.0


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the cells of some sessions stand."""

    columns: range
    left: float
    cell: float
    top: float

    @property
    def right(self) -> float:
        return self.left + self.cell * len(self.columns)

    @property
    def end(self) -> float:
        """The right edge of the shares."""
        return self.right + SHARE_WIDTH

    def x(self, place: int) -> float:
        return self.left + place * self.cell

    def middle(self, place: int) -> float:
        return self.left + (place + 0.5) * self.cell


def name_width(report: CourseRegister, room: Room) -> float:
    """Room for the names, not more than a third of the picture."""
    widest = max((room.measure(row.student.full_name, SMALL, False) for row in report.rows), default=0.0)
    return max(120.0, min(widest + 14, room.width / 3))


def most_meetings(report: CourseRegister, room: Room, *, cell: float = NARROWEST_CELL) -> int:
    """So many sessions have room side by side."""
    return max(1, int((room.width - name_width(report, room) - SHARE_WIDTH) // cell))


def register_picture(
    report: CourseRegister, room: Room, *, meetings: range | None = None, rows: range | None = None
) -> Picture:
    """Draw some sessions and students of the register; without a choice the newest sessions that fit, and all students."""
    fitting = most_meetings(report, room)
    columns = meetings or range(max(0, len(report.meetings) - fitting), len(report.meetings))
    chosen = rows or range(len(report.rows))
    left = name_width(report, room)
    cell = min(WIDEST_CELL, (room.width - left - SHARE_WIDTH) / max(1, len(columns)))
    grid = _Grid(columns, left, cell, LEGEND_HEIGHT + HEAD)
    used = own_statuses(status for number in chosen for status in report.rows[number].marks)
    lacks = any(report.rows[row].marks[number] is None for row in chosen for number in columns)
    marks: list[Mark] = legend(
        room,
        [(status_inks(one)[0], _legend_words(one)) for one in (*Status, *used)],
        dash=_("No record") if lacks else "",
    )
    spots: list[Spot] = []
    marks += _head(report, grid)
    for place, number in enumerate(chosen):
        y = grid.top + place * ROW
        row_marks, row_spots = _row(report, report.rows[number], grid, y, room)
        marks += row_marks
        spots += row_spots
    bottom = grid.top + len(chosen) * ROW
    marks += _foot(report, grid, bottom)
    return Picture(room.width, bottom + FOOT, tuple(marks), tuple(spots))


def _legend_words(status: AnyStatus) -> str:
    return f"{status_letter(status)}  {status_title(status)}"


def _head(report: CourseRegister, grid: _Grid) -> list[Mark]:
    marks: list[Mark] = []
    step = every(len(grid.columns), grid.cell * len(grid.columns), 18)
    for place, number in enumerate(grid.columns):
        if place % step == 0:
            day = short_day(report.meetings[number].started_at.date())
            marks.append(Words(grid.middle(place), grid.top - 8, day, Ink.MUTED, 13, turned=True))
    share = _("Share")
    marks.append(Words(grid.end - 6, grid.top - 14, share, Ink.MUTED, SMALL, bold=True, align=Align.RIGHT))
    marks.append(Stroke(0, grid.top - 1, grid.end, grid.top - 1, Ink.LINE))
    return marks


def _foot(report: CourseRegister, grid: _Grid, bottom: float) -> list[Mark]:
    y = bottom + 17
    marks: list[Mark] = [Words(0, y, _("In class"), Ink.MUTED, SMALL, bold=True)]
    step = every(len(grid.columns), grid.cell * len(grid.columns), 28)
    for place, number in enumerate(grid.columns):
        count = report.meetings[number].count
        if place % step == 0 and count.total:
            marks.append(
                Words(grid.middle(place), y, str(count.attended), Ink.MUTED, SMALL, align=Align.MIDDLE)
            )
    total = percent(report.total)
    marks.append(Words(grid.end - 6, y, total, Ink.TEXT, SMALL, bold=True, align=Align.RIGHT))
    return marks


def _row(
    report: CourseRegister, row: RegisterRow, grid: _Grid, y: float, room: Room
) -> tuple[list[Mark], list[Spot]]:
    middle = y + ROW / 2
    student = row.student
    marks: list[Mark] = [
        Words(0, middle, room.cut(student.full_name, grid.left - 10, size=SMALL), Ink.TEXT, SMALL)
    ]
    share = f"{student.full_name}: {percent(row.count)}"
    spots = [Spot(0, y, grid.left, ROW, share, student.student_id)]
    for place, number in enumerate(grid.columns):
        status, x = row.marks[number], grid.x(place)
        marks += _cell(status, x, y, grid.cell)
        tip = _cell_words(row, report.meetings[number], status)
        spots.append(Spot(x, y, grid.cell, ROW, tip, student.student_id))
    below = is_below(row.count, report.head.limit_percent)
    ink = Ink.ABSENT if below else Ink.TEXT
    marks.append(Words(grid.end - 6, middle, percent(row.count), ink, SMALL, bold=below, align=Align.RIGHT))
    marks.append(Stroke(0, y + ROW, grid.end, y + ROW, Ink.LINE, 0.5))
    return marks, spots


def _cell(status: AnyStatus | None, x: float, y: float, cell: float) -> list[Mark]:
    middle = y + ROW / 2
    if status is None:
        return [Box(x + cell * 0.4, middle - 1, cell * 0.2, 2, Ink.LINE)]
    ink, soft = status_inks(status)
    if cell < LETTER_CELL:
        gap = 0.5 if cell < 8 else 1
        return [Box(x + gap, y + 1, cell - 2 * gap, ROW - 2, ink)]
    letter = status_letter(status)
    return [
        Box(x + 1, y + 1, cell - 2, ROW - 2, soft, round=3),
        Words(x + cell / 2, middle, letter, ink, SMALL, bold=True, align=Align.MIDDLE),
    ]


def _cell_words(row: RegisterRow, meeting: Meeting, status: AnyStatus | None) -> str:
    start = meeting.started_at
    day = date_and_time(start, start.tzinfo) if start.tzinfo else short_day(start.date())
    word = status_word(status) if status is not None else _("no record")
    return f"{row.student.full_name}, {day}: {word}"
