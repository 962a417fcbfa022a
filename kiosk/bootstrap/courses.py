"""Wires courses: class lists, who teaches what, and when it meets. Making it reads nothing."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.courses.calendars import CalendarReading
from kiosk.domain.courses.list_columns import ListChoices
from kiosk.pipeline.calendar_worker import CalendarWorker
from kiosk.services.app import CourseCases
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.core import Core
from kiosk.services.courses.class_lists import ClassLists
from kiosk.services.courses.course_calendars import CourseCalendars
from kiosk.services.courses.course_editing import CourseEditing
from kiosk.services.courses.course_listing import CourseListing
from kiosk.services.courses.course_teachers import CourseTeachers
from kiosk.services.courses.school_year import SchoolYear
from kiosk.services.courses.timetables import Timetables
from kiosk.services.ports.outputs import RosterFile


def build_courses(core: Core) -> CourseCases:
    """Wire it over a store."""
    return CourseCases(
        lists=ClassLists(store=core.store, clock=core.clock, read_roster=_read_roster),
        teachers=CourseTeachers(core),
        editing=CourseEditing(core),
        year=SchoolYear(core),
        timetables=Timetables(core),
        listing=CourseListing(core),
        calendars=CourseCalendars(core, read=_read_calendar, fetch=_fetch_calendar),
    )


def build_calendar_worker(core: Core, calendars: CourseCalendars, running: RunningClass) -> CalendarWorker:
    """Wire what reads calendars at night."""
    return CalendarWorker(
        calendars=calendars, is_class_open=lambda: running.is_open, monotonic=core.clock.monotonic
    )


def _read_roster(path: Path, choices: ListChoices) -> RosterFile:
    from kiosk.reports.courses.roster_file import read_roster_file

    return read_roster_file(path, choices)


def _read_calendar(content: bytes, *, since: datetime, until: datetime, zone: ZoneInfo) -> CalendarReading:
    from kiosk.reports.courses.calendar_file import read_calendar

    return read_calendar(content, since=since, until=until, zone=zone)


def _fetch_calendar(address: str) -> bytes:
    from kiosk.reports.courses.calendar_address import fetch_calendar

    return fetch_calendar(address)
