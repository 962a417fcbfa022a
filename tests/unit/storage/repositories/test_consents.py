from datetime import timedelta
from itertools import product

import pytest
from sqlmodel import select

from kiosk.domain.people.consents import STUDENT, AnsweredBy, Answerer, Consent, ConsentKind
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.tables import ConsentRow
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


def test_the_database_counts_as_the_domain_does(database: SqlDatabase, classroom: Classroom) -> None:
    """Every order of three words by four sorts of answerers."""
    who = [None, STUDENT, Answerer(AnsweredBy.GUARDIAN, "Eva"), Answerer(AnsweredBy.GUARDIAN, "Ömer")]
    sayings = [(given, one) for given in (True, False) for one in who]
    with database.transaction() as repositories:
        student_id = classroom.students[0].student_id
        kinds = 0
        for said in product(sayings, repeat=3):
            for row in repositories.db_session.exec(select(ConsentRow)):
                repositories.db_session.delete(row)
            repositories.db_session.flush()
            for given, answerer in said:
                repositories.consents.add(Consent(student_id, FACE, given, START, "admin", answerer))
            counts = repositories.consents.given_by([student_id], FACE) == {student_id}
            assert counts == repositories.consents.standing(student_id, FACE).counts, said
            kinds += counts
        assert 0 < kinds < len(sayings) ** 3
