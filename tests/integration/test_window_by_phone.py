"""The whole way with nothing replaced: the code is read from a picture of the kiosk screen, a phone goes where it says.

The mark is then seen on the screen and in the database. Wiring, web server, store and code reader are the real ones; only
the camera looks at a grey wall.
"""

import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect, sync_playwright
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk import bootstrap
from kiosk.domain.attendance import AttendanceRecord, Method, ProofPolicy, Status
from kiosk.domain.frames import BgrImage
from kiosk.gui.bridge import Bridge
from kiosk.gui.kiosk_screen.class_state import Counts
from kiosk.gui.kiosk_screen.screen import KioskScreen
from kiosk.gui.roster.panel import RosterPanel
from kiosk.gui.theme import Theme
from kiosk.services.app import KioskApp
from kiosk.services.ports.outputs import CodeReader
from kiosk.settings import CodeSettings, KioskSettings, WebSettings
from tests.integration.test_phone_in_browser import FLAGS, confirm, says, sign_in

pytestmark = pytest.mark.browser

LONG_MS = 60_000
ROTATION_S = 5


@dataclass(slots=True)
class Room:
    """A kiosk whose window can be looked at, and a phone."""

    app: KioskApp
    screen: KioskScreen
    reader: CodeReader
    page: Page
    pins: dict[str, str]
    session_id: int

    def picture(self) -> BgrImage:
        """The window as somebody in front of it sees it."""
        image = self.screen.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        whole = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
        return np.ascontiguousarray(whole[:, :, ::-1])

    def scan(self) -> str:
        """The address that the code in the window says."""
        self.screen.poll()
        for _ in range(3):
            self.screen.poll()
        (text,) = self.reader.read(self.picture())
        return text

    def records(self) -> list[AttendanceRecord]:
        entries = self.app.sessions.roster(self.session_id)
        return [entry.record for entry in entries if entry.record is not None]


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()


@pytest.fixture
def room(tmp_path: Path, models_dir: Path, bridge: Bridge, qtbot: QtBot) -> Iterator[Room]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "no Chromium: install Debian's package chromium"
    still = tmp_path / "still"
    still.mkdir()
    cv2.imwrite(str(still / "wall.png"), np.full((720, 1280, 3), 90, np.uint8))
    class_list = tmp_path / "list.csv"
    class_list.write_text("student_no,full_name\nP1,Mia Kern\nP2,Jonas Bauer\n", encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web = WebSettings(host="127.0.0.1", address="127.0.0.1", port=port)
    kiosk = bootstrap.build(
        tmp_path / "data",
        models_dir=models_dir,
        on_event=bridge.on_event,
        settings=KioskSettings(web=web, code=CodeSettings(rotation_s=ROTATION_S)),
        source=bootstrap.open_recording(str(still)),
        with_web=True,
    )
    app = kiosk.app
    screen = KioskScreen(app, Theme())
    bridge.arrived.connect(screen.take)
    screen.resize(1920, 1080)
    qtbot.addWidget(screen)
    reader = bootstrap.open_code_reader()
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
                java_script_enabled=False,
                has_touch=True,
                is_mobile=True,
                locale="en-GB",
            )
            yield Room(app, screen, reader, phone.new_page(), pins, session.session_id)
            browser.close()
    finally:
        screen.hide()
        reader.close()
        assert kiosk.stop() == ()


def marked(room: Room, qtbot: QtBot) -> None:
    """In the window and in the database."""
    qtbot.waitUntil(lambda: room.screen.counts.counts == Counts(1, 0, 1), timeout=LONG_MS)
    assert [one.student.full_name for one in room.screen.arrivals.arrivals] == ["Mia Kern"]
    assert [one.card.title for one in room.screen.cards] == ["Mia Kern"]
    (record,) = room.records()
    assert (record.status, record.method) == (Status.PRESENT, Method.PHONE)


