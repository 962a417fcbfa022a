"""Wires courses: class lists, who teaches what, and when it meets. Making it reads nothing."""

from pathlib import Path

from kiosk.domain.courses.list_columns import ListChoices
from kiosk.services.app import CourseCases
from kiosk.services.core import Core
from kiosk.services.courses.class_lists import ClassLists
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
    )


def _read_roster(path: Path, choices: ListChoices) -> RosterFile:
    from kiosk.reports.courses.roster_file import read_roster_file

    return read_roster_file(path, choices)
