import pytest

from kiosk.domain.people.name_order import family_first, name_order
from kiosk.domain.people.students import Student


@pytest.mark.parametrize(
    ("full_name", "family", "given"),
    [
        ("Ada Lovelace", "Lovelace", "Ada"),
        ("Lovelace, Ada", "Lovelace", "Ada"),
        ("Vincent van Gogh", "van Gogh", "Vincent"),
        ("María de la Cruz", "de la Cruz", "María"),
        ("Martin Luther King, Jr.", "King Jr.", "Martin Luther"),
        ("山田 太郎", "山田", "太郎"),
        ("김 민준", "김", "민준"),
        ("Plato", "Plato", ""),
        ("Van Le", "Le", "Van"),
        ("", "", ""),
    ],
)
def test_the_family_name_is_found(full_name: str, family: str, given: str) -> None:
    assert family_first(full_name) == (family, given)


def test_people_are_sorted_by_family_name_without_regard_to_case_and_accents() -> None:
    people = [
        Student(number, f"S{number}", name)
        for number, name in enumerate(["Zoe Adams", "Ann Zółć", "Bob Öztürk", "Al adams"])
    ]
    assert [one.full_name for one in sorted(people, key=name_order)] == [
        "Al adams",
        "Zoe Adams",
        "Bob Öztürk",
        "Ann Zółć",
    ]


def test_namesakes_are_sorted_by_number() -> None:
    people = [Student(1, "S2", "Ann Lee"), Student(2, "S1", "Ann Lee")]
    assert [one.student_no for one in sorted(people, key=name_order)] == ["S1", "S2"]
