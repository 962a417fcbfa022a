"""The phone pages in a real browser of a phone's size, served by the real server from a real store.

Set ``KIOSK_SCREENSHOTS`` to a folder to keep pictures of every page, light and dark.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.domain.attendance import Method, ProofPolicy, Status
from kiosk.settings import WebSettings
from kiosk.storage.hashing import Argon2Hasher
from kiosk.web.server import UvicornServer
from tests.fakes.classroom import ANITA, BEN, PIN, Classroom
from tests.fakes.phones import SIZE, Scheme, confirm, new_phone, says, sign_in

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The classroom and where phones reach it."""

    room: Classroom
    address: str

    def scan(self, page: Page) -> None:
        """Point the camera at the code."""
        page.goto(self.address + self.room.scan_path())


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    room = Classroom(tmp_path, hasher=Argon2Hasher())
    settings = WebSettings(host="127.0.0.1").model_copy(update={"port": 0})
    server = UvicornServer(room.app(), settings)
    yield Kiosk(room, server.start())
    assert server.stop(10)
    room.close()


def test_from_scan_to_marked(kiosk: Kiosk, page: Page) -> None:
    session = kiosk.room.open_class()
    kiosk.room.clock.advance(120)
    kiosk.scan(page)
    says(page, "CS 101 · Algorithms")
    sign_in(page, ANITA, PIN)
    says(page, "Hello, Anita Rao")
    expect(page.get_by_role("main")).to_contain_text("Will count as Present", use_inner_text=True)
    confirm(page)
    says(page, "You are marked present")
    expect(page.get_by_role("status")).to_contain_text("09:02")
    expect(page).to_have_title("You are marked present, 09:02")
    (record,) = kiosk.room.records(session)
    assert (record.status, record.method) == (Status.PRESENT, Method.PHONE)

    page.reload()
    says(page, "You are marked present")
    assert len(kiosk.room.records(session)) == 1


def test_a_wrong_pin_is_said_and_can_be_mended(kiosk: Kiosk, page: Page) -> None:
    kiosk.room.open_class()
    kiosk.scan(page)
    sign_in(page, ANITA, "000000")
    expect(page.get_by_role("alert")).to_contain_text("That number and PIN do not belong together.")
    expect(page.get_by_label("Student number")).to_have_value(ANITA)
    expect(page.get_by_label("PIN")).to_have_value("")
    sign_in(page, ANITA, PIN)
    says(page, "Hello, Anita Rao")


def test_an_expired_code_keeps_the_sign_in(kiosk: Kiosk, page: Page) -> None:
    session = kiosk.room.open_class()
    kiosk.scan(page)
    sign_in(page, ANITA, PIN)
    says(page, "Hello, Anita Rao")
    path = kiosk.room.scan_path()
    kiosk.room.clock.advance(31)
    answer = page.goto(kiosk.address + path)
    assert answer is not None
    assert answer.status == 410
    says(page, "This code has expired")
    kiosk.scan(page)
    confirm(page)
    says(page, "You are marked present")
    assert len(kiosk.room.records(session)) == 1


def test_already_marked_is_calm(kiosk: Kiosk, page: Page) -> None:
    session = kiosk.room.open_class()
    kiosk.room.mark_by_camera(session)
    kiosk.room.clock.advance(60)
    kiosk.scan(page)
    sign_in(page, ANITA, PIN)
    confirm(page)
    says(page, "You are already marked present")
    expect(page.get_by_role("status")).to_contain_text("09:00")


def test_another_student_on_the_same_phone_signs_in_afresh(kiosk: Kiosk, page: Page) -> None:
    kiosk.room.open_class()
    kiosk.scan(page)
    sign_in(page, ANITA, PIN)
    page.get_by_role("button", name="Not you? Sign out").tap()
    sign_in(page, BEN, PIN)
    says(page, "Hello, Ben Okafor")


def test_the_keyboard_alone_is_enough(kiosk: Kiosk, page: Page) -> None:
    kiosk.room.open_class()
    kiosk.scan(page)
    expect(page.get_by_label("Student number")).to_be_focused()
    page.keyboard.type(ANITA)
    page.keyboard.press("Tab")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    says(page, "Hello, Anita Rao")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    says(page, "You are marked present")


