"""A pass, shown by a real browser of a phone's size, is held to the camera of a real kiosk.

Wiring, web server, store, camera thread and the reading process are the real ones; the camera's pictures are a grey room
into which the picture of the phone is laid, turned and noisy. Recognition runs beside.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest
import qrcode
from playwright.sync_api import Page
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.faces.frames import BgrImage
from kiosk.domain.phones.passes import PREFIX, ROTATION
from kiosk.pipeline.code_worker import CodeWorker
from tests.fakes.camera.held_camera import HEIGHT, ROOM, WIDTH, HeldCamera
from tests.fakes.phones.browser import says, sign_in
from tests.fakes.steered_clock import SteeredClock
from tests.world.kiosk_room import LONG_MS, MIA, KioskRoom, open_kiosk_room

pytestmark = pytest.mark.browser


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


@pytest.fixture
def camera(clock: SteeredClock) -> HeldCamera:
    return HeldCamera(clock.monotonic)


@pytest.fixture
def room(tmp_path: Path, models_dir: Path, camera: HeldCamera, qtbot: QtBot) -> Iterator[KioskRoom]:
    with open_kiosk_room(
        tmp_path, models_dir=models_dir, qtbot=qtbot, source=camera, size=(1280, 720)
    ) as opened:
        yield opened


def show_pass(room: KioskRoom, dark_phone: Page) -> None:
    """Mia's phone with her pass on it."""
    dark_phone.goto(room.address + "/pass")
    sign_in(dark_phone, MIA, room.pins[MIA])
    says(dark_phone, "Mia Kern")


def codes_of(room: KioskRoom) -> CodeWorker:
    run = room.kiosk.runtime.run
    assert run is not None
    assert run.codes is not None
    return run.codes


def tried(room: KioskRoom, times: int) -> Callable[[], bool]:
    """Whether the camera's codes were looked for so many times more."""
    codes = codes_of(room)
    wanted = codes.tries + times
    return lambda: codes.tries >= wanted


def marked(room: KioskRoom, qtbot: QtBot) -> None:
    """In the window and in the database."""
    qtbot.waitUntil(lambda: room.screen.counts.counts == ClassTally(1, 0, 1), timeout=LONG_MS)
    qtbot.waitUntil(lambda: "Mia Kern" in room.titles(), timeout=LONG_MS)  # a card shows at the next look
    (record,) = room.records()
    assert (record.status, record.method) == (Status.PRESENT, Method.PASS)
    (proof,) = record.evidence
    assert proof.device is not None
    assert proof.address == "127.0.0.1"


def test_a_pass_held_to_the_camera_marks_its_student(
    room: KioskRoom, camera: HeldCamera, dark_phone: Page, qtbot: QtBot
) -> None:
    show_pass(room, dark_phone)
    assert room.records() == []
    camera.hold(held_up(screen_of(dark_phone)))
    marked(room, qtbot)
    says(dark_phone, "You are marked present")  # the page went there by itself


def test_hostile_codes_change_nothing_and_a_killed_reader_comes_back(
    room: KioskRoom, camera: HeldCamera, dark_phone: Page, qtbot: QtBot, caplog: pytest.LogCaptureFixture
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
        camera.hold(code_of(content))
        qtbot.waitUntil(tried(room, 3), timeout=LONG_MS)
    assert room.records() == []
    assert room.titles() == []
    (child,) = (
        one for one in psutil.Process().children(recursive=True) if "spawn_main" in " ".join(one.cmdline())
    )
    child.kill()
    qtbot.waitUntil(tried(room, 5), timeout=LONG_MS)
    show_pass(room, dark_phone)
    camera.hold(held_up(screen_of(dark_phone)))
    marked(room, qtbot)
    assert "it is started again" in caplog.text
    caplog.clear()


def test_a_photographed_pass_is_worth_nothing_soon_after(
    room: KioskRoom, camera: HeldCamera, dark_phone: Page, clock: SteeredClock, qtbot: QtBot
) -> None:
    show_pass(room, dark_phone)
    photograph = held_up(screen_of(dark_phone))
    dark_phone.goto("about:blank")
    clock.advance(2 * ROTATION.period_s)
    camera.hold(photograph)
    qtbot.waitUntil(lambda: "This pass has expired" in room.titles(), timeout=LONG_MS)
    assert room.records() == []
