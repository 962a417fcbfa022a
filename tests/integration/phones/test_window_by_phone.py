"""The whole way with nothing replaced: the code is read from a picture of the kiosk screen, a phone goes where it says.

The mark is then seen on the screen and in the database. Wiring, web server, store and code reader are the real ones; only
the camera looks at a grey wall.
"""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk import bootstrap
from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.theme import Theme
from kiosk.settings import CodeSettings, SecondDeviceUse
from tests.fakes.actors import admin
from tests.fakes.phones.browser import confirm, says, sign_in
from tests.fakes.steered_clock import SteeredClock
from tests.world.kiosk_room import JONAS, LONG_MS, MIA, KioskRoom, open_kiosk_room

pytestmark = pytest.mark.browser


@pytest.fixture
def room(tmp_path: Path, models_dir: Path, clock: SteeredClock, qtbot: QtBot) -> Iterator[KioskRoom]:
    still = tmp_path / "still"
    still.mkdir()
    cv2.imwrite(str(still / "wall.png"), np.full((720, 1280, 3), 90, np.uint8))
    source = bootstrap.open_recording(str(still))
    with open_kiosk_room(tmp_path, models_dir=models_dir, qtbot=qtbot, source=source) as opened:
        yield opened


def marked(room: KioskRoom, qtbot: QtBot) -> None:
    """In the window and in the database."""
    qtbot.waitUntil(lambda: room.screen.counts.counts == ClassTally(1, 0, 1), timeout=LONG_MS)
    assert [one.student.full_name for one in room.screen.arrivals.arrivals] == ["Mia Kern"]
    assert [one.card.title for one in room.screen.cards] == ["Mia Kern"]
    (record,) = room.records()
    assert (record.status, record.method) == (Status.PRESENT, Method.PHONE)


@pytest.mark.parametrize("full", [False, True], ids=["corner", "full screen"])
def test_from_the_window_to_the_mark_in_the_window(
    room: KioskRoom, page: Page, qtbot: QtBot, full: bool
) -> None:
    if full:
        QTest.keyClick(room.screen, Qt.Key.Key_F2)
        assert room.screen.shows_code_screen
    page.goto(room.scan())
    assert room.records() == []
    sign_in(page, MIA, room.pins[MIA])
    says(page, "Hello, Mia Kern")
    assert room.records() == []
    confirm(page)
    says(page, "You are marked present")
    marked(room, qtbot)


def test_the_code_below_the_square_is_typed_instead(room: KioskRoom, page: Page, qtbot: QtBot) -> None:
    room.scan()
    page.goto("http://" + room.screen.code.words[1])
    page.get_by_label("No camera? Type the code").fill(room.screen.code.typed)
    page.get_by_role("button", name="Continue").tap()
    sign_in(page, MIA, room.pins[MIA])
    confirm(page)
    says(page, "You are marked present")
    marked(room, qtbot)


def test_a_picture_of_the_window_taken_before_is_worth_nothing(
    room: KioskRoom, page: Page, clock: SteeredClock, qtbot: QtBot
) -> None:
    photograph = room.photograph()
    clock.advance(2 * CodeSettings().rotation_s)
    answer = page.goto(room.read(photograph))
    assert answer is not None
    assert answer.status == 410
    says(page, "This code has expired")
    expect(page.get_by_role("main")).to_contain_text("scan the code on the kiosk's screen again")
    assert room.records() == []
    page.goto(room.scan())
    sign_in(page, MIA, room.pins[MIA])
    confirm(page)
    marked(room, qtbot)


@pytest.fixture
def roster(room: KioskRoom, qtbot: QtBot) -> Iterator[RosterPanel]:
    """What a teacher has open beside the kiosk screen."""
    panel = RosterPanel(room.app, Theme(), room.bridge)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_session(room.session_id, admin("the test"))
    qtbot.waitUntil(lambda: panel.students.model.rowCount() == 2, timeout=LONG_MS)
    yield panel
    panel.hide()


def test_a_phone_that_marked_one_student_marks_no_second_and_the_teacher_sees_it(
    room: KioskRoom, page: Page, dark_phone: Page, roster: RosterPanel, qtbot: QtBot
) -> None:
    page.goto(room.scan())
    sign_in(page, MIA, room.pins[MIA])
    confirm(page)
    says(page, "You are marked present")
    marked(room, qtbot)
    page.goto(room.scan())
    page.get_by_role("button", name="Not you? Sign out").tap()
    sign_in(page, JONAS, room.pins[JONAS])
    confirm(page)
    says(page, "This phone has already marked another student in this class")
    assert len(room.records()) == 1
    tried = "The phone that marked Mia Kern tried to mark Jonas Bauer, and was refused"
    qtbot.waitUntil(lambda: f"{tried}." in roster.happened.text, timeout=LONG_MS)
    assert roster.state.count.attended == 1
    page.goto(room.scan())
    confirm(page)
    qtbot.waitUntil(lambda: f"{tried} (2 times)." in roster.happened.text, timeout=LONG_MS)
    roster.show_session(room.session_id, admin("the test"))
    assert roster.happened.text == ""
    qtbot.waitUntil(lambda: f"{tried} (2 times)." in roster.happened.text, timeout=LONG_MS)
    assert len(room.records()) == 1

    dark_phone.goto(room.scan())  # Mia's second phone finds her marked, and Jonas uses an own one
    sign_in(dark_phone, MIA, room.pins[MIA])
    confirm(dark_phone)
    says(dark_phone, "You are already marked present")
    assert len(room.records()) == 1


def test_a_school_may_let_the_second_student_count_and_tell_the_teacher(
    room: KioskRoom, page: Page, roster: RosterPanel, qtbot: QtBot
) -> None:
    rules = room.app.school.shared.rules()
    flagged = rules.model_copy(update={"second_device_use": SecondDeviceUse.FLAG})
    room.app.school.shared.change_rules(flagged, actor=admin("the test"))
    for student_no in (MIA, JONAS):
        page.context.clear_cookies(name="kiosk_sign_in")
        page.goto(room.scan())
        sign_in(page, student_no, room.pins[student_no])
        confirm(page)
        says(page, "You are marked present")
    said = "The same phone marked Mia Kern and Jonas Bauer."
    qtbot.waitUntil(lambda: said in roster.happened.text, timeout=LONG_MS)
    assert len(room.records()) == 2


def test_codes_that_are_passed_on_and_scanned_again_and_again_are_seen_by_the_teacher(
    room: KioskRoom, page: Page, roster: RosterPanel, qtbot: QtBot
) -> None:
    page.goto(room.scan())  # gives the browser its cookie
    address = page.url.partition("/check-in/")[0]
    for letter in "ABCDE":
        answer = page.goto(f"{address}/s/ABCDEFG{letter}")
        assert answer is not None
        assert answer.status == 400
    said = "Codes that this class never showed were scanned (5 times)."
    qtbot.waitUntil(lambda: said in roster.happened.text, timeout=LONG_MS)
    assert room.records() == []
