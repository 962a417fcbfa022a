"""Reports in words: what they are called, what they say in a sentence, what to do where they are empty. Pure; any thread."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from kiosk.domain.attendance.attendance_rates import Trend, whole_percent
from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.reports.kinds import ReportHead, ReportKind
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
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import method_words
from kiosk.wording.dates import long_day, short_day


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What a report is called, what it shows in a sentence, and what to do where there is nothing to show.

    Paper is no place for the last one: nobody can choose anything on it.
    """

    title: str
    meaning: str
    next_step: str


def report_words(kind: ReportKind) -> ReportWords:
    """The words of a report."""
    other = _("Choose other days or another course.")
    match kind:
        case ReportKind.REGISTER:
            return ReportWords(_("Course register"), _("Who was in which class."), other)
        case ReportKind.WEEKS:
            return ReportWords(_("Attendance over weeks"), _("How large a share came, week by week."), other)
        case ReportKind.ARRIVALS:
            return ReportWords(
                _("Arrival times"),
                _("When students came, before or after the start."),
                _("Choose other days."),
            )
        case ReportKind.METHODS:
            return ReportWords(
                _("How they were marked"),
                _("By camera, by phone, by pass or by hand, week by week."),
                other,
            )
        case ReportKind.BELOW_LIMIT:
            return ReportWords(
                _("Students below the limit"),
                _("Who attends less than the school wants, the lowest first."),
                "",
            )
        case ReportKind.STUDENT:
            return ReportWords(
                _("One student’s calendar"),
                _("All classes of one student, day by day."),
                _("Choose other days."),
            )
        case ReportKind.DAY:
            return ReportWords(
                _("The school’s day"),
                _("All classes of one day."),
                _("Choose another day."),
            )
        case _:
            assert_never(kind)


def kind_of(report: Report) -> ReportKind:
    """Which report it is."""
    match report:
        case CourseRegister():
            return ReportKind.REGISTER
        case AttendanceOverWeeks():
            return ReportKind.WEEKS
        case ArrivalTimes():
            return ReportKind.ARRIVALS
        case HowMarked():
            return ReportKind.METHODS
        case BelowLimit():
            return ReportKind.BELOW_LIMIT
        case StudentCalendar():
            return ReportKind.STUDENT
        case SchoolDay():
            return ReportKind.DAY
        case _:
            assert_never(report)


def is_empty(report: Report) -> bool:
    """Whether there is nothing to draw."""
    match report:
        case CourseRegister():
            return not report.rows or not report.meetings
        case AttendanceOverWeeks() | HowMarked():
            return not report.weeks
        case ArrivalTimes():
            return not report.steps
        case BelowLimit():
            return not report.students
        case StudentCalendar():
            return not report.entries
        case SchoolDay():
            return not report.classes
        case _:
            assert_never(report)


def empty_words(report: Report) -> str:
    """What stands where there is nothing to show."""
    match report:
        case CourseRegister() | AttendanceOverWeeks() | HowMarked():
            return _("No class of these days counts here.")
        case ArrivalTimes():
            return _("Nobody was marked by camera, phone or pass on these days.")
        case BelowLimit():
            limit = report.head.limit_percent
            return _("Nobody is below the limit of {limit} % on these days.", limit=limit)
        case StudentCalendar():
            return _("This student has no record on these days.")
        case SchoolDay():
            return _("No class was held on this day.")
        case _:
            assert_never(report)


def percent(count: AttendanceCount) -> str:
    """A share such as ``92 %``; a dash where nothing counted."""
    share = whole_percent(count)
    return "–" if share is None else f"{share}\N{NO-BREAK SPACE}%"


def trend_words(way: Trend | None) -> str:
    """Which way attendance goes."""
    match way:
        case Trend.UP:
            return _("getting better")
        case Trend.LEVEL:
            return _("about the same")
        case Trend.DOWN:
            return _("getting worse")
        case None:
            return _("too few classes to say")
        case _:
            assert_never(way)


