"""The bar with the places: who gets where by mouse and keys, and that each place is read anew."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.gui.desk import Desk
from kiosk.gui.places import Place
from kiosk.gui.theme import Theme
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> Desk:
    made = Desk(kiosk.app, theme)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.show_for(kiosk.admin)
    qtbot.waitUntil(lambda: bool(made.today.cards))
    return made


def test_it_begins_with_today(desk: Desk) -> None:
    assert desk.place is Place.TODAY
    assert desk.buttons[Place.TODAY].isChecked()


@pytest.mark.parametrize("place", list(Place))
def test_each_place_is_reached_by_its_button_and_by_its_keys(desk: Desk, place: Place) -> None:
    QTest.mouseClick(desk.buttons[place], LEFT)
    assert desk.place is place
    desk.go_to(Place.TODAY)
    key = list(Place).index(place)
    QTest.keyClick(desk, Qt.Key(Qt.Key.Key_1 + key), Qt.KeyboardModifier.ControlModifier)
    assert desk.place is place
    assert desk.buttons[place].isChecked()


def test_whoever_signs_in_next_begins_with_today(desk: Desk, kiosk: GuiKiosk) -> None:
    desk.go_to(Place.RECORDS)
    desk.show_for(kiosk.teacher)
    assert desk.place is Place.TODAY


def test_people_and_courses_are_listed_and_follow_what_changes(
    qtbot: QtBot, desk: Desk, kiosk: GuiKiosk
) -> None:
    desk.go_to(Place.PEOPLE)
    people = desk.pages[Place.PEOPLE].list
    qtbot.waitUntil(lambda: people.model.rowCount() == 6)
    QTest.keyClicks(people.search, kiosk.students[0].student_no)
    qtbot.waitUntil(lambda: people.model.rowCount() == 1)
    desk.go_to(Place.COURSES)
    courses = desk.pages[Place.COURSES].list
    qtbot.waitUntil(lambda: courses.model.rowCount() == 1)
    kiosk.app.courses.lists.add_course(code="ZZ 9", title="", room="", actor=admin("Ada"))
    desk.go_to(Place.TODAY)
    desk.go_to(Place.COURSES)
    qtbot.waitUntil(lambda: courses.model.rowCount() == 2)


def test_teachers_may_look_and_are_offered_nothing_that_would_be_refused(
    qtbot: QtBot, desk: Desk, kiosk: GuiKiosk
) -> None:
    desk.show_for(kiosk.teacher)
    qtbot.waitUntil(lambda: bool(desk.today.cards))
    for place, button in (
        (Place.PEOPLE, "import_button"),
        (Place.COURSES, "new_button"),
        (Place.REPORTS, "export_button"),
    ):
        desk.go_to(place)
        assert not getattr(desk.pages[place], button).isVisible()
    qtbot.waitUntil(lambda: desk.pages[Place.PEOPLE].list.model.rowCount() == 6)
