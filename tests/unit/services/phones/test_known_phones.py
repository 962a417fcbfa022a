from kiosk.domain.trust.throttle import Source
from kiosk.services.phones.known_phones import MOST, KnownPhones

KNOWN = KnownPhones(b"k" * 32)


def source(number: str, *, browser: str = "phone", marks: str, known: KnownPhones = KNOWN) -> Source:
    return known.source(number, browser=browser, address="10.0.0.7", marks=marks)


def test_a_phone_is_known_for_the_student_who_signed_in_there_alone() -> None:
    marks = KNOWN.with_mark("S1", browser="phone", marks="")
    assert source("s1", marks=marks) == Source("phone", "10.0.0.7", True)
    assert not source("S2", marks=marks).is_known
    assert not source("S1", marks="").is_known


def test_a_mark_is_good_in_its_own_browser_and_at_its_own_school() -> None:
    marks = KNOWN.with_mark("S1", browser="phone", marks="")
    assert not source("S1", browser="laptop", marks=marks).is_known
    assert not source("S1", marks=marks, known=KnownPhones(b"o" * 32)).is_known


def test_a_browser_keeps_the_marks_of_the_last_few_students() -> None:
    marks = ""
    for number in range(MOST + 1):
        marks = KNOWN.with_mark(f"S{number}", browser="phone", marks=marks)
    assert not source("S0", marks=marks).is_known
    assert all(source(f"S{number}", marks=marks).is_known for number in range(1, MOST + 1))
    assert KNOWN.with_mark("S1", browser="phone", marks=marks).count(".") == MOST - 1


def test_nonsense_in_the_cookie_is_no_mark() -> None:
    for marks in ("x" * 5000, "....", "é.ü", "0" * 32):
        assert not source("S1", marks=marks).is_known
