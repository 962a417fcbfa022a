from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.faces.lookalikes import FacePair, PairOrigin
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.repositories.repositories import Repositories
from tests.unit.storage.classroom import START, Classroom

MODEL = "dlib-resnet-v1"


def add(
    repositories: Repositories,
    student_id: int,
    other_id: int | None,
    *,
    origin: PairOrigin = PairOrigin.LOOKALIKE,
    distance: float | None = 0.4,
) -> FacePair:
    return repositories.face_pairs.add(
        student_id=student_id,
        other_id=other_id,
        origin=origin,
        model=MODEL,
        distance=distance,
        same_person=False,
        found_at=START,
        found_by="Ada",
    )


@pytest.fixture
def ids(classroom: Classroom) -> tuple[int, int, int]:
    one, two, three = (student.student_id for student in classroom.students)
    return one, two, three


def test_a_pair_comes_back_as_it_was_written(database: SqlDatabase, ids: tuple[int, int, int]) -> None:
    with database.transaction() as repositories:
        pair = add(repositories, ids[0], ids[1])
    with database.snapshot() as repositories:
        assert repositories.face_pairs.get(pair.pair_id) == pair
        assert repositories.face_pairs.all() == [pair]
    assert (pair.student_id, pair.other_id, pair.found_at, pair.is_lifted) == (ids[0], ids[1], START, False)


def test_the_closest_stand_first_and_those_without_a_distance_last(
    database: SqlDatabase, ids: tuple[int, int, int]
) -> None:
    with database.transaction() as repositories:
        add(repositories, ids[0], None, origin=PairOrigin.CORRECTION, distance=None)
        add(repositories, ids[0], ids[1], distance=0.5)
        add(repositories, ids[1], ids[2], distance=0.2)
        assert [pair.distance for pair in repositories.face_pairs.all()] == [0.2, 0.5, None]


def test_between_needs_both_people_or_one_and_somebody_unknown(
    database: SqlDatabase, ids: tuple[int, int, int]
) -> None:
    one, two, three = ids
    with database.transaction() as repositories:
        pair = add(repositories, one, two)
        unknown = add(repositories, two, None, origin=PairOrigin.CORRECTION, distance=None)
        pairs = repositories.face_pairs
        assert pairs.between({one, two, three}) == [pair, unknown]
        assert pairs.between({one, three}) == []
        assert pairs.between({two}) == [unknown]
        assert pairs.of({one}) == [pair]
        assert pairs.of({two}) == [pair, unknown]
        assert pairs.of({three}) == []


def test_one_pair_is_noted_once_also_when_the_other_is_unknown(
    database: SqlDatabase, ids: tuple[int, int, int]
) -> None:
    with database.transaction() as repositories:
        add(repositories, ids[0], ids[1])
        add(repositories, ids[0], ids[1], origin=PairOrigin.CORRECTION)
        add(repositories, ids[0], None, origin=PairOrigin.CORRECTION)
        with pytest.raises(ConflictError):
            add(repositories, ids[0], ids[1])
        with pytest.raises(ConflictError):
            add(repositories, ids[0], None, origin=PairOrigin.CORRECTION)


def test_an_unknown_student_is_refused(database: SqlDatabase, ids: tuple[int, int, int]) -> None:
    with database.transaction() as repositories, pytest.raises(NotFoundError):
        add(repositories, ids[0], 4711)


def test_lifting_is_kept_with_who_and_when(database: SqlDatabase, ids: tuple[int, int, int]) -> None:
    later = START + timedelta(hours=1)
    with database.transaction() as repositories:
        pair = add(repositories, ids[0], ids[1])
        repositories.face_pairs.update(replace(pair, lifted_at=later, lifted_by="Ada", distance=0.3))
    with database.snapshot() as repositories:
        kept = repositories.face_pairs.get(pair.pair_id)
    assert kept is not None
    assert (kept.is_lifted, kept.lifted_at, kept.lifted_by, kept.distance) == (True, later, "Ada", 0.3)


def test_a_pair_that_is_gone_cannot_be_changed(database: SqlDatabase, ids: tuple[int, int, int]) -> None:
    with database.transaction() as repositories:
        pair = add(repositories, ids[0], ids[1])
        assert repositories.face_pairs.remove(pair.pair_id)
        assert not repositories.face_pairs.remove(pair.pair_id)
        with pytest.raises(NotFoundError):
            repositories.face_pairs.update(pair)


def test_forgetting_a_face_forgets_what_was_measured_on_it(
    database: SqlDatabase, ids: tuple[int, int, int]
) -> None:
    one, two, three = ids
    with database.transaction() as repositories:
        add(repositories, one, two)
        others = add(repositories, two, three)
        correction = add(repositories, three, one, origin=PairOrigin.CORRECTION, distance=0.41)
        repositories.faces.forget(one)
    with database.snapshot() as repositories:
        assert repositories.face_pairs.all() == [others, replace(correction, distance=None)]
