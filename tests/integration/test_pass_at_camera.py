"""A pass, shown by a real browser of a phone's size, is held to the camera of a real kiosk.

Wiring, web server, store, camera thread and the reading process are the real ones; the camera's pictures are a grey room
into which the picture of the phone is laid, turned and noisy. Recognition runs beside.
"""

import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import psutil
import pytest
import qrcode
from playwright.sync_api import Page, sync_playwright
from pytestqt.qtbot import QtBot

from kiosk import bootstrap
from kiosk.domain.attendance import AttendanceRecord, Method, ProofPolicy, Status
from kiosk.domain.codes import Rotation
from kiosk.domain.frames import BgrImage, Frame
from kiosk.domain.passes import PREFIX
from kiosk.gui.bridge import Bridge
from kiosk.gui.kiosk_screen.class_state import Counts
from kiosk.gui.kiosk_screen.screen import KioskScreen
from kiosk.gui.theme import Theme
from kiosk.pipeline.code_worker import CodeWorker
from kiosk.services.app import KioskApp
from kiosk.services.ports.sources import SourceInfo
from kiosk.settings import KioskSettings, WebSettings
from tests.integration.test_phone_in_browser import FLAGS, says, sign_in

pytestmark = pytest.mark.browser

LONG_MS: Final = 60_000
WIDTH, HEIGHT = 1280, 720
ROOM: Final = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)


class HeldCamera:
    """A live camera that sees a grey room and whatever a test holds up; ten noisy pictures a second."""

    def __init__(self) -> None:
        self._seen: BgrImage = ROOM
        self._noise = np.random.default_rng(5)
        self._pause = threading.Event()
        self._index = 0

    def hold(self, seen: BgrImage) -> None:
        self._seen = seen

    def open(self) -> SourceInfo:
        self._pause.clear()
        return SourceInfo("Held", WIDTH, HEIGHT, 10.0, live=True)

    def read(self) -> Frame | None:
        self._pause.wait(0.1)
        self._index += 1
        noise = self._noise.normal(0, 6, (HEIGHT, WIDTH, 1))
        image = np.clip(self._seen + noise, 0, 255).astype(np.uint8)
        return Frame(image, self._index / 10, self._index)

    def close(self) -> None:
        self._pause.set()


def held_up(picture: BgrImage, *, height: int = 520) -> BgrImage:
    """A picture of a phone as the camera sees it: smaller, turned, and out of focus."""
    width = round(height * picture.shape[1] / picture.shape[0])
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    source = corners * np.array([picture.shape[1], picture.shape[0]], np.float32)
    target = np.array([[0, 0], [width, 22], [width - 8, height - 20], [10, height]], np.float32)
    target += np.array([460, 100], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    seen = ROOM.copy()
    cv2.warpPerspective(
        picture, matrix, (WIDTH, HEIGHT), dst=seen, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT
    )
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), 0.8), dtype=np.uint8)


def screen_of(page: Page) -> BgrImage:
    """What the phone shows now."""
    found = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return np.asarray(found, dtype=np.uint8)


def code_of(content: bytes) -> BgrImage:
    """A code of any bytes, as large as the camera's picture lets it be."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_L, border=4, box_size=1)
    code.add_data(qrcode.util.QRData(content, mode=4))
    code.make(fit=True)
    dark = np.array(code.get_matrix())
    size = max(1, (HEIGHT - 20) // dark.shape[0])
    grey = np.where(dark, np.uint8(0), np.uint8(255)).repeat(size, 0).repeat(size, 1)
    seen = ROOM.copy()
    seen[10 : 10 + grey.shape[0], 200 : 200 + grey.shape[1]] = grey[:, :, None]
    return seen


@dataclass(slots=True)
class Room:
    """A kiosk with a camera to hold things up to, and a phone."""

    kiosk: bootstrap.Kiosk
    camera: HeldCamera
    screen: KioskScreen
    page: Page
    address: str
    pins: dict[str, str]
    session_id: int

    @property
    def app(self) -> KioskApp:
        return self.kiosk.app

    @property
    def codes(self) -> CodeWorker:
        run = self.kiosk.runtime.run
        assert run is not None
        assert run.codes is not None
        return run.codes

    def show_pass(self, student_no: str = "P1", name: str = "Mia Kern") -> None:
        """The phone's page with the pass."""
        self.page.goto(self.address + "/pass")
        sign_in(self.page, student_no, self.pins[student_no])
        says(self.page, name)

    def records(self) -> list[AttendanceRecord]:
        entries = self.app.sessions.roster(self.session_id)
        return [entry.record for entry in entries if entry.record is not None]

    def titles(self) -> list[str]:
        return [one.card.title for one in self.screen.cards]


