"""Check-out, started by keyboard in the roster, and minutes that a teacher corrects."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.stays import CheckOutMode
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.services.attendance.leaving.check_outs import StudentStay
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk


@pytest.fixture
def session(kiosk: GuiKiosk) -> ClassSession:
    """The first two are here, and the school lets students check out."""
    shared = kiosk.app.school.shared
    wanted = shared.rules().model_copy(update={"check_out": CheckOutMode.TEACHER})
    shared.change_rules(wanted, actor=admin("Tom"))
    session = kiosk.start()
    for student in kiosk.students[:2]:
        kiosk.mark(session, student)
    return session


def press(button: SecondaryButton) -> None:
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)


def stay(kiosk: GuiKiosk, session: ClassSession) -> StudentStay:
    found = kiosk.app.attendance.check_outs.of_session(session.session_id, actor=admin("Tom"))
    return next(one for one in found.students if one.student == kiosk.students[0])


def test_a_teacher_opens_and_closes_check_out(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    section = panel.check_outs
    qtbot.waitUntil(section.isVisible)
    assert (section.title, section.note) == ("Check-out: 0 of 2 left", "")
    press(section.turn_button)
    qtbot.waitUntil(lambda: "checked out" in section.note)
    shown = kiosk.app.attendance.sessions.session(session.session_id)
    assert shown.check_out_since is not None
    press(section.turn_button)
    qtbot.waitUntil(lambda: section.note == "")
    assert "Start" in section.turn_button.text().replace("&", "")


def test_minutes_are_corrected_with_a_reason_and_without_one_it_says_so(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    section, student = panel.check_outs, kiosk.students[0]
    qtbot.waitUntil(section.list_button.isVisible)
    assert section.buttons == {}, "folded away"
    press(section.list_button)
    press(section.buttons[student.student_id])
    dialog = section.dialog
    assert dialog is not None
    dialog.minutes.edit.setText("0")
    dialog.save_button.click()
    qtbot.waitUntil(lambda: "say why" in dialog.banner.text)
    QTest.keyClicks(dialog.reason.edit, "left early")
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog.reason.edit, Qt.Key.Key_Return)
    found = stay(kiosk, session)
    assert (found.stay.minutes, found.stay.by_hand) == (0, True)
    assert found.out is not None
    assert (found.out.by, found.out.reason) == ("Tom", "left early")


def test_minutes_wait_where_the_class_can_read_the_roster(
    qtbot: QtBot, panel: RosterPanel, session: ClassSession
) -> None:
    section = panel.check_outs
    qtbot.waitUntil(section.list_button.isVisible)
    press(section.list_button)
    assert len(section.buttons) == 2
    panel.veil(True)
    assert section.buttons == {}
    assert not section.list_button.isVisible()
    assert section.turn_button.isVisible()
