"""Students' messages about their records, in the roster, over a real store."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.gui.attendance.roster.panel import RosterPanel
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def session(kiosk: GuiKiosk) -> ClassSession:
    session = kiosk.start()
    kiosk.app.attendance.marks.mark(
        session.session_id, kiosk.students[0].student_id, Status.ABSENT, actor=admin("Tom"), reason="not seen"
    )
    return session


def record_of(kiosk: GuiKiosk, session: ClassSession) -> AttendanceRecord:
    entry = next(
        one
        for one in kiosk.app.attendance.sessions.roster(session.session_id)
        if one.student == kiosk.students[0]
    )
    assert entry.record is not None
    return entry.record


def write(qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession) -> int:
    record = record_of(kiosk, session)
    made = kiosk.app.records.objections.make(record.student_id, record.record_id, "I <b>sat</b> in row 2")
    qtbot.waitUntil(lambda: made.objection_id in panel.objections.answers)
    return made.objection_id


def test_a_message_appears_in_the_open_roster(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    assert panel.objections.isHidden()
    write(qtbot, kiosk, panel, session)
    (line,) = panel.objections.lines
    assert line.startswith("Anita Rao, recorded as absent, wrote on ")
    assert line.endswith("I <b>sat</b> in row 2")
    assert panel.objections.isVisible()


def test_one_click_marks_present_answers_and_can_be_undone(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    key = write(qtbot, kiosk, panel, session)
    QTest.mouseClick(panel.objections.present_buttons[key], LEFT)
    qtbot.waitUntil(lambda: panel.undo_bar.text == "Anita Rao is marked present and reads your answer.")
    qtbot.waitUntil(panel.objections.isHidden)
    assert record_of(kiosk, session).status is Status.PRESENT
    QTest.mouseClick(panel.undo_bar.button, LEFT)
    qtbot.waitUntil(lambda: record_of(kiosk, session).status is Status.ABSENT)


def test_keeping_asks_for_a_word_and_loses_none_of_it(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    key = write(qtbot, kiosk, panel, session)
    QTest.mouseClick(panel.objections.keep_buttons[key], LEFT)
    qtbot.waitUntil(panel.banner.isVisible)
    QTest.keyClicks(panel.objections.answers[key], "You left early.")
    QTest.mouseClick(panel.objections.keep_buttons[key], LEFT)
    qtbot.waitUntil(panel.objections.isHidden)
    record = record_of(kiosk, session)
    assert (record.status, record.version) == (Status.ABSENT, 1)
    (said,) = kiosk.app.records.objections.own(record.student_id, record.record_id).said
    assert (said.answer, said.answered_by) == ("You left early.", "Tom")


def test_a_roster_that_is_put_away_forgets_the_words(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    write(qtbot, kiosk, panel, session)
    panel.hide()
    assert panel.objections.lines == ()
