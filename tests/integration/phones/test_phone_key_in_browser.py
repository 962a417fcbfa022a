"""Over HTTPS a phone shows the key in its hardware, and all of its cookies in another browser mark nobody: a real browser, whose
virtual authenticator (of the DevTools protocol) stands for the phone's hardware.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.settings import WebSettings
from kiosk.web.http.server import UvicornServer
from tests.fakes.phones.browser import LONG_MS, SIZE, confirm, says
from tests.fakes.phones.certificates import SchoolFiles
from tests.world.classroom import PIN, Classroom, enrol_path

pytestmark = pytest.mark.browser


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = Classroom(tmp_path / "data")
    made.wants_enrolled_phones()
    yield made
    made.close()


@pytest.fixture
def address(room: Classroom, tmp_path: Path) -> Iterator[str]:
    """By name: no browser makes a key for an address."""
    files = SchoolFiles(tmp_path)
    files.write("localhost", "127.0.0.1")
    settings = WebSettings(
        host="127.0.0.1", certificate=str(files.certificate_path), certificate_key=str(files.key_path)
    )
    server = UvicornServer(room.app(secure=True), settings.model_copy(update={"port": 0}))
    yield server.start().replace("127.0.0.1", "localhost")
    assert server.stop(10)


@contextmanager
def new_phone(chromium: Browser, *, copied: BrowserContext | None = None) -> Iterator[BrowserContext]:
    """A phone with scripts, that trusts the school; `copied` is one whose cookies it has, every one."""
    with chromium.new_context(
        viewport=SIZE,
        has_touch=True,
        is_mobile=True,
        locale="en-GB",
        ignore_https_errors=True,
        storage_state=copied.storage_state() if copied is not None else None,
    ) as phone:
        phone.set_default_timeout(LONG_MS)
        yield phone


def page_of(phone: BrowserContext) -> Page:
    """A page in it, and hardware that makes keys and says yes."""
    page = phone.new_page()
    devtools = phone.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def enrol(room: Classroom, address: str, page: Page) -> None:
    page.goto(address + enrol_path(room, room.anita))
    page.get_by_label("Your PIN").fill("000000")
    page.get_by_role("button", name="Enrol this phone").tap()
    expect(page.get_by_role("alert")).to_contain_text("That is not the PIN of Anita Rao.")
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Enrol this phone").tap()
    says(page, "This phone is enrolled")
    expect(page.get_by_role("main")).to_contain_text("with a key of its own")


def told(room: Classroom, session: ClassSession) -> list[IncidentKind]:
    noted = room.store.read(lambda repositories: repositories.incidents.of_session(session.session_id))
    return [one.kind for one in noted]


def test_a_phone_signs_and_a_browser_with_all_its_cookies_does_not_count(
    room: Classroom, address: str, chromium: Browser
) -> None:
    session = room.open_class()
    with new_phone(chromium) as phone:
        page = page_of(phone)
        enrol(room, address, page)
        with new_phone(chromium, copied=phone) as elsewhere:
            assert "__Host-kiosk_enrolled" in {one["name"] for one in elsewhere.cookies()}
            thief = page_of(elsewhere)
            thief.goto(address + room.scan_path())
            says(thief, "Hello, Anita Rao")
            confirm(thief)
            expect(thief.get_by_role("alert")).to_contain_text("This phone did not show its key.")
            thief.evaluate("document.querySelector('form[data-key-way]').submit()")  # past the script
            says(thief, "This phone is not enrolled for you yet")
        assert room.records(session) == []
        assert told(room, session) == [IncidentKind.PHONE_NOT_ENROLLED]

        page.goto(address + room.scan_path())
        says(page, "Hello, Anita Rao")
        confirm(page)
        says(page, "You are marked present")
        (record,) = room.records(session)
        assert record.evidence[0].key_shown is True


def test_a_pass_is_shown_after_the_phone_signed(room: Classroom, address: str, chromium: Browser) -> None:
    with new_phone(chromium) as phone:
        page = page_of(phone)
        enrol(room, address, page)
        room.open_class()
        with new_phone(chromium, copied=phone) as elsewhere:
            thief = page_of(elsewhere)
            thief.goto(f"{address}/pass")
            thief.get_by_role("button", name="Show my pass").tap()
            expect(thief.get_by_role("alert")).to_contain_text("This phone did not show its key.")
            assert thief.get_by_role("img", name="Your pass").count() == 0
        page.goto(f"{address}/pass")
        page.get_by_role("button", name="Show my pass").tap()
        expect(page.get_by_role("img", name="Your pass")).to_be_visible()


def test_a_phone_without_such_hardware_is_enrolled_by_its_cookie(
    room: Classroom, address: str, chromium: Browser
) -> None:
    session = room.open_class()
    with new_phone(chromium) as phone:
        page = phone.new_page()
        page.goto(address + enrol_path(room, room.anita))
        page.get_by_label("Your PIN").fill(PIN)
        page.get_by_role("button", name="Enrol this phone").tap()
        says(page, "This phone is enrolled")
        expect(page.get_by_role("main")).not_to_contain_text("with a key of its own")
        page.goto(address + room.scan_path())
        confirm(page)
        says(page, "You are marked present")
    assert len(room.records(session)) == 1
