from datetime import UTC, datetime

import pytest

from kiosk.domain.attendance.lesson_pin import RULE, digits_of, is_lesson_pin, lesson_pin_fault
from kiosk.domain.trust.throttle import STAFF, FailureCount

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("pin", ["4071", "80413", "407182", "40718239", "٤٠٧١"])
def test_four_to_eight_digits_of_any_script_will_do(pin: str) -> None:
    assert lesson_pin_fault(pin) is None
    assert is_lesson_pin(pin)


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("407", "4 to 8 digits"),
        ("407182394", "4 to 8 digits"),
        ("40a1", "4 to 8 digits"),
        ("", "4 to 8 digits"),
        ("7777", "same"),
        ("1234", "counts up"),
        ("7890", "counts up"),
        ("87654321", "counts down"),
        ("4747", "pair of digits"),
        ("2008", "year"),
        ("1987", "year"),
        ("2580", "number pad"),
    ],
)
def test_what_others_would_try_first_is_refused(pin: str, why: str) -> None:
    assert why in (lesson_pin_fault(pin) or "")


def test_a_password_never_has_the_form_of_a_pin() -> None:
    assert not is_lesson_pin("4071823946")
    assert digits_of("correct horse") == ""


def test_nobody_rests_longer_than_after_wrong_passwords() -> None:
    for failures in range(RULE.locked_after or 0):
        assert RULE.rest(FailureCount(failures, NOW), NOW) <= STAFF.longest
