"""On which display the roster stands, with displays that tests plug in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from kiosk.gui.attendance.lesson.roster_place import Display, RosterPlace
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.layouts import horizontal

LEFT = Qt.MouseButton.LeftButton
DESK = Display("DP-2", QRect(40, 30, 640, 480))
TABLET = Display("HDMI-3", QRect(0, 0, 400, 300))

Plugged = list[Display]
MakePlace = Callable[[], RosterPlace]


@pytest.fixture
def plugged() -> Plugged:
    """The other displays that there are; tests plug and unplug."""
    return []


@pytest.fixture
def make_place(qtbot: QtBot, theme: Theme, plugged: Plugged, tmp_path: Path) -> MakePlace:
    def make() -> RosterPlace:
        owner = QWidget()
        qtbot.addWidget(owner)
        row = horizontal((QLabel("The kiosk screen"), 1), on=owner)
        place = RosterPlace(owner, row, theme, Remembered(tmp_path), lambda _owner: plugged)
        place.hold(QLabel("The roster"))
        owner.resize(1280, 720)
        owner.show()
        return place

    return make


def stands_beside(place: RosterPlace) -> bool:
    return not place.is_apart and not place.window.isVisible() and place.frame.isVisible()


def test_with_one_display_it_stands_beside_the_kiosk_screen(make_place: MakePlace) -> None:
    place = make_place()
    place.show(500)
    assert stands_beside(place)
    assert place.frame.width() == 500
    assert place.move_button.isHidden()


def test_with_another_one_it_opens_there(make_place: MakePlace, plugged: Plugged) -> None:
    plugged.append(DESK)
    place = make_place()
    place.show(500)
    assert place.is_apart
    assert place.window.isVisible()
    assert place.window.pos() == DESK.room.topLeft()
    assert place.frame.parent() is place.window
    place.hide()
    assert not place.window.isVisible()


def test_where_it_stands_is_remembered(make_place: MakePlace, plugged: Plugged) -> None:
    plugged += [TABLET, DESK]
    place = make_place()
    place._remembered.keep("roster.display", "DP-2")
    place.show(500)
    assert place.window.pos() == DESK.room.topLeft()
    QTest.mouseClick(place.move_button, LEFT)
    assert stands_beside(place)
    place._remembered.settle()
    later = make_place()
    later.show(500)
    assert stands_beside(later), "also after a restart"
    QTest.mouseClick(later.move_button, LEFT)
    assert later.is_apart


def test_unplugging_brings_it_back_and_says_so(qtbot: QtBot, make_place: MakePlace, plugged: Plugged) -> None:
    plugged.append(DESK)
    place = make_place()
    place.show(500)
    plugged.clear()
    with qtbot.waitSignal(place.moved):
        place.look()
    assert stands_beside(place)


def test_one_that_is_plugged_in_is_offered_and_not_taken(make_place: MakePlace, plugged: Plugged) -> None:
    place = make_place()
    place.show(500)
    plugged.append(DESK)
    place.look()
    assert stands_beside(place)
    assert not place.move_button.isHidden()
    QTest.mouseClick(place.move_button, LEFT)
    assert place.is_apart


def test_closing_its_window_is_told(qtbot: QtBot, make_place: MakePlace, plugged: Plugged) -> None:
    plugged.append(DESK)
    place = make_place()
    place.show(500)
    with qtbot.waitSignal(place.closed):
        place.window.close()


def test_while_it_is_put_away_displays_come_and_go(make_place: MakePlace, plugged: Plugged) -> None:
    place = make_place()
    plugged.append(DESK)
    place.look()
    assert not place.frame.isVisible()
    assert not place.window.isVisible()
