import re

import numpy as np
import pytest
from httpx import Response

from kiosk.codes.draw import QrCodeDrawer
from kiosk.codes.reader import PyzbarReader
from kiosk.domain.attendance.choices import Method, ProofPolicy
from kiosk.domain.phones.passes import ROTATION
from kiosk.web.pages.pass_pages import QUIET_ZONE, RELOAD_S, drawing
from tests.fakes.phones.handset import Handset, heading, words
from tests.world.classroom import ANITA, BEN, PIN, Classroom


def shown_pass(page: Response) -> str:
    """What the code on the page says, read from the runs that it is drawn with."""
    side = re.search(r'class="pass" viewBox="0 0 (\d+) ', page.text)
    path = re.search(r'fill="#000000" d="([^"]+)"', page.text)
    assert side, page.text
    assert path
    picture = np.full((int(side[1]),) * 2, 255, np.uint8)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path[1]):
        picture[int(y), int(x) : int(x) + int(run)] = 0
    picture = np.repeat(picture.repeat(8, 0).repeat(8, 1)[:, :, None], 3, axis=2)
    reader = PyzbarReader()
    try:
        (text,) = reader.read(picture)
    finally:
        reader.close()
    return text


def hold(classroom: Classroom, page: Response) -> None:
    """The camera sees the pass, and what comes of it is written."""
    classroom.passes.take(shown_pass(page))
    classroom.store.write(lambda _: None)  # the store takes one after the other


def signed_in(handset: Handset, student_no: str = ANITA) -> Response:
    return handset.sign_in(handset.get("/pass"), student_no, PIN)


def test_only_who_is_signed_in_gets_a_pass(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    page = handset.get("/pass")
    assert page.status_code == 200
    assert heading(page) == "My pass"
    assert 'class="pass"' not in page.text
    refused = handset.sign_in(page, ANITA, "000000")
    assert refused.status_code == 403
    assert "do not belong together" in words(refused)
    page = handset.sign_in(refused, ANITA, PIN)
    assert heading(page) == "Anita Rao"
    assert "CS 101 · Algorithms" in words(page)


def test_the_pass_on_the_page_marks_whose_it_is_and_the_page_says_so(
    handset: Handset, classroom: Classroom
) -> None:
    session = classroom.open_class()
    classroom.clock.advance(120)
    page = signed_in(handset)
    assert f'http-equiv="refresh" content="{RELOAD_S}"' in page.text
    assert len(page.content) < 100_000
    assert page.headers["cache-control"] == "no-store"
    hold(classroom, page)
    (record,) = classroom.records(session)
    assert (record.student_id, record.method) == (classroom.anita.student_id, Method.PASS)
    page = handset.get("/pass")
    assert heading(page) == "You are marked present"
    assert "09:02" in words(page)
    assert "refresh" not in page.text

    classroom.clock.advance(121)
    assert heading(handset.get("/pass")) == "Anita Rao"


def test_the_pass_changes_by_itself(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    first = shown_pass(signed_in(handset))
    assert ROTATION.period_s > RELOAD_S
    assert shown_pass(handset.get("/pass")) == first
    classroom.clock.advance(ROTATION.period_s)
    assert shown_pass(handset.get("/pass")) != first


def test_without_a_class_the_page_waits_for_one(handset: Handset, classroom: Classroom) -> None:
    page = signed_in(handset)
    assert heading(page) == "No class is open now"
    assert "refresh" in page.text
    classroom.open_class()
    assert heading(handset.get("/pass")) == "Anita Rao"


def test_a_refusal_stands_above_the_pass(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    page = signed_in(handset, BEN)
    hold(classroom, page)
    assert classroom.records(session) == []
    page = handset.get("/pass")
    assert heading(page) == "Ben Okafor"
    assert "You are not registered in this course" in words(page)


def test_where_both_are_demanded_the_page_asks_for_the_face(handset: Handset, classroom: Classroom) -> None:
    classroom.allow_face()
    classroom.open_class(ProofPolicy.BOTH)
    hold(classroom, signed_in(handset))
    page = handset.get("/pass")
    assert heading(page) == "Almost done: look at the kiosk’s camera"
    assert "refresh" in page.text
    classroom.clock.advance(181)
    assert heading(handset.get("/pass")) == "Anita Rao"


def test_the_pass_is_no_form_target_and_the_sign_in_takes_own_forms_only(
    handset: Handset, classroom: Classroom
) -> None:
    classroom.open_class()
    handset.get("/pass")
    assert handset.client.post("/pass").status_code == 405
    fields = {"student_no": ANITA, "pin": PIN, "csrf": "0" * 64}
    assert handset.post("/pass/sign-in", fields).status_code == 403


def test_the_start_page_leads_to_the_pass_while_a_class_is_open(
    handset: Handset, classroom: Classroom
) -> None:
    assert 'href="/pass"' not in handset.get("/").text
    classroom.open_class()
    assert 'href="/pass"' in handset.get("/").text


@pytest.mark.parametrize("text", ["A", "PASS1:" + "A" * 22])
def test_a_drawing_has_every_dark_module_and_no_other(text: str) -> None:
    modules = QrCodeDrawer().modules(text)
    side = modules.shape[0] + 2 * QUIET_ZONE
    drawn = np.zeros((side, side), np.bool_)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawing(modules)):
        drawn[int(y), int(x) : int(x) + int(run)] = True
    assert (drawn == np.pad(modules, QUIET_ZONE)).all()
