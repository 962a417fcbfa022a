"""A whole report as one picture, or cut into pages. Pure."""

from collections.abc import Iterator
from typing import Final, assert_never

from kiosk.domain.reports.reports import (
    ArrivalTimes,
    AttendanceOverWeeks,
    BelowLimit,
    CourseRegister,
    HowMarked,
    Report,
    SchoolDay,
    StudentCalendar,
)
from kiosk.services.reports.pictures import calendar_picture, list_pictures, register_picture
from kiosk.services.reports.pictures.chart_pictures import arrivals_picture, methods_picture, weeks_picture
from kiosk.services.reports.pictures.legend import LEGEND_HEIGHT
from kiosk.services.reports.pictures.picture import Picture, Room
from kiosk.wording.reports import is_empty

PRINTED_CELL: Final = 20.0
"""Width of a session in a printed register, at least."""


def draw(report: Report, room: Room) -> Picture | None:
    """The whole report; None where there is nothing to draw."""
    if is_empty(report):
        return None
    match report:
        case CourseRegister():
            return register_picture.register_picture(report, room)
        case AttendanceOverWeeks():
            return weeks_picture(report, room)
        case ArrivalTimes():
            return arrivals_picture(report, room)
        case HowMarked():
            return methods_picture(report, room)
        case BelowLimit():
            return list_pictures.below_limit_picture(report, room)
        case StudentCalendar():
            return calendar_picture.calendar_picture(report, room)
        case SchoolDay():
            return list_pictures.day_picture(report, room)
        case _:
            assert_never(report)


def pages(report: Report, room: Room) -> Iterator[Picture]:
    """The report cut into pictures of at most the room's height; none where it is empty."""
    if is_empty(report):
        return
    match report:
        case CourseRegister():
            yield from _register_pages(report, room)
        case BelowLimit():
            for rows in _slices(len(report.students), list_pictures.HEAD + 8, list_pictures.ROW, room):
                yield list_pictures.below_limit_picture(report, room, rows=rows)
        case SchoolDay():
            for rows in _slices(len(report.classes), list_pictures.HEAD + 8, list_pictures.ROW, room):
                yield list_pictures.day_picture(report, room, rows=rows)
        case StudentCalendar():
            yield from _calendar_pages(report, room)
        case AttendanceOverWeeks() | ArrivalTimes() | HowMarked():
            picture = draw(report, room)
            if picture is not None:
                yield picture
        case _:
            assert_never(report)


def _register_pages(report: CourseRegister, room: Room) -> Iterator[Picture]:
    across = register_picture.most_meetings(report, room, cell=PRINTED_CELL)
    head = LEGEND_HEIGHT + register_picture.HEAD + register_picture.FOOT
    for rows in _slices(len(report.rows), head, register_picture.ROW, room):
        for first in range(0, len(report.meetings), across):
            columns = range(first, min(first + across, len(report.meetings)))
            yield register_picture.register_picture(report, room, meetings=columns, rows=rows)


def _calendar_pages(report: StudentCalendar, room: Room) -> Iterator[Picture]:
    across = calendar_picture.months_across(room)
    number = len(calendar_picture.months_of(report))
    foot = 14 + len(report.by_course) * calendar_picture.LINE
    lines = max(1, int((room.height - LEGEND_HEIGHT - foot) // calendar_picture.MONTH_HEIGHT))
    for first in range(0, number, lines * across):
        months = range(first, min(first + lines * across, number))
        yield calendar_picture.calendar_picture(report, room, months=months)


def _slices(number: int, head: float, row: float, room: Room) -> Iterator[range]:
    fitting = max(1, int((room.height - head) // row))
    for first in range(0, number, fitting):
        yield range(first, min(first + fitting, number))
