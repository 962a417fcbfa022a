"""Reports as plain tables: to read without seeing the picture, to copy, to save. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.reports.reports import (
    STEP_MIN,
    ArrivalTimes,
    AttendanceOverWeeks,
    BelowLimit,
    CourseRegister,
    HowMarked,
    Report,
    SchoolDay,
    StudentCalendar,
)
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.attendance import method_words, status_letter, status_title, status_words
from kiosk.wording.dates import clock_time, numeric_day
from kiosk.wording.reports import percent, trend_words


@dataclass(frozen=True, slots=True)
class ReportTable:
    """Headings and lines of the same length."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_of(report: Report) -> ReportTable:
    """The figures of a report; an empty one has headings alone."""
    headings, rows = _parts(report)
    return ReportTable(tuple(headings), tuple(tuple(row) for row in rows))


def _parts(report: Report) -> tuple[Sequence[str], Iterator[Sequence[str]]]:
    counts = [status_words(status).title for status in Status]
    match report:
        case CourseRegister():
            days = [numeric_day(one.started_at.date()) for one in report.meetings]
            return (_("Student no."), _("Name"), _("Attendance"), *counts, *days), _register(report)
        case AttendanceOverWeeks():
            return (_("Week of"), _("Classes"), _("Attendance"), *counts), (
                (numeric_day(week.monday), str(week.meetings), percent(week.count), *_numbers(week.count))
                for week in report.weeks
            )
        case ArrivalTimes():
            return (_("Minutes after the start"), _("Counted present"), _("Counted late")), (
                (f"{one.from_min} … {one.from_min + STEP_MIN}", str(one.on_time), str(one.late))
                for one in report.steps
            )
        case HowMarked():
            return (_("Week of"), *(method_words(one).title for one in Method)), (
                (numeric_day(week.monday), *(str(week.counts.get(one, 0)) for one in Method))
                for week in report.weeks
            )
        case BelowLimit():
            headings = (_("Student no."), _("Name"), _("Course"), _("Attendance"), *counts)
            return (*headings, _("Lately"), _("Missed now"), _("Last seen"), _("Last message")), _below(
                report
            )
        case StudentCalendar():
            return (_("Day"), _("Time"), _("Course"), _("Status"), _("Marked"), _("How")), _calendar(report)
        case SchoolDay():
            headings = (_("Start"), _("End"), _("Class"), _("Room"), _("Held by"), _("Registered"))
            return (*headings, _("Attendance"), *counts), _day(report)
        case _:
            assert_never(report)


def _numbers(count: AttendanceCount) -> tuple[str, ...]:
    return tuple(str(count.of(status)) for status in Status)


def _register(report: CourseRegister) -> Iterator[Sequence[str]]:
    for row in report.rows:
        marks = (status_letter(status) if status is not None else "" for status in row.marks)
        who = row.student.student_no, row.student.full_name
        yield (*who, percent(row.count), *_numbers(row.count), *marks)


def _below(report: BelowLimit) -> Iterator[Sequence[str]]:
    for one in report.students:
        yield (
            one.student.student_no,
            one.student.full_name,
            one.course_label,
            percent(one.count),
            *_numbers(one.count),
            trend_words(one.way),
            str(one.missed_lately),
            numeric_day(one.last_seen.date()) if one.last_seen is not None else "",
            numeric_day(one.last_contact.at.date()) if one.last_contact is not None else "",
        )


def _calendar(report: StudentCalendar) -> Iterator[Sequence[str]]:
    for entry in report.entries:
        zone = entry.started_at.tzinfo
        came = zone is not None and entry.status.attended and entry.method is not None
        yield (
            numeric_day(entry.started_at.date()),
            clock_time(entry.started_at, zone) if zone is not None else "",
            entry.course_label,
            status_title(entry.status),
            clock_time(entry.marked_at, zone) if came and zone is not None else "",
            method_words(entry.method).title if entry.method is not None else "",
        )


def _day(report: SchoolDay) -> Iterator[Sequence[str]]:
    for one in report.classes:
        meeting, zone = one.meeting, one.meeting.started_at.tzinfo
        ended = meeting.ended_at
        yield (
            clock_time(meeting.started_at, zone) if zone is not None else "",
            clock_time(ended, zone) if zone is not None and ended is not None else "",
            one.course_label,
            one.room,
            actor_name(one.held_by),
            str(one.registered),
            percent(meeting.count),
            *_numbers(meeting.count),
        )
