"""The student's own place in a real browser of a phone's size."""

import pytest
from playwright.sync_api import Page, expect

from kiosk.domain.attendance.choices import Status
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.phones.browser import says, sign_in
from tests.integration.phones.test_phone_in_browser import Kiosk, kiosk
from tests.world.classroom import ANITA, PIN

pytestmark = pytest.mark.browser
__all__ = ["kiosk"]


def test_a_student_reads_everything_about_themselves(kiosk: Kiosk, page: Page) -> None:
    room = kiosk.room
    long_name = "Wissenschaftliches Arbeiten und Rechtsschutzversicherungsgesellschaftsrecht"

    def lengthen(repositories: Repositories) -> None:
        course = repositories.courses.add(code="RSVG-2026/17", title=long_name)
        repositories.courses.register(course.course_id, room.anita.student_id, room.clock.now().date())

    room.store.write(lengthen)
    room.add_past_records([Status.PRESENT] * 20 + [Status.LATE, Status.EXCUSED, Status.ABSENT])
    room.allow_face()
    page.goto(kiosk.address)
    page.get_by_role("link", name="My attendance").tap()
    says(page, "My attendance")
    sign_in(page, ANITA, PIN)
    says(page, "My attendance")
    page.get_by_role("link", name="CS 101 · Algorithms").tap()
    says(page, "CS 101 · Algorithms")
    page.get_by_role("link", name="Older").tap()
    says(page, "CS 101 · Algorithms")
    page.get_by_role("link", name="My attendance").tap()
    page.get_by_role("link", name="What is stored about me").tap()
    says(page, "What is stored about me")

    page.get_by_role("link", name="My attendance").tap()
    page.get_by_role("link", name="Mon 23 Feb").tap()
    says(page, "Mon 23 Feb 2026, 09:00")
    page.get_by_label("Is this record wrong?").fill("I came at 08:55 and sat in row 2.")
    page.get_by_role("button", name="This record is wrong").tap()
    expect(page.get_by_role("status")).to_contain_text("Your teacher has been told")
    (session_id,) = room.objections.open_by_session(room.course_id)
    (waiting,) = room.objections.waiting(session_id, actor=admin())
    answer = "You left after ten minutes, so it stays as it is."
    room.objections.answer(waiting, status=None, answer=answer, actor=admin("Ms Weber"))
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Ms Weber kept the record on 2 Mar 2026")
    says(page, "Mon 23 Feb 2026, 09:00")

    page.goto(kiosk.address + "/me/consent")
    says(page, "Face recognition")
    expect(page.get_by_role("note")).to_contain_text("ask at the desk")
    assert page.get_by_role("button").count() == 0
