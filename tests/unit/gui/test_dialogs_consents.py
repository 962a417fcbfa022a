"""Consent at the desk, over a real store."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.gui.dialogs.consents import ConsentsDialog
from kiosk.gui.theme import Theme
from tests.fakes.gui_app import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


def test_withdrawing_at_the_desk_deletes_and_gives_a_receipt(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    anita = kiosk.students[0]
    kiosk.enrol_face(anita)
    dialog = ConsentsDialog(kiosk.app, theme, "Ada")
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == len(kiosk.students))
    dialog.search.setText("anita")
    assert dialog.table.rowCount() == 1
    assert dialog.change_button.text() == "Withdraw…"
    QTest.mouseClick(dialog.change_button, LEFT)
    assert dialog.question is not None
    QTest.mouseClick(dialog.question.action_button, LEFT)
    qtbot.waitUntil(lambda: dialog.change_button.text() == "Record consent…")
    word = kiosk.app.consents.newest(anita.student_id)
    assert word is not None
    assert (word.given, word.recorded_by) == (False, "Ada")
    assert {one.student: one.pictures for one in kiosk.app.consents.overview()}[anita] == 0
