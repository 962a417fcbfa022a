"""The roster beside the kiosk screen, over a real store."""

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.claims import Awaited, PendingClaim
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.attendance.school_status import SchoolStatus, StatusColour
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.attendance.roster.state import RosterFilter
from kiosk.gui.attendance.roster.students.delegate import RosterDelegate
from kiosk.gui.theme import Theme
from kiosk.services.attendance.sessions import RosterEntry
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk, gui_kiosk


def click_row(qtbot: QtBot, panel: RosterPanel, student: int) -> None:
    """Press the row of the student with this place in the class list; the roster stands by family name."""
    row = [line.student.student_no for line in panel.state.lines].index(f"S{student + 1:03}")
    place = panel.students.list.visualRect(panel.students.model.index(row, 0)).center()
    QTest.mouseClick(panel.students.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def record_of(kiosk: GuiKiosk, session: ClassSession, number: int) -> AttendanceRecord | None:
    entries: list[RosterEntry] = kiosk.app.attendance.sessions.roster(session.session_id)
    return next(one.record for one in entries if one.student == kiosk.students[number])


def test_everybody_is_listed_by_family_name_and_counted(panel: RosterPanel) -> None:
    model = panel.students.model
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
        *("Farid Haddad", "Elif Kaya", "Ben Okafor", "Anita Rao", "Dara Singh", "Chen Wei")
    ]
    assert panel.students.chips[RosterFilter.ALL].text() == "All 6"
    assert panel.students.chips[RosterFilter.MISSING].text() == "Not here 6"


