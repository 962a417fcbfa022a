"""The keypad of a kiosk that only verifies, with real key presses, alone and on the kiosk screen."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.domain.school.face_rule import FaceRule
from kiosk.gui.attendance.kiosk_screen.camera_words import recognition_words
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.attendance.number_pad import NumberPad
from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from kiosk.services.attendance.typed_numbers import PadState, PadView
from kiosk.services.events import FacesInClass
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def pad(qtbot: QtBot, theme: Theme) -> NumberPad:
    made = NumberPad(theme)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def screen(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> Iterator[KioskScreen]:
    made = KioskScreen(kiosk.app.core, kiosk.app.attendance, kiosk.app.phones.qr, kiosk.app.runtime, theme)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    bridge.arrived.connect(made.on_event)
    made.show()
    yield made
    made.hide()


def begin(qtbot: QtBot, kiosk: GuiKiosk, screen: KioskScreen, policy: ProofPolicy, rule: FaceRule) -> None:
    session = kiosk.start(policy)
    kiosk.emit(FacesInClass(session.session_id, rule))
    qtbot.waitUntil(lambda: screen.state.faces is rule and len(screen.state.roster) == 6)


def test_a_number_is_pressed_corrected_and_finished(qtbot: QtBot, pad: NumberPad) -> None:
    for digit in (4, 1, 9):
        QTest.mouseClick(pad.digits[digit - 1], LEFT)
    QTest.mouseClick(pad.back, LEFT)
    with qtbot.waitSignal(pad.typed) as typed:
        QTest.mouseClick(pad.done, LEFT)

    assert typed.args == ["41"]
    assert pad.field.text() == ""


def test_nothing_is_taken_while_a_face_is_awaited_or_the_pad_rests(pad: NumberPad) -> None:
    for state in (PadState.LOOK, PadState.RESTING):
        pad.show_view(PadView(state, 12.0))
        assert not any(part.isEnabled() for part in (pad.field, pad.done, pad.back, *pad.digits))
        pad.take_key("7")
        assert pad.field.text() == ""
    assert "12 seconds" in pad.words.text()

    pad.show_view(PadView(PadState.FAILED, 5.0))
    assert pad.field.isEnabled()
    assert "could not be confirmed" in pad.words.text()


def test_everything_on_it_has_a_name(pad: NumberPad) -> None:
    assert pad.field.accessibleName() == "Your student number"
    assert all(part.accessibleName() or part.text() for part in (*pad.digits, pad.back, pad.done))


@pytest.mark.parametrize(
    ("rule", "policy", "is_there"),
    [
        (FaceRule.VERIFY_ONLY, ProofPolicy.EITHER, True),
        (FaceRule.VERIFY_ONLY, ProofPolicy.FACE, True),
        (FaceRule.VERIFY_ONLY, ProofPolicy.PHONE, False),
        (FaceRule.VERIFY_ONLY, ProofPolicy.BOTH, False),
        (FaceRule.WALK_PAST, ProofPolicy.EITHER, False),
        (FaceRule.OFF, ProofPolicy.EITHER, False),
    ],
)
def test_it_stands_there_where_a_number_and_a_face_mark(
    qtbot: QtBot, kiosk: GuiKiosk, screen: KioskScreen, rule: FaceRule, policy: ProofPolicy, is_there: bool
) -> None:
    begin(qtbot, kiosk, screen, policy, rule)

    assert screen.pad.isVisible() is is_there


def test_a_number_typed_on_the_keyboard_is_taken_and_says_nothing_of_who_is_enrolled(
    qtbot: QtBot, kiosk: GuiKiosk, screen: KioskScreen
) -> None:
    begin(qtbot, kiosk, screen, ProofPolicy.EITHER, FaceRule.VERIFY_ONLY)
    screen.setFocus()
    QTest.keyClicks(screen, "9")
    assert screen.pad.field.text() == "9"
    QTest.keyClick(screen.pad.field, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: screen.pad.words.text() == "Look at the camera, please.")
    session = screen.state.session
    assert session is not None
    assert kiosk.app.attendance.typed.expected(session.session_id) == frozenset()


def test_each_way_says_what_to_do(qtbot: QtBot, kiosk: GuiKiosk, screen: KioskScreen) -> None:
    begin(qtbot, kiosk, screen, ProofPolicy.FACE, FaceRule.VERIFY_ONLY)
    assert screen.awaited.text == "Scan the code or hold your pass up, then look at the camera."

    session = screen.state.session
    assert session is not None
    screen.on_event(FacesInClass(session.session_id, FaceRule.OFF))
    assert screen.awaited.text == "Scan the code, or hold your pass up to the camera."
    assert recognition_words(screen.state) == "Hold your pass up to the camera, or scan the code."
