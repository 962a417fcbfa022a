from kiosk.domain.people.students import Student
from kiosk.gui.people.student_search import ROWS, found, left_out_words
from kiosk.services.people.consents import StudentFaces


def _students(*names: str) -> list[StudentFaces]:
    return [
        StudentFaces(Student(number, f"S{number}", name, None), None, 0)
        for number, name in enumerate(names, 1)
    ]


def test_each_word_is_looked_for_in_name_and_number_without_regard_to_case_and_accents() -> None:
    ann, zoe, bob = _students("Ann Bauer", "Zoë Bauer", "Bob Conrad")
    everybody = [ann, zoe, bob]
    assert found(everybody, "") == everybody
    assert found(everybody, "  bauer ") == [ann, zoe]
    assert found(everybody, "BAUER zoe") == [zoe]
    assert found(everybody, "s3") == [bob]
    assert found(everybody, "ann conrad") == []


def test_it_is_said_how_many_more_were_found_than_are_shown() -> None:
    assert left_out_words(ROWS) == ""
    assert left_out_words(ROWS + 1).startswith("1 more student was found")
    assert left_out_words(ROWS + 12).startswith("12 more students were found")
