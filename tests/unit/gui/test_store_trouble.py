"""A database that another program has locked, in the real window: one sentence everywhere, gone by itself, and a class that
goes on until its end is written."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.lesson.summary_view import SummaryView
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.bridge import Bridge
from kiosk.gui.desk import Desk
from kiosk.gui.people.password_dialog import PasswordDialog
from kiosk.gui.people.sign_in import SignInView
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.window import MainWindow
from tests.fakes.storage.locked_database import locked_database
from tests.world.gui_kiosk import PASSWORD, GuiKiosk

SENTENCE = "The database is in use by another program for too long."

pytestmark = [pytest.mark.logs_warnings, pytest.mark.usefixtures("impatient")]


@pytest.fixture
def window(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> Iterator[MainWindow]:
    made = MainWindow(kiosk.app, bridge, windowed=False, theme=theme)
    made.resize(1366, 768)
    made.show()
    qtbot.addWidget(made, before_close_func=lambda _window: made.close_now())
    yield made
    made.hide()


def sign_in(window: MainWindow, qtbot: QtBot) -> TodayView:
    page = window.pages.currentWidget()
    assert isinstance(page, SignInView)
    QTest.keyClicks(page.name.edit, "Tom")
    QTest.keyClicks(page.password.edit, PASSWORD)
    QTest.keyClick(page.password.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), Desk))
    desk = window.pages.currentWidget()
    assert isinstance(desk, Desk)
    today = desk.today
    qtbot.waitUntil(lambda: bool(today.cards))
    return today


def begin_class(window: MainWindow, qtbot: QtBot) -> None:
    QTest.mouseClick(sign_in(window, qtbot).cards[0].button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.shows_class and len(window.class_page.screen_view.state.roster) == 6)


def press_end(window: MainWindow) -> QDialog:
    QTest.mouseClick(window.class_page.screen_view.header.end_button, Qt.MouseButton.LeftButton)
    dialog = window.class_page.dialog
    assert dialog is not None
    return dialog


def give_password(dialog: QDialog) -> PasswordDialog:
    assert isinstance(dialog, PasswordDialog)
    QTest.keyClicks(dialog.password_field.edit, PASSWORD)
    QTest.keyClick(dialog.password_field.edit, Qt.Key.Key_Return)
    return dialog


def test_an_end_that_fails_leaves_camera_code_and_class_and_works_when_it_is_pressed_again(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot, tmp_path: Path
) -> None:
    begin_class(window, qtbot)
    screen, running = window.class_page.screen_view, kiosk.app.attendance.running
    QTest.mouseClick(screen.header.roster_button, Qt.MouseButton.LeftButton)
    give_password(window.class_page.dialog or QDialog())
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    shown = running.current

    with locked_database(tmp_path):
        press_end(window).accept()
        qtbot.waitUntil(lambda: window.message is not None)
        assert window.message is not None
        assert SENTENCE in window.message.findChildren(Banner)[0].text
        window.message.accept()
        assert window.shows_class
        assert running.current is shown, "the codes on the screen stay good"
        qtbot.waitUntil(lambda: SENTENCE in screen.trouble.text)
        assert screen.trouble.isVisible()
        assert screen.camera.geometry().top() > screen.trouble.geometry().bottom()
        qtbot.waitUntil(lambda: SENTENCE in window.class_page.roster.trouble.text)
    qtbot.waitUntil(screen.trouble.isHidden)
    qtbot.waitUntil(window.class_page.roster.trouble.isHidden)

    press_end(window).accept()
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), SummaryView))
    (session,) = kiosk.app.attendance.sessions.of_course(kiosk.course.course_id)
    assert not session.is_open
    assert running.current is None


def test_a_password_that_cannot_be_checked_says_why_once_and_is_typed_again(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    begin_class(window, qtbot)
    with locked_database(tmp_path):
        dialog = give_password(press_end(window))
        qtbot.waitUntil(dialog.action_button.isEnabled)
        assert SENTENCE in dialog.trouble.text
        assert dialog.banner.text == ""
    qtbot.waitUntil(dialog.trouble.isHidden)
    give_password(dialog)
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), SummaryView))


def test_the_sign_in_says_it_too_and_today_is_read_again_when_it_works(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot, tmp_path: Path
) -> None:
    page = window.pages.currentWidget()
    assert isinstance(page, SignInView)
    with locked_database(tmp_path):
        QTest.keyClicks(page.name.edit, "Tom")
        QTest.keyClicks(page.password.edit, PASSWORD)
        QTest.keyClick(page.password.edit, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: SENTENCE in page.trouble.text)
        qtbot.waitUntil(page.button.isEnabled)
        assert page.banner.text == ""
    qtbot.waitUntil(page.trouble.isHidden)
    today = sign_in_again(window, page, qtbot)
    with locked_database(tmp_path):
        QTest.mouseClick(today.cards[0].button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: SENTENCE in today.trouble.text)
        assert today.banner.text == ""
    before = today.cards
    qtbot.waitUntil(lambda: today.trouble.isHidden() and today.cards is not before)
    assert kiosk.app.attendance.sessions.of_course(kiosk.course.course_id) == []


def sign_in_again(window: MainWindow, page: SignInView, qtbot: QtBot) -> TodayView:
    page.name.edit.clear()
    return sign_in(window, qtbot)


def test_a_class_that_is_still_open_is_offered_before_the_sign_in_and_gone_on_with_by_enter(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    session = kiosk.app.attendance.sessions.start(
        kiosk.course.course_id, actor=Actor.of(kiosk.teacher), model="fake"
    )
    window.sign_out()
    page = window.pages.currentWidget()
    assert isinstance(page, SignInView)
    qtbot.waitUntil(lambda: "CS 101 · Algorithms is still open." in page.still_open.text)
    today = sign_in(window, qtbot)
    window.activateWindow()
    qtbot.waitUntil(today.cards[0].button.hasFocus)
    QTest.keyClick(today.cards[0].button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.shows_class)
    assert window.class_page.screen_view.state.session == session
