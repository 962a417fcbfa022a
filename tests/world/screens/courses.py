"""Courses: the page of one, and the school's year."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Final

from kiosk.domain.courses.meetings import WeeklySlot
from kiosk.domain.courses.terms import Holiday, Span, Term
from kiosk.gui.courses.courses_page import CoursesPage
from kiosk.gui.desk import Desk
from kiosk.gui.places import Place
from tests.fakes.actors import admin
from tests.world.screens.attendance import at_desk
from tests.world.screens.school import School
from tests.world.screens.shot import Screen, wait_until


def _page(set_up: School, desk: Desk) -> CoursesPage:
    """The place, of a school with a timetable."""
    parts, course, today = set_up.app.courses, set_up.courses[0], set_up.app.core.today()
    parts.year.save_term(Term(0, Span("Autumn", today, today + timedelta(days=90))), actor=admin())
    parts.year.save_holiday(Holiday(0, Span("Founders’ Day", today, today)), actor=admin())
    for weekday in (1, 3):
        parts.timetables.save_slot(
            WeeklySlot(0, course.course_id, weekday, time(9), 90, "Lab"), actor=admin()
        )
    desk.go_to(Place.COURSES)
    page = desk.pages[Place.COURSES]
    assert isinstance(page, CoursesPage)
    wait_until(lambda: page.list.model.rowCount() > 0)
    return page


def _course(tab: int) -> Callable[[School, Desk], None]:
    def arrange(set_up: School, desk: Desk) -> None:
        page = _page(set_up, desk)
        page.show_course(set_up.courses[0].course_id, tab=tab)
        wait_until(lambda: page.page.course is not None and page.page.students.model.rowCount() > 0)
        wait_until(lambda: any(page.page.timetable.week.texts()))

    return arrange


def _year(set_up: School, desk: Desk) -> None:
    page = _page(set_up, desk)
    page.year_button.click()
    wait_until(lambda: bool(page.year.holidays.table.texts()))


SCREENS: Final[dict[str, Screen]] = {
    "course": at_desk(_course(0)),
    "course-timetable": at_desk(_course(1)),
    "course-classes": at_desk(_course(2)),
    "courses-year": at_desk(_year),
}