@pytest.fixture
def room(tmp_path: Path, models_dir: Path, qtbot: QtBot) -> Iterator[Room]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "no Chromium: install Debian's package chromium"
    class_list = tmp_path / "list.csv"
    class_list.write_text("student_no,full_name\nP1,Mia Kern\nP2,Jonas Bauer\n", encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bridge = Bridge()
    camera = HeldCamera()
    kiosk = bootstrap.build(
        tmp_path / "data",
        models_dir=models_dir,
        on_event=bridge.on_event,
        settings=KioskSettings(web=WebSettings(host="127.0.0.1", address="127.0.0.1", port=port)),
        source=camera,
        with_web=True,
    )
    app = kiosk.app
    screen = KioskScreen(app, Theme())
    bridge.arrived.connect(screen.take)
    screen.resize(1280, 720)
    qtbot.addWidget(screen)
    kiosk.start()
    try:
        app.people.import_roster(class_list, course_code="CS 101", since=app.today(), actor="the test")
        pins = {
            one.student_no: app.pins.renew(one.student_id, actor="the test").pin
            for one in app.people.students()
        }
        screen.show()
        course = app.people.course("CS 101")
        session = app.runtime.start_class(
            course.course_id, actor="the test", policy=ProofPolicy.EITHER
        ).result(60)
        qtbot.waitUntil(lambda: screen.code.shows_code and len(screen.state.roster) == 2, timeout=LONG_MS)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
            phone = browser.new_context(
                viewport={"width": 390, "height": 844},
                color_scheme="dark",
                java_script_enabled=False,
                has_touch=True,
                is_mobile=True,
                locale="en-GB",
            )
            address = f"http://127.0.0.1:{port}"
            yield Room(kiosk, camera, screen, phone.new_page(), address, pins, session.session_id)
            browser.close()
    finally:
        screen.hide()
        assert kiosk.stop() == ()
        bridge.close()


def tried(room: Room, times: int) -> Callable[[], bool]:
    """Whether the camera's codes were looked for so many times more."""
    wanted = room.codes.tries + times
    return lambda: room.codes.tries >= wanted


def marked(room: Room, qtbot: QtBot) -> None:
    """In the window and in the database."""
    qtbot.waitUntil(lambda: room.screen.counts.counts == Counts(1, 0, 1), timeout=LONG_MS)
    assert "Mia Kern" in room.titles()
    (record,) = room.records()
    assert (record.status, record.method) == (Status.PRESENT, Method.PASS)
    (proof,) = record.evidence
    assert proof.device is not None
    assert proof.address == "127.0.0.1"


def test_a_pass_held_to_the_camera_marks_its_student(room: Room, qtbot: QtBot) -> None:
    room.show_pass()
    assert room.records() == []
    room.camera.hold(held_up(screen_of(room.page)))
    marked(room, qtbot)
    says(room.page, "You are marked present")  # the page went there by itself


def test_hostile_codes_change_nothing_and_a_killed_reader_comes_back(
    room: Room, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    hostile = (
        b"A" * 2900,
        b"PASS1:" + b"A" * 2900,
        b"PASS1:\x00\x00" + b"A" * 20,
        b"PASS1:'; DROP TABLE records; --",
        b"http://evil.example/s/ABCDEFGH",
        b"\xff\xfe\x80\x81" * 40,
        PREFIX.encode() + b"ABCDEFGHIJKLMNOPQRSTUV",
    )
    for content in hostile:
        room.camera.hold(code_of(content))
        qtbot.waitUntil(tried(room, 3), timeout=LONG_MS)
    assert room.records() == []
    assert room.titles() == []
    (child,) = (
        one for one in psutil.Process().children(recursive=True) if "spawn_main" in " ".join(one.cmdline())
    )
    os.kill(child.pid, signal.SIGKILL)
    qtbot.waitUntil(tried(room, 5), timeout=LONG_MS)
    room.show_pass()
    room.camera.hold(held_up(screen_of(room.page)))
    marked(room, qtbot)
    assert "it is started again" in caplog.text
    caplog.clear()


def test_a_photographed_pass_is_worth_nothing_soon_after(
    room: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.domain.passes.ROTATION", Rotation(5))  # in place of 20 s
    room.show_pass()
    photograph = held_up(screen_of(room.page))
    room.page.goto("about:blank")
    began_s = room.app.clock.monotonic()
    qtbot.waitUntil(lambda: room.app.clock.monotonic() - began_s > 10, timeout=LONG_MS)
    room.camera.hold(photograph)
    qtbot.waitUntil(lambda: "This pass has expired" in room.titles(), timeout=LONG_MS)
    assert room.records() == []
