"""A phone that a teacher enrolled marks its student, and a friend's PIN on another one does not: in real browsers, without scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.domain.attendance.incidents import IncidentKind
from tests.fakes.phones.browser import confirm, new_phone, says, sign_in
from tests.integration.phones.test_phone_in_browser import Kiosk, fits, kiosk
from tests.world.classroom import ANITA, PIN, enrol_path

pytestmark = pytest.mark.browser
__all__ = ["kiosk"]


def test_an_enrolled_phone_marks_its_student_and_another_one_does_not(
    kiosk: Kiosk, page: Page, chromium: Browser
) -> None:
    room = kiosk.room
    room.wants_enrolled_phones()
    session = room.open_class()
    code = enrol_path(room, room.anita)
    page.goto(kiosk.address + code.upper())
    says(page, "Enrol this phone")
    fits(page)
    page.get_by_label("Your PIN").fill("000000")
    page.get_by_role("button", name="Enrol this phone").tap()
    expect(page.get_by_role("alert")).to_contain_text("That is not the PIN of Anita Rao.")
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Enrol this phone").tap()
    says(page, "This phone is enrolled")
    expect(page.get_by_role("main")).to_contain_text("this phone")
    assert "kiosk_enrolled" not in page.evaluate("document.cookie")

    with new_phone(chromium) as other:
        friend = other.new_page()
        friend.goto(kiosk.address + code)
        says(friend, "This code is over, or another phone has used it")
        kiosk.scan(friend)
        sign_in(friend, ANITA, PIN)
        confirm(friend)
        says(friend, "This phone is not enrolled for you yet")
    assert room.records(session) == []

    kiosk.scan(page)
    says(page, "Hello, Anita Rao")
    confirm(page)
    says(page, "You are marked present")
    assert len(room.records(session)) == 1
    noted = room.store.read(lambda repositories: repositories.incidents.of_session(session.session_id))
    assert [(one.kind, one.student_id) for one in noted] == [
        (IncidentKind.PHONE_NOT_ENROLLED, room.anita.student_id)
    ]
