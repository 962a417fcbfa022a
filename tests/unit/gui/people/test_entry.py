"""Signing in, over a real store."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from kiosk.domain.trust.throttle import staff_limits
from kiosk.gui.bridge import Bridge
from kiosk.gui.people.sign_in import SignInView
from kiosk.gui.theme import Theme
from kiosk.gui.views_in_use import Views
from tests.world.gui_kiosk import PASSWORD, GuiKiosk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def entry(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> SignInView:
    view: SignInView = Views().sign_in(kiosk.app, theme, bridge)
    qtbot.addWidget(view)
    view.resize(1366, 768)
    view.show()
    return view


def test_enter_signs_in(qtbot: QtBot, entry: SignInView, kiosk: GuiKiosk) -> None:
    QTest.keyClicks(entry.name.edit, "tom")
    QTest.keyClick(entry.name.edit, Qt.Key.Key_Return)
    QTest.keyClicks(entry.password.edit, PASSWORD)
    with qtbot.waitSignal(entry.signed_in) as signal:
        QTest.keyClick(entry.password.edit, Qt.Key.Key_Return)
    assert signal.args == [kiosk.teacher]
    assert (entry.name.text, entry.password.text) == ("", "")


def test_a_wrong_password_is_said_and_forgotten(qtbot: QtBot, entry: SignInView) -> None:
    QTest.keyClicks(entry.name.edit, "Tom")
    QTest.keyClicks(entry.password.edit, "something else")
    QTest.mouseClick(entry.button, LEFT)
    qtbot.waitUntil(lambda: "do not belong together" in entry.banner.text)
    assert entry.password.text == ""
    assert entry.name.text == "Tom"
    assert entry.button.isEnabled()


def test_too_many_wrong_passwords_say_how_long_to_wait(
    qtbot: QtBot, entry: SignInView, kiosk: GuiKiosk
) -> None:
    for _ in range(5):
        kiosk.app.people.accounts._throttle.reserve(staff_limits("tom"))
    QTest.keyClicks(entry.name.edit, "Tom")
    QTest.keyClicks(entry.password.edit, PASSWORD)
    QTest.mouseClick(entry.button, LEFT)
    qtbot.waitUntil(lambda: "Please wait" in entry.banner.text)


def test_the_window_goes_on_while_the_password_is_checked(qtbot: QtBot, entry: SignInView) -> None:
    QTest.keyClicks(entry.name.edit, "Tom")
    QTest.keyClicks(entry.password.edit, PASSWORD)
    with qtbot.waitSignal(entry.signed_in):
        QTest.mouseClick(entry.button, LEFT)
        assert not entry.button.isEnabled()
        assert entry.button.text() == "Signing in…"


def test_the_password_can_be_looked_at(qtbot: QtBot, entry: SignInView) -> None:
    assert entry.password.edit.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClick(entry.reveal, Qt.Key.Key_Space)
    assert entry.password.edit.echoMode() is QLineEdit.EchoMode.Normal


def test_tab_walks_through_the_form_in_reading_order(qtbot: QtBot, entry: SignInView) -> None:
    walked = []
    for _ in range(4):
        focused = entry.focusWidget()
        assert focused is not None
        walked.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert walked == [entry.name.edit, entry.password.edit, entry.reveal, entry.button]


def test_coming_back_forgets_what_was_typed(qtbot: QtBot, entry: SignInView) -> None:
    QTest.keyClicks(entry.name.edit, "Tom")
    entry.hide()
    entry.show()
    assert entry.name.text == ""
