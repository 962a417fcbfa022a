"""API tokens: made, shown once, copied, revoked."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.domain.trust.api_tokens import Scope, TokenState
from kiosk.gui.theme import Theme
from kiosk.gui.trust.api_tokens import ApiTokensDialog
from kiosk.gui.widgets.dialogs import ConfirmDialog
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk
from tests.world.open_dialog import opened

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> ApiTokensDialog:
    kiosk.app.trust.api_tokens.make(name="Timetable", scopes=[Scope.RECORDS_READ], actor=admin("Ada"))
    dialog = ApiTokensDialog(kiosk.app.core, kiosk.app.trust, theme, admin("Ada"))
    opened(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1)
    return dialog


def test_tokens_are_listed_without_their_secrets(dialog: ApiTokensDialog) -> None:
    ((name, state, used, made, scopes),) = dialog.table.texts()
    assert (name, state, used, scopes) == ("Timetable", "Good", "Never", "records")
    assert made.endswith(", Ada")
    assert dialog.text.text() == ""


def test_a_new_token_is_shown_once_and_copied(qtbot: QtBot, kiosk: GuiKiosk, dialog: ApiTokensDialog) -> None:
    QTest.mouseClick(dialog.make_button, LEFT)
    QTest.keyClicks(dialog.name.edit, "Reports")
    dialog.scopes[Scope.COURSES_READ].click()
    dialog.scopes[Scope.EXPORT_READ].click()
    dialog.life.setCurrentText("90 days")
    QTest.mouseClick(dialog.main_button, LEFT)
    qtbot.waitUntil(lambda: dialog.text.text() != "")
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2)
    text = dialog.text.text()
    token = kiosk.app.trust.api_tokens.check(text)
    assert token.scope_list == (Scope.COURSES_READ, Scope.EXPORT_READ)
    assert token.created_by == "Ada"
    assert token.expires_at is not None
    assert (token.expires_at - token.created_at).days == 90
    QTest.mouseClick(dialog.copy_button, LEFT)
    assert QGuiApplication.clipboard().text() == text
    QTest.mouseClick(dialog.close_button, LEFT)
    assert dialog.text.text() == ""
    assert dialog.isVisible()
    assert [row[0] for row in dialog.table.texts()] == ["Reports", "Timetable"]


def test_what_is_missing_is_said_at_the_name(qtbot: QtBot, dialog: ApiTokensDialog) -> None:
    QTest.mouseClick(dialog.make_button, LEFT)
    QTest.keyClicks(dialog.name.edit, "Reports")
    QTest.mouseClick(dialog.main_button, LEFT)
    qtbot.waitUntil(lambda: "at least one scope" in dialog.name.error)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    asked = QApplication.activeModalWidget()
    assert isinstance(asked, ConfirmDialog)  # a name was typed
    QTest.mouseClick(asked.action_button, LEFT)
    assert dialog.isVisible()
    assert dialog.table.isVisible()


def test_a_token_is_revoked_after_a_question(qtbot: QtBot, kiosk: GuiKiosk, dialog: ApiTokensDialog) -> None:
    QTest.mouseClick(dialog.revoke_button, LEFT)
    assert dialog.question is not None
    QTest.mouseClick(dialog.question.cancel_button, LEFT)
    assert (
        kiosk.app.trust.api_tokens.state(kiosk.app.trust.api_tokens.all(actor=admin())[0]) is TokenState.GOOD
    )
    QTest.mouseClick(dialog.revoke_button, LEFT)
    QTest.mouseClick(dialog.question.action_button, LEFT)
    qtbot.waitUntil(lambda: [row[1] for row in dialog.table.texts()] == ["Revoked"])
    assert not dialog.revoke_button.isEnabled()
