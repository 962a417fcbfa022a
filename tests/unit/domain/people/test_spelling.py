import pytest

from kiosk.domain.people.spelling import clean_name, clean_number
from kiosk.domain.people.students import fold


@pytest.mark.parametrize(
    "name", ["علی\u200cرضا محمدی", "ක්\u200dෂිත", "ശ്രീജിത്ത്\u200c നായർ", "Ann Example", "山田 太郎"]
)
def test_ordinary_spelling_stays(name: str) -> None:
    assert clean_name(name) == (name, False)


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u200e", "\u202a", "\u202c", "\ufeff", "\u00ad", "\u2060", "\u200d"]
)
def test_signs_that_nobody_sees_go_and_are_told(sign: str) -> None:
    assert clean_name(f"An{sign}n") == ("Ann", True)
    assert clean_number(f"{sign}00123{sign}") == ("00123", True)


def test_a_joiner_where_nothing_joins_goes() -> None:
    assert clean_name("علی\u200c محمدی\u200c") == ("علی\u200c محمدی", True)


@pytest.mark.parametrize("digits", ["١٢٣٤", "۱۲۳۴", "１２３４", "१२३४"])
def test_digits_of_any_script_become_usual_ones(digits: str) -> None:
    assert clean_number(digits) == ("1234", False)


def test_full_width_letters_become_usual_ones() -> None:
    assert clean_number("Ａ－１") == ("A-1", False)


def test_names_are_compared_without_joiners() -> None:
    assert fold("علی\u200cرضا") == fold("علیرضا")
