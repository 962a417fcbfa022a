"""Reports that are lists: students below the limit, and the classes of a day. Pure."""

from typing import Final

from kiosk.domain.attendance.attendance_rates import Trend, whole_percent
from kiosk.domain.reports.reports import BelowLimit, HeldClass, SchoolDay, StudentBelow
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
)
from kiosk.translation import _, ngettext
from kiosk.wording.actors import actor_name
from kiosk.wording.attendance import credited
from kiosk.wording.dates import clock_time, date_and_time, short_day
from kiosk.wording.reports import percent, trend_words

ROW: Final = 36.0
HEAD: Final = 32.0
_GAP: Final = 12.0

# Where the columns of students begin, as shares of the width.
_NAME, _COURSE, _SHARE, _WAY, _MISSED, _SEEN, _CONTACT = 0.0, 0.2, 0.355, 0.515, 0.63, 0.74, 0.87
_ENDS: Final = 1.0


def below_limit_picture(report: BelowLimit, room: Room, *, rows: range | None = None) -> Picture:
    """A line each: name, course, share as a bar, where it goes, missed in a row, last seen, last message."""
    chosen = rows or range(len(report.students))
    marks: list[Mark] = []
    heads = (
        (_NAME, _("Student")),
        (_COURSE, _("Course")),
        (_SHARE, _("Attended")),
        (_WAY, _("Lately")),
        (_MISSED, _("Missed now")),
        (_SEEN, _("Last seen")),
        (_CONTACT, _("Last message")),
    )
    ends = (*(begins for begins, _words in heads[1:]), _ENDS)
    for (begins, words), end in zip(heads, ends, strict=True):
        shown = room.cut(words, (end - begins) * room.width - _GAP / 2, size=SMALL, bold=True)
        marks.append(Words(begins * room.width, HEAD / 2, shown, Ink.MUTED, SMALL, bold=True))
    marks.append(Stroke(0, HEAD - 1, room.width, HEAD - 1, Ink.LINE))
    spots = []
    for place, number in enumerate(chosen):
        one, y = report.students[number], HEAD + place * ROW
        marks += _student_row(one, room, y, report.head.limit_percent)
        spots.append(Spot(0, y, room.width, ROW, below_words(one), one.student.student_id))
    return Picture(room.width, HEAD + len(chosen) * ROW + 8, tuple(marks), tuple(spots))


def below_words(one: StudentBelow) -> str:
    """A student's line in words."""
    parts = [
        _(
            "{name}, {number}, {course}: {share}, {came} of {expected} classes",
            name=one.student.full_name,
            number=one.student.student_no,
            course=one.course_label,
            share=percent(one.count),
            came=credited(one.count),
            expected=one.count.counting,
        ),
        trend_words(one.way),
    ]
    if one.missed_lately:
        parts.append(
            ngettext(
                "missed the last class", "missed the last {n} classes", one.missed_lately, n=one.missed_lately
            )
        )
    if one.last_contact is not None:
        day = short_day(one.last_contact.at.date())
        parts.append(_("message of {day} to {address}", day=day, address=one.last_contact.to))
    return ", ".join(parts)


def _student_row(one: StudentBelow, room: Room, y: float, limit: int) -> list[Mark]:
    middle, width = y + ROW / 2, room.width

    def fitted(text: str, begins: float, ends: float, ink: Ink = Ink.TEXT, size: float = SMALL) -> Words:
        shown = room.cut(text, (ends - begins) * width - _GAP, size=size)
        return Words(begins * width, middle, shown, ink, size)

    way = trend_words(one.way) if one.way is not None else "–"
    seen = short_day(one.last_seen.date()) if one.last_seen is not None else _("never")
    contact = short_day(one.last_contact.at.date()) if one.last_contact is not None else "–"
    bar, share = (_WAY - _SHARE) * width - 74, (whole_percent(one.count) or 0) / 100
    left = _SHARE * width
    marks: list[Mark] = [
        fitted(one.student.full_name, _NAME, _COURSE),
        fitted(one.course_label, _COURSE, _SHARE, Ink.MUTED),
        Box(left, middle - 5, bar, 10, Ink.LINE, round=5),
        Box(left, middle - 5, max(10.0 if share else 0.0, bar * share), 10, Ink.ABSENT, round=5),
        Stroke(left + bar * limit / 100, middle - 9, left + bar * limit / 100, middle + 9, Ink.TEXT, 1.5),
        Words(_WAY * width - 16, middle, percent(one.count), Ink.ABSENT, SMALL, bold=True, align=Align.RIGHT),
        fitted(way, _WAY, _MISSED, _way_ink(one.way)),
        fitted(str(one.missed_lately) if one.missed_lately else "–", _MISSED, _SEEN),
        fitted(seen, _SEEN, _CONTACT),
        fitted(contact, _CONTACT, _ENDS),
        Stroke(0, y + ROW, width, y + ROW, Ink.LINE, 0.5),
    ]
    return marks


