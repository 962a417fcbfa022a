from datetime import timedelta

import pytest

from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.storage.database.sql_database import SqlDatabase
from tests.unit.storage.classroom import START, Classroom

FACE = ConsentKind.FACE_RECOGNITION


def _word(classroom: Classroom, student: int, given: bool, minutes: int) -> Consent:
    return Consent(
        classroom.students[student].student_id, FACE, given, START + timedelta(minutes=minutes), "admin"
    )


def test_the_word_written_last_counts_also_where_the_clock_was_set_back_between(
    database: SqlDatabase, classroom: Classroom
) -> None:
    yes, no = _word(classroom, 0, True, 5), _word(classroom, 0, False, 0)
    with database.transaction() as repositories:
        repositories.consents.add(yes)
        repositories.consents.add(no)
    with database.snapshot() as repositories:
        assert repositories.consents.newest(yes.student_id, FACE) == no
        assert repositories.consents.newest(classroom.students[1].student_id, FACE) is None
        assert repositories.consents.given_by([yes.student_id], FACE) == set()
        assert repositories.consents.newest_words(FACE) == {yes.student_id: False}


def test_of_two_words_at_one_moment_the_later_written_counts(
    database: SqlDatabase, classroom: Classroom
) -> None:
    yes, no = _word(classroom, 0, True, 0), _word(classroom, 0, False, 0)
    with database.transaction() as repositories:
        repositories.consents.add(yes)
        repositories.consents.add(no)
        assert repositories.consents.newest(yes.student_id, FACE) == no
        assert repositories.consents.given_by([yes.student_id], FACE) == set()


@pytest.fixture
def changed_minds(database: SqlDatabase, classroom: Classroom) -> None:
    """Anna came round to it, Ben went back on it."""
    with database.transaction() as repositories:
        for person, last in ((0, True), (1, False)):
            repositories.consents.add(_word(classroom, person, not last, 0))
            repositories.consents.add(_word(classroom, person, last, 1))


@pytest.mark.usefixtures("changed_minds")
def test_only_those_asked_for_whose_newest_word_is_yes(database: SqlDatabase, classroom: Classroom) -> None:
    with database.transaction() as repositories:
        repositories.consents.add(_word(classroom, 2, True, 0))
    anna, ben, carl = (student.student_id for student in classroom.students)
    with database.snapshot() as repositories:
        assert repositories.consents.given_by((anna, ben, carl), FACE) == {anna, carl}
        assert repositories.consents.given_by((anna, ben), FACE) == {anna}
        assert repositories.consents.given_by((), FACE) == set()


@pytest.mark.usefixtures("changed_minds")
def test_the_newest_word_of_everybody_who_gave_one(database: SqlDatabase, classroom: Classroom) -> None:
    anna, ben, _ = (student.student_id for student in classroom.students)
    with database.snapshot() as repositories:
        assert repositories.consents.newest_words(FACE) == {anna: True, ben: False}
