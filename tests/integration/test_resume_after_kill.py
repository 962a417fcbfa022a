"""A kiosk that is killed in the middle of a class and started again: one press goes on with the class, and nothing is lost."""

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk import bootstrap
from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.people.staff import Role
from kiosk.gui.bridge import Bridge
from kiosk.gui.desk import Desk
from kiosk.gui.people.sign_in import SignInView
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import CameraState
from kiosk.settings import KioskSettings, LookSettings, WebSettings
from kiosk.storage.database.instance_lock import InstanceLock
from tests.conftest import PATIENCE_S
from tests.fakes.actors import admin
from tests.fakes.child import ROOT
from tests.world.gui_kiosk import NAMES, PASSWORD, gui_kiosk

BACK_S = 5.0
"""What is promised; on two busy cores it took 0.2 s."""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """What the camera sees: an empty room."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(40):
        cv2.imwrite(str(folder / f"{number:02}.png"), np.full((360, 640, 3), 90 + number, np.uint8))
    return folder


def kill_a_class(data_dir: Path, models_dir: Path, pictures: Path) -> int:
    """Start a kiosk with an open class and kill it; the session's id. Nothing of it may live on."""
    words = (sys.executable, "-m", "tests.fakes.attendance.class_to_kill", data_dir, models_dir, pictures)
    with subprocess.Popen(list(map(str, words)), cwd=ROOT, stdout=subprocess.PIPE, text=True) as kiosk:
        assert kiosk.stdout is not None
        said = next((line for line in kiosk.stdout if line.startswith("ready ")), "")
        others = psutil.Process(kiosk.pid).children(recursive=True)
        kiosk.kill()
    _gone, alive = psutil.wait_procs(others, timeout=PATIENCE_S)
    assert alive == []
    return int(said.split()[1])


@pytest.mark.logs_warnings
def test_one_press_goes_on_with_the_class_of_a_kiosk_that_was_killed(
    qtbot: QtBot, tmp_path: Path, models_dir: Path, pictures: Path
) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    with gui_kiosk(data_dir):
        pass  # a school with a course
    session_id = kill_a_class(data_dir, models_dir, pictures)

    with InstanceLock(data_dir):
        kiosk = bootstrap.build(
            data_dir,
            models_dir=models_dir,
            settings=KioskSettings(look=LookSettings(sounds=False), web=WebSettings(enabled=False)),
            source=bootstrap.open_source(str(pictures)),
            for_window=True,
        )
        bridge = Bridge(kiosk.events)
        kiosk.start()
        kiosk.app.people.accounts.add(name="Tina", role=Role.TEACHER, password=PASSWORD, actor=admin())
        try:
            window = MainWindow(kiosk.app, bridge, windowed=True, theme=Theme())
            window.show()
            go_on(window, qtbot)
            began_s = time.monotonic()
            screen = window.class_page.screen_view
            running = kiosk.app.attendance.running
            qtbot.waitUntil(lambda: window.shows_class and screen.state.camera is CameraState.RUNNING)
            qtbot.waitUntil(lambda: running.code() is not None and len(screen.state.roster) == len(NAMES))
            took_s = time.monotonic() - began_s

            look_at_the_class(kiosk, session_id)
            qtbot.waitUntil(lambda: screen.counts.counts.present == 2 and screen.counts.counts.late == 1)
            window.close_now()
            qtbot.addWidget(window)
        finally:
            kiosk.stop()
            bridge.close()
    assert took_s < BACK_S


def go_on(window: MainWindow, qtbot: QtBot) -> None:
    """Read on the first page that a class is open, sign in, and press Enter once."""
    page = window.pages.currentWidget()
    assert isinstance(page, SignInView)
    qtbot.waitUntil(lambda: "CS 101 · Algorithms is still open." in page.still_open.text)
    QTest.keyClicks(page.name.edit, "Tina")
    QTest.keyClicks(page.password.edit, PASSWORD)
    QTest.keyClick(page.password.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), Desk))
    desk = window.pages.currentWidget()
    assert isinstance(desk, Desk)
    today = desk.today
    qtbot.waitUntil(lambda: bool(today.cards) and today.cards[0].button.isVisible())
    QTest.keyClick(today.cards[0].button, Qt.Key.Key_Return)


def look_at_the_class(kiosk: bootstrap.Kiosk, session_id: int) -> None:
    """It is the same one: its records, its claims, its late rule, and who comes now is marked once."""
    attendance = kiosk.app.attendance
    shown = attendance.running.current
    assert shown is not None
    assert shown.session.session_id == session_id
    first, second, third = attendance.sessions.roster(session_id)[:3]
    assert first.record is not None
    assert first.record.status is Status.PRESENT
    waiting = attendance.claims.waiting(session_id, actor=admin())
    assert set(waiting) == {second.student.student_id}
    assert attendance.awaited.left_to_teacher(session_id) == 1
    record = attendance.claims.confirm(session_id, second.student.student_id, actor=admin())
    assert record.evidence[0].method is Method.PHONE
    late = Evidence(Method.MANUAL, shown.session.late_from + timedelta(minutes=1))
    for student, outcome in ((first, CheckInOutcome.ALREADY_MARKED), (third, CheckInOutcome.MARKED_LATE)):
        claim = Claim(session_id, student.student.student_id, late)
        assert attendance.check_in.submit(claim).result(PATIENCE_S).outcome is outcome
