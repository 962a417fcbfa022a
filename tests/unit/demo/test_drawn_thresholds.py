import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.demo.drawn_thresholds import drawn_thresholds
from kiosk.domain.faces.calibration import separation
from kiosk.domain.faces.recognition import Gallery, Match, Metric, ModelInfo, Outcome, Thresholds, judge

MODEL = ModelInfo("model", 2, Metric.EUCLIDEAN, Thresholds(0.5, 0.6, 0.05))
PLACES = st.lists(st.floats(0, 3, width=16), min_size=5, max_size=8)
SPREADS = st.floats(0, 0.5, width=16)


def people(places: list[float], spread: float, pictures: int = 2) -> Gallery:
    """People along a line at `places`, whose pictures are `spread` apart."""
    rows = [
        (owner, place, number * spread)
        for owner, place in enumerate(places, start=1)
        for number in range(pictures)
    ]
    table = np.array(rows, np.float32).reshape(-1, 3)
    return Gallery(MODEL, table[:, 1:], table[:, 0].astype(np.int64))


def test_people_who_are_apart_are_told_apart_between_the_two_groups() -> None:
    found = drawn_thresholds(people([0, 0.5, 1.0, 1.5, 2.0, 2.5], spread=0.1))

    assert 0.1 < found.accept < 0.5
    assert found.accept <= found.reject <= 0.5


def test_they_are_never_looser_than_the_models_own() -> None:
    found = drawn_thresholds(people([0, 5, 10, 15, 20], spread=0.2))

    assert (found.accept, found.reject) == (MODEL.thresholds.accept, MODEL.thresholds.reject)


@settings(max_examples=60)
@given(places=PLACES, spread=SPREADS, distance=st.floats(0, 1), ahead=st.floats(0, 0.2))
def test_what_they_accept_the_model_accepts_too(
    places: list[float], spread: float, distance: float, ahead: float
) -> None:
    match = Match(1, distance, distance + ahead)
    if judge(match, drawn_thresholds(people(places, spread))) is Outcome.ACCEPTED:
        assert judge(match, MODEL.thresholds) is Outcome.ACCEPTED


def test_one_pair_that_is_too_alike_turns_nobody_else_away() -> None:
    assert drawn_thresholds(people([0, 0.3, 2, 4, 6], spread=0.4)).accept > 0.4


def test_a_person_enrolled_twice_does_not_stop_recognition() -> None:
    assert drawn_thresholds(people([0, 0, 2, 4, 6], spread=0.1)).accept > 0.1


def test_people_who_overlap_altogether_are_accepted_only_below_the_closest_pair_left() -> None:
    found = drawn_thresholds(people([0, 0.3, 0.6, 0.9, 1.2, 1.5], spread=0.5))

    assert found.accept < 0.3
    assert found.accept <= found.reject


@settings(max_examples=60)
@given(places=st.lists(st.floats(0, 3, width=16), min_size=5, max_size=8, unique=True), spread=SPREADS)
def test_they_accept_at_most_the_pairs_that_are_set_aside(places: list[float], spread: float) -> None:
    gallery = people(places, spread)

    accepted = np.count_nonzero(separation(gallery).impostor <= drawn_thresholds(gallery).accept)
    assert accepted <= 1


@pytest.mark.parametrize(
    "few",
    [
        people([], spread=0.1),
        people([0], spread=0.1, pictures=20),
        people([0.0, 1.0, 2.0], spread=0.1, pictures=1),
    ],
    ids=["nobody", "one person", "one picture each"],
)
def test_too_few_pictures_leave_the_models_own(few: Gallery) -> None:
    assert drawn_thresholds(few) == MODEL.thresholds
