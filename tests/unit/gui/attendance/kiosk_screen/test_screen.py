"""The kiosk screen with real widgets: what it shows after events, and what its keys do."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.domain.faces.frames import Box, Frame
from kiosk.domain.faces.recognition import Outcome
from kiosk.gui.attendance.kiosk_screen.cards import CardKind
from kiosk.gui.attendance.kiosk_screen.placing import hidden
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.bridge import Bridge
from kiosk.gui.palettes import DARK, LIGHT
from kiosk.gui.theme import Theme
from kiosk.services.core import SettingsInForce
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    FaceDecided,
    IncidentNoted,
    ModelReplaced,
    RecognitionReady,
    WebStateChanged,
    WorkerFailed,
)
from kiosk.services.faces.recognition.analysis import FaceState, FaceView, FrameAnalysis
from kiosk.services.ports.clock import SteadyClock
from kiosk.settings import Theme as ThemeChoice
from kiosk.settings import WebSettings
from tests.fakes.actors import admin
from tests.fakes.clock import FakeClock
from tests.world.gui_kiosk import GuiKiosk

URL = "http://10.20.4.17:8080"


@dataclass(slots=True)
class Shown:
    screen: KioskScreen
    kiosk: GuiKiosk
    clock: FakeClock

    def after(self, seconds: float) -> None:
        """Let time pass and the screen poll, as its timer would."""
        for _ in range(30):
            self.clock.advance(seconds / 30)
            self.screen.poll()

    def camera_runs(
        self, *faces: FaceView, index: int = 1, colour: tuple[int, int, int] = (40, 90, 160)
    ) -> None:
        """A camera of one colour (BGR) and the faces that recognition sees in it."""
        session = self.screen.state.session
        assert session is not None
        self.screen.on_event(CameraStateChanged(CameraState.RUNNING))
        self.screen.on_event(RecognitionReady(session.session_id, "m", "d", 6, 12))
        picture = np.full((720, 1280, 3), colour, np.uint8)
        self.kiosk.runtime.fake_preview.newest = Frame(picture, 1.0, index)
        self.kiosk.runtime.fake_preview.seen = FrameAnalysis(index, 1.0, 1280, 720, faces, (), 0)

    def picture(self) -> QImage:
        return self.screen.camera.grab().toImage()

    def words(self) -> tuple[str, ...]:
        return self.screen.camera.words

    def shows_code(self) -> bool:
        return self.screen.code.shows_code


@pytest.fixture
def shown(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> Iterator[Shown]:
    """A screen of 1920 × 1080 with the class started and its roster loaded."""
    clock = FakeClock(datetime(2026, 9, 7, 7, 2, 17, tzinfo=UTC))
    web = kiosk.app.core.settings.model_copy(update={"web": WebSettings()})
    app, core = kiosk.app, replace(kiosk.app.core, clock=SteadyClock(clock), in_force=SettingsInForce(web))
    screen = KioskScreen(core, app.attendance, app.phones.qr, app.runtime, theme)
    qtbot.addWidget(screen)
    screen.resize(1920, 1080)
    bridge.arrived.connect(screen.on_event)
    screen.show()
    kiosk.start()
    qtbot.waitUntil(lambda: len(screen.state.roster) == 6)
    yield Shown(screen, kiosk, clock)
    screen.hide()


def face(state: FaceState, box: Box, shown: Shown | None = None) -> FaceView:
    student = shown.kiosk.students[0] if shown is not None else None
    return FaceView(1, box, state, student)


def test_header_says_what_is_taught_and_the_time_in_seconds(shown: Shown) -> None:
    header = shown.screen.header
    shown.screen.poll()
    assert header.title == "CS 101 · Algorithms"
    assert "Room 4.12" in header.details
    assert "late from" in header.details
    session = shown.screen.state.session
    assert session is not None
    incident = Incident(
        session.session_id, IncidentKind.CLOCK_MOVED, None, None, session.started_at, 1, timedelta(hours=1)
    )
    shown.screen.on_event(IncidentNoted(incident))
    assert header.details == "The clock of this PC was moved by 1 hour; this class goes on as before."
    local = shown.clock.now().astimezone(shown.kiosk.app.core.zone)
    assert header.clock_text == local.strftime("%H:%M:%S")


def test_mark_changes_counts_strip_and_card(shown: Shown, qtbot: QtBot) -> None:
    session = shown.screen.state.session
    assert session is not None
    shown.kiosk.mark(session, shown.kiosk.students[0], Method.PHONE)
    qtbot.waitUntil(lambda: shown.screen.counts.counts == ClassTally(1, 0, 5))
    assert shown.screen.arrivals.arrivals[0].student.full_name == "Anita Rao"
    assert [one.card.title for one in shown.screen.cards] == ["Anita Rao"]
    shown.after(3.1)
    assert shown.screen.cards == ()


def test_unknown_face_is_asked_to_scan_for_five_seconds(shown: Shown) -> None:
    session = shown.screen.state.session
    assert session is not None
    shown.screen.on_event(FaceDecided(session.session_id, 3, Outcome.UNKNOWN, None, 0, 1, None, None))
    assert [one.card.kind for one in shown.screen.cards] == [CardKind.UNKNOWN]
    shown.after(4.9)
    assert shown.screen.cards != ()
    shown.after(0.2)
    assert shown.screen.cards == ()


def test_camera_says_starting_then_loading_then_nothing(shown: Shown) -> None:
    assert shown.words() == ("Starting camera…", "")
    shown.screen.on_event(CameraStateChanged(CameraState.RUNNING))
    shown.kiosk.runtime.fake_preview.newest = Frame(np.zeros((720, 1280, 3), np.uint8), 1.0, 1)
    shown.screen.poll()
    assert shown.words() == ("Loading recognition…",)
    shown.camera_runs()
    assert shown.words() == ()


def test_lost_camera_is_said_calmly_and_goes_when_it_is_back(shown: Shown) -> None:
    shown.camera_runs()
    shown.screen.on_event(CameraStateChanged(CameraState.LOST, "It was unplugged.", "Plug it in again."))
    assert shown.words() == ("It was unplugged.", "Plug it in again.")
    assert shown.screen.header.lamps[0][0] == "Camera lost"
    shown.screen.on_event(CameraStateChanged(CameraState.RUNNING))
    shown.screen.poll()
    assert shown.words() == ()
    assert shown.screen.header.lamps[0][0] == "Camera"


def test_class_without_enrolled_faces_asks_to_scan(shown: Shown) -> None:
    shown.camera_runs()
    session = shown.screen.state.session
    assert session is not None
    shown.screen.on_event(RecognitionReady(session.session_id, "m", "d", 0, 0))
    shown.screen.poll()
    assert "scan the code" in shown.words()[0]


def test_another_model_at_work_is_said_over_the_picture(shown: Shown) -> None:
    shown.camera_runs()
    session = shown.screen.state.session
    assert session is not None
    shown.screen.on_event(ModelReplaced(session.session_id, "dlib-resnet-v1", "damaged"))
    shown.screen.on_event(RecognitionReady(session.session_id, "m", "d", 6, 12))
    shown.screen.poll()
    assert shown.words() == ("The chosen model fails; dlib-resnet-v1 recognises.",)


def test_failed_recognition_is_said_over_the_picture(shown: Shown) -> None:
    shown.camera_runs()
    shown.screen.on_event(WorkerFailed("vision", "Recognition has stopped."))
    shown.screen.poll()
    assert shown.words() == ("Recognition has stopped. Please scan the code.",)


def test_picture_is_drawn_in_its_true_colours_with_round_corners(shown: Shown) -> None:
    shown.camera_runs(colour=(40, 90, 160))
    shown.after(0.1)
    image = shown.picture()
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    assert (middle.red(), middle.green(), middle.blue()) == (160, 90, 40)
    assert image.pixelColor(0, 0).name() == LIGHT.background


@pytest.mark.parametrize("mirror", [True, False])
def test_mirror_swaps_left_and_right_of_picture_and_boxes(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, mirror: bool
) -> None:
    settings = kiosk.app.core.settings
    camera = settings.camera.model_copy(update={"mirror": mirror})
    app, core = (
        kiosk.app,
        replace(kiosk.app.core, in_force=SettingsInForce(settings.model_copy(update={"camera": camera}))),
    )
    screen = KioskScreen(core, app.attendance, app.phones.qr, app.runtime, theme)
    qtbot.addWidget(screen)
    screen.resize(1920, 1080)
    screen.on_event(CameraStateChanged(CameraState.RUNNING))
    picture = np.zeros((720, 1280, 3), np.uint8)
    picture[:, :640] = 255
    frame = Frame(picture, 1.0, 1)
    analysis = FrameAnalysis(1, 1.0, 1280, 720, (face(FaceState.CHECKING, Box(200, 300, 100, 100)),), (), 0)
    for now in (1.0, 1.1, 1.2):
        screen.camera.poll(frame, analysis, (), now)
    image = screen.camera.grab().toImage()
    quarter = image.pixelColor(image.width() // 4, image.height() - 60).red()
    (place,) = screen.camera.face_places()
    assert (quarter > 128) is not mirror
    assert (place.x > screen.camera.width() / 2) is mirror


def test_recognised_face_has_a_green_box_and_its_name(shown: Shown) -> None:
    shown.camera_runs(face(FaceState.RECOGNISED, Box(540, 260, 200, 220), shown))
    shown.after(0.2)
    (place,) = shown.screen.camera.face_places()
    image = shown.picture()
    on_line = image.pixelColor(round(place.x + place.width / 2), round(place.y + place.height))
    on_chip = image.pixelColor(round(place.x + place.width / 2) - 60, round(place.y - 16))
    assert on_line.name() == LIGHT.box_present
    assert on_chip.name() == LIGHT.solid_present


def test_boxes_go_when_recognition_falls_behind(shown: Shown) -> None:
    shown.camera_runs(face(FaceState.CHECKING, Box(540, 260, 200, 220)))
    shown.after(0.2)
    assert len(shown.screen.camera.face_places()) == 1
    shown.kiosk.runtime.fake_preview.newest = Frame(np.zeros((720, 1280, 3), np.uint8), 3.0, 60)
    shown.after(1.0)
    assert shown.screen.camera.face_places() == []


@pytest.mark.parametrize("x", [60.0, 1000.0])
def test_card_hides_no_face(shown: Shown, qtbot: QtBot, x: float) -> None:
    session = shown.screen.state.session
    assert session is not None
    shown.camera_runs(face(FaceState.CHECKING, Box(x, 480, 220, 240)))
    shown.kiosk.mark(session, shown.kiosk.students[1])
    qtbot.waitUntil(lambda: len(shown.screen.cards) == 1)
    shown.after(0.3)
    shown.picture()
    camera = shown.screen.camera
    assert camera.cards_place is not None
    assert hidden(camera.cards_place, camera.face_places()) == 0


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_Q])
def test_key_fills_the_screen_with_the_code_and_goes_back(shown: Shown, qtbot: QtBot, key: Qt.Key) -> None:
    QTest.keyClick(shown.screen, key)
    assert shown.screen.shows_code_screen
    assert shown.screen.code_screen.geometry() == shown.screen.rect()
    QTest.keyClick(shown.screen, key)
    assert not shown.screen.shows_code_screen


def test_escape_leaves_the_large_code_before_it_asks_to_leave(shown: Shown, qtbot: QtBot) -> None:
    asked: list[bool] = []
    shown.screen.leave_requested.connect(lambda: asked.append(True))
    QTest.keyClick(shown.screen, Qt.Key.Key_F2)
    QTest.keyClick(shown.screen, Qt.Key.Key_Escape)
    assert (shown.screen.shows_code_screen, asked) == (False, [])
    QTest.keyClick(shown.screen, Qt.Key.Key_Escape)
    assert asked == [True]


def test_roster_and_end_have_keys_for_a_teacher_without_a_mouse(shown: Shown) -> None:
    asked: list[str] = []
    shown.screen.roster_requested.connect(lambda: asked.append("roster"))
    shown.screen.end_requested.connect(lambda: asked.append("end"))
    QTest.keyClick(shown.screen, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(shown.screen, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(shown.screen, Qt.Key.Key_R)
    assert asked == ["roster", "end"]


def test_code_is_shown_as_soon_as_phones_can_connect(shown: Shown) -> None:
    shown.screen.poll()
    assert not shown.shows_code()
    assert "cannot connect" in shown.screen.code.words[0]
    shown.kiosk.app.attendance.running.reachable_at(URL)
    shown.screen.poll()
    assert shown.shows_code()
    assert shown.screen.code.words == ("Scan with your phone", "10.20.4.17:8080")
    assert shown.screen.header.lamps[1][0] == "Phones can connect"


def test_without_a_network_it_does_not_say_that_phones_can_connect(shown: Shown) -> None:
    shown.kiosk.app.attendance.running.reachable_at("http://127.0.0.1:8080")
    shown.screen.poll()
    assert shown.screen.header.lamps[1][0] == "No network for phones"


def test_reason_stands_in_place_of_the_code(shown: Shown) -> None:
    shown.screen.on_event(WebStateChanged(False, "", "Port 8080 is taken.", "Choose another one."))
    assert shown.screen.code.words == ("Port 8080 is taken.", "Choose another one.")


def test_drawn_code_is_the_one_that_phones_may_present(shown: Shown) -> None:
    shown.kiosk.app.attendance.running.reachable_at(URL)
    shown.after(0.1)
    code = shown.kiosk.app.attendance.running.code()
    assert code is not None
    modules = shown.kiosk.app.phones.qr.modules(code.qr_text)
    image = shown.screen.code.grab().toImage()
    read = _modules(image, len(modules))
    assert np.array_equal(read, modules)


def test_the_next_class_shows_its_own_code_at_once(shown: Shown, qtbot: QtBot) -> None:
    shown.kiosk.app.attendance.running.reachable_at(URL)
    shown.after(0.1)
    shown.kiosk.runtime.end_class(actor=admin("Anna"))
    session = shown.kiosk.start()
    qtbot.waitUntil(lambda: shown.screen.state.session == session)
    code = shown.kiosk.app.attendance.running.code()
    assert code is not None
    assert shown.screen.code.typed.replace(" ", "") == code.typed


def test_code_stays_black_on_white_in_the_dark(qtbot: QtBot, kiosk: GuiKiosk) -> None:
    screen = KioskScreen(
        kiosk.app.core, kiosk.app.attendance, kiosk.app.phones.qr, kiosk.app.runtime, Theme(ThemeChoice.DARK)
    )
    qtbot.addWidget(screen)
    screen.resize(1366, 768)
    kiosk.start()
    kiosk.app.attendance.running.reachable_at(URL)
    screen.code.show_code(kiosk.app.attendance.running.code())
    code = kiosk.app.attendance.running.code()
    assert code is not None
    modules = kiosk.app.phones.qr.modules(code.qr_text)
    image = screen.code.grab().toImage()
    assert image.pixelColor(image.width() // 2, image.height() - 12).name() == DARK.card
    assert np.array_equal(_modules(image, len(modules)), modules)


@pytest.mark.parametrize(
    "size", [(1920, 1080), (1366, 768), (1280, 1024), (2560, 1080), (3840, 2160), (800, 600)]
)
def test_parts_fit_side_by_side_at_any_size(shown: Shown, size: tuple[int, int]) -> None:
    screen = shown.screen
    screen.resize(*size)
    parts = (screen.header, screen.camera, screen.code, screen.counts, screen.arrivals)
    for index, part in enumerate(parts):
        assert screen.rect().contains(part.geometry())
        for other in parts[index + 1 :]:
            assert not part.geometry().intersects(other.geometry())
    screen.grab()


def _modules(image: QImage, side: int) -> NDArray[np.bool_]:
    """Reads the code off the picture: pure black is only in its modules."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    black = rows[:, : grey.width()] == 0
    ys, xs = np.nonzero(black)
    edge = (xs.max() - xs.min() + 1) / side
    assert edge == int(edge), "a module is a whole number of pixels"
    step = int(edge)
    top, left = ys.min(), xs.min()
    code = black[top : top + side * step, left : left + side * step]
    return np.asarray(code[step // 2 :: step, step // 2 :: step], np.bool_)


# -- what a screen reader says of what is painted ----------------------------------------------------------------


def read(widget: QWidget, what: QAccessible.Text = QAccessible.Text.Name) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface.text(what)


def test_every_painted_part_has_a_name(shown: Shown) -> None:
    shown.screen.poll()
    screen = shown.screen
    for part in (screen, screen.header, screen.camera, screen.code, screen.counts, screen.arrivals):
        assert read(part), part
    assert read(screen.counts) == "0 present, 0 late, 6 not here yet"
    assert read(screen.arrivals) == "Nobody has come yet. The first one appears here."
    assert read(screen.camera).startswith("Camera. Starting camera…")


def test_the_header_is_read_with_class_and_lamps_and_the_time_in_minutes(shown: Shown) -> None:
    shown.screen.poll()
    header = shown.screen.header
    said = read(header)
    assert said.startswith(f"CS 101 · Algorithms. {header.details}. ")
    assert said.endswith("Camera starting. Phones cannot connect.")
    local = shown.clock.now().astimezone(shown.kiosk.app.core.zone)
    assert read(header, QAccessible.Text.Description) == local.strftime("%H:%M")


def test_the_camera_is_read_with_its_trouble_and_the_faces_before_it(shown: Shown) -> None:
    shown.camera_runs(face(FaceState.RECOGNISED, Box(500, 200, 200, 200), shown))
    shown.after(0.2)
    camera = shown.screen.camera
    assert read(camera) == "Camera."
    assert read(camera, QAccessible.Text.Description) == "Anita Rao"
    shown.screen.on_event(
        CameraStateChanged(CameraState.LOST, "The camera was unplugged.", "Plug it in again.")
    )
    assert read(camera) == "Camera. The camera was unplugged. Plug it in again."
    assert read(camera, QAccessible.Text.Description) == ""


def test_the_code_is_read_with_what_to_type_and_where(shown: Shown) -> None:
    code = shown.screen.code
    assert read(code) == "Phones cannot connect yet. Please come to the camera, or ask your teacher."
    shown.kiosk.app.attendance.running.reachable_at(URL)
    shown.screen.poll()
    assert shown.shows_code()
    assert read(code) == f"Scan with your phone, or type {code.typed} at 10.20.4.17:8080"
    shown.screen.toggle_code_screen()
    assert read(shown.screen.code_screen) == f"Scan with your phone, or type {code.typed} at 10.20.4.17:8080"
    beside = read(shown.screen.code_screen, QAccessible.Text.Description)
    assert beside == "CS 101 · Algorithms. 0 of 6 are here. F2 or Esc goes back."


def test_a_mark_is_announced_once_and_read_in_counts_arrivals_and_card(
    shown: Shown, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[str] = []

    def hear(event: QAccessibleAnnouncementEvent) -> None:
        announced.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    session = shown.screen.state.session
    assert session is not None
    shown.kiosk.mark(session, shown.kiosk.students[0], Method.PHONE)
    qtbot.waitUntil(lambda: bool(shown.screen.cards))
    shown.after(0.5)
    (card,) = shown.screen.cards
    assert announced == [f"Anita Rao: {card.card.detail}"]
    assert read(shown.screen.camera).endswith(f"Anita Rao: {card.card.detail}.")
    assert read(shown.screen.counts) == "1 present, 0 late, 5 not here yet"
    assert read(shown.screen.arrivals).startswith("Last came: Anita Rao, ")
    shown.after(3)
    assert "Anita Rao" not in read(shown.screen.camera)
    assert len(announced) == 1
