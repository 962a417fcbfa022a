"""The real pages in the real window: from signing in to the roster beside a running class."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.errors import ConflictError
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.bridge import Bridge
from kiosk.gui.people.sign_in import SignInView
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from tests.world.gui_kiosk import PASSWORD, GuiKiosk


@pytest.fixture
def window(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> MainWindow:
    made = MainWindow(kiosk.app, bridge, windowed=True, theme=theme)
    qtbot.addWidget(made, before_close_func=lambda shown: shown.close_now())
    made.show_window()
    return made


def test_a_teacher_signs_in_and_starts_with_the_keyboard_alone(
    qtbot: QtBot, kiosk: GuiKiosk, window: MainWindow
) -> None:
    entry = window.findChild(SignInView)
    assert entry is not None
    QTest.keyClicks(entry.name.edit, "Tom")
    QTest.keyClick(entry.name.edit, Qt.Key.Key_Return)
    QTest.keyClicks(entry.password.edit, PASSWORD)
    QTest.keyClick(entry.password.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.findChild(TodayView) is not None)
    today = window.findChild(TodayView)
    assert today is not None
    qtbot.waitUntil(lambda: bool(today.cards))
    focused = window.focusWidget()
    assert focused is today.cards[0].button
    QTest.keyClick(focused, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.shows_class)
    assert kiosk.app.attendance.running.current is not None
    assert kiosk.app.attendance.running.current.session.started_by == "Tom"


def test_the_roster_hears_what_happens_in_the_class(
    qtbot: QtBot, kiosk: GuiKiosk, window: MainWindow
) -> None:
    window.sign_in(kiosk.teacher)
    session = kiosk.start()
    qtbot.waitUntil(lambda: window.shows_class)
    window.class_page._open_roster(kiosk.teacher)
    roster = window.class_page.roster
    assert isinstance(roster, RosterPanel)
    qtbot.waitUntil(lambda: roster.students.model.rowCount() == 6)
    kiosk.mark(session, kiosk.students[4])
    qtbot.waitUntil(lambda: roster.state.count.present == 1)
    QTest.mouseClick(roster.done_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.class_page.shows_roster)


def test_a_class_that_cannot_start_is_said_on_today(
    qtbot: QtBot, kiosk: GuiKiosk, window: MainWindow
) -> None:
    kiosk.runtime.refuse = ConflictError("Another class is shown.", "End it first.")
    window.sign_in(kiosk.teacher)
    today = window.findChild(TodayView)
    assert today is not None
    qtbot.waitUntil(lambda: bool(today.cards))
    QTest.mouseClick(today.cards[0].button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: today.banner.text == "Another class is shown. End it first.")
