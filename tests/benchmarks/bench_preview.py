"""The preview while a camera delivers 720p at 30 frames a second and recognition keeps a processor busy.

Bounds are those of the requirements: at least 25 pictures a second, no stall of the main thread over 50 ms.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from pytestqt.qtbot import QtBot

from kiosk.domain.faces.frames import Box, Frame
from kiosk.gui.application import SWITCH_S
from kiosk.gui.attendance.kiosk_screen.camera_view import CameraView
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from kiosk.services.events import CameraState, CameraStateChanged, RecognitionReady
from kiosk.services.faces.recognition.analysis import FaceState, FaceView, FrameAnalysis
from kiosk.settings import Theme as ThemeChoice
from tests.world.gui_kiosk import FakePreview, GuiKiosk, gui_kiosk

SECONDS = 4.0


@pytest.fixture
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuiKiosk]:
    with gui_kiosk(tmp_path_factory.mktemp("preview")) as made:
        yield made


@contextmanager
def camera(preview: FakePreview) -> Iterator[None]:
    """A thread that delivers new 720p frames with two moving faces, 30 a second."""
    stop = threading.Event()
    noise = [
        np.random.default_rng(seed).integers(0, 255, (720, 1280, 3), dtype=np.uint8) for seed in range(8)
    ]

    def deliver() -> None:
        index = 0
        while not stop.wait(1 / 30):
            x = 100.0 + index % 200
            faces = tuple(
                FaceView(track, Box(x + 400 * track, 200, 180, 200), FaceState.CHECKING, None)
                for track in (0, 1)
            )
            preview.newest = Frame(noise[index % 8].copy(), time.monotonic(), index)
            preview.seen = FrameAnalysis(index, preview.newest.time_s, 1280, 720, faces, (), 0)
            index += 1

    worker = threading.Thread(target=deliver, name="camera")
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


@contextmanager
def recognition() -> Iterator[None]:
    """A thread of matrix products that, like ONNX Runtime, lets go of the interpreter lock."""
    stop = threading.Event()
    left, right = np.ones((512, 512), np.float32), np.ones((512, 512), np.float32)

    def work() -> None:
        while not stop.is_set():
            left @ right
            stop.wait(0.01)

    worker = threading.Thread(target=work, name="vision")
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def test_preview_keeps_up_without_stalling_the_window(
    qtbot: QtBot, kiosk: GuiKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sys.setswitchinterval(SWITCH_S)
    theme = Theme(ThemeChoice.LIGHT)
    theme.apply()
    screen = KioskScreen(kiosk.app.core, kiosk.app.attendance, kiosk.app.phones.qr, kiosk.app.runtime, theme)
    qtbot.addWidget(screen)
    screen.resize(1920, 1080)
    painted: list[float] = []
    paint = CameraView.paintEvent

    def counted(self: CameraView, event: QPaintEvent) -> None:
        paint(self, event)
        painted.append(time.perf_counter())

    monkeypatch.setattr(CameraView, "paintEvent", counted)
    session = kiosk.start()
    kiosk.app.attendance.running.reachable_at("http://10.20.4.17:8080")
    screen.on_event(kiosk.events[0])
    screen.on_event(CameraStateChanged(CameraState.RUNNING))
    screen.on_event(RecognitionReady(session.session_id, "m", "d", 6, 12))
    screen.show()
    bridge = Bridge(kiosk.app.core.events)
    bridge.arrived.connect(screen.on_event)

    def come() -> None:
        for student in kiosk.students:
            kiosk.mark(session, student)
            time.sleep(SECONDS / len(kiosk.students) / 1.5)

    beats: list[float] = []
    pulse = QTimer(interval=5)
    pulse.timeout.connect(lambda: beats.append(time.perf_counter()))
    with camera(kiosk.runtime.fake_preview), recognition():
        qtbot.wait(500)
        painted.clear()
        pulse.start()
        marks = threading.Thread(target=come, name="store")
        marks.start()
        qtbot.wait(round(SECONDS * 1000))
        pulse.stop()
        marks.join()
    rate = (len(painted) - 1) / (painted[-1] - painted[0])
    gaps = np.diff(beats) * 1000
    stall = float(np.max(gaps))
    print(
        f"\n{rate:.1f} pictures a second; longest stall {stall:.1f} ms, p99 {np.percentile(gaps, 99):.1f} ms"
    )
    assert rate >= 25
    assert stall <= 50


def test_one_picture_costs_little_of_a_frame_s_time(qtbot: QtBot) -> None:
    view = CameraView(Theme(ThemeChoice.LIGHT), mirror=True)
    qtbot.addWidget(view)
    view.resize(1264, 808)
    picture = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    costs = []
    for index in range(30):
        view.poll(Frame(picture, 1.0 + index / 30, index), None, (), 1.0 + index / 30)
        started = time.perf_counter()
        view.grab()
        costs.append((time.perf_counter() - started) * 1000)
    print(f"\n{np.median(costs):.1f} ms a picture")
    assert np.median(costs) < 33 / 2
