"""A teacher's way through the real pages: sign in, start, roster, end."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.gui.attendance.lesson.summary_view import SummaryView
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.bridge import Bridge
from kiosk.gui.desk import Desk
from kiosk.gui.people.password_dialog import PasswordDialog
from kiosk.gui.people.sign_in import SignInView
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from tests.world.gui_kiosk import PASSWORD, GuiKiosk


@pytest.fixture
def window(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> Iterator[MainWindow]:
    theme.apply()
    made = MainWindow(kiosk.app, bridge, windowed=False, theme=theme)
    made.resize(1920, 1080)
    made.show()
    qtbot.addWidget(made, before_close_func=lambda _window: made.close_now())
    yield made
    made.hide()


def start_button(window: MainWindow) -> QPushButton | None:
    page = window.pages.currentWidget()
    assert page is not None
    return next(
        (
            button
            for button in page.findChildren(QPushButton)
            if button.isVisible() and button.text().startswith("Start")
        ),
        None,
    )


def give_password(window: MainWindow) -> None:
    dialog = window.class_page.dialog
    assert isinstance(dialog, PasswordDialog)
    QTest.keyClicks(dialog.password_field.edit, PASSWORD)
    QTest.keyClick(dialog.password_field.edit, Qt.Key.Key_Return)


def test_teacher_signs_in_starts_looks_at_the_roster_and_ends(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    sign_in = window.pages.currentWidget()
    assert isinstance(sign_in, SignInView)
    QTest.keyClicks(sign_in.name.edit, "tom")
    QTest.keyClicks(sign_in.password.edit, PASSWORD)
    QTest.mouseClick(sign_in.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), Desk))

    qtbot.waitUntil(lambda: start_button(window) is not None)
    button = start_button(window)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    screen = window.class_page.screen_view
    qtbot.waitUntil(lambda: window.shows_class and len(screen.state.roster) == 6)
    session = screen.state.session
    assert session is not None
    kiosk.mark(session, kiosk.students[0])
    kiosk.mark(session, kiosk.students[1])
    qtbot.waitUntil(lambda: screen.counts.counts.present == 2)

    QTest.mouseClick(screen.header.roster_button, Qt.MouseButton.LeftButton)
    give_password(window)
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    assert isinstance(window.class_page.roster, RosterPanel)
    window.class_page.roster.closed.emit()

    QTest.mouseClick(screen.header.end_button, Qt.MouseButton.LeftButton)
    give_password(window)
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), SummaryView))
    summary = window.pages.currentWidget()
    assert isinstance(summary, SummaryView)
    QTest.mouseClick(summary.done_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), SignInView))
    entries = kiosk.app.attendance.sessions.roster(session.session_id)
    statuses = [entry.record.status for entry in entries if entry.record is not None]
    assert statuses.count(Status.PRESENT) == 2
    assert statuses.count(Status.ABSENT) == 4
