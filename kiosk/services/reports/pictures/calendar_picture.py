"""One student's calendar: months of coloured days. Pure."""

from calendar import Calendar
from collections.abc import Sequence
from datetime import date
from typing import Final

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import base_of, own_statuses
from kiosk.domain.reports.reports import DayEntry, StudentCalendar
from kiosk.services.reports.pictures.legend import LEGEND_HEIGHT, legend
from kiosk.services.reports.pictures.picture import (
    SMALL,
    Align,
    Box,
    Ink,
    Mark,
    Picture,
    Room,
    Spot,
    Words,
    status_inks,
)
from kiosk.translation import _
from kiosk.wording.attendance import credited, method_words, status_title, status_word
from kiosk.wording.dates import clock_time, long_day, month_name, weekday_letters
from kiosk.wording.reports import percent

CELL: Final = 32.0
GAP: Final = 30.0
MONTH_HEAD: Final = 52.0
MONTH_WIDTH: Final = 7 * CELL
MONTH_HEIGHT: Final = MONTH_HEAD + 6 * CELL + 12
LINE: Final = 28.0


def calendar_picture(report: StudentCalendar, room: Room, *, months: range | None = None) -> Picture:
    """Draw some months, or all from the first class to the last; under the last one the share of each course."""
    all_months = months_of(report)
    chosen = months or range(len(all_months))
    across = months_across(room)
    known = (*Status, *own_statuses(entry.status for entry in report.entries))
    marks: list[Mark] = legend(room, [(status_inks(one)[0], status_title(one)) for one in known])
    spots: list[Spot] = []
    by_day: dict[date, list[DayEntry]] = {}
    for entry in report.entries:
        by_day.setdefault(entry.started_at.date(), []).append(entry)
    for place, number in enumerate(chosen):
        x = (place % across) * (MONTH_WIDTH + GAP)
        y = LEGEND_HEIGHT + (place // across) * MONTH_HEIGHT
        month_marks, month_spots = _month(all_months[number], by_day, x, y)
        marks += month_marks
        spots += month_spots
    bottom = LEGEND_HEIGHT + -(-len(chosen) // across) * MONTH_HEIGHT
    if chosen.stop == len(all_months):
        marks += _courses(report, room, bottom + 14)
        bottom += 14 + len(report.by_course) * LINE
    return Picture(room.width, bottom, tuple(marks), tuple(spots))


def months_across(room: Room) -> int:
    """So many months have room side by side."""
    return max(1, int((room.width + GAP) // (MONTH_WIDTH + GAP)))


def months_of(report: StudentCalendar) -> list[tuple[int, int]]:
    """Year and month of each month from the first class to the last."""
    first, last = report.entries[0].started_at.date(), report.entries[-1].started_at.date()
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [(number // 12, number % 12 + 1) for number in range(begin, end + 1)]


def _courses(report: StudentCalendar, room: Room, top: float) -> list[Mark]:
    marks: list[Mark] = []
    for place, (label, count) in enumerate(report.by_course):
        y = top + place * LINE
        words = _("no class counted yet")
        if count.counting:
            words = _(
                "{share}: {came} of {expected} classes",
                share=percent(count),
                came=credited(count),
                expected=count.counting,
            )
        marks.append(Words(0, y, room.cut(label, room.width * 0.5)))
        marks.append(Words(room.width * 0.52, y, words, bold=True))
    return marks


def _month(
    month: tuple[int, int], by_day: dict[date, list[DayEntry]], left: float, top: float
) -> tuple[list[Mark], list[Spot]]:
    marks: list[Mark] = [Words(left, top + 10, month_name(date(*month, 1)), bold=True)]
    spots: list[Spot] = []
    for place, letter in enumerate(weekday_letters()):
        x = left + (place + 0.5) * CELL
        marks.append(Words(x, top + 36, letter, Ink.MUTED, SMALL, align=Align.MIDDLE))
    for week, days in enumerate(Calendar().monthdatescalendar(*month)):
        for place, day in enumerate(days):
            if day.month != month[1]:
                continue
            x, y = left + place * CELL, top + MONTH_HEAD + week * CELL
            entries = by_day.get(day, [])
            marks += _day(day, entries, x, y)
            if entries:
                spots.append(Spot(x, y, CELL, CELL, day_words(day, entries)))
    return marks, spots


def _day(day: date, entries: Sequence[DayEntry], x: float, y: float) -> list[Mark]:
    """The day's number; on a day with classes in a box of as many stripes, underlined by the worst status."""
    middle = y + CELL / 2
    if not entries:
        return [Words(x + CELL / 2, middle, str(day.day), Ink.MUTED, SMALL, align=Align.MIDDLE)]
    height = (CELL - 2) / len(entries)
    rounded = 4 if len(entries) == 1 else 0
    marks: list[Mark] = [
        Box(x + 1, y + 1 + place * height, CELL - 2, height, status_inks(entry.status)[1], round=rounded)
        for place, entry in enumerate(entries)
    ]
    worst = max((entry.status for entry in entries), key=lambda status: list(Status).index(base_of(status)))
    ink = status_inks(worst)[0]
    marks.append(Box(x + 5, y + CELL - 7, CELL - 10, 3, ink, round=1))
    marks.append(Words(x + CELL / 2, middle - 3, str(day.day), ink, SMALL, bold=True, align=Align.MIDDLE))
    return marks


def day_words(day: date, entries: Sequence[DayEntry]) -> str:
    """A day's classes in words, a line each."""
    said = [long_day(day)]
    for entry in entries:
        zone = entry.started_at.tzinfo
        words = f"{entry.course_label}: {status_word(entry.status)}"
        if zone is not None:
            words = f"{clock_time(entry.started_at, zone)} {words}"
            if entry.method is not None and entry.status.attended:
                how = method_words(entry.method).word
                words += f" ({clock_time(entry.marked_at, zone)}, {how})"
        said.append(words)
    return "\n".join(said)
