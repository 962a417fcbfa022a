from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.gui.attendance.absences.absences_dialog import AbsencesDialog
from kiosk.gui.attendance.absences.announce_dialog import AnnounceAbsenceDialog
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.theme import Theme
from tests.fakes.actors import teacher
from tests.world.gui_kiosk import GuiKiosk
from tests.world.open_dialog import opened


def announcing(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> AnnounceAbsenceDialog:
    students = [(one.student_id, one.full_name) for one in kiosk.students[:2]]
    return opened(qtbot, AnnounceAbsenceDialog(kiosk.app, theme, teacher(), students))


def test_an_absence_is_announced_at_once_where_nothing_is_written(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    dialog = announcing(qtbot, kiosk, theme)
    dialog.look_button.click()
    assert "say why" in dialog.reason.error
    QTest.keyClicks(dialog.reason.edit, "ill")
    with qtbot.waitSignal(dialog.announced) as told:
        dialog.look_button.click()
    assert told.args == [2]
    panel = RosterPanel(kiosk.app, theme, closable=False)
    qtbot.addWidget(panel)
    panel.show_session(kiosk.start().session_id, teacher())
    qtbot.waitUntil(lambda: len(panel.state.lines) == 6)
    by_number = sorted(panel.state.lines, key=lambda line: line.student.student_no)
    assert [line.proof for line in by_number][:3] == ["absence announced", "absence announced", ""]


def test_what_is_written_already_is_shown_first(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    session = kiosk.start()
    kiosk.runtime.end_class(actor=teacher())
    dialog = announcing(qtbot, kiosk, theme)
    QTest.keyClicks(dialog.reason.edit, "ill")
    dialog.look_button.click()
    qtbot.waitUntil(dialog.announce_button.isVisible)
    assert len(dialog.written.texts()) == 2
    with qtbot.waitSignal(dialog.announced):
        dialog.announce_button.click()
    entries = kiosk.app.attendance.sessions.roster(session.session_id)
    records = [one.record for one in sorted(entries, key=lambda one: one.student.student_no)]
    assert [one.status for one in records if one is not None][:3] == [
        Status.EXCUSED,
        Status.EXCUSED,
        Status.ABSENT,
    ]


def test_an_announced_absence_is_taken_back_after_a_question(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    dialog = announcing(qtbot, kiosk, theme)
    QTest.keyClicks(dialog.reason.edit, "ill")
    with qtbot.waitSignal(dialog.announced):
        dialog.look_button.click()
    listed = opened(qtbot, AbsencesDialog(kiosk.app, theme, teacher()))
    qtbot.waitUntil(lambda: len(listed.table.texts()) == 2)
    listed.table.selectRow(0)
    listed.take_back_button.click()
    assert listed.question is not None
    listed.question.action_button.click()
    qtbot.waitUntil(lambda: len(listed.table.texts()) == 1)
    assert listed.banner.text == "Taken back."
