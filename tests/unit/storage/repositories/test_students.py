from dataclasses import replace

import pytest

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.sql_database import SqlDatabase
from tests.unit.storage.classroom import Classroom


def test_a_number_is_found_without_regard_to_case(database: SqlDatabase, classroom: Classroom) -> None:
    with database.snapshot() as repositories:
        assert repositories.students.by_no("S2") == classroom.students[1]
        assert repositories.students.by_no("s9") is None
        assert repositories.students.get(classroom.students[0].student_id) == classroom.students[0]
        assert repositories.students.get(99) is None


@pytest.mark.usefixtures("classroom")
def test_a_number_exists_once_without_regard_to_case(database: SqlDatabase) -> None:
    with pytest.raises(ConflictError, match="S1"), database.transaction() as repositories:
        repositories.students.add(student_no="S1", full_name="Somebody else", email=None)


@pytest.mark.usefixtures("classroom")
def test_students_are_listed_by_family_name_without_regard_to_case_and_accents(database: SqlDatabase) -> None:
    with database.snapshot() as repositories:
        names = [student.full_name for student in repositories.students.all()]
    assert names == ["Zoë Adler", "Émile Bauer", "carl Conrad"]


def test_a_changed_student_is_stored_and_found_by_the_new_number(
    database: SqlDatabase, classroom: Classroom
) -> None:
    changed = replace(classroom.students[0], student_no="X-7", full_name="Zoë Berg", email="z@example.org")
    with database.transaction() as repositories:
        repositories.students.update(changed)
    with database.snapshot() as repositories:
        assert repositories.students.by_no("x-7") == changed
        assert repositories.students.by_no("s1") is None


def test_a_student_may_change_the_case_of_the_own_number(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        repositories.students.update(replace(classroom.students[0], student_no="S1"))
    with database.snapshot() as repositories:
        found = repositories.students.by_no("s1")
    assert found is not None
    assert found.student_no == "S1"


def test_another_students_number_is_refused(database: SqlDatabase, classroom: Classroom) -> None:
    taken = replace(classroom.students[0], student_no="S2")
    with pytest.raises(ConflictError), database.transaction() as repositories:
        repositories.students.update(taken)
    with database.snapshot() as repositories:
        assert repositories.students.get(taken.student_id) == classroom.students[0]


def test_a_pin_hash_is_kept_and_can_be_taken_away(database: SqlDatabase, classroom: Classroom) -> None:
    student_id = classroom.students[0].student_id
    with database.transaction() as repositories:
        assert repositories.students.pin_hash(student_id) is None
        repositories.students.set_pin_hash(student_id, "$argon2id$…")
    with database.transaction() as repositories:
        assert repositories.students.pin_hash(student_id) == "$argon2id$…"
        repositories.students.set_pin_hash(student_id, None)
    with database.snapshot() as repositories:
        assert repositories.students.pin_hash(student_id) is None


def test_an_unknown_student_is_said_in_words(database: SqlDatabase) -> None:
    with database.transaction() as repositories:
        with pytest.raises(NotFoundError):
            repositories.students.update(Student(99, "n", "Nobody"))
        with pytest.raises(NotFoundError):
            repositories.students.set_pin_hash(99, "h")


def test_many_are_added_in_their_order_or_none(database: SqlDatabase) -> None:
    rows = [RosterRow(2, "S9", "Zoë", None), RosterRow(3, "S1", "Ann", "a@b.example", "x-1")]
    with database.transaction() as repositories:
        added = repositories.students.add_all(rows)
        assert [(one.student_no, one.full_name, one.email) for one in added] == [
            ("S9", "Zoë", None),
            ("S1", "Ann", "a@b.example"),
        ]
        with pytest.raises(ConflictError, match="exists already"):
            repositories.students.add_all([RosterRow(2, "S2", "Bo", None), RosterRow(3, "s9", "Other", None)])
        assert [one.student_no for one in repositories.students.all()] == ["S1", "S9"]


def test_a_family_name_that_somebody_wrote_down_and_a_called_name_are_kept(
    database: SqlDatabase, classroom: Classroom
) -> None:
    changed = replace(classroom.students[0], family_name="Adler-Berg", called="Zo")
    with database.transaction() as repositories:
        repositories.students.update(changed)
    with database.snapshot() as repositories:
        found = repositories.students.get(changed.student_id)
    assert found == changed
    assert found.shown_name == "Zo"
    assert classroom.students[0].shown_name == "Zoë Adler"