def _way_ink(way: Trend | None) -> Ink:
    return {Trend.DOWN: Ink.ABSENT, Trend.UP: Ink.PRESENT}.get(way, Ink.MUTED) if way else Ink.MUTED


def day_picture(report: SchoolDay, room: Room, *, rows: range | None = None) -> Picture:
    """The classes of a day against its hours, a line each."""
    chosen = rows or range(len(report.classes))
    left, right = min(320.0, room.width * 0.3), room.width - 140
    first, last = _hours(report)
    hour_width = (right - left) / (last - first)
    marks: list[Mark] = []
    for hour in range(first, last + 1):
        x = left + (hour - first) * hour_width
        marks.append(Stroke(x, HEAD, x, HEAD + len(chosen) * ROW, Ink.LINE))
        if hour_width >= 50 or hour % 2 == 0:
            marks.append(Words(x, HEAD / 2, f"{hour % 24:02d}:00", Ink.MUTED, SMALL, align=Align.MIDDLE))
    marks.append(Words(0, HEAD / 2, _("Class"), Ink.MUTED, SMALL, bold=True))
    marks.append(Words(room.width, HEAD / 2, _("Came"), Ink.MUTED, SMALL, bold=True, align=Align.RIGHT))
    spots = []
    for place, number in enumerate(chosen):
        one, y = report.classes[number], HEAD + place * ROW
        marks += _class_row(one, room, y, (left, first, hour_width, right))
        spots.append(Spot(0, y, room.width, ROW, class_words(one)))
    return Picture(room.width, HEAD + len(chosen) * ROW + 8, tuple(marks), tuple(spots))


def class_words(one: HeldClass) -> str:
    """A class in words."""
    meeting, zone = one.meeting, one.meeting.started_at.tzinfo
    times = ""
    if zone is not None:
        times = date_and_time(meeting.started_at, zone)
        if meeting.ended_at is not None:
            times += f"–{clock_time(meeting.ended_at, zone)}"
    return _(
        "{course}, {times}, {came} of {registered} came, held by {who}",
        course=one.course_label,
        times=times,
        came=meeting.count.attended,
        registered=max(one.registered, meeting.count.total),
        who=actor_name(one.held_by),
    )


def _class_row(one: HeldClass, room: Room, y: float, scale: tuple[float, int, float, float]) -> list[Mark]:
    left, first, hour_width, right = scale
    middle, meeting = y + ROW / 2, one.meeting
    label = f"{one.course_label} · {one.room}" if one.room else one.course_label
    start = _hour_of(one)
    x = left + (start - first) * hour_width
    width = max(6.0, min(right - x, _length_h(one) * hour_width))
    share = meeting.count.ratio or 0
    came = f"{meeting.count.attended}/{max(one.registered, meeting.count.total)}"
    ended = percent(meeting.count) if meeting.ended_at is not None else _("open")
    marks: list[Mark] = [
        Words(0, middle, room.cut(label, left - 30, size=SMALL), Ink.TEXT, SMALL),
        Box(x, y + 7, width, ROW - 14, Ink.SOFT_ACCENT, round=4),
        Words(room.width - 62, middle, came, Ink.TEXT, SMALL, align=Align.RIGHT),
        Words(room.width, middle, ended, Ink.TEXT, SMALL, bold=True, align=Align.RIGHT),
        Stroke(0, y + ROW, room.width, y + ROW, Ink.LINE, 0.5),
    ]
    if share:
        marks.insert(2, Box(x, y + 7, max(6.0, width * share), ROW - 14, Ink.ACCENT, round=4))
    return marks


def _hour_of(one: HeldClass) -> float:
    start = one.meeting.started_at
    return start.hour + start.minute / 60


def _length_h(one: HeldClass) -> float:
    """An open class is drawn an hour long."""
    end = one.meeting.ended_at
    return (end - one.meeting.started_at).total_seconds() / 3600 if end is not None else 1.0


def _hours(report: SchoolDay) -> tuple[int, int]:
    """First and last hour of the scale: those of the classes, at least four."""
    first = int(min((_hour_of(one) for one in report.classes), default=8.0))
    last = int(max((_hour_of(one) + _length_h(one) for one in report.classes), default=12.0)) + 1
    return first, min(max(last, first + 4), first + 30)
