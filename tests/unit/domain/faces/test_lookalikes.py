import numpy as np
import pytest

from kiosk.domain.faces.calibration import separation
from kiosk.domain.faces.lookalikes import Lookalike, limit_of, lookalikes
from kiosk.domain.faces.recognition import Gallery, Metric, ModelInfo, Template, Thresholds

MODEL = ModelInfo("plane", 2, Metric.EUCLIDEAN, Thresholds(0.5, 0.6, 0.05))


def gallery_of(*templates: tuple[int, float, float]) -> Gallery:
    """Templates as (student id, x, y)."""
    made = [
        Template(number, student_id, MODEL.name, np.array([x, y], np.float32), 1.0)
        for number, (student_id, x, y) in enumerate(templates, 1)
    ]
    return Gallery.of(MODEL, made)


def test_people_who_would_be_accepted_for_each_other_are_too_close() -> None:
    assert limit_of(Thresholds(0.4, 0.45, 0.03)) == 0.4


def test_people_far_apart_are_no_pair() -> None:
    assert lookalikes(gallery_of((1, 0, 0), (2, 1, 0), (3, 0, 1)), limit=0.55) == []


def test_the_two_closest_templates_decide() -> None:
    found = lookalikes(gallery_of((9, 0, 0), (9, 5, 0), (4, 5.5, 0), (4, 9, 0)), limit=0.55)

    assert found == [Lookalike(4, 9, 0.5, False)]


def test_a_pair_exactly_at_the_limit_is_one() -> None:
    assert len(lookalikes(gallery_of((1, 0, 0), (2, 0.5, 0)), limit=0.5)) == 1


def test_templates_that_all_lie_close_hint_at_one_person_enrolled_twice() -> None:
    twice = gallery_of((1, 0, 0), (1, 0.2, 0), (2, 0.1, 0), (2, 0.3, 0))
    one_close_picture = gallery_of((1, 0, 0), (1, 2, 0), (2, 0.1, 0), (2, -2, 0))

    assert [one.same_person for one in lookalikes(twice, limit=0.55)] == [True]
    assert [one.same_person for one in lookalikes(one_close_picture, limit=0.55)] == [False]


def test_the_closest_pair_stands_first() -> None:
    found = lookalikes(gallery_of((1, 0, 0), (2, 0.5, 0), (3, 0.8, 0)), limit=0.55)

    assert [(one.student_id, one.other_id) for one in found] == [(2, 3), (1, 2)]


def test_among_some_only_their_pairs_are_found_and_each_once() -> None:
    gallery = gallery_of((3, 0.8, 0), (1, 0, 0), (2, 0.5, 0), (4, 0.9, 0))

    found = lookalikes(gallery, limit=0.55, among={1, 2, 77})

    assert {(one.student_id, one.other_id) for one in found} == {(1, 2), (2, 3), (2, 4)}
    assert len(lookalikes(gallery, limit=0.55)) == 4


def test_nobody_and_one_person_have_no_pairs() -> None:
    assert lookalikes(gallery_of(), limit=0.55) == []
    assert lookalikes(gallery_of((1, 0, 0), (1, 0.1, 0)), limit=0.55) == []


def test_distances_are_those_that_the_calibration_measures() -> None:
    random = np.random.default_rng(5)
    rows = [(int(owner), *random.normal(size=2)) for owner in random.integers(1, 9, 40)]
    gallery = gallery_of(*rows)

    measured = separation(gallery)
    found = {(one.student_id, one.other_id): one.distance for one in lookalikes(gallery, limit=np.inf)}

    assert len(found) == len(measured.pairs)
    for (a, b), distance in zip(measured.pairs.tolist(), measured.impostor.tolist(), strict=True):
        assert found[a, b] == pytest.approx(distance)
