from kiosk.domain.people.name_order import name_order
from kiosk.domain.people.students import Student


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


def test_a_family_name_that_somebody_wrote_down_is_sorted_by() -> None:
    people = [
        Student(1, "S1", "Gabriel García Márquez", None, "García Márquez"),
        Student(2, "S2", "Ann Hall"),
    ]
    assert [one.student_no for one in sorted(people, key=name_order)] == ["S1", "S2"]
