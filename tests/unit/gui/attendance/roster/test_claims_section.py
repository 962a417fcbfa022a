"""Scans that wait for a second proof, in the roster and on the kiosk screen, over a real store."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy, Status
from kiosk.domain.attendance.claims import Awaited, ClaimRule
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from kiosk.services.events import CameraState, CameraStateChanged
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def session(kiosk: GuiKiosk) -> ClassSession:
    kiosk.enrol_face(kiosk.students[0])
    return kiosk.start(ProofPolicy.BOTH)


def test_nothing_is_said_while_nobody_waits(panel: RosterPanel) -> None:
    assert panel.claims.isHidden()
    assert panel.claims.lines == ()


def test_who_waits_for_the_teacher_stands_before_who_waits_for_the_camera(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    assert kiosk.mark(session, kiosk.students[0]).outcome is CheckInOutcome.FACE_AWAITED
    assert kiosk.mark(session, kiosk.students[1]).outcome is CheckInOutcome.TEACHER_AWAITED

    qtbot.waitUntil(lambda: len(panel.claims.lines) == 2)

    first, second = panel.claims.lines
    assert first.startswith("Ben Okafor: ")
    assert first.endswith("please look")
    assert second.startswith("Anita Rao: ")
    assert second.endswith("awaited")
    assert panel.state.count.attended == 0


def test_one_click_confirms_and_undo_takes_it_back(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    ben = kiosk.students[1]
    kiosk.mark(session, ben)
    qtbot.waitUntil(lambda: ben.student_id in panel.claims.buttons)

    QTest.mouseClick(panel.claims.buttons[ben.student_id], LEFT)

    qtbot.waitUntil(lambda: panel.state.count.attended == 1)
    qtbot.waitUntil(lambda: panel.undo_bar.text == "Ben Okafor is marked present, seen by you.")
    qtbot.waitUntil(panel.claims.isHidden)
    line = panel.state.line_of(ben.student_id)
    assert line is not None
    assert line.record is not None
    assert [(one.method, one.actor) for one in line.record.evidence] == [
        (Method.PHONE, None),
        (Method.MANUAL, "Tom"),
    ]
    QTest.mouseClick(panel.undo_bar.button, LEFT)
    qtbot.waitUntil(lambda: panel.state.count.attended == 0)


def test_the_keyboard_confirms_as_well(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    ben = kiosk.students[1]
    kiosk.mark(session, ben)
    qtbot.waitUntil(lambda: ben.student_id in panel.claims.buttons)
    button = panel.claims.buttons[ben.student_id]
    assert "Ben Okafor" in button.accessibleName()
    button.setFocus()

    QTest.keyClick(button, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: panel.state.count.attended == 1)


def test_an_expired_scan_stays_listed_as_not_seen(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    claim = kiosk.mark(session, kiosk.students[0]).claim
    assert claim is not None
    long_ago = ClaimRule().claim(
        claim.session_id,
        claim.student_id,
        type(claim.evidence)(Method.PHONE, session.started_at.replace(year=2020)),
        Awaited.FACE,
    )
    kiosk.app.core.store.write(lambda repositories: repositories.claims.put(long_ago))
    panel.reader.look()

    qtbot.waitUntil(lambda: len(panel.claims.lines) == 1)
    assert panel.claims.lines[0].endswith("not seen")


def test_a_claim_that_was_settled_meanwhile_is_said_in_words(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    ben = kiosk.students[1]
    kiosk.mark(session, ben)
    qtbot.waitUntil(lambda: ben.student_id in panel.claims.buttons)
    kiosk.app.core.store.write(lambda r: r.claims.clear(session.session_id))

    QTest.mouseClick(panel.claims.buttons[ben.student_id], LEFT)

    qtbot.waitUntil(panel.banner.isVisible)
    qtbot.waitUntil(panel.claims.isHidden)
    assert panel.state.count.attended == 0


def test_hiding_the_roster_forgets_the_names(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.mark(session, kiosk.students[1])
    qtbot.waitUntil(lambda: len(panel.claims.lines) == 1)
    panel.hide()
    assert panel.claims.lines == ()


# -- the kiosk screen --------------------------------------------------------------------------------------------


@pytest.fixture
def screen(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, bridge: Bridge) -> Iterator[KioskScreen]:
    made = KioskScreen(kiosk.app.core, kiosk.app.attendance, kiosk.app.phones.qr, kiosk.app.runtime, theme)
    qtbot.addWidget(made)
    bridge.arrived.connect(made.on_event)
    made.resize(1920, 1080)
    made.show()
    yield made
    bridge.arrived.disconnect(made.on_event)


def test_the_screen_calls_who_is_awaited_and_nobody_whom_the_camera_does_not_know(
    qtbot: QtBot, kiosk: GuiKiosk, screen: KioskScreen
) -> None:
    kiosk.enrol_face(kiosk.students[0])
    session = kiosk.start(ProofPolicy.BOTH)
    qtbot.waitUntil(lambda: screen.awaited.text == "Scan the code, then look at the camera.")

    kiosk.mark(session, kiosk.students[1])
    kiosk.mark(session, kiosk.students[0])

    qtbot.waitUntil(lambda: screen.awaited.text == "Look at the camera, please: Anita R.")
    assert not screen.cards
    assert kiosk.mark(session, kiosk.students[0], Method.FACE).outcome is CheckInOutcome.MARKED_PRESENT
    qtbot.waitUntil(lambda: screen.awaited.text == "Scan the code, then look at the camera.")
    assert [one.card.title for one in screen.cards] == ["Anita Rao"]
    entries = kiosk.app.attendance.sessions.roster(session.session_id)
    record = next(one.record for one in entries if one.student == kiosk.students[0])
    assert record is not None
    assert (record.status, len(record.evidence)) == (Status.PRESENT, 2)


def test_the_camera_leaves_room_for_the_line_and_takes_it_back(
    qtbot: QtBot, kiosk: GuiKiosk, screen: KioskScreen
) -> None:
    kiosk.start(ProofPolicy.BOTH)
    qtbot.waitUntil(screen.awaited.isVisible)
    assert screen.awaited.geometry().bottom() < screen.camera.geometry().top()
    before = screen.camera.geometry().top()
    kiosk.runtime.end_class(actor=admin("Tom"))
    kiosk.start()
    qtbot.waitUntil(screen.awaited.isHidden)
    assert screen.camera.geometry().top() < before


def test_a_face_that_came_before_its_scan_is_asked_to_scan_without_a_name(
    qtbot: QtBot, kiosk: GuiKiosk, screen: KioskScreen, session: ClassSession
) -> None:
    assert kiosk.mark(session, kiosk.students[0], Method.FACE).outcome is CheckInOutcome.PHONE_AWAITED
    qtbot.waitUntil(lambda: [one.card.title for one in screen.cards] == ["Please scan the code"])


def test_nobody_is_called_to_a_camera_that_is_lost(
    qtbot: QtBot, kiosk: GuiKiosk, screen: KioskScreen, session: ClassSession
) -> None:
    kiosk.mark(session, kiosk.students[0])
    qtbot.waitUntil(lambda: screen.awaited.text == "Look at the camera, please: Anita R.")

    kiosk.emit(CameraStateChanged(CameraState.LOST, "Unplugged.", "Plug it in."))

    qtbot.waitUntil(lambda: screen.awaited.text.startswith("The camera cannot see anybody now"))


def test_the_full_screen_code_calls_who_is_awaited_too(
    qtbot: QtBot, kiosk: GuiKiosk, screen: KioskScreen, session: ClassSession
) -> None:
    qtbot.waitUntil(screen.awaited.isVisible)
    screen.toggle_code_screen()
    kiosk.mark(session, kiosk.students[0])

    qtbot.waitUntil(lambda: screen.code_screen.awaited == "Look at the camera, please: Anita R.")


def test_the_teacher_sees_a_number_at_the_roster_and_the_class_sees_no_name(
    qtbot: QtBot, kiosk: GuiKiosk, screen: KioskScreen, session: ClassSession
) -> None:
    qtbot.waitUntil(screen.awaited.isVisible)
    assert screen.header.roster_button.text() == "Roster"
    kiosk.mark(session, kiosk.students[0])
    kiosk.mark(session, kiosk.students[1])
    qtbot.waitUntil(lambda: screen.header.roster_button.text() == "Roster · 1")

    kiosk.app.attendance.claims.confirm(session.session_id, kiosk.students[1].student_id, actor=admin("Tom"))

    qtbot.waitUntil(lambda: screen.header.roster_button.text() == "Roster")
