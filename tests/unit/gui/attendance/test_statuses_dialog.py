"""Statuses of the school's own in the window: kept by an admin, and chosen in the roster."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import SchoolStatus, StatusColour
from kiosk.gui.attendance.statuses_dialog import FORM, StatusesDialog
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.paged_dialog import LIST
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk
from tests.world.open_dialog import opened

LEFT = Qt.MouseButton.LeftButton
TRIP = SchoolStatus(0, "school trip", "T", StatusColour.BLUE, Status.EXCUSED, None)


@pytest.fixture
def trip(kiosk: GuiKiosk) -> SchoolStatus:
    return kiosk.app.attendance.statuses.save(TRIP, actor=admin("Ada"))


@pytest.fixture
def dialog(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, trip: SchoolStatus) -> StatusesDialog:
    dialog = StatusesDialog(kiosk.app.attendance.statuses, theme, admin("Ada"))
    opened(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1)
    return dialog


def test_a_new_status_counts_as_its_base_and_a_taken_letter_is_said(
    qtbot: QtBot, kiosk: GuiKiosk, dialog: StatusesDialog
) -> None:
    QTest.mouseClick(dialog.new_button, LEFT)
    QTest.keyClicks(dialog.name.edit, "half a day")
    QTest.keyClicks(dialog.letter.edit, "t")
    dialog.base.setCurrentIndex(0)
    dialog.base.activated.emit(0)
    assert (dialog.does_count.isChecked(), dialog.percent.value()) == (True, 100)
    dialog.percent.setValue(50)
    QTest.mouseClick(dialog.main_button, LEFT)
    qtbot.waitUntil(lambda: "already" in dialog.name.error)
    assert dialog.page == FORM, "what was typed stays"
    dialog.letter.edit.setText("H")
    QTest.keyClick(dialog.letter.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2)
    assert dialog.page == LIST
    assert ["half a day", "H", "Blue", "present", "50 %", "0", "offered"] in [
        list(row) for row in dialog.table.texts()
    ]
    QTest.mouseClick(dialog.retire_button, LEFT)
    qtbot.waitUntil(lambda: "is offered no more" in dialog.banner.text)
    assert [one.name for one in kiosk.app.attendance.statuses.offered()] == ["school trip"]


def test_a_new_weight_of_one_in_use_is_asked_about(
    qtbot: QtBot, kiosk: GuiKiosk, dialog: StatusesDialog, trip: SchoolStatus
) -> None:
    app = kiosk.app
    session = app.attendance.sessions.start(kiosk.course.course_id, actor=admin("Ada"), model="m")
    student = app.attendance.sessions.roster(session.session_id)[0].student
    app.attendance.marks.mark(
        session.session_id, student.student_id, trip, actor=admin("Ada"), reason="museum"
    )
    dialog._reload(trip.status_id)
    qtbot.waitUntil(lambda: dialog.chosen is not None and dialog.chosen.uses == 1)
    assert not dialog.remove_button.isEnabled()
    QTest.mouseClick(dialog.change_button, LEFT)
    assert not dialog.base.isEnabled()
    dialog.does_count.click()
    dialog.percent.setValue(100)
    QTest.mouseClick(dialog.main_button, LEFT)
    question = dialog.question
    assert question is not None
    assert app.attendance.statuses.all() == [trip]
    question.accept()
    qtbot.waitUntil(lambda: dialog.page == LIST)
    assert app.attendance.statuses.all() == [replace(trip, percent=100, version=2)]
