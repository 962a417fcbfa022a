"""The records of one course, over a real store."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import ProofPolicy, Status
from kiosk.gui.places import Place
from kiosk.gui.records.course_records import RecordsView
from kiosk.gui.theme import Theme
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.ports.clock import SteadyClock
from kiosk.settings import Theme as Look
from tests.fakes.actors import admin
from tests.fakes.clock import FakeClock
from tests.world.gui_kiosk import GuiKiosk
from tests.world.shown_desk import ShowDesk, opened_records

LEFT = Qt.MouseButton.LeftButton


def held(kiosk: GuiKiosk, days_ago: int) -> int:
    """A session some days ago in which nobody came."""
    clock = FakeClock(kiosk.app.core.clock.now() - timedelta(days=days_ago))
    sessions = Sessions(
        store=kiosk.app.core.store,
        clock=SteadyClock(clock),
        school=kiosk.app.school.shared,
        zone=kiosk.app.core.zone,
        events=kiosk.app.core.events,
    )
    session = sessions.start(kiosk.course.course_id, actor=admin("Tom"), model="fake")
    clock.advance(3600)
    sessions.end(session.session_id, actor=admin("Tom"))
    return session.session_id


def row(records: RecordsView, number: int) -> tuple[str, ...]:
    return records.sessions.texts()[number]


def test_records_list_sessions_with_counts_newest_first(
    qtbot: QtBot, kiosk: GuiKiosk, show_desk: ShowDesk
) -> None:
    held(kiosk, 5)
    session = kiosk.start()
    kiosk.mark(session, kiosk.students[0])
    view = show_desk(kiosk.teacher)
    records = opened_records(view)
    qtbot.waitUntil(lambda: records.register.students.model.rowCount() == 6)
    assert row(records, 0)[0].endswith("open now")
    assert row(records, 0)[1:] == ("1", "0", "0", "0", "")
    assert row(records, 1)[1:] == ("0", "0", "0", "6", "")


def test_lists_follow_a_change_of_the_look(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, show_desk: ShowDesk
) -> None:
    held(kiosk, 5)
    view = show_desk(kiosk.teacher)
    records = opened_records(view)
    qtbot.waitUntil(lambda: records.sessions.rowCount() == 1)
    theme.choose(Look.DARK)
    item = records.sessions.item(0, 0)
    assert item is not None
    assert item.foreground().color().name() == theme.palette.text


def test_a_past_record_is_corrected_in_the_register(
    qtbot: QtBot, kiosk: GuiKiosk, show_desk: ShowDesk
) -> None:
    session_id = held(kiosk, 5)
    view = show_desk(kiosk.teacher)
    records = opened_records(view)
    register = records.register
    qtbot.waitUntil(lambda: register.state.count.absent == 6)
    place = register.students.list.visualRect(register.students.model.index(0, 0)).center()
    QTest.mouseClick(register.students.list.viewport(), LEFT, pos=place)
    QTest.mouseClick(register.mark_pane.status_chips[Status.EXCUSED], LEFT)
    QTest.keyClicks(register.mark_pane.reason.edit, "Dentist")
    QTest.keyClick(register.mark_pane.reason.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: row(records, 0)[1:] == ("0", "0", "1", "5", ""))
    stored = kiosk.app.attendance.sessions.roster(session_id)[0].record
    assert stored is not None
    assert stored.status is Status.EXCUSED
    assert stored.evidence[-1].actor == "Tom"


def test_records_of_a_course_that_never_met_say_so(
    qtbot: QtBot, kiosk: GuiKiosk, show_desk: ShowDesk
) -> None:
    view = show_desk(kiosk.teacher)
    records = opened_records(view)
    qtbot.waitUntil(records._none.isVisible)
    QTest.mouseClick(view.buttons[Place.TODAY], LEFT)
    assert view.place is Place.TODAY
    qtbot.waitUntil(view.today.isVisible)


# -- how faces are checked against pictures


def test_records_say_what_a_session_demanded(qtbot: QtBot, kiosk: GuiKiosk, show_desk: ShowDesk) -> None:
    kiosk.start(ProofPolicy.BOTH)
    view = show_desk(kiosk.teacher)
    records = opened_records(view)
    qtbot.waitUntil(lambda: records.sessions.rowCount() == 1)
    item = records.sessions.item(0, 0)
    assert item is not None
    assert "phone and face" in item.text()
