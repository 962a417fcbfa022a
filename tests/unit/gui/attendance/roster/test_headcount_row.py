"""People whom a teacher counts in the room: kept, compared with the marks, shown at the end and in the records."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.errors import StorageError
from kiosk.gui.attendance.class_page import ClassPage
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.bridge import Bridge
from kiosk.gui.people.password_dialog import PasswordDialog
from kiosk.gui.records.course_records import RecordsView
from kiosk.gui.theme import Theme
from kiosk.gui.views_in_use import Views
from kiosk.gui.widgets.dialogs import ConfirmDialog
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

TOO_MANY = "2 are marked, but 1 was counted in the room: 1 too many."


def kept(kiosk: GuiKiosk, session: ClassSession) -> int | None:
    return kiosk.app.attendance.sessions.session(session.session_id).headcount


def count(panel: RosterPanel, typed: str) -> None:
    panel.headcount.edit.selectAll()
    QTest.keyClick(panel.headcount.edit, Qt.Key.Key_Delete)
    QTest.keyClicks(panel.headcount.edit, typed)
    QTest.keyClick(panel.headcount.edit, Qt.Key.Key_Return)


def test_nobody_has_to_count(kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession) -> None:
    for student in kiosk.students[:2]:
        kiosk.mark(session, student)
    assert panel.headcount.edit.text() == ""
    assert panel.headcount.edit.isEnabled()
    QTest.keyClick(panel.headcount.edit, Qt.Key.Key_Return)
    assert panel.headcount.warning.text == ""
    assert kept(kiosk, session) is None


def test_more_marks_than_people_are_warned_of_at_once(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.mark(session, kiosk.students[0])
    qtbot.waitUntil(lambda: panel.state.count.attended == 1)
    count(panel, "1")
    qtbot.waitUntil(lambda: kept(kiosk, session) == 1)
    assert panel.headcount.warning.text == ""

    kiosk.mark(session, kiosk.students[1])
    qtbot.waitUntil(lambda: panel.headcount.warning.text.startswith(TOO_MANY))
    count(panel, "2")
    qtbot.waitUntil(lambda: panel.headcount.warning.text == "")
    assert kept(kiosk, session) == 2


def test_a_headcount_is_there_again_later_and_can_be_taken_back(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    count(panel, "23")
    qtbot.waitUntil(lambda: kept(kiosk, session) == 23)
    panel.show_session(session.session_id, admin("Tom"))
    assert panel.headcount.edit.text() == ""
    qtbot.waitUntil(lambda: panel.headcount.edit.text() == "23")
    count(panel, "")
    qtbot.waitUntil(lambda: kept(kiosk, session) is None)


def test_only_numbers_are_taken(kiosk: GuiKiosk, panel: RosterPanel) -> None:
    QTest.keyClicks(panel.headcount.edit, "-a1b2345")
    assert panel.headcount.edit.text() == "1234"


def test_what_somebody_is_typing_is_not_overwritten(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    panel.headcount.edit.setFocus()
    QTest.keyClicks(panel.headcount.edit, "2")
    kiosk.app.attendance.sessions.set_headcount(session.session_id, 9, actor=admin("Ada"))
    qtbot.waitUntil(lambda: panel.headcount.session is not None and panel.headcount.session.headcount == 9)
    assert panel.headcount.edit.text() == "2"


def test_a_number_that_cannot_be_kept_is_taken_out_of_the_field_and_said(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(
        type(kiosk.app.attendance.sessions),
        "set_headcount",
        lambda self, *_args, **_named: self._store.write(refuse),
    )
    count(panel, "5")
    qtbot.waitUntil(lambda: "The disk is full." in panel.banner.text)
    assert panel.headcount.edit.text() == ""


def test_the_question_at_the_end_says_that_more_are_marked_than_counted(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, bridge: Bridge
) -> None:
    page = ClassPage(kiosk.app, bridge, theme, None, Views(), windowed=True)
    qtbot.addWidget(page)
    session = kiosk.start()
    for student in kiosk.students[:2]:
        kiosk.mark(session, student)
    qtbot.waitUntil(lambda: page.screen_view.state.counts.attended == 2)

    def asked() -> str:
        page.screen_view.end_requested.emit()
        dialog = page.dialog
        assert isinstance(dialog, ConfirmDialog | PasswordDialog)
        said = " ".join(label.text() for label in dialog.findChildren(QLabel))
        dialog.reject()
        qtbot.waitUntil(lambda: page.dialog is None)
        return said

    assert "too many" not in asked()
    kiosk.app.attendance.sessions.set_headcount(session.session_id, 1, actor=admin("Tom"))
    qtbot.waitUntil(lambda: TOO_MANY in asked())


def test_records_show_what_was_counted_and_follow_a_change(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, session: ClassSession
) -> None:
    kiosk.app.attendance.sessions.set_headcount(session.session_id, 7, actor=admin("Tom"))
    view = RecordsView(kiosk.app, theme)
    qtbot.addWidget(view)
    view.show()
    view.show_for(Actor.of(kiosk.teacher))
    qtbot.waitUntil(lambda: view.register.headcount.edit.text() == "7")
    assert view.sessions.texts()[0][-1] == "7"
    count(view.register, "8")
    qtbot.waitUntil(lambda: view.sessions.texts()[0][-1] == "8")
    assert kept(kiosk, session) == 8
