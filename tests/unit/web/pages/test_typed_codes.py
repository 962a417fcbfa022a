import httpx
import pytest

from tests.fakes.phones.handset import Handset, heading, words
from tests.world.classroom import ANITA, PIN, Classroom


def signed_in(handset: Handset, classroom: Classroom) -> httpx.Response:
    """The confirm page."""
    return handset.sign_in(handset.get(classroom.scan_path()), ANITA, PIN)


def typed(handset: Handset, code: str) -> httpx.Response:
    return handset.submit(handset.get("/"), "Continue", code=code)


def test_a_typed_code_leads_the_same_way_as_a_scan(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    shown = classroom.running.code()
    assert shown is not None
    page = typed(handset, f"{shown.typed[:3]} {shown.typed[3:]}".lower())
    assert heading(page) == "CS 101 · Algorithms"
    assert classroom.records(session) == []
    page = handset.submit(handset.sign_in(page, ANITA, PIN), "I am here")
    assert heading(page) == "You are marked present"
    assert len(classroom.records(session)) == 1


@pytest.mark.parametrize(
    ("code", "status", "sentence"),
    [
        ("", 400, "A code has 6 letters and digits."),
        ("short", 400, "A code has 6 letters and digits."),
        ("' OR 1=1", 400, "A code has 6 letters and digits."),
        ("<b>\0</b>", 400, "A code has 6 letters and digits."),
        ("ACDEFG", 400, "This code is wrong."),
        ("A" * 129, 422, "The kiosk did not understand that"),
    ],
)
def test_a_wrong_typed_code_is_said_beside_the_form(
    handset: Handset, classroom: Classroom, code: str, status: int, sentence: str
) -> None:
    classroom.open_class()
    page = typed(handset, code)
    assert page.status_code == status
    assert sentence in words(page)


def test_an_expired_typed_code_says_so_and_keeps_the_sign_in(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    signed_in(handset, classroom)
    shown = classroom.running.code()
    assert shown is not None
    classroom.clock.advance(31)
    page = typed(handset, shown.typed)
    assert page.status_code == 410
    assert "This code has expired." in words(page)
    assert "Signed in as Anita Rao" in words(page)
    again = classroom.running.code()
    assert again is not None
    assert heading(handset.submit(page, "Continue", code=again.typed)) == "Hello, Anita Rao"


def test_guessing_codes_ends_after_five_tries(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    shown = classroom.running.code()
    assert shown is not None
    other = shown.typed[:-1] + ("A" if shown.typed[-1] != "A" else "C")
    assert [typed(handset, other).status_code for _ in range(6)] == [400] * 5 + [429]
    page = typed(handset, shown.typed)
    assert page.status_code == 429
    assert "Too many wrong codes were typed. Please wait a minute" in words(page)


def test_a_typed_code_needs_our_own_form(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    shown = classroom.running.code()
    assert shown is not None
    handset.get("/")
    assert handset.post("/code", {"code": shown.typed}).status_code == 403
    assert handset.get("/code").status_code == 405
