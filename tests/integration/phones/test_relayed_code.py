"""A photograph of the code is sent to somebody at home, in a class that demands phone and face.

Two phones in a real browser, the real window, detector, recognition, store and wiring; people are drawn. A clock that the
test puts forward spares it the three minutes that a scan waits for its face.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytestqt.qtbot import QtBot

from kiosk.demo.cast import portrait, walking_pose
from kiosk.demo.people import DrawnPerson
from kiosk.demo.pool import pool
from kiosk.domain.attendance.choices import Method, ProofPolicy
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.faces.frames import BgrImage
from kiosk.services.faces.recognition.analysis import FaceState
from kiosk.settings import SchoolRules
from tests.fakes.camera.held_camera import ROOM, HeldCamera
from tests.fakes.faces.drawn_people import draw_people
from tests.fakes.phones.browser import confirm, says, sign_in
from tests.fakes.steered_clock import SteeredClock
from tests.world.kiosk_room import JONAS, LONG_MS, MIA, KioskRoom, open_kiosk_room

pytestmark = pytest.mark.browser

CALL = "Look at the camera, please:"
HOW = "Scan the code, then look at the camera."


@pytest.fixture
def held(clock: SteeredClock) -> HeldCamera:
    return HeldCamera(clock.monotonic, noise=1.6)


@pytest.fixture
def room(tmp_path: Path, models_dir: Path, held: HeldCamera, qtbot: QtBot) -> Iterator[KioskRoom]:
    """Mia and Jonas are enrolled."""
    with open_kiosk_room(
        tmp_path,
        models_dir=models_dir,
        qtbot=qtbot,
        source=held,
        policy=ProofPolicy.BOTH,
        faces=draw_people(tmp_path / "faces", people=2, pictures=3),
    ) as opened:
        yield opened


def standing(person: DrawnPerson) -> BgrImage:
    """Somebody who stands before the camera and looks into it."""
    seen = ROOM.copy()
    seen[:, 160:1120] = portrait(person, walking_pose(person, 3), noise=0)
    return seen


def scan_and_confirm(room: KioskRoom, page: Page, address: str, student_no: str) -> None:
    page.goto(address)
    sign_in(page, student_no, room.pins[student_no])
    confirm(page)
    says(page, "Almost done: look at the kiosk’s camera")


class Camera:
    """People come and go before the real camera thread."""

    def __init__(self, held: HeldCamera, clock: SteeredClock, room: KioskRoom, qtbot: QtBot) -> None:
        self._held = held
        self._clock = clock
        self._room = room
        self._qtbot = qtbot

    def sees(self, person: DrawnPerson) -> None:
        """Whoever stood there is gone for two seconds, then this person comes."""
        self._held.hold(ROOM)
        self._wait_for_nobody()
        self._clock.advance(2)
        self._wait_for_nobody()
        self._held.hold(standing(person))

    def says(self, state: FaceState) -> None:
        """Wait until recognition says this about the one person there."""
        self._qtbot.waitUntil(lambda: self._states() == [state], timeout=LONG_MS)

    def _wait_for_nobody(self) -> None:
        """In a picture that is taken from now on."""
        taken = self._held.taken
        self._qtbot.waitUntil(lambda: self._seen > taken + 1 and self._states() == [], timeout=LONG_MS)

    @property
    def _seen(self) -> int:
        analysis = self._room.app.runtime.preview.analysis()
        return 0 if analysis is None else analysis.frame_index

    def _states(self) -> list[FaceState] | None:
        analysis = self._room.app.runtime.preview.analysis()
        return None if analysis is None else [one.state for one in analysis.faces]


@pytest.fixture
def camera(held: HeldCamera, clock: SteeredClock, room: KioskRoom, qtbot: QtBot) -> Camera:
    return Camera(held, clock, room, qtbot)


def proofs(room: KioskRoom) -> dict[str, list[Method]]:
    """In the database: who is marked, and on what evidence."""
    return {
        entry.student.student_no: [one.method for one in entry.record.evidence]
        for entry in room.app.attendance.sessions.roster(room.session_id)
        if entry.record is not None
    }


def test_a_code_sent_to_somebody_away_marks_nobody_until_they_stand_there(
    room: KioskRoom, camera: Camera, page: Page, dark_phone: Page, clock: SteeredClock, qtbot: QtBot
) -> None:
    mia, jonas, stranger = pool()[:3]
    both = [Method.PHONE, Method.FACE]
    photograph = room.photograph()
    scan_and_confirm(room, page, room.read(photograph), MIA)  # who is at home
    scan_and_confirm(room, dark_phone, room.read(photograph), JONAS)  # who took the photograph
    qtbot.waitUntil(lambda: room.screen.awaited.text == f"{CALL} Mia K., Jonas B.", timeout=LONG_MS)
    assert proofs(room) == {}

    camera.sees(jonas)
    qtbot.waitUntil(lambda: room.screen.awaited.text == f"{CALL} Mia K.", timeout=LONG_MS)
    qtbot.waitUntil(lambda: "Jonas Bauer" in room.titles(), timeout=LONG_MS)  # a card shows at the next look
    camera.sees(stranger)
    camera.says(FaceState.PLEASE_SCAN)
    says(page, "Almost done: look at the kiosk’s camera")
    says(dark_phone, "You are marked present")  # the page went there by itself
    assert proofs(room) == {JONAS: both}

    clock.advance(60 * SchoolRules().claim_life_min + 1)
    says(page, "Your scan has expired: please scan again")
    expect(page.get_by_role("main")).to_contain_text("The camera did not see you in time.")
    qtbot.waitUntil(lambda: room.screen.awaited.text == HOW, timeout=LONG_MS)
    assert proofs(room) == {JONAS: both}

    camera.sees(mia)  # who has come, and must scan again: nobody is named who is not awaited
    camera.says(FaceState.PLEASE_SCAN)
    page.goto(room.scan())
    confirm(page)
    qtbot.waitUntil(lambda: room.screen.counts.counts == ClassTally(2, 0, 0), timeout=LONG_MS)
    says(page, "You are marked present")
    assert proofs(room) == {MIA: both, JONAS: both}
