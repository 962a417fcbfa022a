"""What a student does only over TLS, in a real browser of a phone's size: another PIN, and the receipt of a withdrawal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kiosk.settings import WebSettings
from kiosk.web.http.server import UvicornServer
from tests.fakes.phones.browser import SIZE, says, sign_in
from tests.fakes.phones.certificates import SchoolFiles
from tests.world.classroom import ANITA, PIN, Classroom

pytestmark = pytest.mark.browser

NEW = "730184"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    made = Classroom(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def address(room: Classroom, tmp_path: Path) -> Iterator[str]:
    files = SchoolFiles(tmp_path)
    files.write("127.0.0.1")
    settings = WebSettings(
        host="127.0.0.1", certificate=str(files.certificate_path), certificate_key=str(files.key_path)
    )
    server = UvicornServer(room.app(secure=True), settings.model_copy(update={"port": 0}))
    yield server.start()
    assert server.stop(10)


def test_a_student_changes_the_pin_and_withdraws(room: Classroom, address: str, chromium: Browser) -> None:
    room.allow_face()
    with chromium.new_context(
        viewport=SIZE,
        java_script_enabled=False,
        has_touch=True,
        is_mobile=True,
        ignore_https_errors=True,  # the school's root is not installed in this browser
    ) as phone:
        page = phone.new_page()
        page.goto(f"{address}/sign-in")
        sign_in(page, ANITA, PIN)
        page.get_by_role("link", name="Change my PIN").tap()
        says(page, "Change my PIN")
        for new, title in (("121212", "Change my PIN"), (NEW, "Your PIN is changed")):
            page.get_by_label("The PIN that you have now").fill(PIN)
            page.get_by_label("New PIN", exact=True).fill(new)
            page.get_by_label("New PIN again").fill(new)
            page.get_by_role("button", name="Change PIN").tap()
            if new != NEW:
                expect(page.get_by_role("alert")).to_contain_text("a pair of digits, repeated")
            says(page, title)
        assert room.phone.sign_in(ANITA, NEW)[1] == room.anita

        page.get_by_role("link", name="My attendance").first.tap()
        page.get_by_role("link", name="What is stored about me").tap()
        expect(page.get_by_role("main")).to_contain_text("Kept until 2 Sep 2026")
        says(page, "What is stored about me")
        page.get_by_role("link", name="Give or withdraw consent").tap()
        page.get_by_role("button", name="Withdraw and delete").tap()
        says(page, "Your face is deleted")
        page.emulate_media(media="print")
        assert not page.get_by_role("link").first.is_visible()
        assert page.locator("dl").evaluate("list => getComputedStyle(list).color") == "rgb(0, 0, 0)"
