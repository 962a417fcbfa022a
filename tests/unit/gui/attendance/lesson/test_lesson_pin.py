"""A lesson with a PIN of its own: chosen on Today, asked for at the kiosk screen."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.people.staff import Role
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.bridge import Bridge
from kiosk.gui.people.password_dialog import PasswordDialog
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from kiosk.services.events import SessionEnded
from tests.fakes.actors import admin
from tests.world.gui_kiosk import PASSWORD, GuiKiosk

LEFT = Qt.MouseButton.LeftButton
PIN = "4071"

Begin = Callable[[str], MainWindow]


@pytest.fixture
def begin(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> Begin:
    """Tom signs in, types a PIN (or none) and presses Start."""

    def made(pin: str) -> MainWindow:
        window = signed_in(qtbot, kiosk, bridge, theme)
        today = today_of(window)
        QTest.keyClicks(today.lesson_pin.edit, pin)
        QTest.mouseClick(today.cards[0].button, LEFT)
        qtbot.waitUntil(lambda: window.shows_class and len(window.class_page.screen_view.state.roster) == 6)
        return window

    return made


def signed_in(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> MainWindow:
    window = MainWindow(kiosk.app, bridge, windowed=False, theme=theme)
    qtbot.addWidget(window, before_close_func=lambda _window: window.close_now())
    window.resize(1366, 768)
    window.show()
    window.sign_in(kiosk.teacher)
    qtbot.waitUntil(lambda: bool(today_of(window).cards))
    return window


def today_of(window: MainWindow) -> TodayView:
    (today,) = window.findChildren(TodayView)
    return today


def give(window: MainWindow, typed: str) -> PasswordDialog:
    dialog = window.class_page.dialog
    assert isinstance(dialog, PasswordDialog)
    QTest.keyClicks(dialog.password_field.edit, typed)
    QTest.keyClick(dialog.password_field.edit, Qt.Key.Key_Return)
    return dialog


def says_who_began_it(dialog: PasswordDialog) -> bool:
    return "begun by Tom" in dialog.banner.text


def press_roster(window: MainWindow) -> None:
    QTest.mouseClick(window.class_page.screen_view.header.roster_button, LEFT)


def test_a_lesson_takes_no_password_but_the_one_that_signed_in(
    qtbot: QtBot, kiosk: GuiKiosk, begin: Begin
) -> None:
    window = begin(PIN)
    press_roster(window)
    give(window, PIN)
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    press_roster(window)  # closes and locks
    window.class_page.screen_view.leave_requested.emit()
    give(window, PIN)
    qtbot.waitUntil(lambda: window.class_page.lock.user == kiosk.teacher)
    window.class_page.lock_again()
    QTest.mouseClick(window.class_page.screen_view.header.end_button, LEFT)
    give(window, PIN)
    qtbot.waitUntil(lambda: any(isinstance(one, SessionEnded) for one in kiosk.events))
    qtbot.waitUntil(lambda: not window.shows_class)


def test_the_password_always_works_too(qtbot: QtBot, begin: Begin) -> None:
    window = begin(PIN)
    press_roster(window)
    give(window, PASSWORD)
    qtbot.waitUntil(lambda: window.class_page.shows_roster)


def test_a_wrong_pin_opens_nothing(qtbot: QtBot, begin: Begin) -> None:
    window = begin(PIN)
    press_roster(window)
    dialog = give(window, "9313")
    qtbot.waitUntil(lambda: "not the PIN of this lesson" in dialog.banner.text)
    assert not window.class_page.shows_roster


def test_without_one_the_password_is_asked_for_as_ever(qtbot: QtBot, begin: Begin) -> None:
    window = begin("")
    press_roster(window)
    dialog = give(window, PIN)
    qtbot.waitUntil(lambda: "do not belong together" in dialog.banner.text)
    assert dialog.password_field.input.accessibleName() == "Password"


def test_closing_the_program_takes_the_password(qtbot: QtBot, begin: Begin) -> None:
    window = begin(PIN)
    press_roster(window)
    give(window, PIN)
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    window.close()

    dialog = give(window, PIN)

    qtbot.waitUntil(lambda: "do not belong together" in dialog.banner.text)
    assert window.isVisible()


def test_one_that_is_easy_to_guess_starts_nothing_and_says_why(
    qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme
) -> None:
    window = signed_in(qtbot, kiosk, bridge, theme)
    today = today_of(window)
    QTest.keyClicks(today.lesson_pin.edit, "1234")
    QTest.mouseClick(today.cards[0].button, LEFT)

    assert today.lesson_pin.error == "This PIN counts up."
    assert not window.shows_class


def test_enter_in_the_field_leads_to_start(
    qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme
) -> None:
    window = signed_in(qtbot, kiosk, bridge, theme)
    today = today_of(window)
    QTest.keyClicks(today.lesson_pin.edit, PIN)
    QTest.keyClick(today.lesson_pin.edit, Qt.Key.Key_Return)

    assert window.focusWidget() is today.cards[0].button


def test_a_school_without_them_is_not_offered_one(
    qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme
) -> None:
    shared = kiosk.app.school.shared
    shared.change_rules(shared.rules().model_copy(update={"lesson_pin": False}), actor=admin())
    window = signed_in(qtbot, kiosk, bridge, theme)

    qtbot.waitUntil(today_of(window).lesson_pin.isHidden)


def test_a_teacher_of_another_course_opens_no_roster_and_ends_nothing(
    qtbot: QtBot, kiosk: GuiKiosk, begin: Begin
) -> None:
    accounts, courses = kiosk.app.people.accounts, kiosk.app.courses
    eva = accounts.add(name="Eva", role=Role.TEACHER, password=PASSWORD, actor=admin())
    other = courses.lists.add_course(code="MA 2", title="", room="", actor=admin())
    courses.teachers.assign(other, [eva.user_id], actor=admin())
    window = begin("")
    header = window.class_page.screen_view.header
    for button in (header.roster_button, header.end_button):
        QTest.mouseClick(button, LEFT)
        asked = window.class_page.dialog
        assert isinstance(asked, PasswordDialog)
        asked.name_field.edit.setText("Eva")
        give(window, PASSWORD)
        qtbot.waitUntil(partial(says_who_began_it, asked))
        asked.reject()
        qtbot.waitUntil(lambda: window.class_page.dialog is None)
    assert not window.class_page.shows_roster
    assert window.class_page.lock.user is None
    assert window.shows_class
