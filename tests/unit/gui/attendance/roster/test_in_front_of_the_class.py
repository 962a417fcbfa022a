"""The roster where the class can read it: names without statuses, reasons and messages until somebody asks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.attendance.roster.state import RosterFilter
from kiosk.gui.attendance.roster.students.model import LINE_ROLE
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton
BEN = 2
"""His row: the roster stands by family name."""


@pytest.fixture
def open_panel(qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession) -> RosterPanel:
    """Ben is excused with a reason of his own, and something looked odd."""
    kiosk.app.attendance.marks.mark(
        session.session_id, kiosk.students[1].student_id, Status.EXCUSED, actor=admin(), reason="at court"
    )
    kiosk.app.attendance.incidents.note(
        session.session_id, IncidentKind.SIGN_IN_RESTS, student_id=kiosk.students[2].student_id
    )
    qtbot.waitUntil(lambda: bool(panel.state.incidents) and panel.state.count.excused == 1)
    panel.veil(True)
    return panel


def spoken(panel: RosterPanel) -> list[str]:
    model = panel.students.model
    return [model.index(row).data(LINE_ROLE).spoken for row in range(model.rowCount())]


def test_names_stand_alone_and_nothing_else_is_said(open_panel: RosterPanel) -> None:
    assert spoken(open_panel)[:2] == ["Farid Haddad, S006", "Elif Kaya, S005"]
    assert open_panel.happened.isHidden()
    assert open_panel.reveal.words.text() == "1 note is hidden."
    assert open_panel.students.chips[RosterFilter.EXCUSED].text() == "Excused 1", "the counts stay"


def test_show_reasons_shows_them_and_hides_them_again(open_panel: RosterPanel) -> None:
    QTest.mouseClick(open_panel.reveal.button, LEFT)
    assert "Excused" in spoken(open_panel)[BEN]
    assert "Chen Wei" in open_panel.happened.text
    QTest.mouseClick(open_panel.reveal.button, LEFT)
    assert spoken(open_panel)[BEN] == "Ben Okafor, S002"


def test_what_was_written_of_others_is_not_offered_as_a_reason(qtbot: QtBot, open_panel: RosterPanel) -> None:
    open_panel.students.asked.emit(open_panel.state.lines[0].student.student_id)
    assert all("at court" not in chip.text() for chip in open_panel.mark_pane.reason_chips)
    open_panel.students.asked.emit(open_panel.state.lines[BEN].student.student_id)
    known = open_panel.reader
    qtbot.waitUntil(lambda: bool(known.state.history))
    assert open_panel.mark_pane.history == ""
    QTest.mouseClick(open_panel.reveal.button, LEFT)
    assert "at court" in open_panel.mark_pane.history


def test_reasons_shown_stay_shown_while_the_class_goes_on(
    qtbot: QtBot, kiosk: GuiKiosk, open_panel: RosterPanel, session: ClassSession
) -> None:
    QTest.mouseClick(open_panel.reveal.button, LEFT)
    kiosk.mark(session, kiosk.students[4])
    open_panel.reader.read_again()
    qtbot.waitUntil(lambda: open_panel.state.count.present == 1)
    assert "Excused" in spoken(open_panel)[BEN]


def test_on_a_display_of_the_teachers_own_all_is_shown(open_panel: RosterPanel) -> None:
    open_panel.veil(False)
    assert open_panel.reveal.isHidden()
    assert "Excused" in spoken(open_panel)[BEN]


def test_a_school_may_show_all_everywhere(qtbot: QtBot, kiosk: GuiKiosk, open_panel: RosterPanel) -> None:
    shared = kiosk.app.school.shared
    shared.change_rules(shared.rules().model_copy(update={"roster_names_only": False}), actor=admin())
    open_panel.reader.read_again()
    qtbot.waitUntil(open_panel.reveal.isHidden)
    assert "Excused" in spoken(open_panel)[BEN]