def test_nothing_is_loaded_from_elsewhere(kiosk: Kiosk, page: Page) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    kiosk.room.open_class()
    kiosk.scan(page)
    sign_in(page, ANITA, PIN)
    confirm(page)
    says(page, "You are marked present")
    assert [url for url in asked if not url.startswith(kiosk.address)] == []
    assert complaints == []


class Album:
    """Looks at each page as a student holds it, and keeps a picture where that is asked for."""

    def __init__(self, page: Page, scheme: Scheme) -> None:
        self._page = page
        self._scheme = scheme
        folder = os.environ.get("KIOSK_SCREENSHOTS")
        self._folder = Path(folder) if folder else None

    def look(self, name: str, title: str) -> None:
        page = self._page
        says(page, title)
        assert page.get_by_role("main").count() == 1
        width = page.get_by_role("main").bounding_box()
        assert width is not None
        assert width["width"] <= SIZE["width"]
        assert width["height"] <= SIZE["height"]
        for target in page.locator("button, input:not([type=hidden]), a").all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 48, (name, target.inner_text())
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= SIZE["width"]
        if self._folder is not None:
            (self._folder / f"phone-{name}-{self._scheme}.png").write_bytes(page.screenshot())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone(kiosk: Kiosk, chromium: Browser, scheme: Scheme) -> None:
    with new_phone(chromium, scheme) as phone:
        page = phone.new_page()
        walk_through(kiosk, page, Album(page, scheme))


def walk_through(kiosk: Kiosk, page: Page, album: Album) -> None:
    room = kiosk.room
    room.add_past_records([Status.PRESENT] * 10 + [Status.ABSENT])

    page.goto(kiosk.address)
    album.look("closed", "Attendance")
    page.goto(kiosk.address + "/pass")
    album.look("pass-sign-in", "My pass")
    session = room.open_class()
    room.clock.advance(120)
    page.goto(kiosk.address)
    album.look("home", "Attendance")
    code = page.get_by_label("No camera? Type the code")
    code.fill("ACDEFG")
    page.get_by_role("button", name="Continue").tap()
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong.")
    expect(code).to_be_focused()
    album.look("wrong-code", "Attendance")
    kiosk.scan(page)
    page.get_by_label("Student number").fill(ANITA)
    page.get_by_label("PIN").fill(PIN)
    album.look("sign-in", "CS 101 · Algorithms")
    sign_in(page, ANITA, "000000")
    expect(page.get_by_role("alert")).to_be_visible()
    album.look("wrong-pin", "CS 101 · Algorithms")
    sign_in(page, ANITA, PIN)
    album.look("confirm", "Hello, Anita Rao")
    confirm(page)
    album.look("marked", "You are marked present")
    kiosk.scan(page)
    confirm(page)
    album.look("already", "You are already marked present")
    old = room.scan_path()
    room.clock.advance(60)
    page.goto(kiosk.address + old)
    album.look("expired", "This code has expired")
    page.goto(kiosk.address)
    album.look("home-signed-in", "Attendance")
    page.get_by_role("link", name="My pass").tap()
    album.look("pass", "Anita Rao")
    page.goto(kiosk.address + "/nothing")
    album.look("not-found", "There is no such page here")

    kiosk.scan(page)
    room.end_class(session)
    page.goto(kiosk.address + "/pass")
    album.look("pass-no-class", "No class is open now")
    room.open_class()
    room.clock.advance(700)
    kiosk.scan(page)
    expect(page.get_by_role("main")).to_contain_text("Late")
    album.look("confirm-late", "Hello, Anita Rao")
    confirm(page)
    album.look("late", "You are marked late")

    kiosk.scan(page)
    page.get_by_role("button", name=re.compile("Sign out")).tap()
    sign_in(page, BEN, PIN)
    confirm(page)
    album.look("not-registered", "You are not registered in this course")
    room.open_class(ProofPolicy.FACE)
    kiosk.scan(page)
    page.get_by_role("button", name=re.compile("Sign out")).tap()
    sign_in(page, ANITA, PIN)
    confirm(page)
    album.look("teacher-awaited", "Almost done: your teacher confirms you")
    room.allow_face()
    room.open_class(ProofPolicy.FACE)
    kiosk.scan(page)
    confirm(page)
    album.look("no-phones", "This class does not take phones")
    room.open_class(ProofPolicy.BOTH)
    kiosk.scan(page)
    confirm(page)
    album.look("face-awaited", "Almost done: look at the kiosk’s camera")
