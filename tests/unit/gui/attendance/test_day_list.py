"""The day's list on Today: what is on, what became of it, and what a press does."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.day_states import DayLine, MeetingState
from kiosk.domain.courses.meetings import Meeting
from kiosk.gui.attendance.course_list import CourseList
from kiosk.gui.attendance.day_list import DayList
from kiosk.gui.attendance.facts import CourseLine
from kiosk.gui.desk import Desk
from kiosk.gui.places import Place
from kiosk.gui.theme import Theme
from kiosk.services.courses.todays_courses import CourseToday
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

ZONE = ZoneInfo("Europe/Berlin")
EIGHT = datetime(2026, 11, 23, 7, tzinfo=UTC)
COMING, OPEN, DONE, FORGOTTEN = MeetingState


def line(
    number: int, *states: MeetingState, hour: int = 0, is_own: bool = False, likely: bool = False
) -> CourseLine:
    """A course whose meetings begin at this many hours after eight, each two hours after the one before."""
    course = Course(number, f"C {number}", f"Course {number}", "Hall")
    day = []
    for place, state in enumerate(states):
        begins = EIGHT + timedelta(hours=hour + 2 * place)
        meeting = Meeting(number, begins, begins + timedelta(minutes=90), "Lab" if place else "")
        day.append(DayLine(number, begins, state, meeting))
    today = CourseToday(course, 3, likely, None, None, day=tuple(day), is_own=is_own, is_planned=likely)
    return CourseLine(today, 0)


@pytest.fixture
def courses(qtbot: QtBot, theme: Theme) -> CourseList:
    made = CourseList(theme, ZONE)
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show()
    return made


def day_of(courses: CourseList) -> DayList:
    assert courses.day is not None
    return courses.day


def press(courses: CourseList, row: int) -> None:
    day = day_of(courses)
    item = day.table.item(row, 0)
    assert item is not None
    where = day.table.visualItemRect(item).center()
    QTest.mouseClick(day.table.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_without_a_timetable_today_is_as_it_was(courses: CourseList) -> None:
    courses.show_lines([line(1, likely=True), line(2)], may_import=False)
    assert courses.day is None
    assert len(courses.cards) == 2


def test_the_days_classes_stand_by_time_with_what_became_of_them(courses: CourseList) -> None:
    lines = [line(1, OPEN, COMING, hour=1, likely=True), line(2, FORGOTTEN), line(3, DONE, hour=2), line(4)]
    courses.show_lines(lines, may_import=False)
    assert day_of(courses).texts() == [
        ("08:00–09:30", "C 2 · Course 2 · Hall", "Forgotten"),
        ("09:00–10:30", "C 1 · Course 1 · Hall", "Open"),
        ("10:00–11:30", "C 3 · Course 3 · Hall", "Done"),
        ("11:00–12:30", "C 1 · Course 1 · Lab", "Coming"),
    ]


def test_a_press_on_what_is_coming_brings_its_course_to_the_large_card(
    qtbot: QtBot, courses: CourseList
) -> None:
    courses.show_lines([line(1, likely=True), line(2, COMING)], may_import=False)
    assert courses.cards[0].accessibleName() == "C 1 · Course 1"
    press(courses, 0)
    qtbot.waitUntil(lambda: courses.cards[0].accessibleName() == "C 2 · Course 2")
    with qtbot.waitSignal(courses.start_requested) as started:
        courses.cards[0].button.click()
    assert started.args is not None
    assert started.args[0] == 2


def test_enter_on_a_line_does_the_same(qtbot: QtBot, courses: CourseList) -> None:
    courses.show_lines([line(1, likely=True), line(2, COMING)], may_import=False)
    day_of(courses).table.setCurrentCell(0, 0)
    QTest.keyClick(day_of(courses).table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: courses.cards[0].accessibleName() == "C 2 · Course 2")


@pytest.mark.parametrize("state", [DONE, FORGOTTEN])
def test_a_press_on_what_is_over_looks_at_its_course(
    qtbot: QtBot, courses: CourseList, state: MeetingState
) -> None:
    courses.show_lines([line(1, likely=True), line(2, state)], may_import=False)
    with qtbot.waitSignal(courses.course_requested) as asked:
        press(courses, 0)
    assert asked.args == [2]


def test_one_is_shown_the_own_classes_and_everybodys_when_asked(courses: CourseList) -> None:
    courses.show_lines([line(1, COMING, likely=True, is_own=True), line(2, COMING, hour=1)], may_import=False)
    day = day_of(courses)
    assert [row[1] for row in day.texts()] == ["C 1 · Course 1 · Hall"]
    QTest.mouseClick(day.everybody, Qt.MouseButton.LeftButton)
    assert [row[1] for row in day.texts()] == ["C 1 · Course 1 · Hall", "C 2 · Course 2 · Hall"]


def test_what_was_held_leads_to_the_courses_classes(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    desk = Desk(kiosk.app, theme)
    qtbot.addWidget(desk)
    desk.resize(1366, 768)
    desk.show()
    session = kiosk.start()
    kiosk.app.attendance.sessions.end(session.session_id, actor=admin())
    desk.show_for(kiosk.teacher)
    qtbot.waitUntil(lambda: desk.today.courses.day is not None)
    assert day_of(desk.today.courses).texts()[0][2] == "Done"
    press(desk.today.courses, 0)
    qtbot.waitUntil(lambda: desk.place is Place.COURSES)
    page = desk.pages[Place.COURSES]
    qtbot.waitUntil(lambda: page.page.classes.model.rowCount() == 1)
