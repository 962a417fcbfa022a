import pytest

from kiosk.domain.people.names import family_name_of, name_order, sort_name
from kiosk.domain.people.students import Student


@pytest.mark.parametrize(
    ("written", "family"),
    [
        ("John Smith", "Smith"),
        ("Smith, John", "Smith"),
        ("Smith , John", "Smith"),
        ("García Márquez, Gabriel José", "García Márquez"),
        ("John Smith, Jr.", "Smith"),
        ("John Smith Jr.", "Smith"),
        ("John Smith III", "Smith"),
        ("Jane Doe, Ph.D.", "Doe"),
        ("Ludwig van Beethoven", "van Beethoven"),
        ("Anna von der Heide", "von der Heide"),
        ("Van Nguyen", "Nguyen"),
        ("Jean-Pierre DUPONT MARTIN", "DUPONT MARTIN"),
        ("DUPONT Jean", "DUPONT"),
        ("ANNA SCHMIDT", "SCHMIDT"),
        ("Mary Ann O'Neil", "O'Neil"),
        ("Omar al-Fārūq", "al-Fārūq"),
        ("Plato", "Plato"),
        ("María de la Cruz", "de la Cruz"),
        ("Martin Luther King, Jr.", "King"),
        ("Van Le", "Le"),
        ("김 민준", "김"),
        ("Иван Иванович Петров", "Петров"),
        ("محمد علی رضایی", "رضایی"),
        ("דנה כהן", "כהן"),
        ("अनिता राव", "राव"),
        ("王小明", "王"),
        ("欧阳修文", "欧阳"),
        ("김민준", "김"),
        ("남궁민수", "남궁"),
        ("山田 太郎", "山田"),
        ("やまだたろう", "やまだたろう"),
        ("", ""),
        (",", ","),
        (", John", "John"),
    ],
)
def test_a_full_name_gives_its_family_name(written: str, family: str) -> None:
    assert family_name_of(written) == family


def test_names_are_sorted_by_the_family_name_then_by_the_others() -> None:
    names = ["Zoë Adler", "Adler, Anna", "Émile Bauer", "carl Conrad", "Anna van Aken"]
    assert sorted(names, key=sort_name) == [
        "Adler, Anna",
        "Zoë Adler",
        "Émile Bauer",
        "carl Conrad",
        "Anna van Aken",
    ]


def test_a_family_name_that_somebody_wrote_down_counts() -> None:
    assert sort_name("Gabriel García Márquez", "García Márquez") == "garcia marquez gabriel"
    assert sort_name("Björk", "Guðmundsdóttir").startswith("guðmundsdottir bjork")


def test_a_name_of_two_hundred_letters_is_sorted_whole() -> None:
    long = "A" * 99 + "b " + "C" * 99 + "d"
    assert sort_name(long).startswith("c" * 99 + "d a")


def test_students_are_sorted_by_the_family_name_that_counts_and_namesakes_by_number() -> None:
    people = [
        Student(1, "S3", "Ann Lee"),
        Student(2, "S1", "Ann Lee"),
        Student(3, "S2", "Gabriel García Márquez", None, "García Márquez"),
    ]
    assert [one.student_no for one in sorted(people, key=name_order)] == ["S2", "S1", "S3"]
