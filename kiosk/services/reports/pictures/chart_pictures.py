"""Charts over weeks and minutes: attendance over weeks, how they were marked, arrival times. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kiosk.domain.attendance.attendance_rates import is_below
from kiosk.domain.attendance.choices import Method
from kiosk.domain.reports.reports import STEP_MIN, ArrivalTimes, AttendanceOverWeeks, HowMarked
from kiosk.services.reports.pictures.legend import (
    LEGEND_HEIGHT,
    count_scale,
    every,
    legend,
    share_scale,
    top_of,
)
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
    method_ink,
)
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import method_words
from kiosk.wording.dates import short_day
from kiosk.wording.reports import percent

LEFT: Final = 60.0
FOOT: Final = 40.0
WIDEST_BAR: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where the bars stand, side by side."""

    right: float
    top: float
    bottom: float
    places: int

    @property
    def step(self) -> float:
        return (self.right - LEFT) / max(1, self.places)

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def middle(self, place: int) -> float:
        return LEFT + (place + 0.5) * self.step

    def spot(self, place: int, tip: str) -> Spot:
        return Spot(LEFT + place * self.step, self.top, self.step, self.height, tip)


def weeks_picture(report: AttendanceOverWeeks, room: Room) -> Picture:
    """A bar for each week's share; those below the limit in another colour, and the limit as a line."""
    limit = report.head.limit_percent
    plot = _Plot(room.width - 8, LEGEND_HEIGHT + 18, room.height - FOOT, len(report.weeks))
    entries = [(Ink.ACCENT, _("Share of students who came"))]
    if limit:
        entries.append((Ink.ABSENT, _("below {limit} %", limit=limit)))
    marks = legend(room, entries) + share_scale(LEFT, plot.right, plot.top, plot.bottom)
    spots: list[Spot] = []
    bar = min(WIDEST_BAR, plot.step * 0.7)
    for place, week in enumerate(report.weeks):
        x, height = plot.middle(place), plot.height * (week.count.ratio or 0)
        ink = Ink.ABSENT if is_below(week.count, limit) else Ink.ACCENT
        marks.append(Box(x - bar / 2, plot.bottom - height, bar, height, ink, round=2))
        share = percent(week.count)
        if week.count.expected and plot.step >= room.measure("100 %", SMALL, True) + 4:
            y = plot.bottom - height - 10
            marks.append(Words(x, y, share, ink, SMALL, bold=True, align=Align.MIDDLE))
        tip = ngettext(
            "Week of {day}: {share} in {n} class, {came} of {expected}",
            "Week of {day}: {share} in {n} classes, {came} of {expected}",
            week.meetings,
            day=short_day(week.monday),
            share=share,
            n=week.meetings,
            came=f"{week.count.attended:,}",
            expected=f"{week.count.expected:,}",
        )
        spots.append(plot.spot(place, tip))
    if limit:
        y = plot.bottom - plot.height * limit / 100
        marks.append(Stroke(LEFT, y, plot.right, y, Ink.TEXT, 1.5, dashed=True))
    marks += _week_labels([week.monday for week in report.weeks], room, plot)
    return Picture(room.width, room.height, tuple(marks), tuple(spots))


def methods_picture(report: HowMarked, room: Room) -> Picture:
    """A bar for each week, of as many parts as there were methods."""
    used = [method for method in Method if report.total(method)]
    plot = _Plot(room.width - 8, LEGEND_HEIGHT + 18, room.height - FOOT, len(report.weeks))
    entries = [(method_ink(one), f"{method_words(one).title}  {report.total(one):,}") for one in used]
    most = max(sum(week.counts.values()) for week in report.weeks)
    marks = legend(room, entries) + count_scale(most, LEFT, plot.right, plot.top, plot.bottom)
    spots: list[Spot] = []
    bar = min(WIDEST_BAR, plot.step * 0.7)
    for place, week in enumerate(report.weeks):
        y = plot.bottom
        said = []
        for method in used:
            number = week.counts.get(method, 0)
            if number:
                height = plot.height * number / top_of(most)
                y -= height
                marks.append(Box(plot.middle(place) - bar / 2, y, bar, height, method_ink(method)))
                said.append(f"{method_words(method).word} {number:,}")
        tip = _("Week of {day}: {parts}", day=short_day(week.monday), parts=", ".join(said))
        spots.append(plot.spot(place, tip))
    marks += _week_labels([week.monday for week in report.weeks], room, plot)
    return Picture(room.width, room.height, tuple(marks), tuple(spots))