@pytest.mark.parametrize("full", [False, True], ids=["corner", "full screen"])
def test_from_the_window_to_the_mark_in_the_window(room: Room, qtbot: QtBot, full: bool) -> None:
    if full:
        QTest.keyClick(room.screen, Qt.Key.Key_F2)
        assert room.screen.shows_code_screen
    room.page.goto(room.scan())
    assert room.records() == []
    sign_in(room.page, "P1", room.pins["P1"])
    says(room.page, "Hello, Mia Kern")
    assert room.records() == []
    confirm(room.page)
    says(room.page, "You are marked present")
    marked(room, qtbot)


def test_the_code_below_the_square_is_typed_instead(room: Room, qtbot: QtBot) -> None:
    room.scan()
    room.page.goto("http://" + room.screen.code.words[1])
    room.page.get_by_label("No camera? Type the code").fill(room.screen.code.typed)
    room.page.get_by_role("button", name="Continue").tap()
    sign_in(room.page, "P1", room.pins["P1"])
    confirm(room.page)
    says(room.page, "You are marked present")
    marked(room, qtbot)


def test_a_picture_of_the_window_taken_before_is_worth_nothing(room: Room, qtbot: QtBot) -> None:
    old = room.scan()
    code = room.app.live.code()
    assert code is not None
    qtbot.waitUntil(has_passed(room, code.step + 2), timeout=LONG_MS)
    answer = room.page.goto(old)
    assert answer is not None
    assert answer.status == 410
    says(room.page, "This code has expired")
    expect(room.page.get_by_role("main")).to_contain_text("scan the code on the kiosk's screen again")
    assert room.records() == []
    room.page.goto(room.scan())
    sign_in(room.page, "P1", room.pins["P1"])
    confirm(room.page)
    marked(room, qtbot)


def has_passed(room: Room, step: int) -> Callable[[], bool]:
    def look() -> bool:
        code = room.app.live.code()
        return code is not None and code.step >= step

    return look


@pytest.fixture
def roster(room: Room, bridge: Bridge, qtbot: QtBot) -> Iterator[RosterPanel]:
    """What a teacher has open beside the kiosk screen."""
    panel = RosterPanel(room.app, Theme())
    qtbot.addWidget(panel)
    bridge.arrived.connect(panel.on_event)
    panel.show()
    panel.show_session(room.session_id, "the test")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2, timeout=LONG_MS)
    yield panel
    bridge.arrived.disconnect(panel.on_event)
    panel.hide()


def test_a_phone_that_marked_one_student_marks_no_second_and_the_teacher_sees_it(
    room: Room, roster: RosterPanel, qtbot: QtBot
) -> None:
    room.page.goto(room.scan())
    sign_in(room.page, "P1", room.pins["P1"])
    confirm(room.page)
    marked(room, qtbot)
    room.page.goto(room.scan())
    room.page.get_by_role("button", name="Not you? Sign out").tap()
    sign_in(room.page, "P2", room.pins["P2"])
    confirm(room.page)
    says(room.page, "This phone has already marked another student in this class")
    assert len(room.records()) == 1
    tried = "The phone that marked Mia Kern tried to mark Jonas Bauer, and was refused"
    qtbot.waitUntil(lambda: f"{tried}." in roster.happened.text, timeout=LONG_MS)
    assert roster.model.count().attended == 1
    room.page.goto(room.scan())
    confirm(room.page)
    qtbot.waitUntil(lambda: f"{tried} (2 times)." in roster.happened.text, timeout=LONG_MS)
    roster.show_session(room.session_id, "the test")
    assert roster.happened.text == ""
    qtbot.waitUntil(lambda: f"{tried} (2 times)." in roster.happened.text, timeout=LONG_MS)
    assert len(room.records()) == 1


def test_codes_that_are_passed_on_and_scanned_again_and_again_are_seen_by_the_teacher(
    room: Room, roster: RosterPanel, qtbot: QtBot
) -> None:
    room.page.goto(room.scan())  # gives the browser its cookie
    address = room.page.url.partition("/check-in/")[0]
    for letter in "ABCDE":
        answer = room.page.goto(f"{address}/s/ABCDEFG{letter}")
        assert answer is not None
        assert answer.status == 400
    said = "Codes that this class never showed were scanned (5 times)."
    qtbot.waitUntil(lambda: said in roster.happened.text, timeout=LONG_MS)
    assert room.records() == []