def period(first: date | None, last: date | None) -> str:
    """The days of a report."""
    if first is not None and last is not None:
        if first == last:
            return long_day(first)
        return _("{first} to {last}", first=short_day(first), last=short_day(last))
    if first is not None:
        return _("from {first}", first=short_day(first))
    return _("until {last}", last=short_day(last)) if last is not None else _("all days")


def about(head: ReportHead) -> str:
    """School, course and teachers in one line."""
    course = head.course or _("All courses")
    teachers = ", ".join(head.teachers)
    return " · ".join(part for part in (head.school, course, teachers) if part)


def summary(report: Report) -> str:
    """What a report says, in a sentence or two."""
    if is_empty(report):
        return empty_words(report)
    match report:
        case CourseRegister():
            return " ".join(
                (_held(len(report.meetings)), _students(len(report.rows)), _attended(report.total))
            )
        case AttendanceOverWeeks():
            return _over_weeks(report)
        case ArrivalTimes():
            return _arrivals(report)
        case HowMarked():
            parts = [
                f"{method_words(method).word} {report.total(method):,}"
                for method in Method
                if report.total(method)
            ]
            return _("{n:,} marks: {parts}.", n=report.marks, parts=", ".join(parts))
        case BelowLimit():
            return _below(report)
        case StudentCalendar():
            return " ".join((_held(report.total.total), _attended(report.total)))
        case SchoolDay():
            return " ".join((_held(len(report.classes)), _attended(report.total)))
        case _:
            assert_never(report)


def _over_weeks(report: AttendanceOverWeeks) -> str:
    """The lowest week is named where there are others to be lower than."""
    words = [_held(sum(week.meetings for week in report.weeks)), _attended(report.total)]
    known = [week for week in report.weeks if week.count.ratio is not None]
    if len({week.count.ratio for week in known}) > 1:
        lowest = min(known, key=lambda week: week.count.ratio or 0)
        words.append(
            _(
                "The week of {day} was the lowest: {share}.",
                day=short_day(lowest.monday),
                share=percent(lowest.count),
            )
        )
    return " ".join(words)


def _held(number: int) -> str:
    return ngettext("{n:,} class.", "{n:,} classes.", number, n=number)


def _students(number: int) -> str:
    return ngettext("{n:,} student.", "{n:,} students.", number, n=number)


def _attended(count: AttendanceCount) -> str:
    if not count.counting:
        return _("Nothing counted yet.")
    late = count.of(Status.LATE)
    words = _("Attendance {share}.", share=percent(count))
    if late:
        words += " " + ngettext("Late once.", "Late {n:,} times.", late, n=late)
    return words


def _arrivals(report: ArrivalTimes) -> str:
    words = [ngettext("{n:,} arrival.", "{n:,} arrivals.", report.arrived, n=report.arrived)]
    if (middle := report.median_min) is not None:
        minutes = abs(round(middle))
        if minutes == 0:
            words.append(_("Half of them had come within a minute of the start."))
        elif middle < 0:
            words.append(
                ngettext(
                    "Half of them came at least {n} minute before the start.",
                    "Half of them came at least {n} minutes before the start.",
                    minutes,
                    n=minutes,
                )
            )
        else:
            words.append(
                ngettext(
                    "Half of them came more than {n} minute after the start.",
                    "Half of them came more than {n} minutes after the start.",
                    minutes,
                    n=minutes,
                )
            )
    if report.by_hand:
        words.append(
            ngettext(
                "{n:,} mark by hand is not shown: its time is that of the click.",
                "{n:,} marks by hand are not shown: their time is that of the click.",
                report.by_hand,
                n=report.by_hand,
            )
        )
    return " ".join(words)


def _below(report: BelowLimit) -> str:
    number, limit = len(report.students), report.head.limit_percent
    return ngettext(
        "{n:,} of {all:,} is below {limit} %.",
        "{n:,} of {all:,} are below {limit} %.",
        number,
        n=number,
        all=report.examined,
        limit=limit,
    )
