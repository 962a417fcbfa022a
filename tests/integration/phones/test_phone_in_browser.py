"""The way from a scan to a mark in a real browser of a phone's size, which runs no scripts; real server, real store."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kiosk.domain.attendance.choices import Method, Status
from kiosk.settings import WebSettings
from kiosk.storage.keys.hashing import Argon2Hasher
from kiosk.web.http.server import UvicornServer
from tests.fakes.phones.browser import SIZE, confirm, says, sign_in
from tests.world.classroom import ANITA, BEN, PIN, Classroom

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
    room = Classroom(tmp_path, hasher=Argon2Hasher(b"p" * 32))
    settings = WebSettings(host="127.0.0.1").model_copy(update={"port": 0})
    server = UvicornServer(room.app(), settings)
    yield Kiosk(room, server.start())
    assert server.stop(10)
    room.close()


def fits(page: Page) -> None:
    """Everything is seen without scrolling."""
    box = page.get_by_role("main").bounding_box()
    assert box is not None
    assert (box["width"] <= SIZE["width"], box["height"] <= SIZE["height"]) == (True, True)


def test_from_scan_to_marked(kiosk: Kiosk, page: Page) -> None:
    session = kiosk.room.open_class()
    kiosk.room.clock.advance(120)
    kiosk.scan(page)
    says(page, "CS 101 · Algorithms")
    fits(page)
    sign_in(page, ANITA, PIN)
    says(page, "Hello, Anita Rao")
    fits(page)
    expect(page.get_by_role("main")).to_contain_text("Will count as Present", use_inner_text=True)
    confirm(page)
    says(page, "You are marked present")
    expect(page.get_by_role("status")).to_contain_text("09:02")
    expect(page).to_have_title("You are marked present, 09:02")
    fits(page)
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


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing that a screen reader says."""

    role: str
    name: str
    description: str = ""
    states: frozenset[str] = frozenset()


SPOKEN_ROLES = {"RootWebArea", "main", "heading", "textbox", "button", "link", "status", "alert"}
STATES = {"required", "invalid", "focused", "live"}


def spoken(page: Page) -> list[Spoken]:
    """Chromium's own accessibility tree in the order of reading, without mere texts and groups."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    return list(_read(by_id, nodes[0]))


def _read(nodes: dict[str, Any], node: dict[str, Any]) -> Iterator[Spoken]:
    role = node["role"]["value"]
    if not node["ignored"] and role in SPOKEN_ROLES:
        told = {
            one["name"]
            for one in node["properties"]
            if one["value"].get("value") not in {False, "false", "off"}
        }
        description = node.get("description", {}).get("value", "")
        yield Spoken(role, node["name"]["value"], description, frozenset(told & STATES))
    for child in node.get("childIds", ()):
        yield from _read(nodes, nodes[child])


def test_a_screen_reader_is_told_all_on_the_way(kiosk: Kiosk, page: Page) -> None:
    kiosk.room.open_class()
    kiosk.room.clock.advance(120)
    kiosk.scan(page)
    number, pin = Spoken("textbox", "Student number"), Spoken("textbox", "PIN")
    needed = frozenset({"required"})
    assert spoken(page) == [
        Spoken("RootWebArea", "Sign in – CS 101 · Algorithms", states=frozenset({"focused"})),
        Spoken("main", ""),
        Spoken("heading", "CS 101 · Algorithms"),
        replace(number, states=needed | {"focused"}),
        replace(pin, states=needed),
        Spoken("button", "Sign in"),
    ]
    sign_in(page, ANITA, "000000")
    expect(page.get_by_role("alert")).to_be_visible()
    wrong = "That number and PIN do not belong together. Check your slip, or ask your teacher."
    assert spoken(page)[3:] == [
        Spoken("alert", "", states=frozenset({"live"})),
        replace(number, description=wrong, states=needed),
        replace(pin, description=wrong, states=needed | {"invalid", "focused"}),
        Spoken("button", "Sign in"),
    ]
    sign_in(page, ANITA, PIN)
    says(page, "Hello, Anita Rao")
    assert spoken(page)[2:] == [
        Spoken("heading", "Hello, Anita Rao"),
        Spoken("button", "I am here"),
        Spoken("button", "Not you? Sign out"),
    ]
    confirm(page)
    says(page, "You are marked present")
    assert spoken(page) == [
        Spoken("RootWebArea", "You are marked present, 09:02", states=frozenset({"focused"})),
        Spoken("main", ""),
        Spoken("status", "", states=frozenset({"live"})),
        Spoken("heading", "You are marked present"),
        Spoken("link", "My attendance: 1 of 1 (100 %)"),
    ]
