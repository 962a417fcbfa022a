"""A day at the kiosk by keys alone: sign-in, a lesson with a correction, an import and an export; no mouse anywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.gui.attendance.lesson.summary_view import SummaryView
from kiosk.gui.bridge import Bridge
from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.desk import Desk
from kiosk.gui.people.password_dialog import PasswordDialog
from kiosk.gui.people.sign_in import SignInView
from kiosk.gui.places import Place
from kiosk.gui.reports.export import ExportDialog
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from tests.world.gui_kiosk import PASSWORD, GuiKiosk
from tests.world.keyboard import CTRL, Keyboard

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> Iterator[MainWindow]:
    theme.apply()
    made = MainWindow(kiosk.app, bridge, windowed=False, theme=theme)
    made.resize(1920, 1080)
    made.show()
    made.activateWindow()
    qtbot.addWidget(made, before_close_func=lambda _window: made.close_now())
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.hide()


@pytest.fixture
def keys(qtbot: QtBot, window: MainWindow) -> Keyboard:
    return Keyboard(qtbot, window)


def sign_in(window: MainWindow, keys: Keyboard, qtbot: QtBot, name: str) -> Desk:
    view = window.pages.currentWidget()
    assert isinstance(view, SignInView)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is view.name.edit)
    keys.type(name)
    keys.press(Qt.Key.Key_Tab)
    keys.type(PASSWORD)
    keys.enter()
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), Desk))
    desk = window.pages.currentWidget()
    assert isinstance(desk, Desk)
    return desk


def give_password(window: MainWindow, keys: Keyboard, qtbot: QtBot) -> None:
    dialog = window.class_page.dialog
    assert isinstance(dialog, PasswordDialog)
    keys.tab_to(lambda widget: widget is dialog.password_field.edit)
    keys.type(PASSWORD)
    keys.enter()


def test_a_lesson_with_a_correction(
    window: MainWindow, kiosk: GuiKiosk, keys: Keyboard, qtbot: QtBot
) -> None:
    desk = sign_in(window, keys, qtbot, "tom")
    qtbot.waitUntil(lambda: bool(desk.today.cards))
    keys.alt("Start")
    screen = window.class_page.screen_view
    qtbot.waitUntil(lambda: window.shows_class and len(screen.state.roster) == 6)
    session = screen.state.session
    assert session is not None
    kiosk.mark(session, kiosk.students[0])
    qtbot.waitUntil(screen.hasFocus)

    keys.press(Qt.Key.Key_R, CTRL)
    give_password(window, keys, qtbot)
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    roster = window.class_page.roster
    qtbot.waitUntil(lambda: roster.students.model.rowCount() == 6)
    keys.press(Qt.Key.Key_F, CTRL)
    keys.type("chen")
    qtbot.waitUntil(lambda: roster.students.model.rowCount() == 1)
    keys.enter()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is roster.mark_pane.reason.edit)
    keys.alt("Excused")
    keys.tab_to(lambda widget: widget is roster.mark_pane.reason.edit)
    keys.type("At the doctor")
    keys.enter()
    chen = kiosk.students[2].student_id

    def status() -> Status | None:
        entries = kiosk.app.attendance.sessions.roster(session.session_id)
        record = next(one.record for one in entries if one.student.student_id == chen)
        return record.status if record is not None else None

    qtbot.waitUntil(lambda: status() is Status.EXCUSED)
    keys.alt("Done")
    qtbot.waitUntil(lambda: not window.class_page.shows_roster)

    keys.press(Qt.Key.Key_E, CTRL)
    give_password(window, keys, qtbot)
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), SummaryView))
    keys.alt("Done")
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), SignInView))
    assert status() is Status.EXCUSED


def test_an_import_and_an_export(
    window: MainWindow, kiosk: GuiKiosk, keys: Keyboard, qtbot: QtBot, tmp_path: Path
) -> None:
    school_list = tmp_path / "new.csv"
    school_list.write_text("number,name\nS901,Mia Kern\nS902,Jonas Bauer\n", encoding="utf-8")
    desk = sign_in(window, keys, qtbot, "ada")
    qtbot.waitUntil(lambda: bool(desk.today.cards))

    keys.press(Qt.Key.Key_2, CTRL)
    qtbot.waitUntil(lambda: desk.place is Place.PEOPLE)
    keys.alt("Import class list")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ImportClassListDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ImportClassListDialog)
    qtbot.waitUntil(lambda: dialog.code.count() == 1)
    keys.tab_to(lambda widget: widget is dialog.file.edit)
    keys.type(str(school_list))
    keys.tab_to(lambda widget: widget in {dialog.code, dialog.code.lineEdit()})
    keys.type("NEW 1")
    keys.press(Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: not dialog.busy and dialog.import_button.isEnabled())
    with qtbot.waitSignal(dialog.imported):
        keys.alt("Import")
    qtbot.waitUntil(lambda: not dialog.busy)
    assert {"S901", "S902"} <= {one.student_no for one in kiosk.app.courses.lists.students()}
    keys.press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)

    keys.press(Qt.Key.Key_5, CTRL)
    qtbot.waitUntil(lambda: desk.place is Place.REPORTS)
    keys.alt("Export to Excel")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ExportDialog))
    export = QApplication.activeModalWidget()
    assert isinstance(export, ExportDialog)
    qtbot.waitUntil(lambda: export.course.count() >= 3)
    keys.tab_to(lambda widget: widget is export.course)
    assert isinstance(export.course, QComboBox)
    keys.press(Qt.Key.Key_Home)
    keys.tab_to(lambda widget: widget is export.target.edit)
    keys.type(str(tmp_path / "book.xlsx"))
    keys.enter()
    qtbot.waitUntil(lambda: export.written is not None)
    assert load_workbook(tmp_path / "book.xlsx").sheetnames
    keys.press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    keys.alt("Sign out")
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), SignInView))
