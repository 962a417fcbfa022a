"""The student's own place in a real browser of a phone's size.

Set ``KIOSK_SCREENSHOTS`` to a folder to keep pictures of every page, light and dark.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.domain.attendance import Status
from kiosk.services.ports.store import Repositories
from tests.fakes.classroom import ANITA, PIN
from tests.fakes.phones import SIZE, Scheme, new_phone, says, sign_in
from tests.integration.test_phone_in_browser import Kiosk, kiosk

pytestmark = pytest.mark.browser
__all__ = ["kiosk"]


def look(page: Page, name: str, title: str, scheme: Scheme) -> None:
    """Nothing is wider than the phone, and what is tapped is large enough."""
    says(page, title)
    assert page.locator("html").evaluate("page => page.scrollWidth") <= SIZE["width"]
    for target in page.locator("button, input:not([type=hidden]):not([hidden]), textarea, a").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 48, (name, target.inner_text())
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= SIZE["width"]
    folder = os.environ.get("KIOSK_SCREENSHOTS")
    if folder:
        path = Path(folder) / f"phone-{name}-{scheme}.png"
        path.write_bytes(page.screenshot(full_page=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_student_reads_everything_about_themselves(kiosk: Kiosk, chromium: Browser, scheme: Scheme) -> None:
    room = kiosk.room
    long_name = "Wissenschaftliches Arbeiten und Rechtsschutzversicherungsgesellschaftsrecht"

    def lengthen(repositories: Repositories) -> None:
        course = repositories.courses.add(code="RSVG-2026/17", title=long_name)
        repositories.courses.register(course.course_id, room.anita.student_id, room.clock.now().date())

    room.store.write(lengthen).result()
    room.add_past_records([Status.PRESENT] * 20 + [Status.LATE, Status.EXCUSED, Status.ABSENT])
    room.allow_face()
    with new_phone(chromium, scheme) as phone:
        page = phone.new_page()
        page.goto(kiosk.address)
        page.get_by_role("link", name="My attendance").tap()
        look(page, "own-sign-in", "My attendance", scheme)
        sign_in(page, ANITA, PIN)
        look(page, "own-overview", "My attendance", scheme)
        page.get_by_role("link", name="CS 101 · Algorithms").tap()
        look(page, "own-course", "CS 101 · Algorithms", scheme)
        page.get_by_role("link", name="Older").tap()
        says(page, "CS 101 · Algorithms")
        page.get_by_role("link", name="My attendance").tap()
        page.get_by_role("link", name="What is stored about me").tap()
        look(page, "own-stored", "What is stored about me", scheme)

        page.get_by_role("link", name="My attendance").tap()
        page.get_by_role("link", name="Mon 23 Feb").tap()
        look(page, "own-record", "Mon 23 Feb 2026, 09:00", scheme)
        page.get_by_label("Is this record wrong?").fill("I came at 08:55 and sat in row 2.")
        page.get_by_role("button", name="This record is wrong").tap()
        expect(page.get_by_role("status")).to_contain_text("Your teacher has been told")
        (session_id,) = room.objections.open_by_session(room.course_id)
        (waiting,) = room.objections.waiting(session_id)
        answer = "You left after ten minutes, so it stays as it is."
        room.objections.answer(waiting, status=None, answer=answer, actor="Ms Weber").result()
        page.reload()
        expect(page.get_by_role("main")).to_contain_text("Ms Weber kept the record on 2 Mar 2026")
        look(page, "own-answered", "Mon 23 Feb 2026, 09:00", scheme)

        page.goto(kiosk.address + "/me/consent")
        look(page, "own-consent-desk", "Face recognition", scheme)
        expect(page.get_by_role("note")).to_contain_text("ask at the desk")
        assert page.get_by_role("button").count() == 0
