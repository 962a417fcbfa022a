import pytest

from kiosk.domain.people.pins import pin_fault


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        ("12345", "exactly 6 digits"),
        ("1234567", "exactly 6 digits"),
        ("48291a", "exactly 6 digits"),
        ("４８２９１５", "exactly 6 digits"),
        ("777777", "are the same"),
        ("123456", "counts up"),
        ("678901", "counts up"),
        ("654321", "counts down"),
        ("210987", "counts down"),
        ("121212", "pair of digits"),
        ("123123", "three digits"),
        ("204199", "your student number"),
        ("002041", "your student number"),
    ],
)
def test_a_pin_that_is_tried_first_is_refused_with_its_own_sentence(pin: str, said: str) -> None:
    fault = pin_fault(pin, student_no="S2041")
    assert fault is not None
    assert said in fault


def test_part_of_a_long_student_number_is_refused() -> None:
    assert "your student number" in (pin_fault("482917", student_no="2026-4829-17") or "")
    assert pin_fault("482918", student_no="2026-4829-17") is None


@pytest.mark.parametrize("pin", ["482915", "112233", "123455", "121213", "000001"])
def test_other_pins_are_good(pin: str) -> None:
    assert pin_fault(pin, student_no="S2041") is None


def test_a_short_student_number_does_not_spoil_pins() -> None:
    assert pin_fault("482912", student_no="12") is None


def test_hardly_any_pin_is_lost() -> None:
    refused = sum(pin_fault(f"{number:06}", student_no="A") is not None for number in range(0, 1_000_000, 17))
    assert refused * 17 < 1_500
