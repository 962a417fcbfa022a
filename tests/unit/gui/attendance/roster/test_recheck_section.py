"""A re-check, started and put right in the roster, and the line on the kiosk screen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.rechecks import Recheck, RecheckMeaning, RecheckMode
from kiosk.gui.attendance.kiosk_screen.recheck_line import RecheckLine
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.services.attendance.recheck.judging import recheck_queries
from kiosk.services.attendance.recheck.recheck_watch import RecheckNow
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk


@pytest.fixture
def session(kiosk: GuiKiosk) -> ClassSession:
    """The first three are here, and the school counts as absent who does not show up again."""
    wanted = {"recheck": RecheckMode.TEACHER, "recheck_meaning": RecheckMeaning.ABSENT}
    shared = kiosk.app.school.shared
    shared.change_rules(shared.rules().model_copy(update=wanted), actor=admin("Tom"))
    session = kiosk.start()
    for student in kiosk.students[:3]:
        kiosk.mark(session, student)
    return session


def status(kiosk: GuiKiosk, session: ClassSession, number: int) -> Status | None:
    roster = kiosk.app.attendance.sessions.roster(session.session_id)
    student_id = kiosk.students[number].student_id
    record = next(one.record for one in roster if one.student.student_id == student_id)
    return record.status if record is not None else None


def let_pass(kiosk: GuiKiosk, recheck: Recheck) -> None:
    """Its time is over."""
    began_at = kiosk.app.core.clock.now() - timedelta(minutes=5, seconds=1)
    gone = replace(recheck, began_at=began_at, closes_at=began_at + timedelta(minutes=5))
    kiosk.app.core.store.write(lambda repositories: recheck_queries(repositories).save(gone))


def press(button: SecondaryButton) -> None:
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)


def test_a_teacher_starts_one_by_keyboard_sees_who_is_missing_and_stops_it(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    section = panel.rechecks
    qtbot.waitUntil(section.start_button.isVisible)
    press(section.start_button)
    qtbot.waitUntil(lambda: len(section.buttons) == 3)
    assert section.title.startswith("Show up again: ")
    assert section.title.endswith("0 of 3")
    kiosk.mark(session, kiosk.students[0])
    qtbot.waitUntil(lambda: len(section.buttons) == 2)
    assert section.title.endswith("1 of 3")
    press(section.stop_button)
    qtbot.waitUntil(lambda: "2 of 3 did not show up" in section.title)
    assert "Incomplete" in section.outcome
    assert status(kiosk, session, 1) is Status.PRESENT
    assert not section.undo_button.isVisible()
    assert section.start_button.isVisible()


def test_who_was_here_is_put_right_and_the_rest_taken_back_with_two_presses(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    section = panel.rechecks
    let_pass(kiosk, kiosk.app.attendance.rechecks.start(session.session_id, actor=admin("Tom")))
    kiosk.app.attendance.rechecks.judge(session.session_id)
    qtbot.waitUntil(section.undo_button.isVisible)
    assert status(kiosk, session, 1) is Status.ABSENT
    press(section.buttons[kiosk.students[1].student_id])
    qtbot.waitUntil(lambda: len(section.buttons) == 2)
    assert status(kiosk, session, 1) is Status.PRESENT
    assert status(kiosk, session, 2) is Status.ABSENT
    press(section.undo_button)
    assert "2 records become what they were before" in section.outcome
    assert status(kiosk, session, 2) is Status.ABSENT, "the first press only asks"
    press(section.undo_button)
    qtbot.waitUntil(lambda: status(kiosk, session, 2) is Status.PRESENT)
    qtbot.waitUntil(lambda: "Taken back by Tom" in section.outcome)


def test_names_wait_where_the_class_can_read_the_roster(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.app.attendance.rechecks.start(session.session_id, actor=admin("Tom"))
    qtbot.waitUntil(lambda: len(panel.rechecks.buttons) == 3)
    panel.veil(True)
    assert panel.rechecks.buttons == {}
    assert panel.rechecks.title.endswith("0 of 3")
    panel.reader.toggle_reasons()
    assert len(panel.rechecks.buttons) == 3


def test_a_school_without_rechecks_sees_nothing_of_them(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    shared = kiosk.app.school.shared
    shared.change_rules(shared.rules().model_copy(update={"recheck": RecheckMode.OFF}), actor=admin("Tom"))
    panel.show_session(0, admin("Tom"))
    panel.show_session(session.session_id, admin("Tom"))
    qtbot.waitUntil(lambda: not panel.rechecks.isVisible())


def test_the_line_on_the_kiosk_screen_comes_counts_and_goes(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, session: ClassSession
) -> None:
    line = RecheckLine(theme)
    qtbot.addWidget(line)
    recheck = kiosk.app.attendance.rechecks.start(session.session_id, actor=admin("Tom"))
    asked = frozenset(one.student_id for one in kiosk.students[:3])
    assert line.show_window(RecheckNow(recheck, asked, frozenset(), 192.0))
    assert (line.text, line.isHidden()) == ("Show up again: 3:12 left, 0 of 3", False)
    assert not line.show_window(RecheckNow(recheck, asked, asked, 191.0))
    assert line.accessibleName() == "Show up again: 3:12 left, 0 of 3", "not read out each second"
    assert line.show_window(None)
    assert line.isHidden()
