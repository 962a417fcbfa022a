from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.gui.attendance.afterwards.session_page import SessionPage
from kiosk.gui.records.course_records import RecordsView
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.services.attendance.afterwards.adding import NewSession
from tests.fakes.actors import teacher
from tests.world.gui_kiosk import GuiKiosk

HOUR = timedelta(hours=1)


@pytest.fixture
def session(kiosk: GuiKiosk) -> ClassSession:
    now = kiosk.app.core.clock.now().replace(second=0, microsecond=0)
    new = NewSession(kiosk.course.course_id, now - 3 * HOUR, HOUR, note="Group B")
    return kiosk.app.attendance.afterwards.adding.add(new, actor=teacher())


@pytest.fixture
def page(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, session: ClassSession) -> SessionPage:
    page = SessionPage(kiosk.app, theme)
    qtbot.addWidget(page)
    page.show()
    page.show_session(session.session_id, teacher())
    qtbot.waitUntil(lambda: page.menu.isEnabled() and len(page.register.state.lines) == 6)
    return page


@pytest.fixture
def records(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, session: ClassSession) -> RecordsView:
    view = RecordsView(kiosk.app, theme)
    qtbot.addWidget(view)
    view.show()
    view.show_for(teacher())
    qtbot.waitUntil(lambda: view.menu.isEnabled() and len(view.register.state.lines) == 6)
    return view


def choose(page: SessionPage | RecordsView, words: str) -> None:
    offered = {text.replace("&", ""): do for text, do in page.menu.offered().items()}
    offered[words]()


def test_a_page_says_what_the_session_is_and_follows_marks(
    qtbot: QtBot, kiosk: GuiKiosk, page: SessionPage, session: ClassSession
) -> None:
    assert page.title.text().endswith("Group B")
    assert "6 without a record" in page.facts.text()
    assert page.banner.text.startswith("Added afterwards, not marked yet")
    assert {line.state for line in page.register.state.lines} == {"No record"}
    kiosk.app.attendance.marks.mark(
        session.session_id, kiosk.students[0].student_id, Status.PRESENT, actor=teacher(), reason="list"
    )
    page.register.reader.read_again()
    qtbot.waitUntil(lambda: "5 without a record" in page.facts.text())
    assert page.banner.text == "Added afterwards"


def test_the_menu_offers_what_can_be_done_now(qtbot: QtBot, kiosk: GuiKiosk, page: SessionPage) -> None:
    page.menu.menu_of_session.aboutToShow.emit()
    words = [action.text().replace("&", "") for action in page.menu.menu_of_session.actions()]
    assert words == ["Room and note…", "Import marks…", "Change the times…", "Cancel the session…", "Delete…"]
    kiosk.app.attendance.afterwards.cancelling.cancel(
        page.register.state.session_id or 0, reason="strike", actor=teacher()
    )
    page.show_session(page.register.state.session_id or 0, teacher())
    qtbot.waitUntil(lambda: "cancelled: strike" in page.banner.text)
    choose(page, "Let it count again")
    qtbot.waitUntil(lambda: page.banner.text.startswith("Added afterwards"))


def test_a_deletion_is_asked_and_undone_on_the_page(qtbot: QtBot, page: SessionPage) -> None:
    choose(page, "Delete…")
    asked = page.menu.dialog
    assert isinstance(asked, ConfirmDialog)
    asked.action_button.click()
    qtbot.waitUntil(page.undo.isVisible)
    assert not page.register.isVisible()
    page.undo.button.click()
    qtbot.waitUntil(lambda: page.register.isVisible() and page.menu.isEnabled())


def test_in_the_records_a_session_is_deleted_and_put_back(qtbot: QtBot, records: RecordsView) -> None:
    assert "Group B · added afterwards, not marked yet" in records.sessions.texts()[0][0]
    choose(records, "Delete…")
    asked = records.menu.dialog
    assert isinstance(asked, ConfirmDialog)
    asked.action_button.click()
    qtbot.waitUntil(lambda: records.undo.isVisible() and not records.sessions.isVisible())
    records.undo.button.click()
    qtbot.waitUntil(lambda: records.sessions.isVisible() and records.menu.isEnabled())


def test_in_the_records_a_session_is_added_and_shown(
    qtbot: QtBot, kiosk: GuiKiosk, records: RecordsView, session: ClassSession
) -> None:
    records.add_button.click()
    dialog = records.dialog
    assert dialog is not None
    new = NewSession(kiosk.course.course_id, session.started_at - 24 * HOUR, HOUR)
    older = kiosk.app.attendance.afterwards.adding.add(new, actor=teacher())
    dialog.added.emit(older)  # type: ignore[attr-defined]  # the dialog itself has its own tests
    qtbot.waitUntil(lambda: records.register.state.session_id == older.session_id)
    assert len(records.sessions.texts()) == 2
    dialog.dismiss()