def test_a_check_in_shows_at_once(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.mark(session, kiosk.students[2])
    qtbot.waitUntil(lambda: panel.students.chips[RosterFilter.PRESENT].text() == "Present 1")
    line = panel.state.line_of(kiosk.students[2].student_id)
    assert line is not None
    assert line.state == "Present"
    assert line.proof.endswith("· phone")


def test_events_of_another_session_change_nothing(kiosk: GuiKiosk, panel: RosterPanel) -> None:
    other = kiosk.app.courses.lists.add_course(code="X 1", title="Other", room="", actor=admin("test"))
    elsewhere = kiosk.app.attendance.sessions.start(other.course_id, actor=admin("Tom"), model="fake")
    marked = kiosk.app.attendance.marks.mark(
        elsewhere.session_id, kiosk.students[0].student_id, Status.PRESENT, actor=admin("Tom"), reason="test"
    )
    assert marked.session_id != panel.state.session_id
    panel.reader.on_event(kiosk.events[-1])
    assert panel.state.count.attended == 0


def test_typing_narrows_the_list_and_enter_asks_for_the_first(qtbot: QtBot, panel: RosterPanel) -> None:
    QTest.keyClicks(panel.students.search, "oka")
    assert panel.students.model.rowCount() == 1
    QTest.keyClick(panel.students.search, Qt.Key.Key_Return)
    assert panel.mark_pane.isVisible()


def test_a_chip_narrows_the_list(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.mark(session, kiosk.students[5])
    qtbot.waitUntil(lambda: panel.students.chips[RosterFilter.MISSING].text() == "Not here 5")
    QTest.mouseClick(panel.students.chips[RosterFilter.MISSING], Qt.MouseButton.LeftButton)
    assert panel.students.model.rowCount() == 5
    assert panel.students.model.index(0, 0).data() == "Elif Kaya"


def test_nobody_fitting_says_what_to_do(qtbot: QtBot, panel: RosterPanel) -> None:
    QTest.keyClicks(panel.students.search, "nobody at all")
    assert panel.students.nobody.isVisible()


def test_in_a_low_window_the_question_is_scrolled_into_sight(qtbot: QtBot, panel: RosterPanel) -> None:
    panel.resize(640, 360)
    click_row(qtbot, panel, 1)
    button = panel.mark_pane.save_button
    qtbot.waitUntil(lambda: button.visibleRegion().boundingRect() == button.rect())


def test_marking_by_hand_is_written_with_its_reason(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    click_row(qtbot, panel, 1)
    QTest.mouseClick(panel.mark_pane.status_chips[Status.EXCUSED], Qt.MouseButton.LeftButton)
    QTest.keyClicks(panel.mark_pane.reason.edit, "Dentist")
    QTest.mouseClick(panel.mark_pane.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(panel.undo_bar.text))
    record = record_of(kiosk, session, 1)
    assert record is not None
    assert record.status is Status.EXCUSED
    assert (record.evidence[-1].actor, record.evidence[-1].reason) == ("Tom", "Dentist")
    assert panel.undo_bar.text == "Ben Okafor is marked excused."
    assert not panel.mark_pane.isVisible()


def test_a_status_of_the_schools_own_is_chosen_and_shown_by_its_name(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    own = SchoolStatus(0, "school trip", "T", StatusColour.BLUE, Status.EXCUSED, 100)
    trip = kiosk.app.attendance.statuses.save(own, actor=admin("Ada"))
    panel.reader.read_again()
    qtbot.waitUntil(lambda: panel.state.statuses == (trip,))
    click_row(qtbot, panel, 1)
    QTest.mouseClick(panel.mark_pane.status_chips[trip], Qt.MouseButton.LeftButton)
    QTest.keyClicks(panel.mark_pane.reason.edit, "Museum")
    QTest.mouseClick(panel.mark_pane.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.undo_bar.text == "Ben Okafor is marked school trip.")
    record = record_of(kiosk, session, 1)
    assert record is not None
    assert record.shown == trip
    assert "school trip" in [line.state for line in panel.state.lines]
    assert panel.students.chips[RosterFilter.EXCUSED].text() == "Excused 1"


def test_the_likely_status_is_chosen_and_one_key_takes_a_reason(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    qtbot.waitUntil(lambda: panel.state.session is not None)
    click_row(qtbot, panel, 0)
    QTest.mouseClick(panel.mark_pane.reason_chips[1], Qt.MouseButton.LeftButton)
    QTest.keyClick(panel.mark_pane.save_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(panel.undo_bar.text))
    record = record_of(kiosk, session, 0)
    assert record is not None
    assert record.status is Status.PRESENT
    assert record.evidence[-1].reason == "Phone broken"


def test_a_digit_takes_the_reason_with_its_number_until_one_is_typed(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    qtbot.waitUntil(lambda: panel.state.session is not None)
    click_row(qtbot, panel, 0)
    edit = panel.mark_pane.reason.edit
    assert panel.mark_pane.reason_chips[0].text().startswith("1 ")
    QTest.keyClick(edit, Qt.Key.Key_1)
    assert edit.text() == "Not recognised"
    assert panel.mark_pane.save_button.hasFocus()

    edit.clear()
    edit.setFocus()
    QTest.keyClicks(edit, "8 minutes, bus 2")
    assert edit.text() == "8 minutes, bus 2"
    keyboard = panel.windowHandle()  # as the system sends keys: what has a letter hears them before the field
    for key, status in ((Qt.Key.Key_L, Status.LATE), (Qt.Key.Key_P, Status.PRESENT)):
        QTest.keyClick(keyboard, key, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(panel.mark_pane.status_chips[status].isChecked)
        assert edit.text() == "8 minutes, bus 2"


def test_everybody_missing_is_marked_in_four_actions_and_taken_back_in_one(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.mark(session, kiosk.students[0], Method.PHONE)
    qtbot.waitUntil(lambda: panel.state.count.present == 1)
    assert panel.students.all_button.isHidden()

    QTest.mouseClick(panel.students.chips[RosterFilter.MISSING], Qt.MouseButton.LeftButton)
    assert panel.students.all_button.text() == "&Mark all 5 who are shown…"
    QTest.mouseClick(panel.students.all_button, Qt.MouseButton.LeftButton)
    assert panel.mark_pane.phones_button.isHidden()  # phones are one student's
    QTest.mouseClick(panel.mark_pane.status_chips[Status.EXCUSED], Qt.MouseButton.LeftButton)
    QTest.keyClicks(panel.mark_pane.reason.edit, "School trip")
    QTest.keyClick(panel.mark_pane.reason.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.undo_bar.text == "5 students are marked excused.")
    assert panel.state.count.excused == 5
    assert not panel.mark_pane.isVisible()

    QTest.mouseClick(panel.undo_bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.undo_bar.text.startswith("Undone: 5 students"))
    assert (panel.state.count.excused, panel.state.count.present) == (0, 1)


def test_who_came_while_the_missing_were_being_marked_is_not_touched(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    QTest.mouseClick(panel.students.chips[RosterFilter.MISSING], Qt.MouseButton.LeftButton)
    QTest.keyClicks(panel.students.search, kiosk.students[0].full_name.split()[-1][0])
    together = len(panel.state.missing)
    assert together > 1
    QTest.mouseClick(panel.students.all_button, Qt.MouseButton.LeftButton)
    came = panel.state.missing[0].student
    kiosk.mark(session, came, Method.PHONE)
    qtbot.waitUntil(lambda: panel.state.count.present == 1)
    QTest.mouseClick(panel.mark_pane.status_chips[Status.ABSENT], Qt.MouseButton.LeftButton)
    QTest.keyClick(panel.mark_pane.reason.edit, Qt.Key.Key_1)
    QTest.keyClick(panel.mark_pane.save_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.undo_bar.text.endswith("1 came meanwhile."))
    assert (panel.state.count.absent, panel.state.count.present) == (together - 1, 1)


def test_another_teachers_mark_made_while_the_missing_were_asked_about_stays_and_is_named(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    other, waits = kiosk.students[:2]
    scan = Evidence(Method.PHONE, kiosk.app.core.clock.now())
    claim = PendingClaim(session.session_id, waits.student_id, scan, Awaited.EYE, scan.at, None)
    kiosk.app.core.store.write(lambda repositories: repositories.claims.put(claim))
    panel.reader.look()
    qtbot.waitUntil(lambda: bool(panel.state.claims))
    QTest.mouseClick(panel.students.chips[RosterFilter.MISSING], Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.students.all_button, Qt.MouseButton.LeftButton)
    assert f"{waits.full_name} has scanned and waits" in panel.mark_pane.waiting.text()

    marks, session_id = kiosk.app.attendance.marks, session.session_id
    marks.mark(session_id, other.student_id, Status.EXCUSED, actor=admin("Kim"), reason="ill")
    qtbot.waitUntil(lambda: panel.state.count.excused == 1)
    QTest.mouseClick(panel.mark_pane.status_chips[Status.ABSENT], Qt.MouseButton.LeftButton)
    QTest.keyClick(panel.mark_pane.reason.edit, Qt.Key.Key_1)
    QTest.keyClick(panel.mark_pane.save_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: f"Somebody else has marked {other.full_name}" in panel.undo_bar.text)
    assert (panel.state.count.absent, panel.state.count.excused) == (5, 1)
    qtbot.waitUntil(lambda: not panel.state.claims)

    QTest.mouseClick(panel.undo_bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [one.student for one in panel.state.claims] == [waits])


def test_a_mark_without_a_reason_is_not_made(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    click_row(qtbot, panel, 0)
    QTest.mouseClick(panel.mark_pane.status_chips[Status.LATE], Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.mark_pane.save_button, Qt.MouseButton.LeftButton)
    assert "needs a reason" in panel.mark_pane.reason.error
    assert record_of(kiosk, session, 0) is None


def test_undo_writes_back_what_it_was(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.mark(session, kiosk.students[3])
    qtbot.waitUntil(lambda: panel.state.count.present == 1)
    click_row(qtbot, panel, 3)
    QTest.mouseClick(panel.mark_pane.status_chips[Status.ABSENT], Qt.MouseButton.LeftButton)
    QTest.keyClicks(panel.mark_pane.reason.edit, "Wrong person")
    QTest.keyClick(panel.mark_pane.reason.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(panel.undo_bar.text))
    QTest.mouseClick(panel.undo_bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.undo_bar.text.startswith("Undone"))
    record = record_of(kiosk, session, 3)
    assert record is not None
    assert record.status is Status.PRESENT
    assert record.evidence[-1].reason == "undone"
    assert [one.reason for one in kiosk.app.attendance.sessions.history(record.record_id, actor=admin())] == [
        "Wrong person",
        "undone",
    ]


def test_undoing_a_first_mark_leaves_the_student_not_here_yet(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    click_row(qtbot, panel, 3)
    QTest.mouseClick(panel.mark_pane.status_chips[Status.PRESENT], Qt.MouseButton.LeftButton)
    QTest.keyClicks(panel.mark_pane.reason.edit, "Phone broken")
    QTest.keyClick(panel.mark_pane.reason.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.state.count.present == 1)
    qtbot.waitUntil(lambda: bool(panel.undo_bar.text))
    QTest.mouseClick(panel.undo_bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.undo_bar.text.startswith("Undone"))

    assert panel.undo_bar.text.endswith("counts as not here yet.")
    assert panel.state.count.attended == 0
    assert record_of(kiosk, session, 3) is None


def test_a_record_shows_its_history(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.mark(session, kiosk.students[0], Method.PHONE)
    kiosk.app.attendance.marks.mark(
        session.session_id,
        kiosk.students[0].student_id,
        Status.EXCUSED,
        actor=admin("Ada"),
        reason="Left early",
    )
    qtbot.waitUntil(lambda: panel.state.count.excused == 1)
    click_row(qtbot, panel, 0)
    qtbot.waitUntil(lambda: "Ada changed it" in panel.mark_pane.history)
    assert "by phone" in panel.mark_pane.history


def test_escape_closes_the_question(qtbot: QtBot, panel: RosterPanel) -> None:
    click_row(qtbot, panel, 0)
    QTest.keyClick(panel.mark_pane.reason.edit, Qt.Key.Key_Escape)
    assert not panel.mark_pane.isVisible()


def test_the_end_of_the_session_shows_who_was_absent(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.runtime.end_class(actor=admin("Tom"))
    qtbot.waitUntil(lambda: panel.state.count.absent == 6)


def test_done_closes(qtbot: QtBot, panel: RosterPanel) -> None:
    with qtbot.waitSignal(panel.closed):
        QTest.mouseClick(panel.done_button, Qt.MouseButton.LeftButton)


def test_an_unknown_session_is_said_in_a_sentence(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    panel = RosterPanel(kiosk.app, theme)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_session(4711, admin("Tom"))
    qtbot.waitUntil(lambda: "does not exist" in panel.banner.text)


def test_of_three_hundred_rows_only_those_in_sight_are_drawn(
    qtbot: QtBot, tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[int] = []
    paint = RosterDelegate.paint

    def count(
        delegate: RosterDelegate, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        painted.append(index.row())
        paint(delegate, painter, option, index)

    monkeypatch.setattr(RosterDelegate, "paint", count)
    names = tuple(f"Student Number {number:03}" for number in range(300))
    with gui_kiosk(tmp_path, names=names) as kiosk:
        session = kiosk.start()
        panel = RosterPanel(kiosk.app, theme)
        qtbot.addWidget(panel)
        panel.resize(520, 1000)
        panel.show()
        panel.show_session(session.session_id, admin("Tom"))
        rows = panel.students
        qtbot.waitUntil(lambda: rows.model.rowCount() == 300)
        panel.grab()
        bar, sight = rows.list.verticalScrollBar(), rows.list.viewport()
        bar.setValue(bar.maximum() // 2)
        painted.clear()
        sight.grab()
        fit = sight.height() // rows.list.sizeHintForRow(0) + 2
        assert 0 < len(painted) <= fit
        assert min(painted) > 100
