import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.courses.courses import COURSE_CODE
from kiosk.domain.people.students import STUDENT_NO, clean_text, fold


@pytest.mark.parametrize("number", ["1", "S001", "2026/0417", "a.b-c_d", "0" * 32])
def test_usual_student_numbers_are_taken(number: str) -> None:
    assert STUDENT_NO.fullmatch(number)


@pytest.mark.parametrize(
    "number", ["", " ", "-1", ".hidden", "/etc", "S 1", "S001\n", "=1+1", "é1", "٣", "0" * 33]
)
def test_other_student_numbers_are_not(number: str) -> None:
    assert STUDENT_NO.fullmatch(number) is None


@pytest.mark.parametrize("code", ["CS 101", "Œuvre-1", "7b", "R&D", "A+", "数学 1"])
def test_usual_course_codes_are_taken(code: str) -> None:
    assert COURSE_CODE.fullmatch(code)


@pytest.mark.parametrize("code", ["", "_x", " CS", "=CS", "-1", "CS;1", "C" * 33])
def test_other_course_codes_are_not(code: str) -> None:
    assert COURSE_CODE.fullmatch(code) is None


def test_white_space_of_all_kinds_is_folded_into_single_blanks() -> None:
    assert clean_text("  Ada\t\u00a0 Lovelace\n") == "Ada Lovelace"


def test_an_accent_has_one_spelling() -> None:
    assert clean_text("Zoe\u0308") == clean_text("Zo\u00eb") == "Zo\u00eb"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)

    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Zoë Müller", "zoe muller"),
        ("S001", "s001"),
        ("Straße", "STRASSE"),
        ("Ｓ１２", "s12"),
        ("İpek", "ipek"),
        ("Nguyễn", "NGUYEN"),
    ],
)
def test_names_are_compared_without_case_and_accents(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)


def test_different_letters_stay_different() -> None:
    assert fold("Ana") != fold("Anna")
    assert fold("Иван") != fold("Ivan")
