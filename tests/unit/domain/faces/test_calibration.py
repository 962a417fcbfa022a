import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.faces.calibration import MIN_GENUINE, calibrate, separation
from kiosk.domain.faces.recognition import (
    Gallery,
    Match,
    Metric,
    ModelInfo,
    Outcome,
    Template,
    Thresholds,
    judge,
)

MODEL = ModelInfo("model", 2, Metric.EUCLIDEAN, Thresholds(0.5, 0.6, 0.05))


def gallery(*pictures: tuple[int, float, float]) -> Gallery:
    """Pictures of people as points: (student id, x, y)."""
    return Gallery.of(
        MODEL,
        [
            Template(number, owner, MODEL.name, np.array([x, y], np.float32), 1.0)
            for number, (owner, x, y) in enumerate(pictures, start=1)
        ],
    )


def people(places: list[float], spread: float, pictures: int = 2) -> Gallery:
    """People along a line at `places`, whose pictures are `spread` apart."""
    return gallery(
        *(
            (owner, place, number * spread)
            for owner, place in enumerate(places, start=1)
            for number in range(pictures)
        )
    )


def test_separation_measures_within_and_between_people() -> None:
    found = separation(gallery((1, 0, 0), (1, 0, 0.1), (2, 1, 0), (2, 1, 0.3), (3, 0, 2)))

    np.testing.assert_allclose(found.genuine, [0.1, 0.1, 0.3, 0.3], rtol=1e-5)
    assert found.pairs.tolist() == [[1, 2], [1, 3], [2, 3]]
    np.testing.assert_allclose(found.impostor, [1.0, 1.9, np.hypot(1, 1.7)], rtol=1e-5)


@pytest.mark.parametrize("pictures", [0, 1, 3])
def test_separation_of_nobody_or_one_person_has_no_pairs(pictures: int) -> None:
    found = separation(gallery(*((1, 0.0, 0.1 * number) for number in range(pictures))))

    assert len(found.impostor) == 0
    assert found.pairs.shape == (0, 2)
    assert len(found.genuine) == (pictures if pictures > 1 else 0)


def test_people_who_are_apart_are_told_apart_between_the_two_groups() -> None:
    found = calibrate(people([0, 0.5, 1.0, 1.5, 2.0, 2.5], spread=0.1))

    assert found is not None
    assert 0.1 < found.thresholds.accept < 0.5
    assert found.thresholds.accept <= found.thresholds.reject <= 0.5
    assert found.confusable == ()
    assert found.comparisons == (12, 15)


def test_a_calibration_is_never_looser_than_the_model() -> None:
    found = calibrate(people([0, 5, 10, 15, 20], spread=0.2))

    assert found is not None
    assert found.thresholds.accept == MODEL.thresholds.accept
    assert found.thresholds.reject == MODEL.thresholds.reject


@settings(max_examples=60)
@given(
    places=st.lists(st.floats(0, 3, width=16), min_size=5, max_size=8),
    spread=st.floats(0, 0.5, width=16),
    distance=st.floats(0, 1),
    ahead=st.floats(0, 0.2),
)
def test_what_a_calibration_accepts_the_model_accepts_too(
    places: list[float], spread: float, distance: float, ahead: float
) -> None:
    found = calibrate(people(places, spread))

    assert found is not None
    match = Match(1, distance, distance + ahead)
    if judge(match, found.thresholds) is Outcome.ACCEPTED:
        assert judge(match, MODEL.thresholds) is Outcome.ACCEPTED


def test_one_pair_that_is_too_alike_is_set_aside_and_turns_nobody_else_away() -> None:
    found = calibrate(people([0, 0.3, 2, 4, 6], spread=0.4))

    assert found is not None
    assert found.confusable == ((1, 2),)
    assert found.thresholds.accept > 0.4


def test_a_person_enrolled_twice_does_not_stop_recognition() -> None:
    found = calibrate(people([0, 0, 2, 4, 6], spread=0.1))

    assert found is not None
    assert found.confusable == ((1, 2),)
    assert found.thresholds.accept > 0.1


def test_people_who_overlap_altogether_are_accepted_only_below_the_closest_pair_left() -> None:
    found = calibrate(people([0, 0.3, 0.6, 0.9, 1.2, 1.5], spread=0.5))

    assert found is not None
    assert found.thresholds.accept < 0.3
    assert found.thresholds.accept <= found.thresholds.reject


def test_two_students_with_the_same_face_are_named() -> None:
    found = calibrate(people([0, 0, 2, 4, 6], spread=0.1))

    assert found is not None
    assert found.confusable == ((1, 2),)


@pytest.mark.parametrize(
    "few",
    [
        people([], spread=0.1),
        people([0], spread=0.1, pictures=20),
        people([float(place) for place in range(20)], spread=0.1, pictures=1),
        people([0, 1, 2, 3], spread=0.1),
    ],
    ids=["nobody", "one person", "one picture each", "eight comparisons"],
)
def test_too_few_pictures_say_nothing(few: Gallery) -> None:
    assert calibrate(few) is None


def test_ten_comparisons_are_enough() -> None:
    found = calibrate(people([0, 1, 2, 3, 4], spread=0.1))

    assert found is not None
    assert found.comparisons[0] == MIN_GENUINE


@settings(max_examples=60)
@given(places=st.lists(st.floats(0, 3, width=16), min_size=5, max_size=8), spread=st.floats(0, 0.5, width=16))
def test_calibrated_thresholds_accept_no_pair_that_is_not_called_confusable(
    places: list[float], spread: float
) -> None:
    found = calibrate(people(places, spread))

    assert found is not None
    close = {
        (int(a), int(b))
        for (a, b), distance in zip(
            separation(people(places, spread)).pairs, separation(people(places, spread)).impostor, strict=True
        )
        if distance <= found.thresholds.accept
    }
    assert close <= set(found.confusable)
