import pytest

from kiosk.domain.people.same_person import name_key, same_name, without_zeros


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Example", "ANN EXAMPLE"),
        ("Zoë Ångström", "Zoe Angstrom"),
        ("Example, Ann", "Ann Example"),
        ("Ann Example", "Ann Maria Example"),
        ("Ann M. Example", "Ann Maria Example"),
        ("Anita Rao", "Anita Rao-Berg"),
        ("Jürgen Müller", "Juergen Mueller"),
        ("Łukasz Żak", "Lukasz Zak"),
        ("山田 太郎", "山田太郎"),
        ("O'Neil, Rob", "Rob O’Neil"),
        ("علی\u200cرضا محمدی", "علیرضا محمدی"),
    ],
)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Example", "Bob Sample"),
        ("Ann Example", "Ann Sample"),
        ("Ann", "Ann Example"),
        ("Ada Lovelace", "Ada King"),
        ("A. B.", "Ann Berg"),
        ("王小明", "王小红"),
    ],
)
def test_other_names_are_others(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert not same_name(other, one)


def test_namesakes_have_one_key() -> None:
    assert name_key("Example, Ann") == name_key("ann EXAMPLE")
    assert name_key("Ann Example") != name_key("Ann Sample")


def test_zeros_that_lead_digits_do_not_count() -> None:
    assert without_zeros("00123") == without_zeros("123")
    assert without_zeros("S007") == without_zeros("s7")
    assert without_zeros("100") == "100"
    assert without_zeros("000") == "0"