def arrivals_picture(report: ArrivalTimes, room: Room) -> Picture:
    """A histogram by minutes around the start, with the start and the late rule as lines."""
    plot = _Plot(room.width - 8, LEGEND_HEIGHT + 34, room.height - FOOT - 20, len(report.steps))
    most = max(step.on_time + step.late for step in report.steps)
    marks = legend(room, [(Ink.PRESENT, _("Counted present")), (Ink.LATE, _("Counted late"))])
    marks += count_scale(most, LEFT, plot.right, plot.top, plot.bottom)
    spots: list[Spot] = []
    for place, one in enumerate(report.steps):
        y = plot.bottom
        for number, ink in ((one.on_time, Ink.PRESENT), (one.late, Ink.LATE)):
            if number:
                height = plot.height * number / top_of(most)
                y -= height
                x = LEFT + (place + 0.06) * plot.step
                marks.append(Box(x, y, plot.step * 0.88, height, ink))
        spots.append(plot.spot(place, _step_words(one.from_min, one.on_time + one.late)))
    marks += _minutes(report, plot)
    return Picture(room.width, room.height, tuple(marks), tuple(spots))


def _minutes(report: ArrivalTimes, plot: _Plot) -> list[Mark]:
    """The scale of minutes, and lines at the start and where one is late."""
    marks: list[Mark] = []
    labels = every(plot.places, plot.right - LEFT, 40)
    for place, one in enumerate(report.steps):
        if (one.from_min // STEP_MIN) % labels == 0:
            sign = f"{one.from_min:+d}" if one.from_min else "0"
            x = LEFT + place * plot.step
            marks.append(Words(x, plot.bottom + 14, sign, Ink.MUTED, SMALL, align=Align.MIDDLE))
    unit = _("Minutes after the start; before it with a minus")
    middle = (LEFT + plot.right) / 2
    marks.append(Words(middle, plot.bottom + 38, unit, Ink.MUTED, SMALL, align=Align.MIDDLE))
    lines = [(0, _("start"))]
    if report.late_after_min:
        lines.append((report.late_after_min, _("late from here")))
    for minute, words in lines:
        x = LEFT + (minute - report.steps[0].from_min) / STEP_MIN * plot.step
        if LEFT <= x <= plot.right:
            marks.append(Stroke(x, plot.top - 16, x, plot.bottom, Ink.TEXT, 1.5, dashed=True))
            marks.append(Words(x + 5, plot.top - 14, words, Ink.TEXT, SMALL, bold=True))
    return marks


def _step_words(from_min: int, number: int) -> str:
    if from_min >= 0:
        return ngettext(
            "{first} to {last} minutes after the start: {n:,} student",
            "{first} to {last} minutes after the start: {n:,} students",
            number,
            first=from_min,
            last=from_min + STEP_MIN,
            n=number,
        )
    return ngettext(
        "{first} to {last} minutes before the start: {n:,} student",
        "{first} to {last} minutes before the start: {n:,} students",
        number,
        first=-from_min,
        last=-from_min - STEP_MIN,
        n=number,
    )


def _week_labels(mondays: Sequence[date], room: Room, plot: _Plot) -> list[Mark]:
    """Days under the bars, each so manieth."""
    needed = room.measure(short_day(mondays[0]), SMALL, False) + 16
    labels = every(plot.places, plot.right - LEFT, needed)
    return [
        Words(plot.middle(place), plot.bottom + 16, short_day(monday), Ink.MUTED, SMALL, align=Align.MIDDLE)
        for place, monday in enumerate(mondays)
        if place % labels == 0
    ]
