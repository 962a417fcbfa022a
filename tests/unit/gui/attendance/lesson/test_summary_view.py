"""How a class went, over a real store."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.trust.rights import Actor, Right
from kiosk.gui.attendance.lesson.summary_view import SummaryView
from kiosk.gui.theme import Theme
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def session(kiosk: GuiKiosk) -> ClassSession:
    """A class that is over: one came, one is excused, three are missing, and something looked odd."""
    session = kiosk.start()
    kiosk.mark(session, kiosk.students[0])
    marks = kiosk.app.attendance.marks
    marks.mark(session.session_id, kiosk.students[1].student_id, Status.EXCUSED, actor=admin(), reason="ill")
    kiosk.app.attendance.incidents.note(
        session.session_id, IncidentKind.SIGN_IN_RESTS, student_id=kiosk.students[2].student_id
    )
    kiosk.runtime.end_class(actor=admin())
    return session


@pytest.fixture
def view(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, session: ClassSession) -> SummaryView:
    made = SummaryView(kiosk.app, theme)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.show_class(session.session_id, Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: made.summary is not None)
    return made


def test_everybody_stands_below_the_own_status(view: SummaryView) -> None:
    names = {status: column.names.text().split("\n") for status, column in view.columns.items()}
    assert names == {
        Status.PRESENT: ["Anita Rao"],
        Status.LATE: [""],
        Status.EXCUSED: ["Ben Okafor"],
        Status.ABSENT: ["Farid Haddad", "Elif Kaya", "Dara Singh", "Chen Wei"],
    }


def test_what_is_doubtful_is_counted_and_named_only_when_asked(view: SummaryView) -> None:
    assert view.notes_button.text() == "1 thing to look at: show"
    assert view.notes.isHidden()
    QTest.mouseClick(view.notes_button, LEFT)
    assert "Chen Wei" in view.notes.text()


def test_a_headcount_is_compared_with_the_marks(
    qtbot: QtBot, kiosk: GuiKiosk, view: SummaryView, session: ClassSession
) -> None:
    assert view.counted.isHidden()
    sessions = kiosk.app.attendance.sessions
    sessions.set_headcount(session.session_id, 1, actor=admin())
    view.show_class(session.session_id, Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: view.counted.text() == "1 person was counted in the room.")
    sessions.set_headcount(session.session_id, 0, actor=admin())
    view.show_class(session.session_id, Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: "1 too many" in view.counted.text())


def test_correct_opens_the_register_and_the_summary_follows(
    qtbot: QtBot, kiosk: GuiKiosk, view: SummaryView, session: ClassSession
) -> None:
    QTest.mouseClick(view.correct_button, LEFT)
    assert view.shows_register
    qtbot.waitUntil(lambda: len(view.register.state.lines) == 6)
    kiosk.app.attendance.marks.mark(
        session.session_id, kiosk.students[5].student_id, Status.LATE, actor=admin(), reason="bus"
    )
    QTest.mouseClick(view.back_button, LEFT)
    qtbot.waitUntil(lambda: view.columns[Status.LATE].names.text() == "Farid Haddad")
    assert view.columns[Status.ABSENT].number.text() == "3"


def test_export_is_offered_to_who_may(
    qtbot: QtBot, kiosk: GuiKiosk, view: SummaryView, session: ClassSession
) -> None:
    QTest.mouseClick(view.export_button, LEFT)
    assert view.dialog is not None
    view.dialog.reject()
    view.show_class(session.session_id, Actor("Tom", frozenset({Right.SEE_RECORDS})))
    assert view.export_button.isHidden()


def test_enter_is_done(qtbot: QtBot, view: SummaryView) -> None:
    view.done_button.setFocus()
    with qtbot.waitSignal(view.done):
        QTest.keyClick(view.done_button, Qt.Key.Key_Return)
